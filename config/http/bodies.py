"""Limit what a request may bring, decided by its headers alone, before a byte of the body is read.

Visitors send text, never files; signed-in people send up to 2.5 MB; only the pages of UPLOADS take files, each up to its own
size. The spool (config.http.spool) asks for this decision before it accepts a large body, and then names the file in which
the body is stored.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import ResolverMatch, resolve
from django.utils.translation import gettext as _

from accounts import limits
from media import spreadsheets
from media.documents.services import PICTURE_MOST_BYTES
from media.voice.services import MOST_BYTES
from programme.rosters import table
from programme.training_ledger.forms import MOST_BYTES as LEDGER_BYTES
from shops.models import Order
from shops.orders.buyer.phone_proof import is_proven
from shops.orders.damage_claims import explain_closed

# From this size on the front server sends a body to the spool instead of reading it itself (config/front/site.caddy).
LARGE_BYTES = 100_000
# The bytes of a form around its files, with all typed text.
WRAPPING = 1_000_000
# All photos of a damage claim at once, without a script that sends them one by one; the spool takes no more for an order.
CLAIM_BYTES = 24_000_000
# No request takes longer than this.
ANSWERED_SECONDS = 3600
NAME = re.compile(r"^[0-9a-f]{32}$")
COMING, FILE, OWNER = "X-Body-Coming", "X-Body-File", "X-Body-Owner"


class NotNow(Exception):
    """Raised when the sender may send here, but not at this time: the status and the sentence of the answer."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(status)
        self.status, self.sentence = status, sentence


def owner_by_session(request: HttpRequest, match: ResolverMatch | None) -> str:
    return f"user:{request.user.pk}" if request.user.is_authenticated else ""


def owner_at_work(request: HttpRequest, match: ResolverMatch) -> str:
    user = request.user
    return f"user:{user.pk}" if user.is_authenticated and user.works_in_the_admin else ""


def owner_of_order(request: HttpRequest, match: ResolverMatch) -> str:
    """Return the owner of an upload by a buyer, who has no account, but a cookie after typing the phone's last digits.

    Raises NotNow if the page would accept no photo: its tries are counted when the body has arrived.
    """
    order = Order.objects.filter(token=match.kwargs["token"][:40]).first()
    if not order or not is_proven(request, order):
        return ""
    if why := explain_closed(order):
        raise NotNow(400, why)
    if not limits.allows(request, match.url_name or "", order.token, is_dry=True):
        raise NotNow(429, _("试得太多了，过十分钟再试。"))
    return f"order:{order.pk}"


@dataclass(frozen=True)
class UploadLimit:
    """The limit of a page: `bytes` of files, `wrapping` around them, and who may send; `owner` names that person or is
    empty.
    """

    bytes: int
    owner: Callable[[HttpRequest, ResolverMatch], str] = owner_by_session
    wrapping: int = WRAPPING


FORM = UploadLimit(settings.VIDEO_FORM_MAX_BYTES)
STAFF_FORM = UploadLimit(FORM.bytes, owner_at_work)
PAPER = UploadLimit(PICTURE_MOST_BYTES)
SHEET = UploadLimit(spreadsheets.MOST_BYTES)
WORDS = UploadLimit(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, wrapping=0)
# Every page that takes files; a test compares this with the URLconf.
UPLOADS = {
    "media:upload_photo": UploadLimit(settings.PHOTO_MAX_BYTES),
    "media:upload_document": PAPER,
    "media:upload_voice": UploadLimit(MOST_BYTES),
    "programme:ledger_check": UploadLimit(LEDGER_BYTES),
    "rehearsals:film": FORM,
    "rehearsals:task": FORM,
    "live:export_import": SHEET,
    "programme:rosters": UploadLimit(table.LIMITS.bytes, owner_at_work),
    "live:host": PAPER,
    "programme:sheet_read": PAPER,
    "programme:story_new": FORM,
    "programme:story_edit": FORM,
    "shops:new_product": FORM,
    "shops:edit_product": FORM,
    "shops:shop_edit": FORM,
    "shops:new_batch": FORM,
    "shops:edit_batch": FORM,
    "shops:new_paper": PAPER,
    "shops:paycode": PAPER,
    "shops:order_step": PAPER,
    "shops:order_claim": UploadLimit(CLAIM_BYTES, owner_of_order),
    "shops:order_claim_photo": UploadLimit(PAPER.bytes, owner_of_order),
    "admin:courses_course_add": STAFF_FORM,
    "admin:courses_course_change": STAFF_FORM,
    "admin:courses_course_import": STAFF_FORM,
    "admin:courses_course_questions_import": UploadLimit(SHEET.bytes, owner_at_work),
    "admin:courses_lesson_add": STAFF_FORM,
    "admin:courses_lesson_change": STAFF_FORM,
    "admin:shops_shop_add": STAFF_FORM,
    "admin:shops_shop_change": STAFF_FORM,
    "admin:shops_village_add": STAFF_FORM,
    "admin:shops_village_change": STAFF_FORM,
}


class BodyLimit:
    """Middleware that answers the spool's question, and refuses bodies that came without it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = COMING in request.headers
        length = parse_length(request.headers.get(COMING) if asked else request.META.get("CONTENT_LENGTH"))
        if length < LARGE_BYTES:
            return HttpResponse(status=204) if asked else self.get_response(request)
        match = resolve_page(request)
        limit = UPLOADS.get(match.view_name, WORDS) if match else WORDS
        try:
            owner = limit.owner(request, match) if match else owner_by_session(request, None)
        except NotNow as refusal:
            return make_refusal(request, refusal.status, refusal.sentence)
        if not owner and limit is WORDS:
            return make_refusal(request, 413, _("写得太长了，删短一点再交"))
        if not owner:
            return make_refusal(request, 401, _("登录过期了，重新登录再传"))
        if length > limit.bytes + limit.wrapping:
            return make_refusal(
                request, 413, _("一次最多传 %(most)s MB") % {"most": f"{limit.bytes / 1e6:g}"}
            )
        return HttpResponse(status=204, headers={OWNER: owner}) if asked else self.get_response(request)


def resolve_page(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Http404:
        return None


def parse_length(header: str | None) -> int:
    return int(header) if header and header.isascii() and header.isdecimal() and len(header) < 16 else 0


def make_refusal(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """Return a page for forms, JSON for scripts."""
    if "text/html" not in request.headers.get("Accept", ""):
        return JsonResponse({"error": sentence}, status=status)
    return render(request, "413.html", {"sentence": sentence, "signs_in": status == 401}, status=status)


def delete_leftovers() -> None:
    """Delete the files of requests whose process was killed; young ones may be in use by another process."""
    for file in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < time.time() - ANSWERED_SECONDS:
                file.unlink()


def use_spooled_file(environ: dict) -> dict:
    """Return the environ with the body that the spool has written to a file, if it names one."""
    name = environ.pop("HTTP_X_BODY_FILE", "")
    if not NAME.match(name):
        return environ
    try:
        file = open(Path(settings.SPOOL_ROOT, name), "rb")  # noqa: SIM115 - closed with the request
    except FileNotFoundError:
        return environ
    size = file.seek(0, 2)
    file.seek(0)
    return environ | {"wsgi.input": file, "CONTENT_LENGTH": str(size)}
