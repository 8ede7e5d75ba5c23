"""A fact that a phone has sent and that could not be applied."""

from uuid import uuid4

from django.utils import timezone

from outbox.models import Event

State = Event.State


def make_rejected(person, **fields) -> Event:
    now = timezone.now()
    return Event.objects.create(
        **{
            "user": person,
            "event_id": uuid4(),
            "kind": "done",
            "state": State.REJECTED,
            "reason": "no_lesson",
            "body": {"lesson": 987_654},
            "happened_at": now,
            "received_at": now,
        }
        | fields
    )
