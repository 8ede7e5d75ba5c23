"""Sessions in the database, looked up in plain SQL: every page of somebody signed in begins with this query."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.sessions.backends import base, db
from django.db import connection
from django.utils import timezone

VALID_KEY_CHARS = frozenset(base.VALID_KEY_CHARS)
FOUND = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"

# Whoever signed in before accounts.auth.backends came stays signed in: signing out would clear what their phone keeps.
FORMER_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SessionStore(db.SessionStore):
    """Django's own but for the way it is read; what is stored is the same."""

    def _validate_session_key(self, key: str) -> bool:
        """A key from a cookie is of the characters that keys are made of, or it is none."""
        return super()._validate_session_key(key) and VALID_KEY_CHARS.issuperset(key)

    def load(self) -> dict:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(FOUND, [self.session_key, now])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        found = self.decode(row[0])
        if found.get(BACKEND_SESSION_KEY) == FORMER_BACKEND:
            found[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        return found
