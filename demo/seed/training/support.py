"""Seed what the trainers of the present class did for two people who had stopped learning."""

from __future__ import annotations

import datetime
import uuid

from accounts.models import User
from courses.models import Cohort
from demo.seed.timeline import Timeline
from programme.models import SupportAct
from programme.support import cases
from programme.support.causes import find_facts

MARK = uuid.UUID("5f0c8a54-6a39-4a6e-9d3c-2a8f5be5d021")
Act, Outcome = SupportAct.Act, SupportAct.Outcome
# Who (demo.seed.people.CLASS), days ago and when, which trainer, what, what came of it, the note, in how many days to look again.
DONE = (
    ("覃福生", 9, "19:30", "trainer", Act.CALL, Outcome.UNREACHED, "打了两次没人接，明天早上再打。", 0),
    ("覃福生", 8, "07:10", "trainer", Act.CALL, Outcome.OBSTACLE, "在镇上帮人装车，月底回村再接着学。", 6),
    ("李秋菊", 7, "20:05", "colleague", Act.MET, Outcome.OBSTACLE, "手机屏碎了看不清字，村部借她一台。", 0),
)  # fmt: skip


def seed_support(timeline: Timeline, cohort: Cohort, cast: dict[str, User], people: dict[str, User]) -> None:
    for number, (name, days, clock, who, act, outcome, note, again) in enumerate(DONE):
        day = timeline.day(-again) if again else None
        facts = {"act": act, "outcome": outcome, "note": note, "look_again": day}
        at = timeline.at(days, clock)
        timeline.add(at, record, cast[who], cohort, people[name], uuid.uuid5(MARK, f"{number}"), facts)


def record(
    by: User, cohort: Cohort, user: User, key: uuid.UUID, facts: dict[str, datetime.date | str | None]
) -> None:
    """Record it about the first thing with which the person was stuck then."""
    [first, *_rest] = find_facts(cohort, [user.pk])[user.pk]
    cases.record_act(by, cohort, user, first.cause, first.subject, key=key, **facts)
