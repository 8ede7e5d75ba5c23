"""Answer at /healthz and /readyz whether the site works, for who watches it from outside."""

import os
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import Storage, storages
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from config import logs
from config.health import checks
from config.http.middleware import ID

# Key in the shared cache under which the worker writes its heartbeat.
BEAT = "worker-heartbeat"
BEAT_LATE_SECONDS = 90


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process runs; touch nothing else. The number that the front server gave the request is sent back."""
    response = HttpResponse("ok\n", content_type="text/plain")
    if ID.fullmatch(number := request.headers.get("X-Request-ID", "")):
        response["X-Request-ID"] = number
    return response


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Return {"database": bool, "storage": bool, "logs": bool, "worker": bool, "sqlite": bool}, with 503 unless all are true.

    `sqlite` is false if app or worker runs on a library that can lose committed data.
    """
    beat = read_last_beat()
    parts = {
        "database": is_database_there(),
        "storage": is_storage_writable(),
        "logs": is_log_writable(),
        "worker": time.time() - beat["at"] < BEAT_LATE_SECONDS,
        "sqlite": checks.is_library_sound() and beat["is_library_sound"],
    }
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def is_database_there() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except Error:
        return False


def is_storage_writable() -> bool:
    """Return whether a photo could be stored, without storing anything: a GET changes nothing."""
    return all(has_room(storages[name]) for name in ("intake", "default"))


def has_room(storage: Storage) -> bool:
    """Return whether a disk of this machine can be written and has space for a photo, or another storage answers."""
    try:
        folder = Path(storage.path(""))
    except NotImplementedError:
        return is_there(storage)
    while not folder.exists():  # it is created with its first file
        folder = folder.parent
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > settings.PHOTO_MAX_BYTES


def is_log_writable() -> bool:
    """Return whether a line could be added to today's log, without adding one."""
    path = logs.find_file(settings.LOG_DIR)
    if path.exists():
        return os.access(path, os.W_OK)
    folder = Path(settings.LOG_DIR)
    while not folder.exists():  # it is created with its first line
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def is_there(storage: Storage) -> bool:
    try:
        storage.exists("readyz")
    except Exception:  # each kind of storage has its own exceptions
        return False
    return True


def read_last_beat() -> dict:
    """Return what the worker wrote last: {"at": seconds, "is_library_sound": bool, "sqlite": version}."""
    try:
        beat = cache.get(BEAT)
    except Error:
        beat = None
    return beat if isinstance(beat, dict) else {"at": 0, "is_library_sound": True, "sqlite": ""}
