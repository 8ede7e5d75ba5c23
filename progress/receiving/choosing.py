"""{"rung": "240", "speed_percent": 125, "captions": true}, each of them or some: how a person likes to learn."""

from __future__ import annotations

from uuid import UUID

from accounts.models import User
from outbox.incoming import BROKEN, Incoming
from outbox.inserting import insert_new
from progress.clock_time import ms
from progress.models import LearningChoice

RUNGS = set(LearningChoice.Rung.values)
SLOWEST, FASTEST = 50, 200
UNCHOSEN = {"rung": "", "speed_percent": 100, "captions": True}


def choice(user: User, events: list[Incoming]) -> dict[UUID, str]:
    """Two statements, however many; of what was chosen several times the latest counts, whenever it came."""
    reasons, chosen = {}, {}
    before = LearningChoice.objects.filter(user=user).values_list("chosen_at", flat=True).first()
    chosen_at = before or {}
    for event in sorted(events, key=lambda event: (event.at, str(event.id))):
        found, at = read(event.body), ms(event.at)
        reasons[event.id] = "" if found else BROKEN
        newer = {name: value for name, value in found.items() if at >= chosen_at.get(name, 0)}
        chosen |= newer
        chosen_at = chosen_at | dict.fromkeys(newer, at)
    if chosen:
        row = {"user_id": user.pk} | UNCHOSEN | chosen | {"chosen_at": chosen_at}
        changed = (*chosen, "chosen_at")
        insert_new(LearningChoice, tuple(row), [list(row.values())], "id", (("user_id",), changed))
    return reasons


def read(body: dict) -> dict[str, object]:
    """What of it can be; nothing of the rest."""
    found: dict[str, object] = {}
    if isinstance(body.get("rung"), str) and body["rung"] in RUNGS:
        found["rung"] = body["rung"]
    speed = body.get("speed_percent")
    if type(speed) is int and SLOWEST <= speed <= FASTEST:
        found["speed_percent"] = speed
    if isinstance(body.get("captions"), bool):
        found["captions"] = body["captions"]
    return found
