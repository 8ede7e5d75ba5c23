"""`manage.py backup FILE`: write one encrypted copy of database, files and key, while the site runs."""

import os
import secrets
import time
from getpass import getpass
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.copies import schedule
from config.copies.backup import CannotCopy, Copied, is_busy
from config.copies.seal import BadCopy

WAITS_SECONDS = 0.5


class Command(BaseCommand):
    help = (
        "Copies the whole site (database, pictures, films, uploads under way, the secret key) into one encrypted file while"
        " it is in use, and reads it back. The passphrase: --key-file, else BACKUP_KEY_FILE, else it is asked for."
    )
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", nargs="?", help="where the copy goes; must not exist")
        parser.add_argument("--key-file", default=settings.BACKUP_KEY_FILE, help="holds the passphrase")
        parser.add_argument("--planned", action="store_true", help="this night's copy, into BACKUP_DIR")
        parser.add_argument("--new-key", metavar="PATH", help="only write a new key file")

    def handle(self, file, key_file, planned, new_key, **options) -> None:
        if new_key:
            return write_key(Path(new_key))
        if bool(file) == planned:
            raise CommandError("Say where the copy goes: manage.py backup FILE")
        try:
            copied = schedule.make_planned_copy() if planned else self.make_by_hand(Path(file), key_file)
        except (CannotCopy, BadCopy) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(describe(copied) if copied else "Another copy is being made.")
        return None

    def make_by_hand(self, path: Path, key_file: str) -> Copied:
        """Make a copy after the one that is being made now: the worker begins one that is due as soon as it starts."""
        secret = schedule.read_secret(key_file) if key_file else ask_twice()
        if is_busy():
            self.stdout.write("Another copy is being made; this one begins when it has ended…")
            self.stdout.flush()
            while is_busy():
                time.sleep(WAITS_SECONDS)
        with schedule.record_run(path) as run:
            return schedule.make_checked_copy(path, secret, run)


def ask_twice() -> bytes:
    secret = getpass("Passphrase of the copy: ")
    if secret != getpass("Once more: "):
        raise CommandError("The two were not the same.")
    return secret.strip().encode()


def write_key(path: Path) -> None:
    try:
        with open(path, "x", opener=open_for_owner) as file:
            file.write(secrets.token_hex(32) + "\n")
    except OSError as error:
        raise CommandError(str(error)) from error


def describe(copied: Copied) -> str:
    text = (
        f"{copied.path}: {copied.rows:,} rows, {copied.files:,} files, {copied.bytes / 1e6:,.1f} MB,"
        f" {copied.seconds:.1f} s; read back whole"
    )
    if copied.missing:
        text += (
            f"\n{len(copied.missing)} files went meanwhile and are not in it, among them {copied.missing[0]}"
        )
    return text


def open_for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
