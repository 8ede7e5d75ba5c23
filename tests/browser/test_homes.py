"""The home of every role, empty and busy, on a phone and a desktop, in both languages: fit for everybody, work first."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.people import memberships
from courses.models import Lesson
from progress.enrolment.services import enrol
from shops.complaints import services
from shops.models import Claim, Order, Product
from tests import reviews
from tests.browser.conftest import SCREENS, expect
from tests.class_messages import make_ask, make_reply
from tests.factories import (
    make_cohort,
    make_course,
    make_paper,
    make_person,
    make_product,
    make_rate,
    make_shop,
    make_waiting_product,
)
from tests.shops.orders.order_requests import make_order

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]

Role = Membership.Role
PAGES = {
    "trainee": ("/practise/", "/me/", "/learn/"),
    "trainer": ("/classes/", "/review/", "/learn/"),
    "seller": ("/me/shop/", "/live/", "/learn/"),
    "organiser": ("/me/", "/classes/", "/learn/"),
    "several": ("/me/waiting/", "/me/shop/", "/learn/"),
    "newcomer": ("/me/", "/me/waiting/", "/learn/"),
}


@pytest.fixture
def people(trainee, trainer, seller, organiser, village, county, no_second_factor) -> dict:
    roles = ((Role.ORGANISER, county), (Role.SELLER, village), (Role.TRAINEE, village))
    found = {"trainee": trainee, "trainer": trainer, "seller": seller, "organiser": organiser}
    return found | {"several": make_person("样样都做的人", *roles), "newcomer": make_person("刚来的")}


@pytest.fixture
def busy(people, village) -> None:
    """Something of every kind waits for everybody."""
    trainer, now = people["trainer"], timezone.now()
    course = make_course(village, lessons=2, title="乡村直播卖货")
    cohort = make_cohort(course, village, trainer, name="石榴冲村冬季直播实训第三期加强班")
    lesson = Lesson.objects.in_order().first()
    for who in ("trainee", "several"):
        person = people[who]
        enrol(person, course, cohort)
        drill = reviews.make_drill(cohort, title="三分钟，讲一款")
        reviews.make_review(trainer, reviews.make_submission(person, cohort, drill), wants_again=True)
        reviews.make_submission(person, cohort, drill)
        make_reply(make_ask(person, cohort, lesson), trainer)
        make_ask(person, cohort, lesson, text="没回的问题")
        memberships.grant_role(people["organiser"], memberships.ask_for_role(person, Role.MENTOR, village))
    for who in ("seller", "several"):
        shop = make_shop(people[who], village, name=f"{who}的店")
        make_rate(shop)
        product = make_product(shop, name="冰糖橙", stock=3)
        make_product(shop, name="九月就退回来的蜜橘大果礼盒", status=Product.Status.RETURNED)
        paid, claimed, _asked = (make_order((product, 1)) for _n in range(3))
        Order.objects.filter(pk=paid.pk).update(status=Order.Status.PAID, accepted_at=now)
        Order.objects.filter(pk=claimed.pk).update(status=Order.Status.SHIPPED)
        Claim.objects.create(order=claimed, text="压坏了三个")
        make_waiting_product(shop)
        make_paper(shop, status="waiting")
        services.create_complaint("坏了三个，没人理", "陈小禾", f"+861370000000{shop.pk % 10}", shop, village)
    memberships.ask_for_role(make_person("想卖货的"), Role.SELLER, village)


@pytest.fixture
def walk(page, live_server, languages, fits) -> Callable[[str], None]:
    """Opens all the pages of one of them, in English last; the home page stays open."""

    def check(who: str) -> None:
        for _language in languages():
            for address in PAGES[who]:
                page.goto(live_server.url + address)
                fits()

    return check


@pytest.mark.long
def test_empty_homes_are_fit_for_everybody(sign_in, people, walk):
    for who, person in people.items():
        page = sign_in(person)
        walk(who)
        expect(page.get_by_text("Nothing waits for you right now."), who).to_be_visible()


@pytest.mark.long
def test_busy_homes_show_the_work_on_the_first_screen(sign_in, people, busy, walk):
    for who in ("trainee", "trainer", "seller", "organiser", "several"):
        page = sign_in(people[who])
        walk(who)
        for screen in sorted(SCREENS, key=lambda one: one != page.viewport_size):
            page.set_viewport_size(screen)
            rows = page.locator("[data-waits] li")
            expect(rows.first, who).to_be_in_viewport()
            heights = rows.evaluate_all("rows => rows.map((row) => row.offsetHeight)")
            assert 1 <= len(heights) <= 7
            assert min(heights) >= 48
