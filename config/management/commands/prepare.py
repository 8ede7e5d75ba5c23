"""`manage.py prepare`: bring the database to this release before the programs start, also on several computers at once."""

from __future__ import annotations

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from config.postgresql import computers


class Command(BaseCommand):
    help = (
        "Migrates the database and creates the table of the shared cache and the kinds of produce. Of several computers one"
        " does it at a time."
    )
    # `migrate` makes those that concern it.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--list-others",
            action="store_true",
            help="only print the addresses of other computers that use the database",
        )

    def handle(self, list_others: bool, **options) -> None:
        if list_others:
            self.stdout.write("\n".join(computers.list_others()))
            return
        with computers.take_turn(self.stdout.write):
            call_command("migrate", interactive=False, verbosity=0, skip_checks=False)
            call_command("createcachetable")
            call_command("plant_kinds", verbosity=0)
