"""One row of every model of the admin."""

from uuid import uuid4

from django.utils import timezone

from accounts.models import AuditEntry, Consent, Notice
from courses.models import Assignment, Objective, QuickPhrase, State
from live.models import GuardianConsent, LiveSale, QuotaMove, Slip
from media.models import Photo
from outbox.models import Event
from programme.models import CertificateRule, Teaching
from progress.models import Enrolment, LessonDone
from shops.models import PriceChange, StockMove, Village
from tests import lives, reviews
from tests.class_messages import make_announcement
from tests.factories import (
    make_batch,
    make_case,
    make_cohort,
    make_course,
    make_paper,
    make_photo,
    make_plan,
    make_pledge,
    make_product,
    make_rate,
    make_shop,
)
from tests.media.videos.rows import make_video
from tests.quizzes import make_bank, make_question, make_quiz
from tests.shops.orders.seller_side import make_claim, make_code, make_document, order_at


def rows_in(place, owner, learner) -> dict:
    """Return one row of every model, in this village."""
    course = make_course(place, lessons=1, state=State.DRAFT)
    module = course.modules.get()
    enrolled = make_course(place, lessons=1)
    cohort = make_cohort(enrolled, place)
    lesson = enrolled.modules.get().lessons.get()
    product = make_product(make_shop(owner, place, contact=owner.phone))
    make_rate(product.shop)
    order = order_at("shipped", make_product(product.shop, name="卖过的"))
    video = make_video(stored=False)
    module.lessons.update(video=video)
    batch = make_batch(product.shop)
    return {
        "accounts.place": place,
        "accounts.user": learner,
        "accounts.membership": learner.memberships.first(),
        "accounts.consent": Consent.objects.create(user=learner, kind=Consent.Kind.PRIVACY, version="1"),
        "accounts.auditentry": AuditEntry.write(owner, "place_changed", place, place),
        "accounts.notice": Notice.objects.filter(phone=owner.phone).first(),
        "courses.course": course,
        "courses.module": module,
        "courses.lesson": module.lessons.get(),
        "courses.lessonplan": make_plan(lesson),
        "courses.case": make_case(course, module),
        "courses.cohort": make_cohort(enrolled, place),
        "courses.announcement": make_announcement(cohort, owner),
        "courses.quiz": make_quiz(course),
        "courses.bank": make_bank(course),
        "courses.question": make_question(make_bank(course)),
        "courses.objective": Objective.objects.create(course=course, code="1", text="会"),
        "courses.assignment": Assignment.objects.create(module=module, title="任务", text="做"),
        "programme.certificaterule": CertificateRule.objects.create(course=course, title="证", hours=40),
        "progress.enrolment": Enrolment.objects.create(user=learner, course=enrolled, cohort=cohort),
        "programme.teaching": Teaching.objects.create(
            teacher=owner, pupil=learner, since=timezone.localdate()
        ),
        "outbox.event": Event.objects.create(
            user=learner, event_id=uuid4(), kind="done", happened_at=timezone.now()
        ),
        "progress.lessondone": LessonDone.objects.create(
            user=learner, lesson=lesson, happened_at=timezone.now()
        ),
        "shops.product": product,
        "shops.shop": product.shop,
        "shops.village": Village.objects.get(place=place),
        "shops.pricechange": PriceChange.objects.get(product=product),
        "shops.stockmove": StockMove.objects.get(product=product),
        "shops.batch": batch,
        "shops.pledge": make_pledge(batch),
        "shops.paper": make_paper(product.shop, status="waiting"),
        "shops.order": order,
        "shops.orderevent": order.events.first(),
        "shops.claim": make_claim(order),
        "shops.paycode": make_code(product.shop),
        "media.photo": make_photo(owner, Photo.Status.WAITING),
        "media.video": video,
        **rows_of_practice(cohort, learner, owner),
        **rows_of_live(product),
    }


def rows_of_practice(cohort, learner, reviewer) -> dict:
    submission = reviews.make_submission(learner, cohort)
    return {
        "courses.drill": reviews.make_drill(cohort),
        "courses.quickphrase": QuickPhrase.objects.create(
            course=cohort.course, code="p", tone="keep", text="留着。"
        ),
        "rehearsals.submission": submission,
        "rehearsals.review": reviews.make_review(reviewer, submission),
    }


def rows_of_live(product) -> dict:
    """Return the rows of a live that the shop's owner plans and hosts."""
    owner = product.shop.owner
    live = lives.make_live(owner, shop=product.shop)
    item = lives.make_item(live, product)
    lives.tick_all(live, owner)
    told = {"livestream": live, "item": item, "by": owner}
    paper = {"guardian": "周大山", "relation": "父亲", "given_on": timezone.localdate()}
    return {
        "accounts.clearance": lives.make_clearance(owner),
        "live.livestream": live,
        "live.scriptversion": lives.make_script(item),
        "live.checklisttick": live.ticks.first(),
        "live.slip": Slip.objects.create(said="最甜", right="很甜", **told),
        "live.livesale": LiveSale.objects.create(
            quantity=1, from_stock=1, price_fen=2990, net_grams=2500, **told
        ),
        "live.quotamove": QuotaMove.objects.create(item=item, delta=1, reason="carved", actor=owner),
        "live.guardianconsent": GuardianConsent.objects.create(
            user=owner, file=make_document(owner), **paper
        ),
    }
