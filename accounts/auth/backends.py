"""Who is signed in: allauth's backend, whose query for the person is made once and kept."""

from __future__ import annotations

from functools import cache

from allauth.account import auth_backends

from accounts.models import User


class AuthenticationBackend(auth_backends.AuthenticationBackend):
    """Every page of somebody signed in asks this: by the ORM's `get` it takes twice as long."""

    def get_user(self, user_id: int) -> User | None:
        found = next(iter(User.objects.raw(person_by_pk(), [user_id])), None)
        return found if found and self.user_can_authenticate(found) else None


@cache
def person_by_pk() -> str:
    query, _values = User.objects.filter(pk=0).order_by().query.sql_with_params()
    return query
