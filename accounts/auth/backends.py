"""Load the signed-in person: allauth's backend, with the SQL of its query compiled once."""

from __future__ import annotations

from functools import cache

from allauth.account import auth_backends

from accounts.models import User


class AuthenticationBackend(auth_backends.AuthenticationBackend):
    """Load the person by SQL that is compiled once instead of at every request.

    Loading the session and the person together was timed: 0.18 ms by SQL, 0.44 ms through the ORM. Loading the person
    alone was not timed.
    """

    def get_user(self, user_id: int) -> User | None:
        found = next(iter(User.objects.raw(get_person(), [user_id])), None)
        return found if found and self.user_can_authenticate(found) else None


@cache
def get_person() -> str:
    query, _values = User.objects.filter(pk=0).order_by().query.sql_with_params()
    return query
