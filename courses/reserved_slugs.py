"""Addresses that the site has given to pages of its own: a course of that name could never be opened."""

from __future__ import annotations

# What stands beside a course's name under /learn/ and /courses/; a test holds it against the site map.
RESERVED = frozenset(
    {"announcements", "asks", "attempts", "banks", "join", "kept", "lessons", "quizzes", "tasks"}
)
