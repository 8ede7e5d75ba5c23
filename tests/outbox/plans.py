"""Seeded plans of an unreliable connection: what a person does on one or two phones, and what happens to each batch.

A plan is plain data (`to_json`), so that it can be played against the server or by a browser's own outbox. Steps, in order,
by `do`:
  done, watch, ask   a fact is made on phone `on`: `lesson` is a number from 0, `seconds` [from, to] of the video
  wait               `seconds` pass
  clock              from now on the clock of phone `on` is wrong by `seconds`
  send               phone `on` sends its oldest `most` events; `fate` says what happens to the batch:
      arrives   and is answered            cut       it never arrives
      unheard   it is applied, the answer is lost    twice     it arrives twice
      late      applied, answer lost, and a copy arrives at the end
      shuffled  arrives in another order   crash     the server dies at its statement number `at`
  leave, return      the enrolment is ended, renewed
  version            the course is published again
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from random import Random

LESSONS = 4
VIDEO_SECONDS = 600
FATES = ["arrives", "cut", "unheard", "twice", "late", "shuffled", "crash"]
TWO_DAYS = 2 * 24 * 60 * 60


@dataclass(frozen=True)
class Plan:
    seed: int
    phones: int
    steps: list[dict] = field(default_factory=list)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def plan(seed: int) -> Plan:
    """Return the plan of this seed; the same seed gives the same plan."""
    dice = Random(seed)
    phones = dice.choice([1, 1, 2])
    found = Plan(seed, phones)
    is_in = True
    for _step in range(dice.randint(8, 24)):
        on, luck = dice.randrange(phones), dice.random()
        if luck < 0.45:
            found.steps.append(fact(dice, on))
            found.steps.append({"do": "wait", "seconds": dice.randint(1, 600)})
        elif luck < 0.8:
            found.steps.append(sending(dice, on))
        elif luck < 0.9:
            off = dice.choice([0, -TWO_DAYS, TWO_DAYS, dice.randint(-TWO_DAYS, TWO_DAYS)])
            found.steps.append({"do": "clock", "on": on, "seconds": off})
        elif luck < 0.95:
            found.steps.append({"do": "leave" if is_in else "return"})
            is_in = not is_in
        else:
            found.steps.append({"do": "version"})
    return found


def fact(dice: Random, on: int) -> dict:
    what = {"do": dice.choice(["done", "watch", "watch", "ask"]), "on": on, "lesson": dice.randrange(LESSONS)}
    if what["do"] == "watch":
        start = dice.randint(0, VIDEO_SECONDS - 60)
        what["seconds"] = [start, dice.randint(start + 1, VIDEO_SECONDS)]
    return what


def sending(dice: Random, on: int) -> dict:
    step = {"do": "send", "on": on, "most": dice.choice([1, 3, 50]), "fate": dice.choice(FATES)}
    if step["fate"] == "crash":
        step["at"] = dice.randint(0, 24)
    return step
