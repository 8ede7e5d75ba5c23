"""Apply what phones hand in for tasks; the files have arrived before:

"task" {"task": pk, "version": key, "text", "ticks": [code], "sealed", "films": [number], "photos": [key],
        "document": signed key, "product": pk, "rundown": pk, "submissions": [pk]}.

The uploads of films are found by the version and their number (`services.make_reference`). A hand-in whose files are not there is
rejected, and applied when it is tried again after they have arrived.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.signing import BadSignature

from accounts.models import User
from courses.models import Assignment
from media.documents.forms import read_key
from media.models import Document, Photo, Upload
from media.uploads.recordings import TICKET_HOLDS
from outbox.models import Event
from outbox.protocol import BROKEN, Incoming
from rehearsals.event_descriptions import (
    ANOTHERS,
    FILES_MISSING,
    LONG_TASK,
    MANY_VERSIONS,
    NO_TASK,
    NOTHING_GIVEN,
    TASK_CLOSED,
)
from rehearsals.models.task import MOST_TEXT
from rehearsals.recordings.markers import is_count
from rehearsals.submissions.offline_events import BIGGEST, UnreadableEvent, parse_key
from rehearsals.tasks import services
from rehearsals.tasks.services import MOST_FILMS, MOST_PHOTOS, MOST_REHEARSALS, HandedIn
from ui.text import tidy

MOST_TICKS = 20
LONGEST_SEAL = 8000


class FilesMissing(Exception):
    """Raised when a photo, a film or a document is not there."""


class TextTooLong(Exception):
    """Raised when the text is longer than its field; the phone keeps it."""


def apply_task(user: User, events: list[Incoming]) -> dict[UUID, str]:
    """Apply the hand-ins in the order in which they happened."""
    return {
        event.id: apply_one(user, event) for event in sorted(events, key=lambda one: (one.at, str(one.id)))
    }


def apply_one(user: User, event: Incoming) -> str:
    try:
        task = find_task(user, event.body)
        if services.is_closed(user, task):
            return TASK_CLOSED
        given = parse_task(user, task, event.body)
        services.hand_in_task(user, task, given, event.at, event.received_at)
        if event.id != given.client_id:
            settle_earlier(user, given.client_id)
    except UnreadableEvent:
        return BROKEN
    except services.TaskNotFound:
        return NO_TASK
    except TextTooLong:
        return LONG_TASK
    except (FilesMissing, services.FilmMissing):
        return FILES_MISSING
    except services.NothingHandedIn:
        return NOTHING_GIVEN
    except services.BelongsToAnother:
        return ANOTHERS
    except services.TooManyVersions:
        return MANY_VERSIONS
    return ""


def settle_earlier(user: User, version: UUID) -> None:
    """Mark as applied the events of a version whose files were missing, which the phone has sent again under another id."""
    refused = Event.objects.filter(user=user, kind="task", state=Event.State.REJECTED, reason=FILES_MISSING)
    refused.filter(body__version=str(version)).update(state=Event.State.APPLIED, reason="", body={})


def find_task(user: User, body: dict) -> Assignment:
    """Return the task. Raises UnreadableEvent, TaskNotFound."""
    pk = parse_pk(body.get("task"))
    task = services.find_tasks(user).select_related("module__course__place").filter(pk=pk).first()
    if task is None:
        raise services.TaskNotFound
    return task


def parse_task(user: User, task: Assignment, body: dict) -> HandedIn:
    version = parse_key(body, "version")
    text, sealed, ticks = body.get("text"), body.get("sealed"), body.get("ticks")
    text = tidy(text, lines=True) if isinstance(text, str) else ""
    if len(text) > MOST_TEXT:
        raise TextTooLong
    return HandedIn(
        version,
        text,
        frozenset(one for one in as_list(ticks, MOST_TICKS) if isinstance(one, str)),
        sealed=sealed if isinstance(sealed, str) and len(sealed) <= LONGEST_SEAL else "",
        uploads=find_films(user, task, version, body.get("films")),
        photos=find_photos(user, as_list(body.get("photos"), MOST_PHOTOS)),
        document=find_document(user, body.get("document")),
        **find_chosen(user, body),
    )


def find_films(user: User, task: Assignment, version: UUID, films: object) -> list[Upload]:
    """Return the complete uploads of the version, in their order. Raises FilesMissing."""
    numbers = as_list(films, MOST_FILMS)
    if not all(is_count(number) and 0 < number <= MOST_FILMS for number in numbers):
        raise UnreadableEvent
    names = [services.make_reference(task, version, number) for number in dict.fromkeys(numbers)]
    rows = Upload.objects.filter(owner=user, reference__in=names).exclude(state=Upload.State.GONE)
    found = {row.reference: row for row in rows.select_related("owner")}
    if len(found) < len(names):
        raise FilesMissing
    return [found[name] for name in names]


def find_photos(user: User, keys: list) -> list[Photo]:
    """Return the person's photos of these keys, in their order. Raises FilesMissing."""
    names = list(dict.fromkeys(key for key in keys if isinstance(key, str) and "\0" not in key))
    found = {row.key: row for row in Photo.objects.filter(owner=user, key__in=names)} if names else {}
    if len(found) < len(names):
        raise FilesMissing
    return [found[name] for name in names]


def find_document(user: User, signed: object) -> Document | None:
    """Return the person's document of this signed key, however old the signature. Raises FilesMissing."""
    if not signed:
        return None
    try:
        owner, key, _name = read_key(str(signed), TICKET_HOLDS)
    except (ValueError, TypeError, BadSignature):
        raise FilesMissing from None
    found = Document.objects.filter(key=key).first() if owner == user.pk else None
    if found is None:
        raise FilesMissing
    return found


def find_chosen(user: User, body: dict) -> dict[str, Any]:
    """Return what was chosen of the person's own; nobody else's is found."""
    found: dict[str, Any] = {}
    if body.get("product"):
        found["product"] = services.find_products(user).filter(pk=parse_pk(body["product"])).first()
    if body.get("rundown"):
        found["rundown"] = services.find_rundowns(user).filter(pk=parse_pk(body["rundown"])).first()
    if pks := [parse_pk(one) for one in as_list(body.get("submissions"), MOST_REHEARSALS)]:
        rows = services.find_submissions(user).select_related("rehearsal__livestream")
        found["submissions"] = list(rows.filter(pk__in=pks).order_by("received_at", "pk"))
    return found


def parse_pk(value: object) -> int:
    if not is_count(value) or not 0 < value < BIGGEST:
        raise UnreadableEvent
    return value


def as_list(value: object, most: int) -> list:
    return value[:most] if isinstance(value, list) else []
