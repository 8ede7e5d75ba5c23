from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.import_export.export import write_archive
from courses.models import Course


class Command(BaseCommand):
    help = "Writes a course with its photos and videos to a zip."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)

    def handle(self, *args, slug: str, file: Path, **options) -> None:
        course = Course.objects.filter(slug=slug).first()
        if course is None:
            raise CommandError(f"There is no course {slug}")
        with file.open("wb") as target:
            write_archive(course, target)
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes")
