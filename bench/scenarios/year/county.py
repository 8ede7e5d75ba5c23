"""The county of the year, its size, and what is still to happen in it.

Only what the year needs and does not measure is inserted as rows: the places, the people, the course with its questions.
`YEAR` is the size of `bench.proofs.year`, `SMALL` a hundredth of it.
"""

from __future__ import annotations

import datetime
import random
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import Clearance, Membership, Place, User
from courses.models import Bank, Cohort, Course, Drill, Lesson, Module, Question, Quiz, Rubric, State
from demo.seed.timeline import clock_at
from programme.models import CertificateRule
from shops.models import Shop

FIRST, LAST = datetime.date(2025, 11, 1), datetime.date(2026, 10, 31)
NAMES = uuid.UUID("5f0c8a54-6a39-4a6e-9d3c-2a8f5be5d0ff")
SURNAMES, GIVEN = (
    "田向龙周曾李罗彭石麻吴张刘杨胡贺邓谭唐王陈何黄蒋袁夏梁宋",
    "秀英春花满妹建国大顺金枝玉兰小禾德全冬梅喜",
)
LESSONS, QUESTIONS, SESSIONS = 6, 10, 4
REPORT_SECONDS = 60


@dataclass(frozen=True)
class Size:
    """How much happens in the year; `lives` times `sales_a_live` are the live sales."""

    trainees: int
    cohorts: int
    shops: int
    orders: int
    lives: int
    sales_a_live: int
    villages: int
    # Boxes at once, so that few orders make a month's income.
    boxes: int = 1
    seed: int = 20261101


YEAR = Size(trainees=3000, cohorts=120, shops=90, orders=40_000, lives=800, sales_a_live=25, villages=60)
SMALL = Size(trainees=30, cohorts=3, shops=4, orders=120, lives=8, sales_a_live=6, villages=3, boxes=20)

# When, in which order of those at one time, what, and the number of the shop that it concerns alone.
Step = tuple[datetime.datetime, int, Callable[[], object], int | None]


@dataclass
class Year:
    """The county and what is still to happen in it."""

    size: Size
    county: Place
    villages: list[Place]
    organiser: User
    trainers: list[User]
    course: Course
    rubric: Rubric
    drill: Drill
    dice: random.Random
    steps: list[Step] = field(default_factory=list)
    cohorts: list[Cohort] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    shops: list[Shop] = field(default_factory=list)
    # The number of the shop whose steps are being added.
    shop: int | None = None

    def add(self, moment: datetime.datetime, step: Callable, *rest: object) -> None:
        if moment <= at(LAST, "23:59"):
            self.steps.append((moment, len(self.steps), lambda: step(*rest), self.shop))

    def run(self, part: Callable[[int | None], bool] = lambda shop: True, name: str = "") -> None:
        """Let what concerns these shops (None: no shop alone) happen in its order; once a minute, say on stderr how far it is."""
        chosen = sorted((one for one in self.steps if part(one[3])), key=lambda one: one[:2])
        self.steps = [one for one in self.steps if not part(one[3])]
        began = told = time.monotonic()
        for done, (moment, _number, step, _shop) in enumerate(chosen):
            if time.monotonic() - told > REPORT_SECONDS:
                told = time.monotonic()
                print(
                    f"{name} {moment:%Y-%m-%d}: {done:,} of {len(chosen):,} steps in {told - began:.0f} s,"
                    f" {time.process_time():.0f} s of CPU",
                    file=sys.stderr, flush=True,
                )  # fmt: skip
            with clock_at(moment):
                step()


def at(day: datetime.date, clock: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.fromisoformat(clock)))


def make_id(*parts: object) -> uuid.UUID:
    return uuid.uuid5(NAMES, " ".join(str(part) for part in parts))


def list_months() -> Iterator[datetime.date]:
    day = FIRST
    while day <= LAST:
        yield day
        day = (day + datetime.timedelta(days=32)).replace(day=1)


def make_county(size: Size) -> Year:
    dice = random.Random(size.seed)
    kinds = Place.Kind
    province = Place.objects.filter(kind=kinds.PROVINCE).first() or Place.objects.create(
        name="湖南省", kind=kinds.PROVINCE
    )
    county = Place.objects.create(name="云溪县", kind=kinds.COUNTY, parent=province)
    towns = [
        Place.objects.create(name=f"云溪{n}镇", kind=kinds.TOWNSHIP, parent=county)
        for n in range(max(1, size.villages // 10))
    ]
    villages = [
        Place.objects.create(name=f"云溪{n}村", kind=kinds.VILLAGE, parent=towns[n % len(towns)])
        for n in range(size.villages)
    ]
    organiser = make_person("云溪管理员", 1)
    grant(organiser, county, Membership.Role.ORGANISER)
    trainers = [make_person(f"云溪老师{n}", 2 + n) for n in range(max(1, size.cohorts // 8))]
    for trainer in trainers:
        grant(trainer, county, Membership.Role.TRAINER)
    course, rubric, drill = make_course(county)
    return Year(size, county, villages, organiser, trainers, course, rubric, drill, dice)


def make_person(name: str, number: int) -> User:
    person = User(phone=f"+86155{number:08d}", name=name, joined_at=timezone.now())
    person.set_unusable_password()
    person.save()
    return person


def grant(person: User, place: Place, role: str) -> None:
    Membership.objects.create(user=person, place=place, role=role, status=Membership.Status.GRANTED)
    person.__dict__.pop("granted", None)


def make_course(county: Place) -> tuple[Course, Rubric, Drill]:
    """A short course: six lessons, a test before and after, the examination before going on air, one drill."""
    course = Course.objects.create(title="乡村直播", slug="year", place=county, state=State.PUBLISHED)
    for position in range(2):
        module = Module.objects.create(course=course, title=f"单元{position + 1}", position=position)
        for n in range(LESSONS // 2):
            Lesson.objects.create(
                module=module, title=f"第{n + 1}课", position=n, body="正文。", state=State.PUBLISHED
            )
    bank = Bank.objects.create(course=course, code="year", title="题库")
    for n in range(QUESTIONS):
        Question.objects.create(
            bank=bank, code=f"y-{n}", position=n, kind="true_false", text=f"题{n}", explain="看第一课。",
            content={"answer": n % 2 == 0},
        )  # fmt: skip
    for kind, clears in (
        (Quiz.Kind.PRE, ""),
        (Quiz.Kind.POST, ""),
        (Quiz.Kind.MODULE, Clearance.Kind.FIRST_LIVE),
    ):
        Quiz.objects.create(
            course=course, bank=bank, code=f"year-{kind}", kind=kind, title=f"测{kind}", pass_percent=60,
            clears=clears, state=State.PUBLISHED,
        )  # fmt: skip
    CertificateRule.objects.create(
        course=course, title="结业证书", hours=40, attendance_hours=6, rehearsals=1, valid_from=FIRST
    )
    content = {
        "pass_points": 60,
        "dimensions": [{"code": "all", "title": "整场", "points": 100}],
        "criteria": [
            {"code": f"c{n}", "dimension": "all", "title": f"第{n}项", "points": 10} for n in range(10)
        ],
    }
    rubric = Rubric.objects.create(course=course, title="评分表", content=content)
    drill = Drill.objects.create(course=course, code="three", title="三分钟一个品", minutes=3, most_minutes=5)
    return course, rubric, drill
