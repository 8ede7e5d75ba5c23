"""Django's database sessions; a key of another format is refused without a query."""

from __future__ import annotations

from django.contrib.sessions.backends import base, db

VALID_KEY_CHARS = frozenset(base.VALID_KEY_CHARS)


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str) -> bool:
        """Return whether a key from a cookie is of the characters that keys are made of."""
        return super()._validate_session_key(key) and VALID_KEY_CHARS.issuperset(key)
