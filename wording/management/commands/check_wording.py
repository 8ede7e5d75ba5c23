"""Check JSON lines and print JSON lines: one answer for each line, at once."""

from __future__ import annotations

import json
import sys

from django.core.management.base import BaseCommand, CommandParser

from wording.checker import KINDS, check
from wording.facts import Facts


class Command(BaseCommand):
    help = 'Reads {"id", "text"[, "facts"]} a line and writes {"id", "findings"} a line.'
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", choices=KINDS, default="listing")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh")

    def handle(self, *args, kind: str, lang: str, **options) -> None:
        for line in sys.stdin.buffer:
            if line.strip():
                # Escaped: an id may hold half of a surrogate pair, which no encoding writes.
                self.stdout.write(json.dumps(answer(line, kind, lang)))
                self.stdout.flush()


def answer(line: bytes, kind: str, lang: str) -> dict:
    """Answer one line; `id` is null if the line could not be read."""
    try:
        asked = json.loads(line)
        if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
            raise ValueError("a line must be an object with a text")
        facts = Facts.of(asked["facts"]) if asked.get("facts") is not None else None
        found = check(asked["text"], kind, facts, lang)
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": str(error)}
    shown = ("rule", "severity", "start", "end", "reason", "rewrite")
    return {
        "id": asked.get("id"),
        "findings": [{name: getattr(one, name) for name in shown} for one in found],
    }
