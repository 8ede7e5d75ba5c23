"""Files made for one request: written whole to the disk first, so that a slow reader holds no thread of the app."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

FOLDER = "downloads"
# The front server opens a file within moments of being told; what is open is sent to its end.
LASTS_SECONDS = 15 * 60


def send_made(write: Callable[[BinaryIO], None], filename: str, content_type: str) -> HttpResponse:
    """A download of what `write` puts into the file it is given. Our front server sends it from the private folder; without
    it we do."""
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
    if settings.FRONT_SENDS:
        response = HttpResponse(headers={"X-Accel-Redirect": f"/{FOLDER}/{path.name}"})
    else:
        response = FileResponse(path.open("rb"))
        path.unlink()
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = content_disposition_header(True, filename)
    return response


def drop_old() -> None:
    """They hold names and numbers: none is kept longer than its sending takes to begin."""
    for path in Path(settings.PRIVATE_ROOT, FOLDER).glob("*"):
        try:
            if path.stat().st_mtime < time.time() - LASTS_SECONDS:
                path.unlink()
        except FileNotFoundError:
            pass  # another process was first
