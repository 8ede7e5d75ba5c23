"""`manage.py check_site`: try everything that the site needs once, and say what is wrong with what mends it."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.health import site_check
from config.health.site_check import Asked, Outcome


class Command(BaseCommand):
    help = (
        "Tries everything once on the computer where the site runs; prints a line for each thing, good or what is wrong and"
        " what mends it. Exit code 1 if anything is wrong."
    )
    # They are one of the things that are tried.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--url",
            default="",
            help="where the front server answers; else the first public name of ALLOWED_HOSTS",
        )
        parser.add_argument(
            "--env", type=Path, help="the file of settings, to be read too: /etc/newfarmwork.env"
        )

        parser.add_argument(
            "--skip",
            nargs="+",
            default=[],
            choices=[subject for subject, _check in site_check.CHECKS],
            help="what does not run on this computer, such as app and spool where the worker runs alone",
        )

    def handle(self, url: str, env: Path | None, skip: list[str], **options) -> None:
        asked = Asked(url, env, tuple(skip))
        wrong = 0
        if env:  # root alone can read it, and goes on as the site's user
            wrong = self.print_outcome(site_check.try_one("settings file", site_check.check_env_file, asked))
        site_check.become_owner(settings.VAR_DIR)
        wrong += sum(self.print_outcome(outcome) for outcome in site_check.try_everything(asked))
        if wrong:
            advice = " Type the commands that mend with sudo." if is_installed() else ""
            raise CommandError(f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong.{advice}")

    def print_outcome(self, outcome: Outcome) -> int:
        """Print a line for each fault, else one; return the number of faults."""
        for fault in outcome.faults:
            self.stdout.write(f"WRONG  {outcome.subject}: {fault.what}. Mend: {name_command(fault.mend)}")
        if outcome.not_tried:
            self.stdout.write(f"-      {outcome.subject}: not tried; {outcome.not_tried}")
        elif not outcome.faults:
            self.stdout.write(f"good   {outcome.subject}")
        return len(outcome.faults)


def is_installed() -> bool:
    """Return whether the command `newfarmwork` runs this, which alone says what is on the computer."""
    return "PARTS" in os.environ


def name_command(mend: str) -> str:
    """Return what mends with the command that is there: an installed site has no `manage.py` that may be typed."""
    return mend.replace("manage.py ", "newfarmwork ") if is_installed() else mend
