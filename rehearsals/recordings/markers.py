"""Read and merge the marks of a take: its events, in milliseconds from its beginning. Marks are only added.

{"kind": "item", "item": 12, "at_ms": 0}: this item is shown from here on ("goes_on": it was shown before the pause).
"again": the part since the item began is to be recorded again. "said": a line of the script was ticked ("part", "line").
"asked", "answered", "left": a simulated viewer ("comment", and for a question its "text" and "name"). "file": filmed
elsewhere ("name"). "end": the person has declared the recording complete.
"""

from __future__ import annotations

import json
from typing import TypeGuard

from outbox.protocol import make_storable_text

KINDS = ("item", "again", "said", "asked", "answered", "left", "file", "end")
NUMBERS = ("item", "comment", "line")
WORDS = {"part": 10, "text": 80, "name": 80}
MOST = 1000
LONGEST_MS = 24 * 60 * 60 * 1000


def clean_marks(raw_marks: object) -> list[dict]:
    """Return the valid marks, each with its known fields only."""
    if not isinstance(raw_marks, list):
        return []
    found = [one for raw in raw_marks[:MOST] if (one := clean_mark(raw))]
    return sorted(found, key=lambda one: one["at_ms"])


def clean_mark(raw: object) -> dict | None:
    if not isinstance(raw, dict) or str(raw.get("kind")) not in KINDS or not is_count(raw.get("at_ms")):
        return None
    mark = {"kind": raw["kind"], "at_ms": min(raw["at_ms"], LONGEST_MS)}
    mark |= {name: raw[name] for name in NUMBERS if is_count(raw.get(name))}
    mark |= {"goes_on": True} if raw.get("goes_on") is True else {}
    words = {name: raw[name] for name in WORDS if isinstance(raw.get(name), str)}
    return mark | {name: make_storable_text(text)[: WORDS[name]] for name, text in words.items()}


def is_count(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 <= value < 2**53


def merge_marks(there: list[dict], reported: list[dict]) -> list[dict]:
    """Merge both lists, each mark once, in the order in which they happened."""
    both = {json.dumps(mark, sort_keys=True): mark for mark in [*there, *reported]}
    return sorted(both.values(), key=lambda mark: mark["at_ms"])[:MOST]
