"""A small world of three villages, with every figure known: what is sold, reached, answered, learnt and spent."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from accounts.models import Membership, Place, User
from courses.models import Cohort, Quiz
from programme.models import FollowUp, Step
from programme.outcomes.figures import cost
from programme.outcomes.figures.scope import Scope
from programme.outcomes.follow_ups import services as follow_ups
from progress.models import Attempt, Enrolment
from shops.ledger import entries
from shops.models import LedgerEntry, Shop
from tests import reviews
from tests.factories import make_cohort, make_county, make_course, make_person, make_shop
from tests.programme.evidence import at
from tests.quizzes import make_bank, make_quiz

Role, Kind, Name = Membership.Role, LedgerEntry.Kind, Step.Name
SEPTEMBER, OCTOBER, NOVEMBER = (datetime.date(2026, month, 1) for month in (9, 10, 11))
TODAY = datetime.date(2026, 12, 1)


@dataclass
class World:
    """Three villages: two graduates in the first, one in the second, a beginner in the third, and somebody far away."""

    county: Place
    villages: list[Place]
    people: dict[str, User]
    cohort: Cohort
    organiser: User
    stranger: User
    trainer: User

    def scope(self, reader: User | None = None, **fields) -> Scope:
        return Scope(reader or self.organiser, SEPTEMBER, NOVEMBER, **fields)


def make_world() -> World:
    county = make_county("试县", "试镇", ["甲村", "乙村", "丙村"])
    make_county("远县", "远镇", ["远村"])
    a, b, c, far = (Place.objects.get(name=name) for name in ("甲村", "乙村", "丙村", "远村"))
    homes = {"a1": a, "a2": a, "b1": b, "b2": b, "c1": c, "far": far}
    people = {name: make_person(name, (Role.TRAINEE, place)) for name, place in homes.items()}
    trainer = make_person("老师", (Role.TRAINER, county))
    cohort = make_cohort(make_course(county), county, trainer)
    for name in ("a1", "a2", "b1"):
        Enrolment.objects.create(user=people[name], course=cohort.course, cohort=cohort)
    organiser = make_person("县里的", (Role.ORGANISER, county))
    stranger = make_person("远处的", (Role.ORGANISER, far.parent.parent))
    world = World(county, [a, b, c], people, cohort, organiser, stranger, trainer)
    # A second role in another village: counted at home, once.
    Membership.objects.create(user=people["a1"], place=b, role=Role.MENTOR, status=Membership.Status.GRANTED)
    sell(world, far)
    reach_steps(people)
    learn(world)
    spend(world)
    return world


def book(shop: Shop, kind: str, on: str, fen: int, grams: int = 0, written: str = "", **facts) -> LedgerEntry:
    row = entries.write(shop, kind, fen, grams, on=datetime.date.fromisoformat(on), **facts)
    LedgerEntry.objects.filter(pk=row.pk).update(at=at(written or f"{on} 12:00"))
    return row


def sell(world: World, far: Place) -> None:
    p, (a, b, c) = world.people, world.villages
    mine, hers, his, theirs = (
        make_shop(p[name], place) for name, place in (("a1", a), ("b1", b), ("c1", c), ("far", far))
    )
    book(mine, Kind.ORDER, "2026-09-10", 50_000, 20_000)
    # Booked a minute before the month's end there, which is in the afternoon of UTC.
    book(mine, Kind.LIVE, "2026-09-30", 300_000, 150_000, "2026-09-30 23:59")
    book(mine, Kind.REFUND, "2026-10-02", -10_000, -4_000)
    wrong = book(mine, Kind.OTHER_IN, "2026-10-05", 600_000, villager=p["a2"])
    counter = entries.correct(
        wrong,
        p["a1"],
        uuid.uuid4(),
        "记多了",
        {"kind": Kind.OTHER_IN, "fen": 450_000, "on": wrong.on, "villager": p["a2"]},
    )
    right = LedgerEntry.objects.filter(pk__gt=counter.pk).latest("pk")
    LedgerEntry.objects.filter(pk__in=[counter.pk, right.pk]).update(at=at("2026-11-01 00:30"))
    book(hers, Kind.LIVE, "2026-10-20", 520_000, 260_000)
    book(hers, Kind.FREIGHT, "2026-10-21", -10_000)
    book(his, Kind.ORDER, "2026-11-01", 10_000, 2_000, "2026-11-01 00:10")
    book(theirs, Kind.LIVE, "2026-10-01", 999_000, 900_000)


def reach(person: User, step: str, when: str, **fields) -> Step:
    kind = Step.Evidence.CERTIFICATE if step == Name.GRADUATE else Step.Evidence.LESSON
    return Step.objects.create(
        user=person, step=step, reached_at=at(when), evidence_kind=kind, evidence_id=1, **fields
    )


def reach_steps(p: dict[str, User]) -> None:
    reach(p["a1"], Name.GRADUATE, "2026-09-30 23:30")
    reach(p["a2"], Name.GRADUATE, "2026-10-01 00:10")
    reach(p["b1"], Name.GRADUATE, "2026-10-15 12:00")
    gone = {"taken_back_at": at("2026-11-01 12:00"), "why_taken_back": Step.Reason.CERTIFICATE}
    reach(p["b2"], Name.GRADUATE, "2026-10-15 12:00", **gone)
    reach(p["a1"], Name.SELLER, "2026-10-08 12:00")
    reach(p["c1"], Name.LEARNER, "2026-11-05 12:00")
    reach(p["far"], Name.GRADUATE, "2026-10-15 12:00")
    follow_ups.plan_follow_ups()
    say(p["a1"], is_selling=True, by_live=True, grams=100_000, fen=200_000, known="books")
    say(p["a1"], is_selling=True, grams=80_000, fen=150_000, known="memory")
    say(p["b1"], is_selling=False)


def say(person: User, **facts) -> None:
    row = FollowUp.objects.get(user=person, days=30)
    follow_ups.answer(row, follow_ups.Mark.STATED, by=person, key=uuid.uuid4(), **facts)


def learn(world: World) -> None:
    bank = make_bank(world.cohort.course)
    before = make_quiz(world.cohort.course, "single", bank=bank, kind=Quiz.Kind.PRE)
    after = make_quiz(world.cohort.course, bank=bank, kind=Quiz.Kind.POST)
    rows = (("a1", before, 1, 4), ("a1", after, 1, 8), ("a1", after, 2, 10), ("b1", before, 1, 9))
    for name, quiz, number, right in rows:
        Attempt.objects.create(
            user=world.people[name],
            quiz=quiz,
            number=number,
            right=right,
            total=10,
            finished_at=at(f"2026-10-0{number} 12:00"),
        )
    scores = (
        ("a1", 60, "2026-09-05"),
        ("a1", 50, "2026-09-06"),
        ("a1", 84, "2026-11-30"),
        ("b1", 70, "2026-10-01"),
    )
    for name, total, day in scores:
        submission = reviews.make_submission(world.people[name], world.cohort)
        reviews.make_review(world.trainer, submission, total=total, signed_at=at(f"{day} 12:00"))


def spend(world: World) -> None:
    for what, fen in (("老师课酬", 90_000), ("场地", 9_999)):
        cost.record_cost(world.cohort, on=OCTOBER, what=what, fen=fen, by=world.organiser, key=uuid.uuid4())
    wrong = cost.record_cost(
        world.cohort, on=OCTOBER, what="重复的", fen=50_000, by=world.organiser, key=uuid.uuid4()
    )
    cost.cancel_cost(wrong, world.organiser)
