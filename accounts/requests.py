"""Types of requests for views that only a signed-in person reaches."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request of a signed-in person: `accounts.decorators` or the view itself has redirected visitors."""

    user: User
    htmx: HtmxDetails


def get_person(request: HttpRequest) -> User:
    """Return who is signed in, where the signature is Django's (the admin's hooks). Raises AssertionError for a visitor."""
    assert isinstance(request.user, User)
    return request.user
