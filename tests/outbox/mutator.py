"""Break JSON in seeded ways: the same seed gives the same result."""

from __future__ import annotations

import copy
from random import Random

NONSENSE = [
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**40,
    -(10**30),
    0.5,
    -0.0,
    1e308,
    "",
    "NaN",
    "\0",
    "\ud800",
    "x" * 3000,
    "'; DROP TABLE outbox_event; --",
    "<script>alert(1)</script>",
    "９９９",
    [],
    {},
    [[]],
    {"": None},
    [[-5, 10**20]],
    [[9, 3], [1, 2, 3]],
    "2026-11-24",
    "0001-01-01T00:00:00+14:00",
    "+057105-03-01T00:00:00.000Z",
]


def broken(dice: Random, value: object) -> object:
    """Return the value with one to four of its parts replaced, dropped, doubled or wrapped."""
    value = copy.deepcopy(value)
    for _time in range(dice.randint(1, 4)):
        value = once(dice, value)
    return value


def once(dice: Random, value: object) -> object:
    if isinstance(value, dict) and value and dice.random() < 0.9:
        key = dice.choice(list(value))
        return changed_dict(dice, value, key)
    if isinstance(value, list) and value and dice.random() < 0.9:
        at = dice.randrange(len(value))
        return changed_list(dice, value, at)
    return dice.choice([dice.choice(NONSENSE), [value], {"body": value}])


def changed_dict(dice: Random, value: dict, key: str) -> dict:
    how = dice.random()
    if how < 0.15:
        del value[key]
    elif how < 0.25:
        value[dice.choice(["id", "kind", "body", "user", "\0", "lesson"])] = value.pop(key)
    else:
        value[key] = once(dice, value[key])
    return value


def changed_list(dice: Random, value: list, at: int) -> list:
    how = dice.random()
    if how < 0.15:
        del value[at]
    elif how < 0.3:
        value.insert(at, copy.deepcopy(value[at]))
    else:
        value[at] = once(dice, value[at])
    return value
