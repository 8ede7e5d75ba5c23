"""`manage.py database_file save|load FILE`: the database alone, for the way back of an upgrade."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.copies.database import CannotSave, load_database, save_database


class Command(BaseCommand):
    help = "Writes the database to a file, or puts it back from one. Stop app and worker first; `make upgrade` calls it."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("what", choices=("save", "load"))
        parser.add_argument("file", type=Path)

    def handle(self, what, file, **options) -> None:
        try:
            (save_database if what == "save" else load_database)(file)
        except (CannotSave, OSError) as error:
            raise CommandError(str(error)) from error
