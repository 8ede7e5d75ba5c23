"""Read the fields of a form by which a page posts the same fact that the outbox would send: `event_id`, `happened_at`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime


def get_event_id(request: HttpRequest) -> UUID | None:
    """Return the id that the phone made for this fact; None where it made none or none that can be read."""
    try:
        return UUID(request.POST.get("event_id", ""))
    except ValueError:
        return None


def get_happened_at(request: HttpRequest) -> datetime | None:
    """Return the moment that the phone gives for this fact; None where it gives none that can be read."""
    try:
        at = parse_datetime(request.POST.get("happened_at", ""))
        return at if at is None or timezone.is_aware(at) else timezone.make_aware(at)
    except (ValueError, OverflowError):
        return None
