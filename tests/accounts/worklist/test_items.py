"""What waits for a person: found, put in order, counted on the tabs, put away."""

import datetime

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Notice, ReadNews
from accounts.people import memberships
from accounts.worklist import items
from accounts.worklist.items import Urgency, WorkItem
from courses.models import Lesson
from progress.enrolment.services import enrol
from tests.class_messages import make_ask, make_reply
from tests.factories import make_cohort, make_course, make_person, make_product, make_rate, make_shop
from tests.pages import squeeze
from tests.shops.orders.order_requests import make_order

pytestmark = pytest.mark.usefixtures("numbers_on_tabs")
Role, Status = Membership.Role, Membership.Status
NUMBERS = "/me/waiting/numbers/"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def asked(trainee, trainer, village):
    """A question of the trainee, in a class of the trainer."""
    course = make_course(village)
    cohort = make_cohort(course, village, trainer)
    enrol(trainee, course, cohort)
    return make_ask(trainee, cohort, Lesson.objects.in_order().first())


def kinds(user) -> list[str]:
    return [wait.kind for wait in items.list_items(user) if wait.urgency < Urgency.LATER]


def wait(kind: str, urgency=Urgency.SOMEBODY, **facts) -> WorkItem:
    return WorkItem(kind, 1, kind, urgency=urgency, **facts)


def test_the_most_urgent_comes_first():
    now = timezone.now()
    hours = [now + datetime.timedelta(hours=n) for n in range(4)]
    rows = [
        wait("later", Urgency.LATER),
        wait("asked today", since=hours[1]),
        wait("asked before", since=hours[0]),
        wait("tonight", Urgency.CLOCK, until=hours[3]),
        wait("soon", Urgency.CLOCK, until=hours[2]),
    ]
    assert [one.kind for one in items.sort_items(rows)] == [
        "soon",
        "tonight",
        "asked before",
        "asked today",
        "later",
    ]


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ({"days": 5}, "还剩 5 天"),
        ({"hours": 47, "minutes": 59}, "还剩 47 小时"),
        ({"minutes": 59}, "还剩 59 分钟"),
        ({"seconds": 5}, "还剩 1 分钟"),
        ({"seconds": 0}, "过了时间"),
    ],
)
def test_time_left_is_said_in_words(left, words):
    now = timezone.now()
    assert items.describe_time_left(now + datetime.timedelta(**left), now) == words


@pytest.mark.long
def test_a_request_waits_for_its_organiser_and_for_nobody_else(trainer, organiser, stranger, village):
    memberships.ask_for_role(make_person("想卖货的"), Role.SELLER, village)
    assert (kinds(organiser), kinds(trainer), kinds(stranger)) == (["role_request"], [], [])


@pytest.mark.long
@pytest.mark.parametrize("is_yes", [True, False])
def test_an_answered_request_is_news_until_it_is_opened(as_user, trainee, organiser, village, is_yes):
    membership = memberships.ask_for_role(trainee, Role.SELLER, village)
    assert kinds(trainee) == []
    if is_yes:
        memberships.grant_role(organiser, membership)
    else:
        memberships.decline_role(organiser, membership, "先来上一课")
    [found] = items.list_items(trainee)
    client = as_user(trainee)
    html = client.get("/learn/").content.decode()
    assert ("你现在是石榴冲村的卖家了" if is_yes else "做石榴冲村的卖家，没同意") in html
    assert ("先来上一课" in html) is not is_yes
    opened = client.post("/me/waiting/open/", {"kind": "role", "number": membership.pk})
    assert not Notice.objects.filter(phone=trainee.phone, seen_at=None).exists()
    assert opened["Location"] == ("/me/shop/" if is_yes else "/me/roles/") == found.url
    assert kinds(trainee) == []


def test_a_second_answer_is_news_again(trainee, organiser, village):
    membership = memberships.ask_for_role(trainee, Role.SELLER, village)
    memberships.decline_role(organiser, membership, "先来上一课")
    ReadNews.objects.create(user=trainee, kind="role", number=membership.pk)
    assert kinds(trainee) == []
    memberships.grant_role(organiser, memberships.ask_for_role(trainee, Role.SELLER, village))
    assert kinds(trainee) == ["role_granted"]


@pytest.mark.parametrize("number", ["", "x", "9" * 30, "７", "-1", "0"])
def test_what_is_no_news_leads_to_the_list_and_writes_nothing(as_user, trainee, number):
    answer = as_user(trainee).post("/me/waiting/open/", {"kind": "role", "number": number})
    assert answer["Location"] == "/me/waiting/"
    assert not ReadNews.objects.exists()


@pytest.mark.long
def test_another_persons_news_is_not_opened(as_user, asked, trainer, stranger):
    make_reply(asked, trainer)
    as_user(stranger).post("/me/waiting/open/", {"kind": "reply", "number": asked.pk})
    assert not ReadNews.objects.exists()


@pytest.mark.long
def test_who_has_several_roles_sees_all_of_it_most_urgent_first(asked, trainee, trainer, organiser, village):
    person = make_person("样样都做的", (Role.ORGANISER, village), (Role.SELLER, village))
    shop = make_shop(person, village)
    make_rate(shop)
    make_order((make_product(shop, stock=20), 1))
    memberships.ask_for_role(make_person("想学的"), Role.TRAINEE, village)
    assert kinds(person) == ["order_request", "ask", "role_request", "paycode_missing"]


@pytest.mark.long
def test_home_shows_six_rows_and_leads_to_the_rest(as_user, trainee, organiser, county, village):
    course = make_course(village)
    cohort = make_cohort(course, village, organiser)
    enrol(trainee, course, cohort)
    for lesson in Lesson.objects.all():
        for _n in range(2):
            make_reply(make_ask(trainee, cohort, lesson), organiser)
    for place in (village, county):
        memberships.grant_role(organiser, memberships.ask_for_role(trainee, Role.MENTOR, place))
    for role in (Role.SELLER, Role.TRAINEE):
        memberships.grant_role(organiser, memberships.ask_for_role(trainee, role, county))
    client = as_user(trainee)
    html = client.get("/learn/").content.decode()
    assert html.count("list__open") == 6
    assert "还有 2 件" in html
    assert client.get("/me/waiting/").content.decode().count("list__open") == 8


@pytest.mark.long
def test_numbers_stand_on_every_page_and_are_read_out(as_user, asked, trainee, trainer):
    client = as_user(trainee)
    assert 'aria-hidden="true">1</b>' not in client.get("/me/").content.decode()
    make_reply(asked, trainer)
    caches["counts"].clear()
    html = squeeze(client.get("/me/").content.decode())
    assert '<span>学习</span><b aria-hidden="true">1</b><span class="sr">，1 件要办</span>' in html
    client.cookies["django_language"] = "en"
    html = squeeze(client.get("/me/").content.decode())
    assert '<span>Learn</span><b aria-hidden="true">1</b><span class="sr">, 1 thing to do</span>' in html


@pytest.mark.long
def test_numbers_agree_with_the_rows_they_lead_to(as_user, asked, trainer):
    client = as_user(trainer)
    page = client.get("/classes/")
    assert [row.kind for row in page.context["waits"].rows] == ["ask"]
    assert [(tab.key, tab.number) for tab in page.context["nav"] if tab.number] == [("classes", "1")]


def test_who_is_nobody_carries_no_numbers(client, db):
    html = client.get("/").content.decode()
    assert "data-etag" not in html
    assert client.get(NUMBERS).status_code == 401
    assert "Set-Cookie" not in client.get("/").headers


def test_the_same_numbers_are_answered_by_304(as_user, asked, trainee, trainer, django_assert_num_queries):
    client = as_user(trainee)
    first = client.get(NUMBERS)
    assert first.json() == {}
    with django_assert_num_queries(2):  # session, person: the cached numbers need no query
        same = client.get(NUMBERS, headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    make_reply(asked, trainer)
    caches["counts"].clear()
    changed = client.get(NUMBERS, headers={"If-None-Match": first["ETag"]})
    assert changed.json() == {"learn": {"n": "1", "words": "，1 件要办"}}


@pytest.mark.long
def test_ones_own_doing_is_seen_at_once(client, asked, trainee, trainer):
    make_reply(asked, trainer)
    client.force_login(trainee)
    assert client.get(NUMBERS).json()["learn"]["n"] == "1"
    client.post("/me/waiting/open/", {"kind": "reply", "number": asked.pk})
    assert client.get(NUMBERS).json() == {}


def test_what_others_do_is_seen_after_some_seconds(client, asked, trainee, trainer, settings):
    client.force_login(trainee)
    assert client.get(NUMBERS).json() == {}
    make_reply(asked, trainer)
    assert client.get(NUMBERS).json() == {}
    settings.COUNTS_KEPT_SECONDS = 0
    assert client.get(NUMBERS).json()["learn"]["n"] == "1"


@pytest.mark.long
def test_counting_takes_a_fixed_number_of_queries(asked, trainer, village, django_assert_max_num_queries):
    """Counted for a person with every role; nobody needs more queries."""
    person = make_person("样样都做的", *[(role, village) for role in Role])
    shop = make_shop(person, village)
    make_rate(shop)
    for count in (1, 24):
        for _n in range(count):
            make_order((make_product(shop, stock=20), 1))
            memberships.ask_for_role(make_person("想学的"), Role.TRAINEE, village)
        person.__dict__.pop("granted", None)
        with django_assert_max_num_queries(31):
            assert items.count_for(person)["mine"] >= count


@pytest.mark.long
def test_staff_begin_with_their_work(as_user, organiser, village):
    memberships.ask_for_role(make_person("想学的"), Role.TRAINEE, village)
    html = as_user(organiser).get("/learn/").content.decode()
    assert "1 个身份申请等同意" in html
    assert "还没报名" not in html


@pytest.mark.parametrize("address", ["/learn/", "/practise/", "/live/", "/me/shop/", "/me/", "/me/waiting/"])
def test_a_page_of_who_has_nothing_to_do_is_calm(as_user, trainee, address):
    html = as_user(trainee).get(address).content.decode()
    assert "件要办" not in html
    assert ("眼下没有等你办的事" in html) is (address == "/learn/")
    assert ("都办完了" in html) is (address == "/me/waiting/")


@pytest.mark.long
def test_the_block_of_a_tab_can_be_asked_for_alone(as_user, asked, trainer):
    client = as_user(trainer)
    assert "1 个问题等你回" in client.get(reverse("accounts:waits"), {"part": "classes"}).content.decode()
    part = client.get(reverse("accounts:waits"), {"part": "reviews"}).content.decode()
    assert "1 个问题等你回" not in part
    assert "<html" not in part
