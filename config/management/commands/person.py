"""`manage.py person export PHONE FILE.zip`, `manage.py person erase PHONE`: the rights of 个人信息保护法 §45 and §47."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from phonenumber_field.phonenumber import to_python

from accounts.audit import AuditVerb
from accounts.models import AuditEntry, User
from accounts.people import closure
from config.personal import erasure, export, terms
from config.personal.terms import Person
from ui.responses.downloads import DiskFull


class Command(BaseCommand):
    help = "Gives a person their data as one zip, or erases them. PHONE is a mainland mobile number."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        out = actions.add_parser("export", help="write all that is held about them into FILE.zip")
        out.add_argument("phone")
        out.add_argument("file", type=Path)
        gone = actions.add_parser("erase", help="close the account and erase what no duty keeps")
        gone.add_argument("phone")
        gone.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, action: str, phone: str, **options) -> None:
        number = to_python(phone, region="CN")
        if not number or not number.is_valid():
            raise CommandError(f"“{phone}” is no mainland mobile number.")
        person = Person.with_number(number.as_e164)
        if person.user is None and not any(
            e.rows_of(person).exists() for e in terms.load_entries() if e.people
        ):
            raise CommandError(
                f"Nothing is held about {phone}: no account, no order, no complaint, no message."
            )
        if action == "export":
            self.export(person, options["file"])
        else:
            self.erase(person, options["yes"])

    def export(self, person: Person, file: Path) -> None:
        if file.exists():
            raise CommandError(f"{file} is there already.")
        if not file.absolute().parent.is_dir():
            raise CommandError(f"There is no folder {file.absolute().parent}.")
        room = shutil.disk_usage(file.absolute().parent).free - terms.read()["spare_bytes"]
        draft = file.with_name(f"{file.name}.part")
        try:
            # Readable only by the organiser until it is handed over.
            with open(draft, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as target:
                copied = export.write(person, target, room)
            draft.replace(file)
        except DiskFull:
            raise CommandError(f"The disk of {file} has no room for it.") from None
        except OSError as error:
            raise CommandError(f"{file} cannot be written, nothing was kept of it: {error}") from error
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        if person.user:
            AuditEntry.write(None, AuditVerb.DATA_TAKEN, person.user, by="command")
        self.stdout.write(f"{file}: {file.stat().st_size} bytes, {len(copied.inside)} files.")
        for film, url in copied.left_out:
            self.stdout.write(f"Left out, too large: {film.row.name or film.name} ({film.size} bytes), {url}")

    def erase(self, person: Person, yes: bool) -> None:
        user = person.user
        whose = f"{user.name} ({user.phone})" if user else f"{person.phone}, who has no account"
        open_rows = closure.list_unfinished(user) if user else erasure.find_owed(person.phone)
        if open_rows:
            raise CommandError(describe_open(open_rows))
        if user and is_last_administrator(user):
            raise CommandError("This is the last administrator: make another one first.")
        if not yes and not is_sure(f"Erase {whose}? This cannot be undone. Type “yes”: "):
            raise CommandError("Nothing was erased.")
        try:
            if user:
                closure.close_account(user)
            else:
                erasure.erase_number(person.phone)
        except closure.StillOpen as still:
            raise CommandError(describe_open(still.rows)) from None
        self.stdout.write(f"Erased: {whose}.")
        after = Person(user, person.phone)
        for entry in terms.load_entries():
            if entry.people and entry.model is not User and (count := entry.rows_of(after).count()):
                self.stdout.write(f"Kept: {count} × {entry.label} ({entry.law})")


def is_sure(question: str) -> bool:
    try:
        return input(question).strip() == "yes"
    except EOFError:
        raise CommandError("Nobody is there to be asked, nothing was erased: --yes does not ask.") from None


def describe_open(rows: list[closure.Unfinished]) -> str:
    return "Somebody still waits for this person; finish these first:\n" + "\n".join(
        f"- {row.sentence}" for row in rows
    )


def is_last_administrator(user: User) -> bool:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    return user.is_superuser and not others.exists()
