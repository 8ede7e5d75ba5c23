"""One log line a request, without query strings; the formatter masks the rest (config.logs)."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config.logs import masked

log = logging.getLogger("farm.requests")
# The front server's: the same stands in its own log.
ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class RequestLog:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if ID.fullmatch(given) else str(uuid.uuid4())
        response = self.get_response(request)
        if response.status_code >= 400 or request.method not in ("GET", "HEAD"):
            user = request.__dict__.get("_cached_user")
            fields = {
                "method": request.method,
                "path": masked(request.path),
                "status": response.status_code,
                "ms": round((time.perf_counter() - start) * 1000, 1),
                "user": user.pk if user else None,
                "request_id": request.request_id,
            }
            log.info("request", extra={"fields": fields})
        return response
