"""Load the signed-in person: allauth's backend, with the SQL of its query compiled once."""

from __future__ import annotations

from allauth.account import auth_backends

from accounts.models import User
from ui.database.orm import PreparedQuery

PERSON = PreparedQuery(lambda pk: User.objects.filter(pk=pk).order_by(), 1)


class AuthenticationBackend(auth_backends.AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        found = next(iter(PERSON.instances(user_id)), None)
        return found if found and self.user_can_authenticate(found) else None
