"""Send private files, after the caller has checked the permission."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.storage import storages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext as _

from media import chunks
from media.models import Photo, Upload
from media.storages import StorageUnavailable
from ui.responses import downloads

BLOCK = 256 * 1024
WEBM = b"\x1aE\xdf\xa3"
RANGE = re.compile(r"^bytes=([0-9]{0,18})-([0-9]{0,18})$")
# Cached by the browser only: signing out on a shared phone empties it for the next account.
CACHING = "private, max-age=86400"
MINUTES = 5
# Threads of a process that may assemble an upload's chunks, or send them to a slow reader. The others stay free for pages.
BUSY = threading.BoundedSemaphore(2)
RETRY_SECONDS = 10
# Longer answers wait for their reader: a shorter one is buffered by the front server or the system.
AT_ONCE = 256 * 1024


def send_private(
    request: HttpRequest,
    name: str,
    content_type: str,
    filename: str | None = None,
    as_attachment: bool = False,
) -> HttpResponseBase:
    """Send a file of the private storage, all of it or the requested part; 404 for a missing one.

    Behind the project's front server that one sends it (X-Accel-Redirect); without it this answers 206, 416 and 304 itself;
    for a bucket it redirects to a URL that is valid for five minutes.
    """
    storage: Any = storages["private"]
    disposition = content_disposition_header(as_attachment, filename) if filename else "inline"
    try:
        path = storage.path(name)
    except NotImplementedError:
        asked = {"ResponseContentType": content_type, "ResponseContentDisposition": disposition}
        redirect = HttpResponseRedirect(storage.url(name, parameters=asked, expire=MINUTES * 60))
        redirect.headers["Cache-Control"] = f"private, max-age={(MINUTES - 1) * 60}"
        return redirect
    response = (
        HttpResponse(headers={"X-Accel-Redirect": f"/{name}"})
        if settings.FRONT_SENDS
        else send_file(request, path)
    )
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = disposition or "inline"
    response.headers["Cache-Control"] = CACHING
    return response


def send_photo(request: HttpRequest, photo: Photo, width: int) -> HttpResponseBase:
    """Send a private photo after the caller's check; 404 if it is not ready or not made in this width.

    The browser asks each time, so that a permission that was taken back counts at once.
    """
    if not photo.is_ready or width not in photo.widths():
        raise Http404
    response = send_private(request, photo.name_at(width), "image/webp")
    if response.status_code != HTTPStatus.FOUND:  # a bucket's URL ends by itself
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def send_file(request: HttpRequest, path: str) -> HttpResponseBase:
    try:
        file = open(path, "rb")  # noqa: SIM115 - closed by the response
    except FileNotFoundError as missing:
        raise Http404 from missing
    size = file.seek(0, 2)
    # A private file never changes under its name.
    etag = quote_etag(f"{size:x}-{path.rpartition('-')[2]}")
    if known := get_conditional_response(request, etag=etag):
        file.close()
        return known
    part = parse_range(request, size, etag)
    if part is not None and not part:
        file.close()
    return make_range_response(size, etag, part, lambda shown: FilePart(file, shown.start, len(shown)))


def send_upload(request: HttpRequest, upload: Upload) -> HttpResponseBase:
    """Send what has arrived of an upload, all of it or the requested part; the caller has checked the permission.

    404 when nothing has arrived, or its chunks are gone; 503 while too many are being sent. The front server sends it from
    one file, into which the chunks are written at the first request.
    """
    if upload.state == Upload.State.GONE or not upload.offset:
        raise Http404
    try:
        if chunks.list_offsets(upload.key)[:1] != [0]:
            raise Http404
        head = next(chunks.read(upload.key, range(12)), b"")
        response = send_as_file(upload) if settings.FRONT_SENDS else send_chunks(request, upload)
    except chunks.ChunksMissing as lost:
        raise Http404 from lost
    except StorageUnavailable:
        return make_busy_response()
    if response.status_code in (304, 503):
        return response
    response.headers["Content-Type"] = "video/webm" if head.startswith(WEBM) else "video/mp4"
    response.headers["Content-Disposition"] = "inline"
    # One that still grows has another length a moment later.
    response.headers["Cache-Control"] = CACHING if upload.state == Upload.State.WHOLE else "private, no-cache"
    return response


def send_as_file(upload: Upload) -> HttpResponse:
    """Send the upload as one file, because players stop at an answer shorter than what they requested (AVFoundation)."""

    def write(file: BinaryIO) -> None:
        for block in chunks.read(upload.key, range(upload.offset)):
            file.write(block)
        if file.tell() != upload.offset:
            raise chunks.ChunksMissing

    if not BUSY.acquire(blocking=False):
        return make_busy_response()
    at, version = upload.created_at.timestamp(), f"{upload.offset:x}"
    try:
        name = downloads.cache_download(upload.key, version, at, upload.offset, write)
    except downloads.DiskFull:
        return make_busy_response()
    finally:
        BUSY.release()
    return HttpResponse(headers={"X-Accel-Redirect": f"/{name}"})


def send_chunks(request: HttpRequest, upload: Upload) -> HttpResponseBase:
    etag = quote_etag(f"{upload.offset:x}-{upload.key}")
    if known := get_conditional_response(request, etag=etag):
        return known
    part = parse_range(request, upload.offset, etag)
    is_long = len(range(upload.offset) if part is None else part) > AT_ONCE and request.method == "GET"
    if is_long and not BUSY.acquire(blocking=False):
        return make_busy_response()
    ends = BUSY.release if is_long else None
    return make_range_response(upload.offset, etag, part, lambda shown: ChunksPart(upload.key, shown, ends))


def make_busy_response() -> HttpResponse:
    response = HttpResponse(_("现在人多，等十秒再试。"), "text/plain; charset=utf-8", 503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def make_range_response(
    size: int, etag: str, part: range | None, body: Callable[[range], Iterable[bytes]]
) -> HttpResponseBase:
    """Return 200 with all of it, 206 with a part, 416 if it has none of the requested bytes."""
    if part is not None and not part:
        return HttpResponse(
            status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}
        )
    shown = range(size) if part is None else part
    headers = {"Accept-Ranges": "bytes", "ETag": etag, "Content-Length": str(len(shown))}
    if part:
        headers["Content-Range"] = f"bytes {part[0]}-{part[-1]}/{size}"
    return StreamingHttpResponse(body(shown), status=206 if part else 200, headers=headers)


def parse_range(request: HttpRequest, size: int, etag: str) -> range | None:
    """Return the requested bytes, empty if the file has none of them; None if there is no single range, or it is of another
    version.
    """
    found = RANGE.match(request.headers.get("Range", ""))
    if not found or not any(found.groups()) or request.headers.get("If-Range", etag) != etag:
        return None
    if not found[1]:
        return range(max(0, size - int(found[2])), size)
    first, last = int(found[1]), int(found[2] or size)
    return range(first, min(last + 1, size)) if first <= last else None


class FilePart:
    """Some bytes of a file, block by block; closing the response closes it."""

    def __init__(self, file: BinaryIO, first: int, length: int) -> None:
        self.file, self.left = file, length
        file.seek(first)

    def __iter__(self) -> Iterator[bytes]:
        while self.left and (block := self.file.read(min(BLOCK, self.left))):
            self.left -= len(block)
            yield block

    def close(self) -> None:
        self.file.close()


class ChunksPart:
    """Some bytes of an upload, block by block; `ends` is called once, when the response is closed."""

    def __init__(self, key: str, part: range, ends: Callable[[], None] | None) -> None:
        self.blocks, self.ends = chunks.read(key, part), ends

    def __iter__(self) -> Iterator[bytes]:
        return self.blocks

    def close(self) -> None:
        self.blocks.close()
        ends, self.ends = self.ends, None
        if ends:
            ends()
