"""Seed the certificates of the first class, a mentor with a small class, who taught whom, then count everybody's steps."""

from __future__ import annotations

import datetime

from accounts.models import Membership, User
from courses.models import Cohort, Course
from demo.seed.people import MATE_PHONE, SITE_BEGAN, Classmate, make_person
from demo.seed.timeline import Timeline, clock_at
from demo.seed.training.progress import FIRST, FIRST_CODE, group_by_module, join, study
from programme.certificates import issuance
from programme.ladder import lineage, steps
from programme.mentoring import invitations
from programme.models import CertificateRule, MentorInvitation
from shops.models import Shop

# The first shop's owner taught one neighbour, who taught another: days ago, shop of the teacher, shop of the pupil.
TAUGHT = ((40, "meiyi", "shiliu-coop"), (32, "shiliu-coop", "qiaoyun"))
# Days before seeding on which the first shop's owner was invited to mentor, and her class's days; her pupils as of a class.
INVITED, OPENED, LASTS = 42, 41, 70
SMALL_CODE = "MY2603"
PUPILS = (
    Classmate("石满秀", 0, "1979-05", 42, 9, 1, joined=38),
    Classmate("田玉梅", 0, "1986-11", 50, 4, 9, joined=33),
)
FIRST_PUPIL = 90


def seed_ladder(timeline: Timeline, course: Course, shops: list[Shop], trainer: User) -> None:
    began = timeline.day(SITE_BEGAN)
    CertificateRule.objects.filter(course__in=[course.pk, course.twin_id]).update(valid_from=began)
    timeline.add(timeline.at(FIRST[2] - 1, "16:00"), certify, trainer)
    owners = {shop.slug: shop.owner for shop in shops}
    seed_mentor(timeline, course, owners["meiyi"], trainer)
    for days, teacher, pupil in TAUGHT:
        timeline.add(timeline.at(days, "20:00"), teach, owners[teacher], owners[pupil], timeline.day(days))
    timeline.add(timeline.now, steps.count_everybody)


def seed_mentor(timeline: Timeline, course: Course, mentor: User, trainer: User) -> None:
    """Let the trainer invite her, and two people of her village join the class that she opens."""
    village = mentor.memberships.get(role=Membership.Role.SELLER).place

    def invite() -> None:
        invitations.invite(trainer, mentor, village, course, "带几个村里人，先从拍视频学起。")

    def accept() -> None:
        invitations.accept(MentorInvitation.objects.get(person=mentor))

    def open_class() -> None:
        found = MentorInvitation.objects.get(person=mentor)
        made = invitations.open_class(found, "梅英带的班", timeline.day(OPENED), timeline.day(OPENED - LASTS))
        Cohort.objects.filter(pk=made.pk).update(join_code=SMALL_CODE)

    timeline.add(timeline.at(INVITED, "10:10"), invite)
    timeline.add(timeline.at(INVITED, "19:30"), accept)
    timeline.add(timeline.at(OPENED, "20:15"), open_class)
    modules = group_by_module(course)
    for number, mate in enumerate(PUPILS, FIRST_PUPIL):
        joined = timeline.at(mate.joined, "20:40")
        with clock_at(joined):
            pupil = make_person(MATE_PHONE.format(number), mate.name, mate.born)
        timeline.add(joined, join, pupil, village, SMALL_CODE)
        study(timeline, pupil, mate, modules)


def certify(trainer: User) -> None:
    """Issue certificates to all of the first class who are due."""
    cohort = Cohort.objects.select_related("course__place", "place").get(join_code=FIRST_CODE)
    issuance.issue_certificates(trainer, cohort, cohort.enrolments.values_list("user", flat=True))


def teach(teacher: User, pupil: User, since: datetime.date) -> None:
    lineage.record_teaching(teacher, pupil, since)
