"""Anonymous pages answered by 304 or from this process's memory, each under the version it was made from."""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.module_loading import import_string

from ui.models import Stamp

COOKIES_OF_A_VISITOR_WE_KNOW = (settings.SESSION_COOKIE_NAME, "messages", settings.CSRF_COOKIE_NAME)


def bump(name: str) -> None:
    """Moves an area's stamp; call it in the transaction that changes what visitors see."""
    if not Stamp.objects.filter(name=name).update(number=F("number") + 1):
        Stamp.objects.bulk_create([Stamp(name=name, number=1)], ignore_conflicts=True)


def numbers(*names: str) -> str:
    """One query: the areas' numbers, joined, each with what the clock alone has done to it (STAMP_CLOCKS)."""
    rows = Stamp.objects.filter(name__in=names)
    for name in names:
        if name in settings.STAMP_CLOCKS:
            rows = rows.annotate(**{f"over_{name}": import_string(settings.STAMP_CLOCKS[name])()})
    clocks = [f"over_{name}" for name in names if name in settings.STAMP_CLOCKS]
    told = rows.values_list("name", "number", *clocks)
    found = {name: "~".join(str(part) for part in parts if part is not None) for name, *parts in told}
    return ".".join(str(found.get(name, 0)) for name in names)


@cache
def release() -> str:
    """A hash of the code and templates, equal on every node that runs the same version."""
    digest = hashlib.sha256()
    for app in (
        "config",
        "rehearsals",
        "progress",
        "live",
        "shops",
        "courses",
        "media",
        "accounts",
        "outbox",
        "wording",
        "ui",
    ):
        for path in sorted(Path(settings.BASE_DIR, app).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".js", ".svg", ".mo"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def is_plain_visit(request: HttpRequest) -> bool:
    if request.method not in ("GET", "HEAD") or request.headers.get("HX-Request"):
        return False
    return not any(name in request.COOKIES for name in COOKIES_OF_A_VISITOR_WE_KNOW)


def stamped(
    *names: str, content_type: str | None = None, keep: bool = True, same_for_all: bool = False
) -> Callable:
    """View decorator: for a visitor we do not know, 304 or the kept page while no stamp has moved. What is large, or
    kept by its own maker, is not kept here; what knows no visitor is answered so for everyone (`same_for_all`)."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not (same_for_all or is_plain_visit(request)):
                return view(request, *args, **kwargs)
            key = f"{release()}|{numbers(*names)}|{timezone.localdate()}|{request.LANGUAGE_CODE}|"
            # The whole address: a page names it, and a site may answer to several names.
            key = hashlib.sha256((key + request.build_absolute_uri()).encode()).hexdigest()[:32]
            etag = f'"{key}"'
            if etag in parse_etags(request.headers.get("If-None-Match", "").replace("W/", "")):
                return dressed(HttpResponseNotModified(), etag)
            body = caches["pages"].get(key) if keep else None
            if body is None:
                response = view(request, *args, **kwargs)
                if response.status_code != 200 or response.streaming:
                    return response
                body = response.content
                if keep:
                    caches["pages"].set(key, body)
            return dressed(HttpResponse(body, content_type=content_type), etag)

        return answer

    return decorate


def dressed(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response
