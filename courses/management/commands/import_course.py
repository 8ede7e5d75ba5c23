from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Place, User
from courses.import_export.archive import open_archive
from courses.import_export.document import UnreadableFile
from courses.import_export.importer import find_course, import_archive, preview_changes


class Command(BaseCommand):
    help = "Brings in a course's zip in somebody's name; --dry-run only says what it would change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="phone number of the trainer, +86…")
        parser.add_argument(
            "--place",
            required=True,
            type=int,
            help="number of the place (its id in the admin) that a new course belongs to",
        )
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args, file: Path, by: str, place: int, dry_run: bool, **options) -> None:
        user, home = User.objects.filter(phone=by).first(), Place.objects.filter(pk=place).first()
        if not user or not home:
            raise CommandError("Nobody has this number" if not user else f"There is no place {place}")
        try:
            with file.open("rb") as source:
                if dry_run:
                    with open_archive(source) as package:
                        changes = preview_changes(package.document, find_course(package.document, user))
                    self.stdout.write(
                        f"new {len(changes.new)}, changed {len(changes.changed)}, same {changes.same}, kept {len(changes.stays)}"
                    )
                    return
                course = import_archive(source, home, user)
        except (OSError, UnreadableFile) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{course.slug}: brought in")
