"""{"lesson": pk}: a lesson is done."""

from __future__ import annotations

from uuid import UUID

from accounts.models import User
from outbox.incoming import Incoming
from progress.doing import Tick, tick
from progress.receiving.known import sorted_out


def done(user: User, events: list[Incoming]) -> dict[UUID, str]:
    """Two statements, however many: a lesson done before leaving the course counts, one that is done stays so."""
    good, reasons = sorted_out(user.pk, events)
    ticks = [
        Tick(event.id, lesson.lesson, lesson.course_version, lesson.happened(event), event.received_at)
        for event, lesson in good
    ]
    tick(user, ticks)
    return reasons | {event.id: "" for event, _lesson in good}
