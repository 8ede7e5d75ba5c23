"""Django's database sessions; a key of another format is refused without a query."""

from __future__ import annotations

from django.contrib.sessions.backends import base, db

VALID_KEY_CHARS = frozenset(base.VALID_KEY_CHARS)


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str) -> bool:
        """Return whether a key from a cookie is of the characters that keys are made of."""
        is_long_enough = super()._validate_session_key(key)  # type: ignore[misc]  # not in the stubs
        return is_long_enough and VALID_KEY_CHARS.issuperset(key)
