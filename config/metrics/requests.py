"""Count requests by route, method and kind of answer, and how long they took.

A route is a name of the URLs, never what somebody typed: no number of a phone, link or code, and no more series than there
are routes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram

from config.metrics import processes
from config.metrics.views import PATH, show_metrics
from ui.database.availability import DATABASE, STORAGE

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# Seconds: from memory, from the database, slow, and too slow for a person.
BUCKETS = (0.02, 0.1, 0.5, 2.0, 10.0)
NO_ROUTE = "none"

# What this process alone has counted; it is shown only where no folder is shared (config.metrics.processes).
registry = CollectorRegistry(auto_describe=False)
durations = Histogram(
    "newfarmwork_request_duration_seconds",
    "Requests to the app, without those that the front server answers; 503 is apart from the other 5xx.",
    ["route", "method", "status"],
    buckets=BUCKETS,
    registry=registry,
)
failures = Counter(
    "newfarmwork_failed_requests",
    "Requests answered by 500 for a fault of the site's own, or by 503 because the database or the storage of files is away.",
    ["cause"],
    registry=registry,
)
FAULT = "fault"


class RequestMetrics:
    """Count every answer of the app; answer /metrics itself.

    Prometheus asks each computer by its address, which is none of the site's names (ALLOWED_HOSTS), and over plain HTTP.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pid, self.counts = 0, False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == PATH:
            return show_metrics(request)
        start = time.perf_counter()
        response = self.get_response(request)
        if self.pid != os.getpid():
            self.begin()
        if self.counts:
            count(request, response, time.perf_counter() - start)
        return response

    def begin(self) -> None:
        """Begin a process of its own, after a fork."""
        self.counts = processes.reserve_room()
        self.pid = os.getpid()
        if self.counts:
            # A counter that exists from the beginning grows with its first event, as Prometheus sees it.
            for cause in (FAULT, DATABASE, STORAGE):
                failures.labels(cause)


def count(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    found, status = request.resolver_match, response.status_code
    route = found.view_name if found else NO_ROUTE
    method = request.method if request.method in METHODS else "other"
    kind = "503" if status == 503 else f"{status // 100}xx"
    durations.labels(route, method, kind).observe(seconds)
    # A part that is away is noted by config.http.unavailable.
    if cause := FAULT if kind == "5xx" else request.__dict__.get("part_away", ""):
        failures.labels(cause).inc()
