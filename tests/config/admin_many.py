"""Create many rows of every model of the admin, each with related rows of its own, to measure what their lists cost."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from accounts.models import AuditEntry, Consent, Membership, Place, User
from courses.models import Assignment, Cohort, Objective
from media.models import Photo
from outbox.models import Event
from programme.models import CertificateRule, OutcomeTarget, StepRule, Teaching
from progress.models import Enrolment, LessonDone
from rehearsals.models import Submission
from shops.models import Category, Order, Village
from tests import lives, reviews
from tests.class_messages import make_announcement
from tests.config.admin_rows import rows_of_live
from tests.factories import (
    make_batch,
    make_case,
    make_category,
    make_cohort,
    make_course,
    make_paper,
    make_person,
    make_photo,
    make_plan,
    make_pledge,
    make_product,
    make_rate,
    make_shop,
)
from tests.media.videos.rows import make_video
from tests.quizzes import make_bank, make_question, make_quiz
from tests.shops.orders.seller_side import make_claim, make_code, order_at

# Session, person and memberships take 3, the list itself a count and the rows; filters and dates the rest.
QUERIES = {
    "accounts.place": 6,
    "accounts.user": 9,
    "accounts.membership": 6,
    "accounts.consent": 7,
    "accounts.auditentry": 8,
    "accounts.notice": 6,
    "accounts.clearance": 5,
    "courses.course": 6,
    "courses.module": 6,
    "courses.lesson": 7,
    "courses.lessonplan": 6,
    "courses.case": 6,
    "courses.cohort": 9,
    "outbox.event": 5,
    "courses.announcement": 8,
    "courses.quiz": 6,
    "courses.bank": 6,
    "courses.question": 6,
    "courses.objective": 6,
    "courses.assignment": 6,
    "courses.drill": 6,
    "courses.quickphrase": 6,
    "programme.certificaterule": 6,
    "programme.steprule": 5,
    "programme.outcometarget": 5,
    "programme.teaching": 5,
    "progress.enrolment": 8,
    "progress.lessondone": 5,
    "rehearsals.submission": 6,
    "rehearsals.review": 6,
    "shops.product": 7,
    "shops.shop": 6,
    "shops.village": 6,
    "shops.category": 5,
    "shops.pricechange": 5,
    "shops.stockmove": 5,
    "shops.batch": 6,
    "shops.pledge": 5,
    "shops.paper": 6,
    "shops.order": 5,
    "shops.orderevent": 5,
    "shops.claim": 5,
    "shops.paycode": 5,
    "live.livestream": 7,
    "live.scriptversion": 5,
    "live.checklisttick": 5,
    "live.slip": 5,
    "live.livesale": 5,
    "live.quotamove": 5,
    "live.guardianconsent": 5,
    "media.photo": 5,
    "media.video": 5,
}


def make_many(label: str, n: int, village: Place) -> None:
    """Create n rows of this model in the village, each with related rows of its own."""
    for _row in range(n):
        MAKERS[label](village)


def learner(village: Place) -> User:
    return make_person("学员", (Membership.Role.TRAINEE, village))


def village_page(village: Place) -> Village:
    name = f"新村{Place.objects.count()}"
    place = Place.objects.create(name=name, kind=Place.Kind.VILLAGE, parent=village.parent)
    photo = make_photo(None, Photo.Status.WAITING)
    return Village.objects.create(place=place, slug=f"new-{place.pk}", cover=photo)


def enrolment(village: Place) -> Enrolment:
    course = make_course(village, lessons=1)
    return Enrolment.objects.create(user=learner(village), course=course, cohort=make_cohort(course, village))


def done(village: Place) -> LessonDone:
    row = enrolment(village)
    lesson = row.course.modules.get().lessons.get()
    return LessonDone.objects.create(user=row.user, lesson=lesson, happened_at=timezone.now())


def filmed(village: Place) -> None:
    make_course(village, lessons=1).modules.get().lessons.update(video=make_video(stored=False))


def target(_village: Place) -> OutcomeTarget:
    first = timezone.localdate() + timedelta(days=OutcomeTarget.objects.count())
    return OutcomeTarget.objects.create(valid_from=first)


def rule(_village: Place) -> StepRule:
    return StepRule.objects.create(valid_from=timezone.localdate() + timedelta(days=StepRule.objects.count()))


def taught(village: Place) -> Teaching:
    return Teaching.objects.create(
        teacher=learner(village), pupil=learner(village), since=timezone.localdate()
    )


def event(village: Place) -> Event:
    user = enrolment(village).user
    return Event.objects.create(user=user, event_id=uuid4(), kind="done", happened_at=timezone.now())


def product(village: Place):
    owner = make_person("卖家", (Membership.Role.SELLER, village))
    shop = make_shop(owner, village, cover=make_photo(owner, Photo.Status.WAITING))
    return make_product(shop, status="submitted", submitted_at=timezone.now(), cover=shop.cover)


def sold(village: Place) -> Order:
    owner = make_person("卖家", (Membership.Role.SELLER, village))
    shop = make_shop(owner, village, contact=owner.phone)
    make_rate(shop)
    return order_at("shipped", make_product(shop))


def cohort(village: Place) -> Cohort:
    return make_cohort(make_course(village, lessons=1), village)


def handed_in(village: Place) -> Submission:
    of = cohort(village)
    return reviews.make_submission(learner(village), of, reviews.make_drill(of))


def on_the_plan(village: Place) -> None:
    """Create one row of everything that belongs to a live."""
    rows_of_live(product(village))


MAKERS = {
    "accounts.notice": sold,
    "shops.order": sold,
    "shops.orderevent": sold,
    "shops.claim": lambda village: make_claim(sold(village)),
    "shops.paycode": lambda village: make_code(product(village).shop),
    "accounts.place": village_page,
    "accounts.user": learner,
    "accounts.membership": lambda village: Membership.objects.create(
        user=learner(village), place=village, role="seller"
    ),
    "accounts.consent": lambda village: Consent.objects.create(user=learner(village), kind="privacy"),
    "accounts.auditentry": lambda village: AuditEntry.write(learner(village), "x", village, village),
    "courses.course": lambda village: make_course(
        village, cover=make_photo(None, Photo.Status.WAITING), lessons=1
    ),
    "courses.module": lambda village: make_course(village, lessons=1),
    "courses.lesson": lambda village: make_course(village, lessons=1),
    "courses.cohort": lambda village: make_cohort(make_course(village, lessons=1), village),
    "outbox.event": event,
    "courses.announcement": lambda village: make_announcement(
        make_cohort(make_course(village), village), learner(village)
    ),
    "courses.quiz": lambda village: make_quiz(make_course(village)),
    "courses.bank": lambda village: make_bank(make_course(village)),
    "courses.question": lambda village: make_question(make_bank(make_course(village))),
    "courses.objective": lambda village: Objective.objects.create(
        course=make_course(village), code="1", text="会"
    ),
    "courses.assignment": lambda village: Assignment.objects.create(
        module=make_course(village).modules.get(), title="任务"
    ),
    "progress.enrolment": enrolment,
    "progress.lessondone": done,
    "shops.product": product,
    "shops.shop": product,
    "shops.village": village_page,
    "shops.category": lambda village: make_category(f"种类{Category.objects.count()}"),
    "shops.pricechange": product,
    "shops.stockmove": product,
    "shops.batch": lambda village: make_batch(product(village).shop),
    "shops.pledge": lambda village: make_pledge(make_batch(product(village).shop)),
    "shops.paper": lambda village: make_paper(product(village).shop, status="waiting"),
    "accounts.clearance": lambda village: lives.make_clearance(learner(village)),
    "programme.certificaterule": lambda village: CertificateRule.objects.create(
        course=cohort(village).course, title="证", hours=40
    ),
    "courses.case": lambda village: make_case(make_course(village, lessons=1)),
    "courses.lessonplan": lambda village: make_plan(
        make_course(village, lessons=1).modules.get().lessons.get()
    ),
    "courses.drill": lambda village: reviews.make_drill(cohort(village)),
    "courses.quickphrase": lambda village: reviews.make_drill(cohort(village), phrases=True),
    "programme.steprule": rule,
    "programme.outcometarget": target,
    "programme.teaching": taught,
    "rehearsals.submission": handed_in,
    "rehearsals.review": lambda village: reviews.make_review(learner(village), handed_in(village)),
    "live.livestream": on_the_plan,
    "live.scriptversion": on_the_plan,
    "live.checklisttick": on_the_plan,
    "live.slip": on_the_plan,
    "live.livesale": on_the_plan,
    "live.quotamove": on_the_plan,
    "live.guardianconsent": on_the_plan,
    "media.photo": lambda village: make_photo(learner(village), Photo.Status.WAITING),
    "media.video": filmed,
}
