"""Wrong join codes of visitors, counted per address: whoever hits one is in, with nobody's yes."""

from functools import partial

from allauth.core.internal import ratelimit
from django.http import HttpRequest

# Also for a GET: the link of a QR shows which class its code opens.
consume = partial(ratelimit.consume, app="allauth.account", action="join_code", limit_get=True)


def may_go_on(request: HttpRequest) -> bool:
    return consume(request, dry_run=True) is not None


def count(request: HttpRequest) -> None:
    consume(request)
