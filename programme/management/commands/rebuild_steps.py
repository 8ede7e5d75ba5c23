"""`manage.py rebuild_steps`: compute everybody's steps again from the evidence."""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand, CommandParser

from programme.ladder import steps


class Command(BaseCommand):
    help = "Computes all steps of the ladder again from the evidence, and prints what differed from the stored rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit code 1 if anything differs"
        )

    def handle(self, *args, **options) -> None:
        found = 0
        for difference in steps.check_all() if options["check"] else steps.rebuild_all():
            self.stdout.write(str(difference))
            found += 1
        self.stdout.write(f"{found} differences")
        if found and options["check"]:
            sys.exit(1)
