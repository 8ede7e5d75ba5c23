"""Apply questions to the class that phones send: {"lesson": pk, "text": "…"}."""

from __future__ import annotations

from uuid import UUID, uuid5

from accounts.models import User
from outbox.bulk_sql import insert_new
from outbox.protocol import BROKEN, Incoming
from progress.classes import questions
from progress.event_descriptions import NO_CLASS, TOO_LONG, TOO_MANY
from progress.lessons.reported_lessons import split_by_reason
from progress.models import Ask
from ui.fields import get_max_length
from ui.text import tidy

LONGEST = get_max_length(Ask, "text")
ANOTHERS = UUID("5b1d3f51-5e2a-5a84-9c5d-1f0a6a2f8b3e")
COLUMNS = ("event_id", "lesson_id", "cohort_id", "author_id", "text", "asked_at")


def apply_asks(user: User, events: list[Incoming]) -> dict[UUID, str]:
    """Store the questions under the class that the sender is in now. Three statements, however many events."""
    good, reasons = split_by_reason(user.pk, events)
    rows, vouched = [], set()
    for event, lesson in sorted(good, key=lambda pair: pair[0].at):
        text = parse_text(event)
        reasons[event.id] = find_reason(text, lesson)
        if not reasons[event.id]:
            at = lesson.happened(event)
            rows.append((event.id, lesson.lesson, lesson.cohort, user.pk, text, at))
            if event.vouched:
                vouched.add(event.id)
    if rows:
        many = find_excess(user, [row[0] for row in rows if row[0] not in vouched])
        reasons |= dict.fromkeys(many, TOO_MANY)
        rows = [row for row in rows if row[0] not in many]
    new = insert_new(Ask, COLUMNS, rows, returning="event_id")
    keep_taken(user, [row for row in rows if row[0] not in new])
    return reasons


def find_excess(user: User, ids: list[UUID]) -> set[UUID]:
    """Return those of the events, in order, that exceed the hour's limit; a question stored already does not count."""
    room = max(questions.count_questions_left(user), 0)
    if len(ids) <= room:
        return set()
    there = set(Ask.objects.filter(author=user, event_id__in=ids).values_list("event_id", flat=True))
    return set([id for id in ids if id not in there][room:])


def parse_text(event: Incoming) -> str | None:
    text = event.body.get("text")
    return tidy(text, lines=True) if isinstance(text, str) else None


def find_reason(text: str | None, lesson) -> str:
    if not text:
        return BROKEN
    if len(text) > LONGEST:
        return TOO_LONG
    return NO_CLASS if lesson.left_at or not lesson.cohort else ""


def keep_taken(user: User, rows: list[tuple]) -> None:
    """Insert questions whose ids exist already: the person's own is there; another person's id is replaced by one made of
    both.
    """
    if not rows:
        return
    mine = Ask.objects.filter(author=user, event_id__in=[row[0] for row in rows])
    there = set(mine.order_by().values_list("event_id", flat=True))
    rest = [(uuid5(ANOTHERS, f"{user.pk} {row[0]}"), *row[1:]) for row in rows if row[0] not in there]
    insert_new(Ask, COLUMNS, rest, returning="event_id")
