"""Seed the training sessions of the present class: three that were held, with their rolls, and one to come."""

from __future__ import annotations

import datetime
import random
import uuid

from accounts.models import User
from courses.models import Cohort
from demo.seed.timeline import Timeline
from programme.attendance import codes
from programme.attendance.marks import record_marks, say
from programme.attendance.sessions import plan_session
from programme.attendance.walk_ins import merge_walk_in, record_walk_in
from programme.models import How, Mark, TrainingSession, WalkIn
from progress.models import Enrolment

MARK = uuid.UUID("5f0c8a54-6a39-4a6e-9d3c-2a8f5be5d017")
# Days before seeding (the last one after it), time, minutes, topic, place.
SESSIONS = (
    (20, "14:00", 180, "手机怎么拍果子", "青溪镇文化站二楼"),
    (11, "09:00", 150, "三分钟讲一款", "石榴冲村部"),
    (4, "14:00", 180, "开播前核对什么", "青溪镇文化站二楼"),
    (-3, "09:00", 150, "第一次开播", "石榴冲村部"),
)
WEIGHTS = {Mark.PRESENT: 76, Mark.LATE: 9, Mark.ABSENT: 9, Mark.EXCUSED: 6}
# Comes to the second session before joining the class (demo.seed.people.CLASS).
WALK_IN = "石建军"


def seed_sessions(timeline: Timeline, cohort: Cohort, trainer: User) -> None:
    for number, (days, clock, minutes, topic, place) in enumerate(SESSIONS):
        starts_at = timeline.at(days, clock)
        key = uuid.uuid5(MARK, topic)
        facts = {
            "starts_at": starts_at,
            "minutes": minutes,
            "place": place,
            "topic": topic,
            "module": None,
            "trainer": trainer,
        }
        planned = min(starts_at - datetime.timedelta(days=4), timeline.ago(hours=20))
        timeline.add(planned, plan_session, trainer, cohort, facts, key)
        if days > 0:
            timeline.add(starts_at + datetime.timedelta(minutes=12), call_roll, key, trainer, number)
    second = uuid.uuid5(MARK, SESSIONS[1][3])
    timeline.add(timeline.at(11, "09:20"), write_down, second, trainer)
    timeline.add(timeline.at(8, "10:15"), merge, second, trainer)


def call_roll(key: uuid.UUID, trainer: User, number: int) -> None:
    """Mark everybody who is in the class by then; the first two sign in by the code."""
    session = TrainingSession.objects.get(key=key)
    dice = random.Random(number)
    members = Enrolment.objects.active().filter(cohort=session.cohort_id).order_by("pk")
    people = [one.user for one in members.select_related("user")]
    for person in people[:2]:
        codes.sign_in(session, person)
    facts = []
    for person in people[2:]:
        [mark] = dice.choices([*WEIGHTS], [*WEIGHTS.values()])
        facts.append(say(person.pk, mark, How.ROLL))
    record_marks(session, facts, trainer)


def write_down(key: uuid.UUID, trainer: User) -> None:
    session = TrainingSession.objects.get(key=key)
    record_walk_in(session, trainer, key=uuid.uuid5(key, WALK_IN), name=WALK_IN)


def merge(key: uuid.UUID, trainer: User) -> None:
    row = WalkIn.objects.select_related("session").get(key=uuid.uuid5(key, WALK_IN))
    person = User.objects.get(name=WALK_IN, enrolments__cohort=row.session.cohort_id)
    merge_walk_in(trainer, row, person)
