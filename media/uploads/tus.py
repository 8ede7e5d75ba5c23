"""Resumable uploads: a tus 1.0 server (creation, deferred length, expiration, termination).

Clients identify an upload by its URL, which contains a token; the token is valid only for its signed-in owner. With a ticket
in its metadata an upload is a recording (media.uploads.recordings), whose length may be declared with its last chunk.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import http_date
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from media.models import Upload, Video
from media.uploads import recordings
from media.uploads.errors import UploadRefused
from media.uploads.services import (
    MOST_CHUNK,
    WrongOffset,
    add_chunk,
    begin_upload,
    cancel_upload,
    is_token_of,
    make_token,
)

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
OPEN, GONE = Upload.State.OPEN, Upload.State.GONE
View = Callable[..., HttpResponse]


def tus_view(view: View) -> View:
    """Require sign-in and the protocol's version, set its headers, and answer refusals as {"error": sentence}."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "OPTIONS":
            response = options()
        elif not request.user.is_authenticated:
            response = make_error_response(_("登录过期了，重新登录再传"), 401)
        elif request.method != "GET" and request.headers.get("Tus-Resumable", "") != VERSION:
            response = HttpResponse(status=412, headers={"Tus-Version": VERSION})
        else:
            try:
                response = view(request, *args, **kwargs)
            except UploadRefused as refusal:
                response = make_error_response(refusal.messages[0], refusal.status)
        response.headers["Tus-Resumable"] = VERSION
        add_never_cache_headers(response)
        return response

    return wrapped


def options() -> HttpResponse:
    can = {"Tus-Version": VERSION, "Tus-Extension": "creation,creation-defer-length,expiration,termination"}
    return HttpResponse(status=204, headers=can | {"Tus-Max-Size": str(settings.VIDEO_MAX_BYTES)})


@tus_view
def upload_list(request: SignedInRequest) -> HttpResponse:
    """Begin an upload."""
    if request.method != "POST":
        return make_not_allowed("OPTIONS", "POST")
    size, metadata = read_number(request, "Upload-Length"), read_metadata(request)
    if size is None and not ("ticket" in metadata and request.headers.get("Upload-Defer-Length") == "1"):
        return make_error_response(_("没说文件有多大，刷新再传"), 400)
    name = metadata.get("filename", "")
    if "ticket" in metadata:
        upload = recordings.begin_recording(
            request.user, recordings.read_ticket(metadata["ticket"], request.user), size, name
        )
    else:
        upload = begin_upload(request.user, size or 0, name)
    place = reverse("media:video_upload", args=[upload.key])
    headers = {"Location": f"{place}?token={make_token(upload)}"}
    return HttpResponse(status=201, headers=headers | make_state_headers(upload))


@tus_view
def upload_detail(request: SignedInRequest, key: str) -> HttpResponse:
    """Handle one upload: HEAD returns its offset, PATCH adds a chunk, DELETE ends it; GET returns its state as JSON."""
    upload = Upload.objects.filter(owner=request.user, key=key).select_related("video").first()
    if upload is None:
        raise Http404
    if request.method == "GET":
        return JsonResponse(describe(upload))
    act = {"HEAD": head, "PATCH": patch, "DELETE": delete}.get(request.method or "")
    if act is None:
        return make_not_allowed("OPTIONS", "GET", "HEAD", "PATCH", "DELETE")
    if not is_token_of(upload, request.GET.get("token", "")):
        return make_error_response(_("这个视频不能接着传，重新选一次"), 403)
    if upload.state == GONE or (upload.state == OPEN and upload.expires_at < timezone.now()):
        return make_error_response(_("放得太久了，重新选一次再传"), 410)
    return act(request, upload)


def head(request: HttpRequest, upload: Upload) -> HttpResponse:
    return HttpResponse(headers=make_state_headers(upload) | make_length_headers(upload))


def patch(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Check the headers before reading; never read more than one chunk."""
    start, length = read_number(request, "Upload-Offset"), read_number(request, "Content-Length")
    if request.content_type != PIECE:
        return make_error_response(_("没传成，刷新再传"), 415)
    if start is None or length is None:
        return make_error_response(_("没传成，刷新再传"), 400)
    if start != upload.offset:
        return make_conflict(upload.offset)
    whole = read_number(request, "Upload-Length")
    if length > MOST_CHUNK or start + length > find_limit(upload, whole):
        return make_error_response(_("一次传的太多了，刷新再传"), 413)
    if whole is not None:
        recordings.declare_size(upload, whole)
    return receive_chunk(request, upload, start, length)


def find_limit(upload: Upload, whole: int | None) -> int:
    """Return where it must end: its size, the size declared now, or the most that it may become."""
    return next(limit for limit in (upload.size, whole, upload.most_bytes) if limit is not None)


def receive_chunk(request: HttpRequest, upload: Upload, start: int, length: int) -> HttpResponse:
    try:
        content = request.read(length)
    except UnreadablePostError:
        content = b""
    if content:  # the received part of a chunk that was cut off is stored too
        try:
            add_chunk(upload, start, content)
        except WrongOffset as wrong:
            return make_conflict(wrong.offset)
    return HttpResponse(status=204, headers=make_state_headers(upload))


def delete(request: HttpRequest, upload: Upload) -> HttpResponse:
    if not cancel_upload(upload):
        return make_error_response(_("已经传完了"), 409)
    return HttpResponse(status=204)


# --- headers and answers ---


def read_number(request: HttpRequest, header: str) -> int | None:
    raw = request.headers.get(header) or ""
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 16 else None


def read_metadata(request: HttpRequest) -> dict[str, str]:
    """Return {"filename": …, "ticket": …} from "filename aGVsbG8=,ticket dmlkZW8="; empty if it cannot be read."""
    metadata = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        key, _space, value = pair.strip().partition(" ")
        try:
            metadata[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError):
            metadata[key] = ""
    return metadata


def make_state_headers(upload: Upload) -> dict[str, str]:
    return {"Upload-Offset": str(upload.offset), "Upload-Expires": http_date(upload.expires_at.timestamp())}


def make_length_headers(upload: Upload) -> dict[str, str]:
    return {"Upload-Defer-Length": "1"} if upload.size is None else {"Upload-Length": str(upload.size)}


def describe(upload: Upload) -> dict:
    """Return what the page shows; `status` is the video's once there is one, else the upload's."""
    found: Video | None = upload.video
    return {
        "key": upload.key,
        "offset": upload.offset,
        "size": upload.size,
        "status": found.status if found else upload.state,
        "percent": found.percent if found else 0,
        "has_sound": found.has_sound if found else True,
        "problem": _(found.problem) if found and found.problem else "",
    }


def make_conflict(offset: int) -> HttpResponse:
    response = make_error_response(_("这个视频在另一个窗口传着"), 409)
    response.headers["Upload-Offset"] = str(offset)
    return response


def make_not_allowed(*methods: str) -> HttpResponse:
    return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})


def make_error_response(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
