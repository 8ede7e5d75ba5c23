"""Words first: until a page's styles have come nothing else is asked for, and once they have, nothing else is waited for."""

import re

import pytest
from playwright.sync_api import Page, Request, Route, expect

from progress.enrolment.services import enrol
from shops.models import ProductPhoto
from tests.browser.film import give_film
from tests.browser.kept_lessons import until
from tests.factories import make_cohort, make_course, make_photo, make_product, make_rate, make_shop
from tests.quizzes import make_quiz
from tests.shops.orders.order_requests import make_order

WAIT_MS = 700  # after the HTML: a browser's scanner asks for what it finds at once
PAINTED = "performance.getEntriesByName('first-contentful-paint').length"
# What belongs to no page's words and is fetched by browsers when they please.
APART = re.compile(r"\.webmanifest$|/favicon\.ico$|^data:")
# Of some hundred bytes, and waits for the styles itself before it asks for the others.
STARTER = "/static/ui/start.js"
VISITOR = [("/", 2), ("/products/", 2), ("{product}", 2), ("{shop}", 2), ("{course}", 2), ("{order}", 1)]
SIGNED_IN = [
    ("trainee", "/learn/"),
    ("trainee", "{lesson}"),
    ("trainee", "{quiz}"),
    ("seller", "/me/shop/"),
    ("seller", "/me/"),
    ("trainer", "{board}"),
]


@pytest.fixture
def places(county, village, trainee, trainer, seller) -> dict[str, str]:
    """Every page with the pictures that it shows: covers, photos, the film's first picture."""
    course = make_course(village, cover=make_photo(trainer))
    cohort = make_cohort(course, village, trainer)
    enrol(trainee, course, cohort)
    lesson = course.modules.get().lessons.first()
    lesson.render()
    give_film(lesson)
    quiz = make_quiz(course, "single", "true_false", module=lesson.module)
    shop = make_shop(seller, village, contact=seller.phone, cover=make_photo(seller))
    make_rate(shop)
    products = [make_product(shop, name=f"冰糖橙{n}", cover=make_photo(seller)) for n in range(6)]
    for product in products:
        ProductPhoto.objects.create(product=product, photo=product.cover)
    return {
        "product": products[0].get_absolute_url(),
        "shop": shop.get_absolute_url(),
        "course": course.get_absolute_url(),
        "order": make_order((products[0], 1)).get_absolute_url(),
        "lesson": lesson.get_absolute_url(),
        "quiz": f"/learn/quizzes/{quiz.pk}/",
        "board": f"/classes/{cohort.pk}/",
    }


class Gate:
    """Holds the styles, then the scripts and pictures, of the one page that is opened through it."""

    def __init__(self, page: Page) -> None:
        self.is_open, self.asked, self.held = False, [], {"stylesheet": [], "other": []}
        page.route("**/*", self.take)

    def take(self, route: Route) -> None:
        request: Request = route.request
        if APART.search(request.url) or request.resource_type == "document" or self.is_open:
            route.continue_()
            return
        if request.url.endswith(STARTER):
            route.continue_()
            return
        self.asked.append((request.resource_type, request.url))
        kind = request.resource_type if request.resource_type == "stylesheet" else "other"
        self.held[kind].append(route)

    def let(self, kind: str) -> None:
        held, self.held[kind] = self.held[kind], []
        for route in held:
            route.continue_()


def walk(page: Page, url: str, sheets: int) -> None:
    """Each sheet beyond the first takes a part of the line from it, and often a second connection. While a route stands, the
    browser keeps no file of an earlier page."""
    gate = Gate(page)
    page.goto(url, wait_until="commit")
    page.wait_for_timeout(WAIT_MS)
    assert [kind for kind, _url in gate.asked] == ["stylesheet"] * sheets, (url, gate.asked)
    assert page.evaluate(PAINTED) == 0, url
    gate.let("stylesheet")
    until(lambda: page.evaluate(PAINTED) == 1)
    # Text stands there in its look while every script and picture is still held.
    expect(page.locator("main")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
    until(
        lambda: page.evaluate("document.scripts.length") and "script" in {kind for kind, _url in gate.asked}
    )
    gate.is_open = True
    gate.let("other")
    page.wait_for_load_state("networkidle")
    page.unroute("**/*", gate.take)


@pytest.mark.long
def test_visitor_sees_words_before_any_picture_or_script_is_asked_for(page, live_server, places):
    for path, sheets in VISITOR:
        walk(page, live_server.url + path.format(**places), sheets)


@pytest.mark.long
def test_signed_in_person_sees_words_before_any_picture_or_script_is_asked_for(
    page, sign_in, live_server, places, trainee, seller, trainer
):
    """Each as on a phone's first page: the worker, which answers from the second on, is no part of it."""
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    people = {"trainee": trainee, "seller": seller, "trainer": trainer}
    for who, path in SIGNED_IN:
        sign_in(people[who])
        walk(page, live_server.url + path.format(**places), sheets=1)


@pytest.mark.long
def test_pictures_come_with_the_first_look_at_the_page(page, live_server, places):
    """Lazy is not late: those in sight are asked for without scrolling and without a script."""
    page.route("**/*.js", lambda route: route.abort())
    page.goto(live_server.url + "/products/", wait_until="networkidle")
    shown = "Array.from(document.querySelectorAll('.good img')).slice(0, 4).map((one) => one.naturalWidth)"
    until(lambda: page.evaluate(shown) == [320] * 4)
