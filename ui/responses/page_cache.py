"""Answer anonymous pages by 304 or from this process's memory, each under the version from which it was rendered.

While the database is away nobody knows the version: then the page as it was last known is shown, for LAST_KNOWN_SECONDS.
"""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db import Error, connection, models
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.module_loading import import_string

from ui.database.availability import is_database_away
from ui.database.orm import PRESENT, PreparedQuery

# How long after a page was last known to be right it may be shown without asking the database.
LAST_KNOWN_SECONDS = 600
KNOWN_VISITOR_COOKIES = (settings.SESSION_COOKIE_NAME, "messages", settings.CSRF_COOKIE_NAME)


class Stamp(models.Model):
    """A number of an area of the site that grows whenever something that visitors can see there changes.

    A page rendered from an area has the number in its ETag, so a repeated visit needs one small query.
    """

    name = models.CharField(max_length=20, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


def invalidate(name: str) -> None:
    """Move an area's stamp; call it in the transaction that changes what visitors see.

    Every such change does it: it costs 0.03 ms of CPU in SQL, in the ORM, which compiles the same statement each time, 0.3.
    """
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ui_stamp SET number = number + 1 WHERE name = %s", [name])
        is_there = cursor.rowcount > 0
    if not is_there:
        Stamp.objects.bulk_create([Stamp(name=name, number=1)], ignore_conflicts=True)


class Stamped(models.Model):
    """Base of rows shown on anonymous pages: saving or deleting one changes the stamp of its area."""

    stamp_name: str

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        invalidate(self.stamp_name)

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        invalidate(self.stamp_name)
        return deleted


def get_version(*names: str) -> str:
    """Return the areas' numbers, joined, each with its change by the clock alone (STAMP_CLOCKS). At most one query."""
    rows = prepare_version(*names).rows(now=timezone.now()) if names else []
    found = {name: "~".join(str(part) for part in parts if part is not None) for name, *parts in rows}
    return ".".join(str(found.get(name, 0)) for name in names)


@cache
def prepare_version(*names: str) -> PreparedQuery:
    clocks = {
        f"over_{name}": import_string(settings.STAMP_CLOCKS[name])(PRESENT)
        for name in names
        if name in settings.STAMP_CLOCKS
    }
    rows = Stamp.objects.filter(name__in=names).annotate(**clocks)
    return PreparedQuery(lambda: rows.values_list("name", "number", *clocks), 0)


@cache
def release() -> str:
    """Return a hash of the code and templates, equal on every node that runs the same version."""
    digest = hashlib.sha256()
    folders = {Path(app.path).resolve() for app in apps.get_app_configs()}
    for folder in sorted(folder for folder in folders if folder.parent == settings.BASE_DIR):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".js", ".svg", ".mo"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def is_plain_visit(request: HttpRequest) -> bool:
    if request.method not in ("GET", "HEAD") or request.headers.get("HX-Request"):
        return False
    return not any(name in request.COOKIES for name in KNOWN_VISITOR_COOKIES)


def stamped(
    *names: str, content_type: str | None = None, keep: bool = True, same_for_all: bool = False
) -> Callable:
    """Decorate a view: an anonymous visitor gets 304 or the cached page while no stamp of the areas `names` has changed.

    `keep=False`: pages that are large, or cached elsewhere, are not cached here. `same_for_all`: the page does not depend on
    the visitor, so signed-in people get the same answer.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not (same_for_all or is_plain_visit(request)):
                return view(request, *args, **kwargs)
            try:
                return answer_current(request, *args, **kwargs)
            except Error as error:
                body = find_last_known(request) if keep and is_database_away(error) else None
                if body is None:
                    raise
                return make_last_known(body, content_type)

        def answer_current(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            key = hash_name(f"{get_version(*names)}|{timezone.localdate()}|{name_page(request)}")
            etag = f'"{key}"'
            if etag in parse_etags(request.headers.get("If-None-Match", "").replace("W/", "")):
                if keep:
                    note_last_known(request, key)
                return add_headers(HttpResponseNotModified(), etag)
            body = caches["pages"].get(key) if keep else None
            if body is None:
                response = view(request, *args, **kwargs)
                if response.status_code != 200 or response.streaming:
                    return response
                body = response.content
                if keep:
                    caches["pages"].set(key, body)
            if keep:
                note_last_known(request, key)
            return add_headers(HttpResponse(body, content_type=content_type), etag)

        return answer

    return decorate


def name_page(request: HttpRequest) -> str:
    """Return a name of the page in its language, by the full URL: a page contains it, and a site may have several names.

    It contains the URL of its pictures too, and must not be answered by 304 after they have moved.
    """
    return f"{release()}|{settings.MEDIA_URL}|{request.LANGUAGE_CODE}|{request.build_absolute_uri()}"


def hash_name(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def note_last_known(request: HttpRequest, key: str) -> None:
    """Remember under which key the page is right at this moment."""
    caches["pages"].set(f"last-{hash_name(name_page(request))}", key, LAST_KNOWN_SECONDS)


def find_last_known(request: HttpRequest) -> bytes | None:
    key = caches["pages"].get(f"last-{hash_name(name_page(request))}")
    return caches["pages"].get(key) if key else None


def make_last_known(body: bytes, content_type: str | None) -> HttpResponse:
    """Return a page that may have changed since: no browser or front server keeps it."""
    return HttpResponse(body, content_type=content_type, headers={"Cache-Control": "no-store"})


def add_headers(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response
