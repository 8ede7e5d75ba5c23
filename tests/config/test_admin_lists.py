"""Each list of the admin takes the same number of queries for many rows as for one: 6, or 24 with `ACCESS=all` (`make prove`)."""

import datetime

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from courses.models import Module, State
from media.models import Photo
from tests.access.outcomes import EVERYTHING
from tests.config.admin_many import MAKERS, QUERIES, learner, make_many, product
from tests.factories import make_cohort, make_course, make_lesson, make_photo
from tests.media.videos.rows import make_video

MANY = 24 if EVERYTHING else 6
# The lists that one maker fills are counted together.
LABELS = [
    [label for label in sorted(MAKERS) if MAKERS[label] is maker] for maker in dict.fromkeys(MAKERS.values())
]


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


def counted(client, label: str) -> int:
    url = reverse(f"admin:{label.replace('.', '_')}_changelist")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
        assert answer.status_code == 200
    return len(queries)


@pytest.mark.parametrize("labels", LABELS, ids=" ".join)
def test_a_list_asks_as_often_for_many_rows_as_for_one(labels, village, organiser, client):
    client.force_login(organiser)
    make_many(labels[0], 1, village)
    one = {label: counted(client, label) for label in labels}
    make_many(labels[0], MANY, village)
    expected = {label: QUERIES[label] for label in labels}
    assert (one, {label: counted(client, label) for label in labels}) == (expected, expected)


def test_every_list_is_counted():
    assert {model._meta.label_lower for model in admin.site._registry} == set(QUERIES)


@pytest.mark.long
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
        for number in range(MANY):
            module = Module.objects.create(course=course, number=number, position=number, title="单元")
            make_lesson(module)
    assert seen == [13, 13]


@pytest.mark.long
def test_the_first_page_counts_in_a_fixed_number_of_queries(village, organiser, client):
    client.force_login(organiser)
    seen = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("admin:index")).status_code == 200
        seen.append(len(queries))
        for _row in range(MANY):
            product(village)
            Membership.objects.create(user=learner(village), place=village, role="seller")
            make_cohort(make_course(village, state=State.DRAFT), village, starts_on=timezone.localdate())
            make_photo(learner(village), Photo.Status.FAILED)
            make_video(organiser, status="failed")
    assert seen == [15, 15]


@pytest.mark.long
def test_the_first_page_says_what_waits_and_leads_there(village, other_village, organiser, client):
    today = timezone.localdate()
    waiting = product(village)
    product(other_village)
    Membership.objects.create(user=learner(village), place=village, role="seller")
    course = make_course(village, lessons=1, state=State.DRAFT)
    make_lesson(course.modules.get(), state=State.DRAFT)
    make_cohort(course, village, starts_on=today + datetime.timedelta(days=7))
    make_cohort(course, village, starts_on=today + datetime.timedelta(days=8))
    make_photo(learner(village), Photo.Status.FAILED)
    client.force_login(organiser)
    waits = client.get(reverse("admin:index")).context["waits"]
    assert {wait.sentence for wait in waits} == {
        "1 款商品等审核",
        "1 家小店该核验了",
        "1 个班 7 天内开班",
        "1 节课还是草稿",
        "1 张照片坏了，要重拍",
        "1 个身份申请等同意",
    }
    for wait in waits:
        answer = client.get(wait.admin_url, follow=True)
        if wait.kind == "listing_submitted":  # decided on its own page
            assert answer.context["product"] == waiting, wait
        else:
            assert answer.context["cl"].result_count == 1, wait


def test_ones_own_request_waits_for_somebody_else(village, organiser, client):
    Membership.objects.create(user=organiser, place=village, role="seller")
    client.force_login(organiser)
    assert client.get(reverse("admin:index")).context["waits"] == []


def test_the_first_page_of_who_has_nothing_to_do_says_so(trainer, client):
    client.force_login(trainer)
    answer = client.get(reverse("admin:index"))
    assert answer.context["waits"] == []
    assert "都办完了，没有等着你的事。" in answer.content.decode()


def test_models_are_grouped_by_what_people_do(trainer, organiser, client):
    groups = {}
    for person in (trainer, organiser):
        client.force_login(person)
        app_list = client.get(reverse("admin:index")).context["app_list"]
        groups[person.name] = [
            (group["name"], [model["name"] for model in group["models"]]) for group in app_list
        ]
    taught = [
        *["课程", "单元", "课", "教案", "案例", "班", "班级通知", "测验", "题库", "题"],
        *["学习目标", "练习任务"],
        *["练法", "常用点评", "发证条件", "提交", "点评", "视频", "报名", "学完的课", "师徒记录", "收到的事"],
    ]
    sold_and_kept = [
        *["商品", "小店", "村页面", "种类", "批次", "承诺达标合格证", "证书和资料"],
        *["订单", "订单流水", "坏果申请", "收款码", "价格流水", "库存流水"],
    ]
    teach = ("教课", taught)
    ruled = ("教课", [*taught[:-2], "阶梯的标准", "师徒记录", "全年目标", "收到的事"])
    live = ["直播", "脚本", "开播前核对", "直播成交", "口误更正", "直播名额流水", "监护人同意书"]
    looked_at = [title for title in live if title not in ("直播成交", "直播名额流水", "监护人同意书")]
    assert groups["李老师"] == [teach, ("直播", looked_at), ("人", ["照片"])]
    assert groups["向满姑"] == [
        ruled,
        ("卖货", sold_and_kept),
        ("直播", live),
        ("人", ["身份", "人", "地区", "上岗许可", "同意记录", "操作记录", "短消息", "照片"]),
    ]
    labels = {label for _name, _title, of_group in settings.BACK_OFFICE_GROUPS for label in of_group}
    assert {model._meta.label_lower for model in admin.site._registry} == labels
