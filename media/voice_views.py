"""Where the browser sends a spoken remark and asks what became of it. Answers are JSON."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from media import voices
from media.intake import TooMany
from media.models import Voice
from media.views import WRAPPING, refused


@csrf_exempt  # checked in `take`: reading the token means reading the body, so its size is looked at first
@require_POST
def upload_voice(request: HttpRequest) -> JsonResponse:
    """One recording under the name `voice`: {key, status, …}, or {error} in the user's language."""
    if not request.user.is_authenticated:
        return refused(_("登录过期了，重新登录再传"), 401)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > voices.MOST_BYTES + WRAPPING:
        return refused(voices.refusal("heavy", most=voices.MOST_SECONDS).messages[0], 413)
    return take(request)


@csrf_protect
def take(request: HttpRequest) -> JsonResponse:
    sent = request.FILES.getlist("voice")
    if len(sent) != 1:
        return refused(_("没录到声音，再录一次"), 400)
    try:
        return described(voices.receive(sent[0], request.user))
    except ValidationError as error:
        return refused(error.messages[0], 429 if isinstance(error, TooMany) else 400)


@require_safe
@never_cache
def voice_status(request: HttpRequest, key: str) -> JsonResponse:
    """The same about one's own voice."""
    if not request.user.is_authenticated:
        return refused(_("登录过期了，重新登录再传"), 401)
    return described(get_object_or_404(Voice, key=key, owner=request.user))


def described(voice: Voice) -> JsonResponse:
    problem = _(voice.problem) if voice.problem else ""
    facts = {"key": voice.key, "status": voice.status, "duration_ms": voice.duration_ms, "problem": problem}
    return JsonResponse(facts)
