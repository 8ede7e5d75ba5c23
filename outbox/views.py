"""Receive at /sync/ what was done on phones without a connection."""

from __future__ import annotations

from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from outbox.protocol import BatchRefused, make_unreadable, parse_batch
from outbox.reception import TooManyEvents, receive_batch


@never_cache
@require_http_methods(["GET", "POST"])
def sync(request: HttpRequest) -> HttpResponse:
    """Answer GET with the signed-in person and a token, POST with a result for each event of the batch.

    The phone deletes an event only when its id is among the results, so any other answer (too big, another person's, busy)
    loses nothing.
    """
    try:
        if not request.user.is_authenticated:
            raise BatchRefused(401, _("先登录，手机里存的才交得上来。"))
        if request.method == "GET":
            return JsonResponse(describe_session(request))
        batch = parse_batch(request)
        if batch.user != request.user.pk:
            raise BatchRefused(409, _("手机里存的是另一个人的，要那个人登录了再交。"))
        received = receive_batch(request.user, batch.events, batch.bytes, is_counted=True)
    except BatchRefused as refused:
        return JsonResponse({"error": refused.sentence}, status=refused.status)
    except TooManyEvents:
        late = JsonResponse(
            {"error": _("交得太多了，手机过会儿自己再交。都还在手机里，没有丢。")}, status=429
        )
        late["Retry-After"] = "900"
        return late
    except RecursionError:
        return JsonResponse({"error": make_unreadable().sentence}, status=400)
    except (OperationalError, IntegrityError):
        # Busy, or a lesson was deleted meanwhile: nothing of the batch was stored, and the phone still has it.
        busy = JsonResponse({"error": _("这会儿忙不过来，手机过会儿自己再交。")}, status=503)
        busy["Retry-After"] = "30"
        return busy
    return JsonResponse(
        {"receipt": received.receipt, "now": timezone.now().isoformat(), "results": received.results}
    )


def describe_session(request: HttpRequest) -> dict:
    return {"user": request.user.pk, "token": get_token(request), "now": timezone.now().isoformat()}
