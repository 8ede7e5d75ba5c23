"""`manage.py start_county [PLAN.toml]`: start the site of a county of its own; without a file it asks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.county import plan as plans
from config.county.plan import BadPlan, CountyPlan
from config.county.setup import Started, start_county
from courses.import_export.document import UnreadableFile
from ui.text import tidy

Answer = TypeVar("Answer")


class Command(BaseCommand):
    help = (
        "Starts the site of a county: its places, the kinds of produce, the written course, the administrator and the first"
        " organiser. May be run again: it adds what is missing and leaves what is there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "plan", nargs="?", type=Path, help="a TOML file; docs/county/one-computer.md shows one"
        )
        parser.add_argument("--check", action="store_true", help="read the file and its sheet, write nothing")

    def handle(self, plan: Path | None, check: bool, **options) -> None:
        try:
            wanted = plans.read_plan(plan) if plan else self.ask_plan()
            if check:
                self.stdout.write(
                    f"Good: {wanted.county} ({wanted.county.code}), {len(wanted.townships)} townships, "
                    f"{wanted.count_villages()} villages. Nothing was written."
                )
                return
            self.print_started(start_county(wanted, self.stdout.write))
        except BadPlan as error:
            raise CommandError(f"{error}\nNothing was written.") from None
        except UnreadableFile as error:
            reasons = "\n".join(error.reasons)
            raise CommandError(f"{reasons}\nNothing was written.") from None

    # --- asking ---

    def ask_plan(self) -> CountyPlan:
        if not sys.stdin.isatty():
            raise CommandError(
                "Give a file: manage.py start_county county.toml (docs/county/one-computer.md shows one)."
            )
        county = self.ask(
            "The county, by its name or its code of six digits (湖南省邵阳县): ", plans.find_county
        )
        self.stdout.write(f"  {county} ({county.code})")
        townships = self.ask(
            "The sheet of its townships and villages (.xlsx or .csv), or Enter to type them: ", read_townships
        )
        administrator = self.ask_person("the administrator, who runs the site")
        organiser = self.ask_person("the first organiser of the county (Enter: the same)", administrator)
        return plans.make_plan(county, administrator, organiser, townships)

    def ask(self, question: str, read: Callable[[str], Answer]) -> Answer:
        """Ask until the answer is good."""
        while True:
            try:
                return read(input(question).strip())
            except BadPlan as error:
                self.stdout.write(f"  {error}")
            except EOFError:
                raise CommandError("Nothing was written.") from None

    def ask_person(self, who: str, same: plans.PersonPlan | None = None) -> plans.PersonPlan:
        def read(name: str) -> plans.PersonPlan:
            if not name and same:
                return same
            return plans.read_person({"name": name, "phone": input("  Mobile number: ")}, "Not taken")

        return self.ask(f"Name of {who}: ", read)

    # --- telling ---

    def print_started(self, started: Started) -> None:
        course = "the written course is in" if started.is_course_new else "the course was there"
        self.stdout.write(
            f"{started.county.full_name()}: {started.new_places} new places, {started.new_kinds} new kinds of produce, {course}."
        )
        for access in started.access:
            self.stdout.write(
                f"\n{access.person.name} ({access.person.phone}) signs in within a day with the password  {access.password}"
                f"\n  (without the spaces), chooses another, and sets up the second factor with the code  {access.code}"
            )
        if started.access:
            self.stdout.write("\nBoth are shown only now. Lost: run the same command again.")
        self.stdout.write("What is set and what is missing: /me/site/start/, signed in as one of them.")


def read_townships(typed: str) -> dict[str, list[str]]:
    """Read the sheet, or ask for a township and its villages a line."""
    if typed:
        return plans.arrange(plans.read_sheet(Path(typed)))
    rows: list[plans.PlaceRow] = []
    while line := tidy(input("  A township and its villages (谷洲镇 石榴冲村 柑子坪村), or Enter to end: ")):
        township, *villages = line.split()
        rows += [plans.PlaceRow(len(rows) + 1, township, village) for village in villages or [""]]
    return plans.arrange(rows)
