"""Errors of an answer that cannot be graded."""

from __future__ import annotations


class Unanswered(ValueError):
    """Raised when nothing was answered; the sentence says what is needed."""


class InvalidAnswer(ValueError):
    """Raised when the answer is impossible for this question; the sentence says why."""


def get_text(row: dict, name: str) -> str:
    """Return a text of imported content, which may be of any type; "" if it is no text."""
    found = row.get(name)
    return found if isinstance(found, str) else ""
