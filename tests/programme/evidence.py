"""Create what a step of the ladder rests on, each at a time of its own."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone

from accounts.models import Clearance, Place, User
from courses.models import Cohort, Course, Lesson
from live.models import Livestream
from live.on_air import lifecycle, sales
from programme.ladder import steps
from programme.models import Certificate, CertificateRule, Step
from progress.models import Attempt, Enrolment, LessonDone
from progress.quizzes import attempts, clearances
from rehearsals.models import Review
from shops.ledger import entries
from shops.models import LedgerEntry, Order, Product, Shop
from tests import reviews
from tests.factories import make_cohort, make_course, make_product, make_rate, make_shop
from tests.live.on_air.airs import add_item, make_air, on_air
from tests.programme.certificates.worlds import make_certificate
from tests.quizzes import make_quiz
from tests.shops.orders.seller_side import order_at

Name, Kind = Step.Name, Step.Evidence


def at(text: str) -> datetime.datetime:
    """Return a time of Asia/Shanghai: at("2026-09-30 23:59")."""
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def make_programme(place: Place, trainer: User) -> Cohort:
    """Return a class of a course with two lessons and the examination on the law, which gives a certificate from August on."""
    course = make_course(place, lessons=2)
    make_quiz(course, "single", clears=Clearance.Kind.FIRST_LIVE)
    CertificateRule.objects.create(course=course, title="结业证书", valid_from=datetime.date(2026, 8, 1))
    days = {"starts_on": datetime.date(2026, 8, 20), "ends_on": datetime.date(2027, 8, 20)}
    return make_cohort(course, place, trainer, **days)


def enrol(person: User, cohort: Cohort, when: str = "2026-09-01 08:00") -> Enrolment:
    return Enrolment.objects.create(user=person, course=cohort.course, cohort=cohort, enrolled_at=at(when))


def list_lessons(course: Course) -> list[Lesson]:
    return list(Lesson.objects.filter(module__course=course).order_by("pk"))


def finish_lessons(person: User, course: Course, *times: str) -> list[LessonDone]:
    """Do the first lessons of the course, one at each time."""
    return [
        LessonDone.objects.create(user=person, lesson=lesson, happened_at=at(when))
        for lesson, when in zip(list_lessons(course), times, strict=False)
    ]


def pass_examination(person: User, course: Course, when: str) -> Attempt:
    mine = person.enrolments.get(course=course)
    attempt = attempts.create_attempt(person, course.quizzes.get(), mine, person.attempts.count() + 1)
    attempt.right = attempt.total = 1
    attempt.passed, attempt.finished_at = True, at(when)
    attempt.save(force_insert=True)
    clearances.grant_clearance([attempt])
    return attempt


def pass_rehearsal(person: User, cohort: Cohort, trainer: User, when: str, total: int = 72) -> Review:
    submission = reviews.make_submission(person, cohort)
    return reviews.make_review(trainer, submission, total=total, signed_at=at(when))


def certify(person: User, cohort: Cohort, when: str = "2026-09-22 09:00") -> Certificate:
    return make_certificate(person, cohort, issued_at=at(when))


def graduate(person: User, cohort: Cohort, trainer: User) -> Certificate:
    """Enrol on 1 September 2026, finish everything by the 20th and get the certificate on the 22nd."""
    enrol(person, cohort)
    finish_lessons(person, cohort.course, "2026-09-02 20:00", "2026-09-09 20:00")
    pass_examination(person, cohort.course, "2026-09-12 20:00")
    pass_rehearsal(person, cohort, trainer, "2026-09-20 21:00")
    return certify(person, cohort)


def open_shop(person: User, place: Place) -> tuple[Shop, Product]:
    shop = make_shop(person, place)
    make_rate(shop)
    return shop, make_product(shop, stock=60)


def run_live(shop: Shop, product: Product, began: str, minutes: int = 60, units: int = 0) -> Livestream:
    """Run a real live session of the shop's owner; sell so many units in it."""
    live = make_air(shop)
    item = add_item(live, product, quota=units or None)
    live = on_air(live)
    if units:
        sales.record_sale(item, units, shop.owner, uuid.uuid4())
    lifecycle.end_live(live, shop.owner)
    start = at(began)
    Livestream.objects.filter(pk=live.pk).update(
        started_at=start, ended_at=start + datetime.timedelta(minutes=minutes)
    )
    live.livesales.update(received_at=start + datetime.timedelta(minutes=1))
    live.refresh_from_db()
    return live


def receive_order(product: Product, when: str) -> Order:
    order = order_at("received", product)
    Order.objects.filter(pk=order.pk).update(received_at=at(when))
    order.refresh_from_db()
    return order


def earn(shop: Shop, day: str, fen: int) -> LedgerEntry:
    kind = LedgerEntry.Kind.OTHER_IN if fen > 0 else LedgerEntry.Kind.HELPERS
    on = datetime.date.fromisoformat(day)
    return entries.write(shop, kind, fen, on=on, actor=shop.owner)


def find_reached(person: User, now: str) -> dict[str, tuple[str, str]]:
    """Return {step: (local time of reaching it, kind of the evidence)} as the evidence shows it then."""
    ladder = steps.compute_steps([person.pk], at(now))[person.pk]
    return {
        name: (f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}", str(one.kind)) for name, one in ladder.items()
    }


def list_rows(person: User) -> list[tuple[str, str, str]]:
    """Return (step, reason, evidence) of the stored rows, taken back or not, in the order in which they were written."""
    rows = Step.objects.filter(user=person).order_by("pk")
    return [(row.step, row.why_taken_back, f"{row.evidence_kind} {row.evidence_id}") for row in rows]
