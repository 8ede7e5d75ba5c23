"""One event as it came: whatever it is, it becomes something that can be kept."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from outbox.clocks import believed, moment

BROKEN, SAME_ID, UNKNOWN_KIND, ERROR = "broken", "same_id", "unknown_kind", "error"
TOO_BIG = "too_big"
# Bytes of a body; the longest that a page of ours makes, a paper of forty answers, has a tenth of it.
BIGGEST_BODY = 64_000
# What is kept of a bigger one: so much of its beginning, and the hash of all.
KEPT_START = 1_000
LONGEST_KIND = 20
DEEPEST = 40
# Events without an id that can be used get one made from what they say, so that a second copy is the same one.
NAMELESS = UUID("6d0f2c3a-55a2-5d0e-9c1b-0c5a7f1e2b44")


class Incoming(NamedTuple):
    """`at` is the phone's time, clamped; `reason` why it is kept aside, before any handler has seen it.

    `vouched`: a trainer says that it is so; what the clock forbids is then taken all the same.
    """

    id: UUID
    kind: str
    at: datetime
    received_at: datetime
    body: dict = {}
    sent_id: str = ""
    reason: str = ""
    vouched: bool = False


def read(user_pk: int, raw: object, now: datetime) -> Incoming:
    """Never raises: what is no event is kept whole, under a reason."""
    if not isinstance(raw, dict):
        return nameless(user_pk, raw, now, "")
    sent_id = raw.get("id")
    if not isinstance(sent_id, str):
        return nameless(user_pk, raw, now, "" if sent_id is None else storable_text(str(sent_id)[:60]))
    try:
        id = UUID(sent_id)
    except ValueError:
        return nameless(user_pk, raw, now, sent_id)
    kind, body = raw.get("kind"), raw.get("body")
    at = believed(moment(raw.get("at")), now)
    if isinstance(kind, str) and 0 < len(kind) <= LONGEST_KIND and isinstance(body, dict):
        return Incoming(id, storable_text(kind), at, now, body, sent_id)
    return Incoming(id, kind_of(raw), at, now, {"sent": raw}, sent_id, BROKEN)


def nameless(user_pk: int, raw: object, now: datetime, sent_id: str) -> Incoming:
    at = believed(moment(raw.get("at")), now) if isinstance(raw, dict) else now
    return Incoming(content_id(user_pk, raw), kind_of(raw), at, now, {"sent": raw}, sent_id, BROKEN)


def kind_of(raw: object) -> str:
    kind = raw.get("kind") if isinstance(raw, dict) else None
    return storable_text(kind[:LONGEST_KIND]) if isinstance(kind, str) else ""


def content_id(user_pk: int, raw: object) -> UUID:
    return uuid5(NAMELESS, f"{user_pk} {json.dumps(raw, sort_keys=True)}")


def told_apart(user_pk: int, events: list[Incoming]) -> list[Incoming]:
    """Of two different facts under one id the second is kept aside under an id of its own."""
    first: dict[UUID, Incoming] = {}
    found = []
    for event in events:
        known = first.setdefault(event.id, event)
        if known is not event and (known.kind, known.body) != (event.kind, event.body):
            own = content_id(user_pk, [str(event.id), event.kind, event.body])
            event = event._replace(id=own, reason=SAME_ID)
        found.append(event)
    return found


def storable(body: object, depth: int = 0) -> object:
    """The same, without what a database cannot hold as text: NUL and half surrogates, nor bottomless nesting."""
    if isinstance(body, str):
        return storable_text(body)
    if depth == DEEPEST:
        return storable_text(json.dumps(body))
    if isinstance(body, dict):
        return {storable_text(key): storable(value, depth + 1) for key, value in body.items()}
    if isinstance(body, list):
        return [storable(value, depth + 1) for value in body]
    return body


def measured(event: Incoming) -> Incoming:
    """Refused for good when it is bigger than any that a page of ours makes: trying again would not help."""
    if event.reason or len(written(event.body)) <= BIGGEST_BODY:
        return event
    return event._replace(reason=TOO_BIG)


def kept(body: dict, most: int = BIGGEST_BODY) -> object:
    """What is stored of something kept aside: all of it, or of what is bigger than `most` its beginning and its hash."""
    text = written(body)
    if len(text) <= most:
        return storable(body)
    start = storable_text(text[:KEPT_START].decode(errors="ignore"))
    return {"sha256": hashlib.sha256(text).hexdigest(), "bytes": len(text), "start": start}


def written(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def storable_text(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
