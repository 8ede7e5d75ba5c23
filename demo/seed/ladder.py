"""Seed who taught whom, two generations below the trainer, and let everybody's steps be counted from what was seeded."""

from __future__ import annotations

import datetime

from accounts.models import User
from demo.seed.timeline import Timeline
from programme.ladder import lineage, steps
from shops.models import Shop

# The first shop's owner taught one neighbour, who taught another: days ago, shop of the teacher, shop of the pupil.
TAUGHT = ((40, "meiyi", "shiliu-coop"), (32, "shiliu-coop", "qiaoyun"))


def seed_ladder(timeline: Timeline, shops: list[Shop]) -> None:
    owners = {shop.slug: shop.owner for shop in shops}
    for days, teacher, pupil in TAUGHT:
        timeline.add(timeline.at(days, "20:00"), teach, owners[teacher], owners[pupil], timeline.day(days))
    timeline.add(timeline.now, steps.count_everybody)


def teach(teacher: User, pupil: User, since: datetime.date) -> None:
    lineage.record_teaching(teacher, pupil, since)
