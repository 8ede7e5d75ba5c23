"""Events of phones as nobody should send them: one of each kind, and values that no field of them takes."""

from __future__ import annotations

import json

from accounts.models import User
from programme.models import TrainingSession
from progress.models import Attempt, LessonDone
from rehearsals.models import Rehearsal
from tests.access.hostile import PAST_64_BITS
from tests.access.world import Side

AT = "2026-11-01T08:00:00Z"
IN_JSON = (
    "null", "true", "-1", "0.5", "1e300", PAST_64_BITS, "9" * 400, '""', '"\\u0000"', '"\\ud83d"', "[]", "[[[[]]]]", "{}",
    '{"\\u0000": 1}', '["a", null, 1]', '"0001-01-01T00:00:00+23:59"', '"9999-12-31T23:59:59-23:59"', '"' + "橙" * 20_000 + '"',
    f"[[{PAST_64_BITS}, -{PAST_64_BITS}]]", '"٣"',
)  # fmt: skip


def events_of(side: Side) -> dict[str, tuple[str, dict]]:
    """Who sends each kind, and its body, about a lesson, a live and a rehearsal of their own."""
    lesson = {"lesson": side[LessonDone].lesson_id}
    item = {"live": side["running"].pk, "item": side["running item"].pk}
    rehearsal = {
        "rehearsal": side[Rehearsal].key.hex, "live": side["plan"].pk, "quality": "saving", "begun": AT, "on_phone": 9,
        "dropped": False,
    }  # fmt: skip
    take = {
        "take": side["take"].key.hex, "number": 1, "upright": True, "take_begun": AT, "lasted_ms": 1000, "left_out": False,
    }  # fmt: skip
    marks = {"marks": [[0, "item", 1]]}
    meeting = {"session": side[TrainingSession].pk}
    own_score = {
        "submission": "e" * 32, "marks": {"a": 1}, "keep": "好", "change_one": "慢", "change_two": "近", "for_peers": True,
        "note": "d" * 32, "takes": [take | marks],
    }  # fmt: skip
    return {
        "done": ("trainee", lesson),
        "watched": ("trainee", lesson | {"intervals": [[0, 1000]], "position": 1, "from": AT, "to": AT}),
        "attempt": ("trainee", {"attempt": side[Attempt].key.hex, "answers": {"1": [1]}, "finished": True}),
        "ask": ("trainee", lesson | {"text": "问"}),
        "choice": ("trainee", {"rung": "240", "speed_percent": 100, "captions": True}),
        "live_sale": ("seller", item | {"quantity": 1, "price_fen": 100}),
        "live_undo": ("seller", {"live": item["live"], "sale": side["running sale"].event_id.hex}),
        "live_pin": ("seller", item),
        "task": (
            "trainee",
            {
                "task": side["handed task"].pk,
                "version": "f" * 32,
                "text": "好",
                "ticks": ["c1"],
                "sealed": "s",
                "films": [1],
                "photos": ["a" * 32],
                "document": "d",
                "product": 1,
                "rundown": 1,
                "submissions": [1],
            },
        ),
        "live_slip": ("seller", item | {"said": "最甜", "right": "甜"}),
        "rehearsal": ("trainee", rehearsal),
        "take": ("trainee", rehearsal | take | marks),
        "handed_in": ("trainee", rehearsal | own_score),
        "attendance": ("trainer", meeting | {"person": side[User].pk, "mark": "late", "how": "roll"}),
        "walk_in": (
            "trainer",
            meeting | {"walk_in": "a" * 32, "name": "龙阿姐", "phone": "", "attended": True},
        ),
    }


def broken_event(event: dict, name: str, value: str) -> str:
    """The event in JSON, with this in place of one of its fields or of one of its body."""
    fields = {key: json.dumps(one) for key, one in event.items()}
    if name in event:
        fields[name] = value
    else:
        body = {key: value if key == name else json.dumps(one) for key, one in event["body"].items()}
        fields["body"] = in_braces(body)
    return in_braces(fields)


def in_braces(fields: dict[str, str]) -> str:
    return "{" + ", ".join(f'"{key}": {text}' for key, text in fields.items()) + "}"
