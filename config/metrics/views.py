"""Answer /metrics for Prometheus, to this computer and to METRICS_ADDRESSES alone."""

from __future__ import annotations

import ipaddress
import socket

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotFound

PATH = "/metrics"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def show_metrics(request: HttpRequest) -> HttpResponse:
    """Show all that is measured; 404 to everybody else's computer. It is asked before any session or host is looked at."""
    if not may_read(find_address(request)):
        return HttpResponseNotFound()
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    # The library takes memory, which the worker, who has the same URLs, does not need.
    from config.metrics.exposition import CONTENT_TYPE, write_metrics

    return HttpResponse(write_metrics(), content_type=CONTENT_TYPE)


def find_address(request: HttpRequest) -> Address | None:
    """Return whose request it is, as limits do (accounts.limits.get_ip); None if nobody knows.

    Who asks a node past the front computers comes through fewer proxies than others: then it is the one whom the first of
    them saw, since each replaces what a stranger says of himself.
    """
    given = request.headers.get("X-Forwarded-For", "").split(",")
    trusted = min(settings.ALLAUTH_TRUSTED_PROXY_COUNT, len(given))
    text = given[-trusted] if trusted and given != [""] else request.META.get("REMOTE_ADDR", "")
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = found.ipv4_mapped if found.version == 6 else None
    return mapped or found


def may_read(address: Address | None) -> bool:
    if address is None:
        return False
    return any(address in network for network in settings.METRICS_ADDRESSES) or is_own(address)


def is_own(address: Address) -> bool:
    """Return whether this computer has the address: only then can a socket be bound to it."""
    if address.is_loopback:
        return True
    if address.is_unspecified or address.is_multicast:
        return False
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True
