"""Answer at /healthz and /readyz whether the site works, for who watches it from outside."""

import os
import shutil
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import Storage, storages
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from config import logs, sqlite
from config.health import checks
from config.http.middleware import ID
from config.postgresql import computers

# Key in the shared cache under which the worker writes its heartbeat.
BEAT = "worker-heartbeat"
BEAT_LATE_SECONDS = 90
# A computer whose worker was not heard for longer is one of the site no more.
NODES_KEPT_SECONDS = 24 * 60 * 60
UNHEARD: dict[str, Any] = {"at": 0, "is_library_sound": True, "sqlite": "", "nodes": {}}


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process runs; touch nothing else. The number that the front server gave the request is sent back, and
    how many front servers named an address (TRUSTED_PROXY_COUNT)."""
    response = HttpResponse("ok\n", content_type="text/plain")
    named = request.headers.get("X-Forwarded-For", "")
    response["X-Proxy-Count"] = str(len(named.split(",")) if named else 0)
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
    """Return what the worker wrote last: {"at": seconds, "is_library_sound": bool, "sqlite": version, "nodes": {name: seconds}}.

    While the database is away, as if no worker had ever been heard.
    """
    try:
        return read_beat()
    except Error:
        return dict(UNHEARD)


def read_beat() -> dict:
    """Return the same. Raises Error."""
    beat = cache.get(BEAT)
    return UNHEARD | beat if isinstance(beat, dict) else dict(UNHEARD)


def record_beat() -> None:
    """Write the worker's heartbeat, with those of the other computers' workers that were heard within a day.

    Two computers may write at the same moment, and one be lost; its next is twenty seconds later.
    """
    now = time.time()
    nodes = {node: at for node, at in read_beat()["nodes"].items() if now - at < NODES_KEPT_SECONDS}
    facts = {"sqlite": sqlite.get_version(), "is_library_sound": checks.is_library_sound()}
    cache.set(BEAT, {"at": now, "nodes": nodes | {get_node(): now}, **facts}, timeout=3600)


def end_beats() -> None:
    """Take this computer out of those whose worker is missed: it was stopped on purpose."""
    beat = read_beat()
    if beat["nodes"].pop(get_node(), None):
        cache.set(BEAT, beat, timeout=3600)


def get_node() -> str:
    """Return this computer's name among those of the site."""
    return computers.get_name()
