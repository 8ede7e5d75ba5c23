"""A year of a county through the product's own functions, each at its own hour: classes, attendance, tests, rehearsals,
certificates, shops, orders, live sessions, costs, corrections, follow-ups, and graduates who teach.

Every choice comes from one seed, so that two runs make the same year. What has functions of its own (joining a class, lessons
done, tests, marks of the roll, certificates, stock, orders with their steps, live sales, refunds, the ledger) goes through
them; only what the year needs and does not measure is inserted as rows: the course, its questions, approved listings, films.
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

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from accounts.models import Clearance, Membership, Place, User
from accounts.people import memberships
from courses.models import Bank, Cohort, Course, Drill, Lesson, Module, Question, Quiz, Rubric, State
from demo.seed.sales.orders import make_parcel_number, sent_for
from demo.seed.timeline import clock_at
from demo.seed.training.progress import sit
from live.models import LiveSale, Livestream, RundownItem
from live.on_air import lifecycle, sales
from programme.attendance.marks import record_marks, say
from programme.attendance.sessions import plan_session
from programme.certificates import issuance
from programme.ladder import lineage, steps
from programme.models import CertificateRule, FollowUp, FollowUpAnswer, How, Mark, TrainingSession
from programme.outcomes.figures import cost
from programme.outcomes.follow_ups import services as follow_ups
from progress.enrolment.join_codes import redeem
from progress.lessons.completion import Completion, record_done
from progress.models import Enrolment
from rehearsals import scoring
from rehearsals.models import Rehearsal, Submission
from rehearsals.reviews import services as reviewing
from shops.inventory import stock
from shops.ledger import entries
from shops.models import Category, FreightRate, LedgerEntry, Order, OrderEvent, Product, Shop
from shops.orders import transitions
from shops.orders.placement import place_order
from shops.orders.request import OrderRequest
from shops.pricing import prices

FIRST, LAST = datetime.date(2025, 11, 1), datetime.date(2026, 10, 31)
NAMES = uuid.UUID("5f0c8a54-6a39-4a6e-9d3c-2a8f5be5d0ff")
SURNAMES, GIVEN = (
    "田向龙周曾李罗彭石麻吴张刘杨胡贺邓谭唐王陈何黄蒋袁夏梁宋",
    "秀英春花满妹建国大顺金枝玉兰小禾德全冬梅喜",
)
LESSONS, QUESTIONS, SESSIONS = 6, 10, 4
REPORT_SECONDS = 60
GOODS = (("冰糖橙", 2500, 2990), ("香柚", 5000, 3980), ("椪柑", 2500, 2590))


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


def run_year(size: Size) -> Year:
    """Make the county and let its year happen; return it with nothing left to do."""
    year = plan_year(size)
    year.run()
    plan_answers(year)
    year.run()
    return year


def plan_year(size: Size) -> Year:
    """Make the county and plan all that happens in its year but the answers to follow-ups."""
    with clock_at(at(FIRST, "07:00")):
        year = make_county(size)
    for number in range(size.cohorts):
        plan_class(year, number)
    plan_shops(year)
    for month in list_months():
        end = at(month + datetime.timedelta(days=27), "23:30")
        year.add(end, steps.count_everybody)
        year.add(end, follow_ups.plan_and_remind)
    return year


def list_months() -> Iterator[datetime.date]:
    day = FIRST
    while day <= LAST:
        yield day
        day = (day + datetime.timedelta(days=32)).replace(day=1)


# --- the county ---


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


# --- a class ---


def plan_class(year: Year, number: int) -> None:
    """A class of eight weeks: it is opened, joined, taught, examined, and gives its certificates at the end."""
    size, dice = year.size, year.dice
    months = 9
    begins = FIRST + datetime.timedelta(days=number * 30 * months // size.cohorts)
    ends = begins + datetime.timedelta(days=56)
    trainer = year.trainers[number % len(year.trainers)]
    with clock_at(at(begins, "08:00")):
        cohort = Cohort.objects.create(
            course=year.course, place=year.villages[number % len(year.villages)].parent, name=f"{number + 1}班",
            starts_on=begins, ends_on=ends,
        )  # fmt: skip
        cohort.trainers.add(trainer)
    year.cohorts.append(cohort)
    share = range(size.trainees * number // size.cohorts, size.trainees * (number + 1) // size.cohorts)
    members = []
    for n in share:
        with clock_at(at(begins, "08:30")):
            person = make_person(dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=2)), 1000 + n)
        members.append(person)
        year.people.append(person)
        year.add(at(begins, "09:00"), join, person, year.villages[n % len(year.villages)], cohort.join_code)
        plan_trainee(year, cohort, person, begins)
    for n in range(SESSIONS):
        held = at(begins + datetime.timedelta(days=7 + 12 * n), "14:00")
        key = make_id("session", number, n)
        facts = {
            "starts_at": held, "minutes": 120, "place": "村部", "topic": f"第{n + 1}次", "module": None, "trainer": trainer,
        }  # fmt: skip
        year.add(held - datetime.timedelta(days=3), plan_session, trainer, cohort, facts, key)
        year.add(held + datetime.timedelta(minutes=15), call_roll, year, key, trainer)
    year.add(at(ends, "10:00"), issue, cohort, trainer)
    year.add(at(ends, "11:00"), pay_for_class, year, cohort, 800_000 + 1000 * number, make_id("cost", number))


def join(person: User, village: Place, code: str) -> None:
    memberships.grant_role_by_code(person, village)
    redeem(person, code)
    person.__dict__.pop("granted", None)


def plan_trainee(year: Year, cohort: Cohort, person: User, begins: datetime.date) -> None:
    """Four of five do everything; the others stop on the way."""
    dice = year.dice
    lessons = list(Lesson.objects.filter(module__course=year.course).order_by("module__position", "position"))
    stays = dice.random() < 0.8
    count = LESSONS if stays else dice.randrange(LESSONS)
    quizzes = {quiz.kind: quiz for quiz in Quiz.objects.filter(course=year.course)}

    def day(n: int, clock: str) -> datetime.datetime:
        return at(begins + datetime.timedelta(days=n), clock)

    year.add(day(1, "20:00"), sit, person, quizzes[Quiz.Kind.PRE], dice.randrange(20, 60))
    for n, lesson in enumerate(lessons[:count]):
        moment = day(2 + 6 * n, "20:30")
        done = Completion(
            make_id("done", person.pk, lesson.pk), lesson.pk, year.course.version, moment, moment
        )
        year.add(moment, record_done, person, [done])
    if not stays:
        return
    first = dice.randrange(40, 100)
    year.add(day(40, "20:00"), sit, person, quizzes[Quiz.Kind.MODULE], first)
    if first < 60 and dice.random() < 0.8:
        year.add(day(44, "20:00"), sit, person, quizzes[Quiz.Kind.MODULE], 90, 2)
    for n, score in enumerate((dice.randrange(4, 8), dice.randrange(5, 11)), 1):
        year.add(day(42 + 4 * n, "19:00"), rehearse, year, cohort, person, n, score)
    year.add(day(54, "20:00"), sit, person, quizzes[Quiz.Kind.POST], dice.randrange(60, 100))


def call_roll(year: Year, key: uuid.UUID, trainer: User) -> None:
    session = TrainingSession.objects.select_related("cohort").get(key=key)
    people = (
        Enrolment.objects.active()
        .filter(cohort=session.cohort_id)
        .order_by("user")
        .values_list("user", flat=True)
    )
    weights = {Mark.PRESENT: 78, Mark.LATE: 10, Mark.ABSENT: 8, Mark.EXCUSED: 4}
    facts = [say(pk, year.dice.choices([*weights], [*weights.values()])[0], How.ROLL) for pk in people]
    record_marks(session, facts, trainer)


def rehearse(year: Year, cohort: Cohort, person: User, number: int, score: int) -> None:
    """Hand in a rehearsal without its film, reviewed and signed the next evening by the class's trainer."""
    now = timezone.now()
    plan = Livestream.objects.create(
        host=person, place=cohort.place, title="彩排", starts_at=now, drill=year.drill
    )
    made = Rehearsal.objects.create(
        key=make_id("rehearsal", person.pk, number),
        user=person,
        livestream=plan,
        cohort=cohort,
        drill=year.drill,
    )
    content = year.rubric.content
    submission = Submission.objects.create(
        key=make_id("submission", person.pk, number), rehearsal=made, user=person, cohort=cohort, drill=year.drill,
        number=number, rubric=year.rubric, rubric_content=content, rubric_hash=scoring.hash_rubric(content),
        receipt=f"Y{made.pk}",
    )  # fmt: skip
    with clock_at(now + datetime.timedelta(hours=24)):
        review = reviewing.begin_review(cohort.trainers.get(), submission)
        marks = {one["code"]: "full" if n < score else "none" for n, one in enumerate(content["criteria"])}
        reviewing.save_draft(review, marks, words="看了。")
        reviewing.sign_review(review)


def issue(cohort: Cohort, trainer: User) -> None:
    members = Enrolment.objects.active().filter(cohort=cohort).values_list("user", flat=True)
    issuance.issue_certificates(trainer, cohort, set(members))
    lineage.record_classes()


def pay_for_class(year: Year, cohort: Cohort, fen: int, key: uuid.UUID) -> None:
    cost.record_cost(cohort, on=cohort.ends_on, what="培训费", fen=fen, by=year.organiser, key=key)


# --- shops ---


def plan_shops(year: Year) -> None:
    """People of the earliest classes open shops when their class has ended; orders and live sales spread over what is left."""
    size, dice = year.size, year.dice
    owners = year.people[
        : max(size.shops, len(year.people) // 3) : max(1, len(year.people) // 3 // size.shops)
    ][: size.shops]
    opened = []
    for number, owner in enumerate(owners):
        cohort = next(one for one in year.cohorts if one.pk == find_class(year, owner))
        day = cohort.ends_on + datetime.timedelta(days=1 + number % 9)
        village = year.villages[year.people.index(owner) % len(year.villages)]
        with clock_at(at(day, "09:00")):
            shop = open_shop(year, owner, village, number)
        year.shops.append(shop)
        opened.append((shop, day))
    for n in range(size.orders):
        year.shop = n % len(opened)
        plan_order(year, *opened[year.shop], n)
    for n in range(size.lives):
        year.shop = n % len(opened)
        plan_live(year, *opened[year.shop], n)
    for year.shop, (shop, day) in enumerate(opened):
        for month in list_months():
            if month > day:
                plan_costs(year, shop, month, dice)
    year.shop = None


def find_class(year: Year, person: User) -> int:
    place = year.people.index(person)
    bounds = [year.size.trainees * (n + 1) // year.size.cohorts for n in range(year.size.cohorts)]
    return year.cohorts[next(n for n, bound in enumerate(bounds) if place < bound)].pk


def open_shop(year: Year, owner: User, village: Place, number: int) -> Shop:
    grant(owner, village, Membership.Role.SELLER)
    shop = Shop.objects.create(
        slug=f"year-{number}", place=village, owner=owner, name=f"{owner.name}的果园", seller="person",
        legal_name=owner.name, sources="own", exemption="own", contact=owner.phone, address=village.full_name(),
    )  # fmt: skip
    FreightRate.objects.create(
        shop=shop, province="430000", first_grams=1000, first_fen=600, step_grams=1000, step_fen=150
    )
    category = Category.objects.filter(name="橙子").first() or Category.objects.create(name="橙子")
    for name, grams, fen in GOODS:
        product = Product.objects.create(
            shop=shop, category=category, name=name, unit=Product.Unit.BOX, net_grams=grams, price_fen=fen,
            stock=1_000_000, harvest_from=FIRST, harvest_until=LAST, grower=Product.Grower.OWN,
            status=Product.Status.PUBLISHED, listed_at=timezone.now(), created_by=owner,
        )  # fmt: skip
        prices.log_price(product, owner)
        stock.record_first_stock(product, owner)
    # In the order of GOODS; the function that places an order reads what it needs again.
    prefetch_related_objects([shop], Prefetch("products", Product.objects.order_by("pk")))
    return shop


def pick_moment(year: Year, since: datetime.date, spare: int) -> datetime.datetime:
    """Return some hour between the day after `since` and `spare` days before the year's end."""
    days = max(1, (LAST - since).days - spare)
    day = since + datetime.timedelta(days=1 + year.dice.randrange(days))
    return at(day, f"{year.dice.randrange(8, 22):02d}:{year.dice.randrange(60):02d}")


def plan_order(year: Year, shop: Shop, since: datetime.date, number: int) -> None:
    """Nine of ten orders are received; of the others some are cancelled, refunded whole, or still on their way."""
    dice = year.dice
    moment, key = pick_moment(year, since, 0), make_id("order", number)
    lines = [(dice.randrange(len(GOODS)), year.size.boxes * dice.choice((1, 1, 1, 2, 3)))]
    year.add(moment, place, shop, key, lines, number)
    fate = dice.random()
    ways: tuple[tuple[float, str, tuple], ...]
    if fate < 0.90:
        ways = ((1, "accept", ()), (3, "pay", ()), (20, "pack", ()), (22, "ship", ()), (70, "receive", ()))
    elif fate < 0.94:
        ways = ((2, "decline", ("下雨，采不了。",)),)
    elif fate < 0.98:
        ways = ((1, "accept", ()), (3, "pay", ()), (30, "refund", ("采不了，退您。",)))
    else:
        ways = ((1, "accept", ()), (3, "pay", ()))
    for hours, name, rest in ways:
        year.add(moment + datetime.timedelta(hours=hours), take_step, key, shop.owner, name, *rest)


# What the steps read of the order that they are given; each reads the rest under its lock.
READ = (
    "key", "number", "shop_id", "point_id", "status", "parcel", "phone", "total_fen", "net_grams", "gross_grams", "placed_at",
    "expires_at", "accepted_at",
)  # fmt: skip


def take_step(order_key: uuid.UUID, seller: User, name: str, *rest: str) -> None:
    order = Order.objects.only(*READ).get(key=order_key)
    key = uuid.uuid5(order_key, name)
    if name == "accept":
        transitions.accept(order, seller, key)
    elif name == "decline":
        transitions.decline(order, seller, key, *rest)
    elif name == "pay":
        transitions.mark_paid(order, seller, key, order.total_fen)
    elif name == "pack":
        transitions.pack(order, seller, key, order.gross_grams + 120)
    elif name == "ship":
        transitions.ship(order, seller, key, "邮政", make_parcel_number(order), sent_for(order))
    elif name == "receive":
        transitions.receive(order, OrderEvent.By.BUYER, None, key)
    else:
        transitions.refund_all(order, seller, key, *rest)


def place(shop: Shop, key: uuid.UUID, lines: list[tuple[int, int]], number: int) -> None:
    wanted = [(shop.products.all()[which], count) for which, count in lines]
    place_order(
        OrderRequest(
            shop=shop, lines=[(product, count, product.price_fen) for product, count in wanted], buyer="陈小禾",
            phone=f"+86157{number:08d}", phone_verified=True, province="430000", city="430100", county="430104",
            region="湖南省长沙市岳麓区", address="麓山路 1 号", perishable_ok=True,
        ),
        key,
    )  # fmt: skip


def plan_live(year: Year, shop: Shop, since: datetime.date, number: int) -> None:
    """An hour on air with some sales, one of which is undone; a refund three days later in one of five."""
    start, key, dice = pick_moment(year, since, 1), make_id("live", number), year.dice
    minute = datetime.timedelta(minutes=1)
    year.add(start - 60 * minute, plan_air, shop, key, start)
    year.add(start, begin_air, key, shop.owner)
    for n in range(year.size.sales_a_live):
        units = year.size.boxes * dice.choice((1, 1, 2, 3))
        year.add(start + (2 + n) * minute, sell, key, shop.owner, n % len(GOODS), units, make_id(key, n))
    year.add(start + 40 * minute, undo, make_id(key, 0), shop.owner)
    year.add(start + 62 * minute, lambda: lifecycle.end_live(Livestream.objects.get(key=key), shop.owner))
    if number % 5 == 0:
        year.add(start + datetime.timedelta(days=3), give_back, key, shop.owner)


def plan_air(shop: Shop, key: uuid.UUID, start: datetime.datetime) -> None:
    live = Livestream.objects.create(
        key=key, kind=Livestream.Kind.REAL, shop=shop, place=shop.place, host=shop.owner, title="果园直播", starts_at=start,
        made_by=shop.owner,
    )  # fmt: skip
    for position, product in enumerate(shop.products.order_by("pk"), 1):
        RundownItem.objects.create(livestream=live, product=product, position=position, quota=500)


def begin_air(key: uuid.UUID, owner: User) -> None:
    """Go on air without the checklist, which looks at films and papers."""
    live = Livestream.objects.select_related("shop__owner", "host", "place").get(key=key)
    lifecycle.begin(live, live.load_items(), owner)


def sell(key: uuid.UUID, owner: User, which: int, units: int, event: uuid.UUID) -> None:
    """Key in a sale; the function reads the item again, so that its number is enough here."""
    item = RundownItem.objects.only("pk").get(livestream__key=key, position=which + 1)
    sales.record_sale(item, units, owner, event)


def undo(event: uuid.UUID, owner: User) -> None:
    sale = LiveSale.objects.select_related(
        "item__product", "item__livestream__shop__owner", "livestream"
    ).get(event_id=event)
    sales.undo_sale(sale, owner, uuid.uuid5(event, "undo"))


def give_back(key: uuid.UUID, owner: User) -> None:
    """A buyer of one box gets the money back and keeps it."""
    live = Livestream.objects.get(key=key)
    item = live.items.select_related("product").order_by("position")[0]
    assert item.product is not None
    sales.record_refund(live, item.product.price_fen, owner, uuid.uuid5(key, "back"), item=item, quantity=1)


def plan_costs(year: Year, shop: Shop, month: datetime.date, dice: random.Random) -> None:
    """Boxes each month; every fourth entry is corrected in the next month, after its own has closed."""
    day = month.replace(day=5)
    fen = -dice.randrange(2_000, 60_000)
    key = make_id("boxes", shop.slug, month)
    facts = {"on": day, "actor": shop.owner, "key": key, "note": "纸箱"}
    year.add(at(day, "21:00"), lambda: entries.write(shop, LedgerEntry.Kind.BOXES, fen, **facts))
    if dice.randrange(4) == 0:
        right = {
            "kind": LedgerEntry.Kind.BOXES,
            "fen": fen // 2,
            "on": day,
            "note": "记多了一倍",
            "villager": None,
        }
        later = at((month + datetime.timedelta(days=35)).replace(day=3), "20:00")
        year.add(later, correct, key, shop.owner, right)


def correct(key: uuid.UUID, owner: User, right: dict) -> None:
    entry = LedgerEntry.objects.select_related("shop__owner").get(key=key)
    entries.correct(entry, owner, uuid.uuid5(key, "right"), "记错了", right)


# --- afterwards ---


def plan_answers(year: Year) -> None:
    """Three of four answer their follow-ups; some are estimated by the trainer."""
    with clock_at(at(LAST, "22:00")):
        follow_ups.plan_follow_ups()
        rows = list(FollowUp.objects.due(LAST).select_related("user").order_by("pk"))
    for n, row in enumerate(rows):
        if n % 4 == 3:
            continue
        year.add(at(LAST, "22:30"), answer, year, row, n)


def answer(year: Year, row: FollowUp, number: int) -> None:
    marks = FollowUpAnswer.Mark
    is_estimated, sells = number % 9 == 0, number % 3 != 0
    facts = {"by_live": number % 2 == 0, "fen": number * 100, "grams": number * 500} if sells else {}
    follow_ups.answer(
        row,
        marks.ESTIMATED if is_estimated else marks.STATED,
        is_selling=sells,
        by=year.organiser if is_estimated else row.user,
        key=make_id("answer", row.pk),
        reason="电话里问的" if is_estimated else "",
        **facts,
    )
