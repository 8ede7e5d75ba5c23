"""Endpoints to which the browser sends photos, private documents and voices, one at a time, and asks for their state. JSON."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import get_person
from media.documents.forms import read_key, sign_key
from media.documents.services import PICTURE_MOST_BYTES, send_document, store_document
from media.models import Document, Photo, Voice
from media.photos.intake import store_photo
from media.private_files import send_photo
from media.received_files import NotStored, TooManyFiles, shorten_name
from media.voice.services import MOST_BYTES, MOST_SECONDS, make_refusal, store_voice

# The bytes that a form adds to one file.
WRAPPING = 10_000


@csrf_exempt  # checked in `take`: reading the token means reading the body, so its size is looked at first
@require_POST
def upload_photo(request: HttpRequest) -> JsonResponse:
    """Take one photo under the name `photo`, with ?private=1 as a private one; return {key, status, src, problem}, or {error} in
    the user's language.
    """
    if not request.user.is_authenticated:
        return make_error_response(_("登录过期了，重新登录再传"), 401)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > settings.PHOTO_MAX_BYTES + WRAPPING:
        return make_error_response(
            _("照片太大了，最多收 %(most)s MB") % {"most": settings.PHOTO_MAX_BYTES // 10**6}, 400
        )
    return receive_photo(request)


@csrf_protect
def receive_photo(request: HttpRequest) -> JsonResponse:
    sent = request.FILES.getlist("photo")
    if len(sent) != 1:
        return make_error_response(_("照片没收到，重新选一次"), 400)
    try:
        is_private = request.GET.get("private") == "1"
        return describe_photo(store_photo(sent[0], get_person(request), is_private))
    except ValidationError as error:
        return make_refusal_response(error)


@require_safe
@never_cache
def photo_status(request: HttpRequest, key: str) -> JsonResponse:
    """Return the same about one of the person's photos."""
    if not request.user.is_authenticated:
        return make_error_response(_("登录过期了，重新登录再传"), 401)
    return describe_photo(get_object_or_404(Photo, key=key, owner=request.user))


@require_safe
def own_photo(request: HttpRequest, key: str, width: int) -> HttpResponseBase:
    """Send a private photo to its owner; others who may see it have another address, which says where it is shown."""
    if not request.user.is_authenticated:
        raise Http404
    photo = get_object_or_404(Photo, key=key, owner=request.user, is_private=True)
    return send_photo(request, photo, width)


def describe_photo(photo: Photo) -> JsonResponse:
    return JsonResponse(
        {
            "key": photo.key,
            "status": photo.status,
            "src": photo.src if photo.is_ready else "",
            "problem": _(photo.problem) if photo.problem else "",
        }
    )


def make_refusal_response(error: ValidationError) -> JsonResponse:
    """Return the reason why a file was not taken; after a 503 the page's script tries again automatically."""
    passes = isinstance(error, NotStored) or error.code == "busy"
    return make_error_response(
        error.messages[0], 503 if passes else 429 if isinstance(error, TooManyFiles) else 400
    )


def make_error_response(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)


# --- private documents ---


@csrf_exempt  # checked in `take`: reading the token means reading the body, so its size is looked at first
@never_cache
def upload_document(request: HttpRequest) -> HttpResponseBase:
    """POST takes one document of the signed-in person, with ?office=1 also an office file or a text; GET ?k= sends the document
    of this signed key to its sender.
    """
    if request.method in ("GET", "HEAD"):
        return show_document(request)
    if request.method != "POST":
        return make_error_response(_("照片没收到，重新选一次"), 405)
    if not request.user.is_authenticated:
        return make_error_response(_("登录过期了，重新登录再传"), 401)
    return receive_document(request, request.user, takes_office=request.GET.get("office") == "1")


def receive_document(
    request: HttpRequest, owner: User | None, sender: str = "", takes_office: bool = False
) -> JsonResponse:
    """Take a document after the caller's check of the sender; return {key, status, src, problem}, or {error} in the user's
    language.

    The calling view is exempt from the CSRF check, which is made here.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > PICTURE_MOST_BYTES + WRAPPING:
        most = {"most": PICTURE_MOST_BYTES // 10**6}
        return make_error_response(_("照片太大了，最多收 %(most)s MB") % most, 400)
    return receive_checked(request, owner, sender, takes_office)


@csrf_protect
def receive_checked(
    request: HttpRequest, owner: User | None, sender: str, takes_office: bool
) -> JsonResponse:
    sent = request.FILES.getlist("photo")
    if len(sent) != 1:
        return make_error_response(_("照片没收到，重新选一次"), 400)
    try:
        document = store_document(sent[0], owner, sender, takes_office)
    except ValidationError as error:
        return make_refusal_response(error)
    key = sign_key(document, owner, shorten_name(sent[0]))
    # The browser shows the picture it has sent from its own memory.
    return JsonResponse({"key": key, "status": "ready", "src": "", "problem": ""})


def show_document(request: HttpRequest) -> HttpResponseBase:
    try:
        owner, key, name = read_key(request.GET.get("k", ""))
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    if owner and owner != request.user.pk:
        raise Http404
    document = Document.objects.filter(key=key).first()
    if document is None:
        raise Http404
    return send_document(request, document, name)


# --- voices ---


@csrf_exempt  # checked in `take`: reading the token means reading the body, so its size is looked at first
@require_POST
def upload_voice(request: HttpRequest) -> JsonResponse:
    """Take one recording under the name `voice`; return {key, status, …}, or {error} in the user's language."""
    if not request.user.is_authenticated:
        return make_error_response(_("登录过期了，重新登录再传"), 401)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MOST_BYTES + WRAPPING:
        return make_error_response(make_refusal("heavy", most=MOST_SECONDS).messages[0], 413)
    return receive_voice(request)


@csrf_protect
def receive_voice(request: HttpRequest) -> JsonResponse:
    sent = request.FILES.getlist("voice")
    if len(sent) != 1:
        return make_error_response(_("没录到声音，再录一次"), 400)
    try:
        return describe_voice(store_voice(sent[0], get_person(request)))
    except ValidationError as error:
        return make_refusal_response(error)


@require_safe
@never_cache
def voice_status(request: HttpRequest, key: str) -> JsonResponse:
    """Return the same about one of the person's voices."""
    if not request.user.is_authenticated:
        return make_error_response(_("登录过期了，重新登录再传"), 401)
    return describe_voice(get_object_or_404(Voice, key=key, owner=request.user))


def describe_voice(voice: Voice) -> JsonResponse:
    problem = _(voice.problem) if voice.problem else ""
    facts = {"key": voice.key, "status": voice.status, "duration_ms": voice.duration_ms, "problem": problem}
    return JsonResponse(facts)
