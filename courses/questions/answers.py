"""What can be wrong with an answer before it is right or wrong."""

from __future__ import annotations


class Unanswered(ValueError):
    """Nothing was given; the sentence says what is wanted."""


class Unreadable(ValueError):
    """What was given cannot be an answer to this question; the sentence says why."""
