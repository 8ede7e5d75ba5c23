"""Read what phones send: times, events, batches, and the fields of forms that post the same facts.

Whatever the bytes are, reading a batch gives a list of events or a sentence for the phone's owner.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

# A phone that reports a time further back has a wrong clock.
CLOCK_TRUSTED = timedelta(days=30)

# Reasons for which the outbox itself rejects an event; a handler may return BROKEN and SAME_ID too.
BROKEN, SAME_ID, UNKNOWN_KIND, ERROR, TOO_BIG = "broken", "same_id", "unknown_kind", "error", "too_big"

# Bytes of an event's body; the longest that the site's pages make, a paper of forty answers, has a tenth of it.
MAX_BODY_BYTES = 64_000
# Bytes that are stored of the beginning of a larger one.
SHORTENED_BYTES = 1_000
MAX_KIND_LENGTH = 20
MAX_DEPTH = 40
# Namespace of ids made of content.
CONTENT_IDS = UUID("6d0f2c3a-55a2-5d0e-9c1b-0c5a7f1e2b44")

# A batch: bytes as sent, bytes unpacked, events.
MAX_SENT_BYTES = 512 * 1024
MAX_UNPACKED_BYTES = 2 * 1024 * 1024
MAX_EVENTS = 200


# --- Moments ---


def parse_moment(text: object) -> datetime | None:
    """Parse an instant as phones write it; return None for anything else (JavaScript writes the year 57105 as +057105-…)."""
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text)
        return at if at.tzinfo else timezone.make_aware(at)
    except (ValueError, OverflowError):
        return None


def clamp_moment(reported_at: datetime | None, now: datetime) -> datetime:
    """Return the phone's moment if it can be true, else `now`."""
    if reported_at is None or reported_at > now or reported_at < now - CLOCK_TRUSTED:
        return now
    return reported_at


# --- Events ---


class Incoming(NamedTuple):
    """An event as it came from a phone.

    `at` is the phone's time, clamped. `reason` is set if the event is rejected before any handler gets it. `vouched`: a
    trainer confirms the event, so that it is accepted although the clock forbids it.
    """

    id: UUID
    kind: str
    at: datetime
    received_at: datetime
    body: dict = {}
    sent_id: str = ""
    reason: str = ""
    vouched: bool = False


def read_event(user_pk: int, raw: object, now: datetime) -> Incoming:
    """Read one event; never raise: an invalid event is stored whole, with a reason."""
    if not isinstance(raw, dict):
        return read_without_id(user_pk, raw, now, "")
    sent_id = raw.get("id")
    if not isinstance(sent_id, str):
        return read_without_id(
            user_pk, raw, now, "" if sent_id is None else make_storable_text(str(sent_id)[:60])
        )
    try:
        id = UUID(sent_id)
    except ValueError:
        return read_without_id(user_pk, raw, now, sent_id)
    kind, body = raw.get("kind"), raw.get("body")
    at = clamp_moment(parse_moment(raw.get("at")), now)
    if isinstance(kind, str) and 0 < len(kind) <= MAX_KIND_LENGTH and isinstance(body, dict):
        return Incoming(id, make_storable_text(kind), at, now, body, sent_id)
    return Incoming(id, get_kind(raw), at, now, {"sent": raw}, sent_id, BROKEN)


def read_without_id(user_pk: int, raw: object, now: datetime, sent_id: str) -> Incoming:
    """Read an event without a usable id under an id made of its content."""
    at = clamp_moment(parse_moment(raw.get("at")), now) if isinstance(raw, dict) else now
    return Incoming(make_content_id(user_pk, raw), get_kind(raw), at, now, {"sent": raw}, sent_id, BROKEN)


def get_kind(raw: object) -> str:
    """Return the kind as it can be stored, "" if there is none."""
    kind = raw.get("kind") if isinstance(raw, dict) else None
    return make_storable_text(kind[:MAX_KIND_LENGTH]) if isinstance(kind, str) else ""


def make_content_id(user_pk: int, raw: object) -> UUID:
    """Return the same id for the same content of the same person."""
    return uuid5(CONTENT_IDS, f"{user_pk} {json.dumps(raw, sort_keys=True)}")


def separate_same_ids(user_pk: int, events: list[Incoming]) -> list[Incoming]:
    """Give the second of two different facts under one id an id of its own, and a reason to reject it."""
    first: dict[UUID, Incoming] = {}
    found = []
    for event in events:
        known = first.setdefault(event.id, event)
        if known is not event and (known.kind, known.body) != (event.kind, event.body):
            own = make_content_id(user_pk, [str(event.id), event.kind, event.body])
            event = event._replace(id=own, reason=SAME_ID)
        found.append(event)
    return found


def refuse_too_big(event: Incoming) -> Incoming:
    """Set the reason TOO_BIG on an event bigger than any that our pages make: sending it again would not help."""
    if event.reason or len(encode(event.body)) <= MAX_BODY_BYTES:
        return event
    return event._replace(reason=TOO_BIG)


def shorten_body(body: dict, most: int = MAX_BODY_BYTES) -> object:
    """Return what is stored of a rejected body: all of it, or its beginning and hash if it has over `most` bytes."""
    text = encode(body)
    if len(text) <= most:
        return make_storable(body)
    start = make_storable_text(text[:SHORTENED_BYTES].decode(errors="ignore"))
    return {"sha256": hashlib.sha256(text).hexdigest(), "bytes": len(text), "start": start}


def encode(body: object) -> bytes:
    """Return the body as JSON in UTF-8."""
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def make_storable(body: object, depth: int = 0) -> object:
    """Return the body without what a database cannot hold as text: NUL, half surrogates, nesting past MAX_DEPTH."""
    if isinstance(body, str):
        return make_storable_text(body)
    if depth == MAX_DEPTH:
        return make_storable_text(json.dumps(body))
    if isinstance(body, dict):
        return {make_storable_text(key): make_storable(value, depth + 1) for key, value in body.items()}
    if isinstance(body, list):
        return [make_storable(value, depth + 1) for value in body]
    return body


def make_storable_text(text: str) -> str:
    """Replace NUL and half surrogates."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


# --- Batches ---


class BatchRefused(Exception):
    """Raised when the batch must stay on the phone; `status` is for HTTP, `sentence` for its owner, in their language."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


@dataclass(frozen=True)
class EventBatch:
    """Events of one batch as they were sent."""

    user: int
    events: list
    # Length of the unpacked body, which no event exceeds.
    bytes: int


def parse_batch(request: HttpRequest) -> EventBatch:
    """Parse the request's body.

    Raises BatchRefused: 413 if it is too big (the phone then sends half of it), 400 if it is no batch.
    """
    text = read_body(request)
    try:
        sent = json.loads(text, parse_constant=refuse_constant, parse_float=parse_finite)
    except (ValueError, RecursionError) as error:
        raise make_unreadable() from error
    user, events = (sent.get("user"), sent.get("events")) if isinstance(sent, dict) else (None, None)
    if type(user) is not int or not isinstance(events, list):
        raise make_unreadable()
    if len(events) > MAX_EVENTS:
        raise make_too_much()
    return EventBatch(user, events, len(text))


def read_body(request: HttpRequest) -> bytes:
    """Return the body, unpacked. Raises BatchRefused."""
    if request.content_type != "application/json":
        raise make_unreadable()
    if get_content_length(request) > MAX_SENT_BYTES:
        raise make_too_much()
    try:
        sent = request.body
    except UnreadablePostError as error:
        raise make_unreadable() from error
    packing = request.headers.get("Content-Encoding", "").strip().lower()
    if packing == "gzip":
        return decompress(sent)
    if packing not in ("", "identity"):
        raise make_unreadable()
    return sent


def get_content_length(request: HttpRequest) -> int:
    """Return what the request says of its length in bytes, 0 if it says nothing readable."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def decompress(sent: bytes) -> bytes:
    """Unpack gzip up to the limit, so that a small body cannot fill the memory. Raises BatchRefused."""
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        text = unpacker.decompress(sent, MAX_UNPACKED_BYTES + 1)
    except zlib.error as error:
        raise make_unreadable() from error
    if len(text) > MAX_UNPACKED_BYTES:
        raise make_too_much()
    if not unpacker.eof or unpacker.unused_data:
        raise make_unreadable()
    return text


def refuse_constant(name: str) -> float:
    """Refuse NaN and Infinity, which are no JSON."""
    raise ValueError(name)


def parse_finite(text: str) -> float:
    """Parse a number; refuse one past what a float can hold."""
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number


def make_unreadable() -> BatchRefused:
    return BatchRefused(400, _("手机交来的东西看不懂。都还在手机里，没有丢。"))


def make_too_much() -> BatchRefused:
    return BatchRefused(413, _("一次交得太多，手机会分几次再交。"))


# --- Forms that post the same fact ---


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
