"""Slugs that a course cannot have, because the site has pages of its own at these URLs."""

from __future__ import annotations

# Paths next to a course's slug under /learn/ and /courses/; a test compares them with the URLconf.
RESERVED = frozenset(
    {
        "announcements",
        "asks",
        "attempts",
        "banks",
        "classroom",
        "crops",
        "join",
        "kept",
        "lessons",
        "quizzes",
        "tasks",
        "waiting",
    }
)
