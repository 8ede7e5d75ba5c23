"""How often one address, or one key, may try: the ceilings stand in the settings (ACCOUNT_RATE_LIMITS)."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest


def may(request: HttpRequest, action: str, key: str = "") -> bool:
    """Counts this try and says whether it is within the ceilings."""
    return ratelimit.consume(request, app="allauth.account", action=action, key=key) is not None


def address(request: HttpRequest) -> str:
    """The visitor's, behind as many proxies as the settings trust; of IPv6 the household's part."""
    return ratelimit.get_ip(request)
