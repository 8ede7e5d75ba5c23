"""`manage.py restore FILE`: restore the site from a copy on an empty machine."""

import time
from getpass import getpass
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.copies import schedule
from config.copies.backup import CannotCopy
from config.copies.restore import CannotRestore, check_copy, get_key_path, restore_copy
from config.copies.seal import BadCopy


class Command(BaseCommand):
    help = (
        "Makes the site of a copy again, on an empty machine and on SQLite or PostgreSQL, whichever it was made on. Reads the"
        " copy whole before it touches anything. Stop app and worker first. The passphrase: as of `backup`."
    )
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", help="the copy")
        parser.add_argument("--key-file", default=settings.BACKUP_KEY_FILE, help="holds the passphrase")
        parser.add_argument("--check", action="store_true", help="only read the copy and say what is in it")

    def handle(self, file, key_file, check, **options) -> None:
        began = time.monotonic()
        path = Path(file)
        try:
            # Without spaces around it, as `backup` reads it.
            typed = "" if key_file else getpass("Passphrase of the copy: ")
            secret = schedule.read_secret(key_file) if key_file else typed.strip().encode()
            contents = check_copy(path, secret) if check else restore_copy(path, secret)
        except (BadCopy, CannotCopy, CannotRestore) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The copy could not be read or put in place: {error}") from error
        files = contents.manifest["files"]
        self.stdout.write(
            f"{'Good' if check else 'Restored'}: the site of {contents.header['made_at'][:16]} (UTC),"
            f" {contents.rows:,} rows, {files['count']:,} files, {files['bytes'] / 1e6:,.1f} MB;"
            f" {time.monotonic() - began:.1f} s"
        )
        for label, count in contents.mended.items():
            self.stdout.write(
                f"{label}: in {count:,} rows characters that PostgreSQL cannot keep became “\ufffd”."
            )
        if not check:
            self.stdout.write(f"The secret key is in {get_key_path()}. Start app and worker (again) now.")
