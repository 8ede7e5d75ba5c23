"""Send files made for a request, written to the disk first, so that a slow reader occupies no thread of the app."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

FOLDER = "downloads"
# The front server opens a file within moments; an open file is sent to its end even if it is deleted.
LASTS_SECONDS = 15 * 60
# Bytes that stay free on the disk.
SPARE = 1_000_000_000


class DiskFull(Exception):
    """Raised when the disk is too full for what is to be written."""


def send_download(write: Callable[[BinaryIO], object], filename: str, content_type: str) -> HttpResponseBase:
    """Answer with what `write` puts into the file it is given; the front server sends it, without one the app does."""
    path = write_download(write)
    if settings.FRONT_SENDS:
        response: HttpResponseBase = HttpResponse(headers={"X-Accel-Redirect": f"/{FOLDER}/{path.name}"})
    else:
        response = FileResponse(path.open("rb"))
        path.unlink()
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = content_disposition_header(True, filename)
    return response


def write_download(write: Callable[[BinaryIO], object]) -> Path:
    """Write a new file of an unguessable name, which the front server can read."""
    drop_old()
    folder = Path(settings.PRIVATE_ROOT, FOLDER)
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)  # the front server reads it too
    path = folder / secrets.token_hex(16)
    try:
        with path.open("wb") as file:
            write(file)
        path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def cache_download(key: str, version: str, at: float, size: int, write: Callable[[BinaryIO], None]) -> str:
    """Return the name, for X-Accel-Redirect, of a file of `size` bytes that may be requested in parts.

    `write` is called if it does not exist yet. It is deleted after a time without requests; another version replaces it.
    `at` is its modification time (seconds), the same whenever it is made: the front server makes its ETag from it. Raises
    DiskFull.
    """
    folder = Path(settings.PRIVATE_ROOT, FOLDER)
    path = folder / f"{key}-{version}"
    if not path.exists():
        if shutil.disk_usage(settings.VAR_DIR).free < size + SPARE:
            raise DiskFull
        whole = write_download(write)
        os.utime(whole, (time.time(), at))
        for old in folder.glob(f"{key}-*"):
            old.unlink(missing_ok=True)
        os.replace(whole, path)
    os.utime(path, (time.time(), at))
    return f"{FOLDER}/{path.name}"


def drop_old() -> None:
    """Delete files that were not requested lately: they contain names and numbers."""
    for path in Path(settings.PRIVATE_ROOT, FOLDER).glob("*"):
        try:
            facts = path.stat()
            if max(facts.st_atime, facts.st_mtime) < time.time() - LASTS_SECONDS:
                path.unlink()
        except FileNotFoundError:
            pass  # another process was first
