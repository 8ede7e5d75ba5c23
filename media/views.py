"""Where the browser sends photos, one at a time, and asks what became of them. Answers are JSON."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from media.intake import TooMany, receive
from media.models import Photo

# What a form adds around one file.
WRAPPING = 10_000


@csrf_exempt  # checked in `take`: reading the token means reading the body, so its size is looked at first
@require_POST
def upload_photo(request: HttpRequest) -> JsonResponse:
    """One photo under the name `photo`: {key, status, src, problem}, or {error} in the user's language."""
    if not request.user.is_authenticated:
        return refused(_("登录过期了，重新登录再传"), 401)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > settings.PHOTO_MAX_BYTES + WRAPPING:
        return refused(_("照片太大了，最多收 %(most)s MB") % {"most": settings.PHOTO_MAX_BYTES // 10**6}, 400)
    return take(request)


@csrf_protect
def take(request: HttpRequest) -> JsonResponse:
    sent = request.FILES.getlist("photo")
    if len(sent) != 1:
        return refused(_("照片没收到，重新选一次"), 400)
    try:
        return described(receive(sent[0], request.user))
    except TooMany as error:
        return refused(error.messages[0], 429)
    except ValidationError as error:
        return refused(error.messages[0], 400)


@require_safe
@never_cache
def photo_status(request: HttpRequest, key: str) -> JsonResponse:
    """The same about one's own photo."""
    if not request.user.is_authenticated:
        return refused(_("登录过期了，重新登录再传"), 401)
    return described(get_object_or_404(Photo, key=key, owner=request.user))


def described(photo: Photo) -> JsonResponse:
    return JsonResponse(
        {
            "key": photo.key,
            "status": photo.status,
            "src": photo.src if photo.is_ready else "",
            "problem": _(photo.problem) if photo.problem else "",
        }
    )


def refused(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
