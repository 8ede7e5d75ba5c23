"""Check the rule files before they are used: each fault with its file and line, and each example against its own rule."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wording.disguises.normalisation import normalise
from wording.rulebook.loader import HERE, find_faults, read_book
from wording.rulebook.rules import RuleBook


class Command(BaseCommand):
    help = "Prints what is wrong with the rule files, with file and line; exit code 1 if anything is. Changes nothing."
    # It is run where a rule file is damaged, which is what the system check says.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", nargs="?", type=Path, default=HERE, help="with laws.toml and rules/; else the site's"
        )

    def handle(self, folder: Path, **options) -> None:
        faults = find_faults(folder) or find_missed_examples(read_book(folder))
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(
                f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'} in the rule files."
            )
        self.stdout.write("The rule files are good.")


def find_missed_examples(book: RuleBook) -> list[str]:
    """Return the examples (`hits`) that their own pattern, or the words that it needs, does not find."""
    return [
        f"{rule.id}.toml: the pattern with the example {example!r} does not find it"
        for rule in book.rules
        for entry in rule.entries
        if entry.find
        for example in entry.hits
        for plain in [normalise(example).plain]
        if not (entry.find.search(plain) and any(need in plain for need in entry.needs))
    ]
