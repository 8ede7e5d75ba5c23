"""What can be wrong with an answer before it is right or wrong."""

from __future__ import annotations


class Unanswered(ValueError):
    """Nothing was given; the sentence says what is wanted."""


class InvalidAnswer(ValueError):
    """What was given cannot be an answer to this question; the sentence says why."""


def get_text(row: dict, name: str) -> str:
    """A brought-in question may hold anything there; what is no text is none."""
    found = row.get(name)
    return found if isinstance(found, str) else ""
