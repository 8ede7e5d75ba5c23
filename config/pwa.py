"""Serve what a phone installs: the service worker, its offline page, the manifest with the icons."""

from __future__ import annotations

import json
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ui.responses.page_cache import release

# Milliseconds that a cached page waits for a slow connection before the copy is shown.
PATIENCE_MS = 3000
SCRIPT = "progress/signed_in.js"
SHELL = ("ui/whole.css", "ui/start.js", "ui/app.js", SCRIPT)
ICONS = (("ui/icon-192.png", "192x192", "any"), ("ui/icon-512.png", "512x512", "any"))
MASKABLE = ("ui/icon-maskable-512.png", "512x512", "maskable")


def add_phone_urls(request: HttpRequest) -> dict[str, dict[str, str]]:
    """Give every page the URLs of what runs on a phone (a context processor); the same for everybody."""
    return {"on_phone": list_urls()}


@cache
def list_urls() -> dict[str, str]:
    return {
        "script": static(SCRIPT),
        "worker": reverse("worker"),
        "manifest": reverse("manifest"),
        "strip": "progress/_waiting.html",
        "numbers": reverse("accounts:numbers"),
    }


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """Write two lines that a new release changes, so that browsers fetch the service worker anew."""
    facts = {
        "release": release(),
        "static": settings.STATIC_URL,
        "media": settings.MEDIA_URL,
        "shell": [static(name) for name in SHELL],
        "offline": reverse("offline"),
        "logout": reverse("account_logout"),
        "patience": PATIENCE_MS,
        "name": _("新农活"),
        "news": _("有一条新消息，登录了看。"),
        "icon": static(ICONS[0][0]),
    }
    lines = f"self.FARM = {json.dumps(facts)};\nimportScripts({json.dumps(static('outbox/service_worker.js'))});\n"
    return HttpResponse(
        lines, content_type="text/javascript; charset=utf-8", headers={"Service-Worker-Allowed": "/"}
    )


@require_safe
@cache_control(max_age=86400)
def manifest(request: HttpRequest) -> JsonResponse:
    icons = [
        {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
        for name, sizes, purpose in (*ICONS, MASKABLE)
    ]
    facts = {
        "name": _("新农活"),
        "short_name": _("新农活"),
        "lang": get_language(),
        "id": "/",
        "start_url": reverse("progress:learn"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#fcf8f0",
        "theme_color": "#fcf8f0",
        "icons": icons,
    }
    return JsonResponse(facts, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """Show the page that replaces any page that cannot be reached; it is the same for everybody, so it contains no name."""
    return render(request, "offline.html", {"user": None, "nav": [], "messages": []})
