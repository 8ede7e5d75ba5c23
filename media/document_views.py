"""Where the browser sends private pictures and PDFs one at a time, and looks at what it sent. Answers are JSON."""

from __future__ import annotations

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.models import User
from media import documents
from media.document_forms import read_key, sign_key
from media.intake import TooMany, short_name
from media.models import Document
from media.views import WRAPPING, refused


@csrf_exempt  # checked in `take`: reading the token means reading the body, so its size is looked at first
@never_cache
def upload_document(request: HttpRequest) -> HttpResponse:
    """POST: one document of the person signed in. GET ?k=: what was received under this signed key, for its sender."""
    if request.method in ("GET", "HEAD"):
        return shown(request)
    if request.method != "POST":
        return refused(_("照片没收到，重新选一次"), 405)
    if not request.user.is_authenticated:
        return refused(_("登录过期了，重新登录再传"), 401)
    return receive_document(request, request.user)


def receive_document(request: HttpRequest, owner: User | None, sender: str = "") -> JsonResponse:
    """After the caller's check of who sends: {key, status, src, problem}, or {error} in the user's language. The caller
    is exempt from the CSRF check, which is made here."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > documents.PICTURE_MOST_BYTES + WRAPPING:
        most = {"most": documents.PICTURE_MOST_BYTES // 10**6}
        return refused(_("照片太大了，最多收 %(most)s MB") % most, 400)
    return take(request, owner, sender)


@csrf_protect
def take(request: HttpRequest, owner: User | None, sender: str) -> JsonResponse:
    sent = request.FILES.getlist("photo")
    if len(sent) != 1:
        return refused(_("照片没收到，重新选一次"), 400)
    try:
        document = documents.receive(sent[0], owner, sender)
    except TooMany as error:
        return refused(error.messages[0], 429)
    except ValidationError as error:
        # The page's script tries again by itself after a 503.
        return refused(error.messages[0], 503 if error.code == "busy" else 400)
    key = sign_key(document, owner, short_name(sent[0]))
    # The browser shows what it has sent from its own memory.
    return JsonResponse({"key": key, "status": "ready", "src": "", "problem": ""})


def shown(request: HttpRequest) -> HttpResponse:
    try:
        owner, key, name = read_key(request.GET.get("k", ""))
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    if owner and owner != request.user.pk:
        raise Http404
    document = Document.objects.filter(key=key).first()
    if document is None:
        raise Http404
    return documents.send(request, document, name)
