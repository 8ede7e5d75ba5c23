"""A phone in tests: makes events and sends them to /sync/."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timedelta
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def event(kind: str, at: datetime | None = None, id: str | None = None, **body) -> dict:
    at = at or timezone.now()
    return {"id": id or str(uuid4()), "kind": kind, "at": at.isoformat(), "body": body}


def played(lesson: int, start_s: int, end_s: int, since: datetime, **body) -> dict:
    """Return an event of playing at normal speed from `since` on."""
    until = since + timedelta(seconds=end_s - start_s)
    facts = {
        "lesson": lesson,
        "intervals": [[start_s * 1000, end_s * 1000]],
        "position": end_s * 1000,
        "rung": "240",
        "from": since.isoformat(),
        "to": until.isoformat(),
    }
    return event("watched", until, **facts | body)


class Phone:
    def __init__(self, client: Client, user: User) -> None:
        self.client, self.user = client, user

    def post(self, events: object, user: object = None, **headers) -> HttpResponse:
        return self.raw(json.dumps({"user": user or self.user.pk, "events": events}), **headers)

    def raw(self, body: str | bytes, content_type: str = "application/json", **headers) -> HttpResponse:
        return self.client.post("/sync/", body, content_type=content_type, headers=headers)

    def zipped(self, body: bytes) -> HttpResponse:
        return self.raw(gzip.compress(body), **{"Content-Encoding": "gzip"})

    def send(self, *events: dict) -> list[tuple[str, str]]:
        """Send events and return (state, reason) of each."""
        response = self.post(list(events))
        assert response.status_code == 200, response.content
        results = response.json()["results"]
        assert [result["id"] for result in results] == [str(event["id"]) for event in events]
        return [(result["state"], result["reason"]) for result in results]
