"""Each list of the admin asks the database as often for 24 rows as for one."""

import datetime
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.backoffice import GROUPS
from accounts.models import AuditEntry, Consent, Membership, Place, User
from courses.models import Assignment, Module, Objective, State
from media.models import Photo
from outbox.models import Event
from progress.models import Enrolment, LessonDone
from shops.models import Category, Order, Village
from tests.factories import (
    make_batch,
    make_category,
    make_cohort,
    make_course,
    make_lesson,
    make_paper,
    make_person,
    make_photo,
    make_pledge,
    make_product,
    make_rate,
    make_shop,
)
from tests.media.videos import make_video
from tests.quizzes import make_bank, make_question, make_quiz
from tests.shops.ordering.selling import make_claim, make_code, order_at
from tests.talk import make_announcement

# Session, person and memberships take 3, the list itself a count and the rows; filters and dates the rest.
QUERIES = {
    "accounts.place": 6,
    "accounts.user": 9,
    "accounts.membership": 6,
    "accounts.consent": 7,
    "accounts.auditentry": 8,
    "accounts.notice": 6,
    "courses.course": 6,
    "courses.module": 6,
    "courses.lesson": 7,
    "courses.cohort": 9,
    "outbox.event": 5,
    "courses.announcement": 8,
    "courses.quiz": 6,
    "courses.bank": 6,
    "courses.question": 6,
    "courses.objective": 6,
    "courses.assignment": 6,
    "progress.enrolment": 8,
    "progress.lessondone": 5,
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
    "media.photo": 5,
    "media.video": 5,
}


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


def make_many(label: str, n: int, village: Place) -> None:
    """n rows of this model in the village, each hanging on rows of its own."""
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
    "media.photo": lambda village: make_photo(learner(village), Photo.Status.WAITING),
    "media.video": filmed,
}


def counted(client, label: str) -> int:
    url = reverse(f"admin:{label.replace('.', '_')}_changelist")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
        assert answer.status_code == 200
    return len(queries)


@pytest.mark.parametrize("label", sorted(QUERIES))
def test_a_list_asks_as_often_for_24_rows_as_for_one(label, village, organiser, client):
    client.force_login(organiser)
    make_many(label, 1, village)
    one = counted(client, label)
    make_many(label, 24, village)
    assert (one, counted(client, label)) == (QUERIES[label], QUERIES[label])


def test_every_list_is_counted():
    assert {model._meta.label_lower for model in admin.site._registry} == set(QUERIES)


def test_the_outline_of_a_long_course_takes_as_many_queries_as_that_of_a_short_one(
    village, organiser, client
):
    client.force_login(organiser)
    course = make_course(village, lessons=1)
    url = reverse("admin:courses_course_outline", args=[course.pk])
    seen = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        seen.append(len(queries))
        for number in range(24):
            module = Module.objects.create(course=course, number=number, position=number, title="单元")
            make_lesson(module)
    assert seen == [12, 12]


def test_the_first_page_counts_in_a_fixed_number_of_queries(village, organiser, client):
    client.force_login(organiser)
    seen = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("admin:index")).status_code == 200
        seen.append(len(queries))
        for _row in range(24):
            product(village)
            Membership.objects.create(user=learner(village), place=village, role="seller")
            make_cohort(make_course(village, state=State.DRAFT), village, starts_on=timezone.localdate())
            make_photo(learner(village), Photo.Status.FAILED)
            make_video(organiser, status="failed")
    assert seen == [11, 11]


def test_the_first_page_says_what_waits_and_leads_there(village, other_village, organiser, client):
    today = timezone.localdate()
    product(village)
    product(other_village)
    Membership.objects.create(user=learner(village), place=village, role="seller")
    course = make_course(village, lessons=1, state=State.DRAFT)
    make_lesson(course.modules.get(), state=State.DRAFT)
    make_cohort(course, village, starts_on=today + datetime.timedelta(days=7))
    make_cohort(course, village, starts_on=today + datetime.timedelta(days=8))
    make_photo(learner(village), Photo.Status.FAILED)
    client.force_login(organiser)
    waits = client.get(reverse("admin:index")).context["waits"]
    assert {wait.label: wait.count for wait in waits} == {
        "款商品等审核": 1,
        "家小店该核验了": 1,
        "个班 7 天内开班": 1,
        "课还是草稿": 1,
        "张照片坏了，要重拍": 1,
        "个身份申请等同意": 1,
    }
    for wait in waits:
        assert client.get(wait.url).context["cl"].result_count == 1, wait


def test_ones_own_request_waits_for_somebody_else(village, organiser, client):
    Membership.objects.create(user=organiser, place=village, role="seller")
    client.force_login(organiser)
    assert client.get(reverse("admin:index")).context["waits"] == []


def test_the_first_page_of_who_has_nothing_to_do_says_so(trainer, client):
    client.force_login(trainer)
    answer = client.get(reverse("admin:index"))
    assert answer.context["waits"] == []
    assert "都办完了，没有等着您的事。" in answer.content.decode()


def test_models_are_grouped_by_what_people_do(trainer, organiser, client):
    groups = {}
    for person in (trainer, organiser):
        client.force_login(person)
        app_list = client.get(reverse("admin:index")).context["app_list"]
        groups[person.name] = [
            (group["name"], [model["name"] for model in group["models"]]) for group in app_list
        ]
    taught = [
        *["课程", "单元", "课", "班", "班级通知", "测验", "题库", "题", "学习目标", "练习任务"],
        *["视频", "报名", "学完的课", "收到的事"],
    ]
    sold_and_kept = [
        *["商品", "小店", "村页面", "种类", "批次", "承诺达标合格证", "证书和资料"],
        *["订单", "订单流水", "坏果申请", "收款码", "价格流水", "库存流水"],
    ]
    teach = ("教课", taught)
    assert groups["李老师"] == [teach, ("人", ["照片"])]
    assert groups["向满姑"] == [
        teach,
        ("卖货", sold_and_kept),
        ("人", ["身份", "人", "地区", "同意记录", "操作记录", "短消息", "照片"]),
    ]
    labels = {label for _name, _title, of_group in GROUPS for label in of_group}
    assert {model._meta.label_lower for model in admin.site._registry} == labels
