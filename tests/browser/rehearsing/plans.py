"""What befalls a rehearsal, by a seed: what is done, and how many seconds pass before it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random

# cut: no line for a while; hangs: a line that swallows what it is given; reload: the page is loaded anew in the middle;
# kill: its process dies; pause: the speaker stops and goes on; call: the camera is taken away.
BEFALLS = ("cut", "hangs", "reload", "kill", "pause", "call")


@dataclass(frozen=True)
class Plan:
    seed: int
    steps: list[dict]

    def to_json(self) -> str:
        return json.dumps(self.steps)


def plan(seed: int) -> Plan:
    """The first, which runs at every commit, holds every accident, one soon after the other; later ones are made up of
    whatever comes."""
    dice = Random(seed)
    names = [BEFALLS[seed % len(BEFALLS)], *dice.choices(BEFALLS, k=dice.randint(1, 2))]
    most_after, most_lasts = 3.4, 2.5
    if not seed:
        names, most_after, most_lasts = [*BEFALLS], 2.0, 1.0
    dice.shuffle(names)
    steps = []
    for name in names:
        step = {"do": name, "after": round(dice.uniform(1.6, most_after), 2)}
        if name in ("cut", "hangs"):
            step["lasts"] = round(dice.uniform(0.5, most_lasts), 2)
        steps.append(step)
    return Plan(seed, [*steps, {"do": "end", "after": round(dice.uniform(1.8, 3.0), 2)}])
