"""Django's database sessions: read by a query that is compiled once; a key of another format is refused without a query."""

from __future__ import annotations

from django.contrib.sessions.backends import base, db
from django.utils import timezone

from ui.database.orm import PRESENT, PreparedQuery

VALID_KEY_CHARS = frozenset(base.VALID_KEY_CHARS)


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str) -> bool:
        """Return whether a key from a cookie is of the characters that keys are made of."""
        is_long_enough = super()._validate_session_key(key)  # type: ignore[misc]  # not in the stubs
        return is_long_enough and VALID_KEY_CHARS.issuperset(key)

    def load(self) -> dict:
        """Read the session; Django's own way forgets the key of one that is not found or is over."""
        found = STORED.rows(self.session_key, now=timezone.now()) if self.session_key else []
        return self.decode(found[0][0]) if found else super().load()


# The model is looked up at the first use: this module is imported before the apps are loaded.
STORED = PreparedQuery(
    lambda key: (
        SessionStore.get_model_class()
        .objects.filter(session_key=key, expire_date__gt=PRESENT)
        .values_list("session_data")
    ),
    1,
)
