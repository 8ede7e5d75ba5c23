"""Write training sessions as iCalendar (RFC 5545): title, place and time, and nothing about people."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone
from icalendar import Calendar, Event

from programme.models import TrainingSession

KEPT = datetime.timedelta(days=180)
MOST = 500
LOOKED_FOR = datetime.timedelta(hours=1)


def list_shown(rows: QuerySet[TrainingSession]) -> list[TrainingSession]:
    """Return the sessions of the last half year and all to come, the latest first, at most MOST; cancelled ones too."""
    since = timezone.now() - KEPT
    return list(
        rows.filter(starts_at__gte=since).select_related("cohort").order_by("-starts_at", "-pk")[:MOST]
    )


def write_calendar(sessions: Iterable[TrainingSession], name: str = "", note: str = "") -> bytes:
    """Return the calendar with its time zone; the same sessions give the same bytes. `note` is what it says of itself."""
    calendar = Calendar()
    calendar.add("prodid", "-//New Farmwork//Training sessions//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("name", name)
        calendar.add("refresh-interval", LOOKED_FOR, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    if note:
        calendar.add("x-wr-caldesc", note)
        calendar.add("description", note)
    for session in sessions:
        calendar.add_component(write_event(session))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def write_event(session: TrainingSession) -> Event:
    """Return one session; its UID never changes, its SEQUENCE grows with each change, so that programs replace the old one."""
    changed = session.changed_at or session.created_at
    event = Event()
    event.add("uid", f"session-{session.key}@newfarmwork")
    event.add("summary", f"{session.topic} · {session.cohort.name}")
    event.add("location", session.place)
    event.add("dtstart", timezone.localtime(session.starts_at))
    event.add("dtend", timezone.localtime(session.ends_at))
    event.add("dtstamp", changed.astimezone(datetime.UTC))
    event.add("created", session.created_at.astimezone(datetime.UTC))
    event.add("last-modified", changed.astimezone(datetime.UTC))
    event.add("sequence", session.revision)
    event.add("status", "CANCELLED" if session.is_cancelled else "CONFIRMED")
    return event
