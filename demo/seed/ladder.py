"""Seed who taught whom below the trainer and the certificates of the first class, then count everybody's steps."""

from __future__ import annotations

import datetime

from accounts.models import User
from courses.models import Cohort, Course
from demo.seed.people import SITE_BEGAN
from demo.seed.progress import FIRST, FIRST_CODE
from demo.seed.timeline import Timeline
from programme.certificates import issuance
from programme.ladder import lineage, steps
from programme.models import CertificateRule
from shops.models import Shop

# The first shop's owner taught one neighbour, who taught another: days ago, shop of the teacher, shop of the pupil.
TAUGHT = ((40, "meiyi", "shiliu-coop"), (32, "shiliu-coop", "qiaoyun"))


def seed_ladder(timeline: Timeline, course: Course, shops: list[Shop], trainer: User) -> None:
    began = timeline.day(SITE_BEGAN)
    CertificateRule.objects.filter(course__in=[course.pk, course.twin_id]).update(valid_from=began)
    timeline.add(timeline.at(FIRST[2] - 1, "16:00"), certify, trainer)
    owners = {shop.slug: shop.owner for shop in shops}
    for days, teacher, pupil in TAUGHT:
        timeline.add(timeline.at(days, "20:00"), teach, owners[teacher], owners[pupil], timeline.day(days))
    timeline.add(timeline.now, steps.count_everybody)


def certify(trainer: User) -> None:
    """Issue certificates to all of the first class who are due."""
    cohort = Cohort.objects.select_related("course__place", "place").get(join_code=FIRST_CODE)
    issuance.issue_certificates(trainer, cohort, cohort.enrolments.values_list("user", flat=True))


def teach(teacher: User, pupil: User, since: datetime.date) -> None:
    lineage.record_teaching(teacher, pupil, since)
