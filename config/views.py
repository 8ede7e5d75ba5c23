"""Pages that belong to no app: home, health, errors, the language switch."""

import os
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import Storage, storages
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from config import checks
from courses.models import Course
from shops.catalogue import queries
from shops.catalogue.product_card import goods
from shops.catalogue.queries import ProductQuery
from shops.models import Village
from ui.stamps import stamped

BEAT = "worker-heartbeat"
BEAT_LATE_SECONDS = 90


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return redirect("progress:learn")
    return front_page(request)


@stamped("shops", "courses")
def front_page(request: HttpRequest) -> HttpResponse:
    picked = queries.page(ProductQuery(in_season=True)).rows
    context = {
        "goods": goods([row for row in picked if row.stock][:6], level=3),
        "villages": Village.objects.select_related("place", "cover")[:6],
        "courses": Course.objects.published().filter(language=request.LANGUAGE_CODE)[:3],
    }
    return render(request, "home.html", context)


@csrf_exempt  # it changes only the visitor's own cookie, and anonymous pages carry no token
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    code = request.POST.get("language", "")
    if check_for_language(code) and code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=60 * 60 * 24 * 365,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """{"database": bool, "storage": bool, "worker": bool, "sqlite": bool}; 503 unless all are true.

    `sqlite` is false where app or worker runs on a library that can lose what was committed.
    """
    beat = last_beat()
    parts = {
        "database": database_answers(),
        "storage": storage_keeps(),
        "worker": time.time() - beat["at"] < BEAT_LATE_SECONDS,
        "sqlite": checks.is_library_sound() and beat["is_library_sound"],
    }
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False


def storage_keeps() -> bool:
    """Whether a photo could be kept, without keeping anything: a GET changes nothing."""
    return all(has_room(storages[name]) for name in ("intake", "default"))


def has_room(storage: Storage) -> bool:
    """On a disk of this machine: it can be written and holds one photo more. Anywhere else: the storage answers."""
    try:
        folder = Path(storage.path(""))
    except NotImplementedError:
        return is_there(storage)
    while not folder.exists():  # made with its first file
        folder = folder.parent
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > settings.PHOTO_MAX_BYTES


def is_there(storage: Storage) -> bool:
    try:
        storage.exists("readyz")
    except Exception:  # each kind of storage has errors of its own
        return False
    return True


def last_beat() -> dict:
    """What the worker wrote last, {"at": seconds, "is_library_sound": bool, "sqlite": version}."""
    try:
        beat = cache.get(BEAT)
    except DatabaseError:
        beat = None
    return beat if isinstance(beat, dict) else {"at": 0, "is_library_sound": True, "sqlite": ""}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.content_type == "application/json":
        return JsonResponse({"error": _("这一页放得太久了，打开网页再交。")}, status=403)
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """No context and no database: either may be what is broken."""
    return HttpResponse(render(None, "500.html").content, status=500)
