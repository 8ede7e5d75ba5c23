"""Middleware: one log line a request, without its query string (config.logs masks the rest), no NUL in parameters, and no 503
that does not say when to come again.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from config.http.bodies import COMING
from config.http.unavailable import RETRY_SECONDS
from ui.request_ids import use_request_id

log = logging.getLogger("farm.requests")
UNREADABLE = "\ufffd"
# The format of the id that the front server makes for its own log.
ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class NulMiddleware:
    """Replace NUL in parameters of a URL and fields of a form by U+FFFD, as Django does with invalid UTF-8.

    No text contains NUL, and PostgreSQL answers it with an error.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = replace_nul(request.GET)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        """Clean the form after the CSRF check, which has read it; views exempt from that check look at a body's size first."""
        if request.method == "POST" and not getattr(view, "csrf_exempt", False) and has_nul(request.POST):
            request.POST = replace_nul(request.POST)


def has_nul(asked: QueryDict) -> bool:
    return any("\0" in text for name, values in asked.lists() for text in (name, *values))


def replace_nul(asked: QueryDict) -> Any:
    clean = QueryDict(mutable=True, encoding=asked.encoding)
    for name, values in asked.lists():
        clean.setlist(name.replace("\0", UNREADABLE), [value.replace("\0", UNREADABLE) for value in values])
    clean._mutable = False
    return clean


class RequestLog:
    """Log every request that changes something or fails; give each an id, and every 503 a time to come again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        given = request.headers.get("X-Request-ID", "")
        request_id = given if ID.fullmatch(given) else str(uuid.uuid4())
        request.__dict__["request_id"] = request_id  # the audit trail reads it
        with use_request_id(request_id):
            return self.answer(request, start)

    def answer(self, request: HttpRequest, start: float) -> HttpResponse:
        response = self.get_response(request)
        is_allowed = response.status_code == 204 and COMING in request.headers  # the spool will ask once more
        if response.status_code >= 400 or (request.method not in ("GET", "HEAD") and not is_allowed):
            user = request.__dict__.get("_cached_user")
            fields = {
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "ms": round((time.perf_counter() - start) * 1000, 1),
                "user": user.pk if user else None,
            }
            if problem := request.__dict__.get("problem"):  # config.http.unavailable
                fields["problem"] = problem
            log.info("request", extra={"fields": fields})
        if response.status_code == 503:
            response.setdefault("Retry-After", str(RETRY_SECONDS))
            # While the database is away every request fails: this line is enough, Django would add another.
            setattr(response, "_has_been_logged", True)  # noqa: B010 - Django's own mark, not in the stubs
        return response
