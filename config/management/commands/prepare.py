"""`manage.py prepare`: bring the database to this release before the programs start, also on several computers at once."""

from __future__ import annotations

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.postgresql import computers
from ui.responses.page_cache import release

# Of sysexits.h: another try changes nothing. The unit does not make one (config.processes.units).
REFUSED = 78


class Command(BaseCommand):
    help = (
        "Migrates the database and creates the table of the shared cache and the kinds of produce. Of several computers one"
        " does it at a time; a database that others use with an earlier release is not changed."
    )
    # `migrate` makes those that concern it.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--list-others", action="store_true", help="only print the other computers that use the database"
        )
        parser.add_argument(
            "--despite-others",
            action="store_true",
            help="change the database although others are connected: programs that are none of the site's",
        )

    def handle(self, list_others: bool, despite_others: bool = False, **options) -> None:
        if list_others:
            self.stdout.write("\n".join(map(str, computers.list_others())))
            return
        with computers.take_turn(self.stdout.write):
            if not despite_others:
                refuse_others()
            call_command("migrate", interactive=False, verbosity=0, skip_checks=False)
            call_command("createcachetable")
            call_command("plant_kinds", verbosity=0)


def refuse_others() -> None:
    """Raise CommandError if the database would change under computers that use it with another release."""
    others = [other for other in computers.list_others() if other.release != release()]
    if not others or not is_changing():
        return
    names = ", ".join(map(str, others))
    raise CommandError(
        f"This release would change the database, which other computers use with an earlier one: {names}. Nothing was changed."
        " Install the release here that they run. To upgrade the whole site, stop it on them with"
        " sudo systemctl stop newfarmwork.target 'newfarmwork-*', then here: sudo make upgrade"
        " (docs/county/several-computers.md). If what is connected from there is no program of the site:"
        " sudo newfarmwork prepare --despite-others, then sudo systemctl start newfarmwork.target",
        returncode=REFUSED,
    )


def is_changing() -> bool:
    """Return whether the release has migrations that a database in use has not had."""
    executor = MigrationExecutor(connection)
    had = executor.loader.applied_migrations
    return bool(had and executor.migration_plan(executor.loader.graph.leaf_nodes()))
