"""A course's outline in the admin: rows moved by mouse, finger, keys and buttons, with scripts and without."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.urls import reverse

from courses.authoring import outline_order
from courses.models import State
from tests.browser.conftest import expect
from tests.factories import make_course

pytestmark = pytest.mark.one_phone

WIDE = {"width": 1280, "height": 800}


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def course(village, trainer):
    return make_course(village, modules=2, lessons=2, state=State.DRAFT, title="直播课")


def keys(course) -> str:
    tree = outline_order.load_tree(course)
    return " ".join(f"m{unit} " + " ".join(f"l{lesson}" for lesson in lessons) for unit, lessons in tree)


@pytest.fixture
def outline(course, trainer, sign_in, live_server):
    page = sign_in(trainer)
    page.set_viewport_size(WIDE)
    page.goto(live_server.url + reverse("admin:courses_course_outline", args=[course.pk]))
    page.wait_for_load_state("networkidle")
    return page


def marks(course) -> list[str]:
    return keys(course).split()


def row(page, mark: str):
    return page.locator(f"[data-key={mark}]")


def shown(page) -> str:
    return " ".join(page.locator("[data-key]").evaluate_all("rows => rows.map((row) => row.dataset.key)"))


@contextmanager
def saved(page) -> Iterator[None]:
    """What is done in here is stored, and the page says so."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        yield
    expect(page.locator("[data-status]")).to_have_text("新顺序存好了")


def drag(page, grip: dict, down: float, to: dict) -> None:
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(to["x"] + 60, to["y"] + down, steps=8)
    page.mouse.up()


@pytest.mark.long
def test_a_lesson_and_a_unit_with_all_its_lessons_are_dragged(outline, course):
    m1, a, b, m2, c, d = marks(course)
    grip, target = row(outline, a).locator("[data-grip]").bounding_box(), row(outline, d).bounding_box()
    with saved(outline):
        drag(outline, grip, target["height"] - 2, target)
    assert keys(course) == shown(outline) == " ".join([m1, b, m2, c, d, a])
    grip = row(outline, m2).locator("> .bar [data-grip]").bounding_box()
    with saved(outline):
        drag(outline, grip, 5, row(outline, m1).bounding_box())
    assert keys(course) == shown(outline) == " ".join([m2, c, d, a, m1, b])


@pytest.mark.long
def test_a_finger_drags_too(outline, course):
    """Touches come as pointer events, and the grip keeps the page from scrolling under the finger."""
    m1, a, b, m2, c, d = marks(course)
    grip, target = row(outline, d).locator("[data-grip]").bounding_box(), row(outline, a).bounding_box()
    line = outline.context.new_cdp_session(outline)
    start, end = (grip["x"] + 5, grip["y"] + 5), (target["x"] + 60, target["y"] + 3)
    steps = [
        (start[0] + (end[0] - start[0]) * i / 8, start[1] + (end[1] - start[1]) * i / 8) for i in range(9)
    ]
    with saved(outline):
        for kind, (x, y) in [("touchStart", start), *[("touchMove", step) for step in steps]]:
            line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert keys(course) == shown(outline) == " ".join([m1, d, a, b, m2, c])


@pytest.mark.long
def test_arrow_keys_and_buttons_move_a_row_without_loading_the_page_anew(outline, course):
    m1, a, b, m2, c, d = marks(course)
    outline.evaluate("window.stays = true")
    grip = row(outline, b).locator("[data-grip]")
    with saved(outline):
        grip.focus()
        outline.keyboard.press("ArrowDown")
    expect(grip).to_be_focused()
    assert keys(course) == " ".join([m1, a, m2, b, c, d])
    with saved(outline):
        row(outline, c).get_by_role("button", name=re.compile("往上")).click()
    assert keys(course) == " ".join([m1, a, m2, c, b, d])
    assert outline.evaluate("window.stays") is True


@pytest.mark.long
def test_rows_go_back_when_the_order_is_not_saved(outline, course):
    before = keys(course)
    outline.route(
        "**/outline/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    row(outline, before.split()[2]).get_by_role("button", name=re.compile("往上")).click()
    expect(outline.locator("[data-status]")).to_have_text("没存上，等一下再试")
    assert keys(course) == shown(outline) == before


@pytest.mark.long
def test_buttons_work_without_scripts(course, trainer, client, browser, live_server):
    client.force_login(trainer)
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([session])
    page = context.new_page()
    page.goto(live_server.url + reverse("admin:courses_course_outline", args=[course.pk]))
    m1, a, b, m2, c, d = marks(course)
    expect(row(page, a).locator("[data-grip]")).to_be_hidden()
    row(page, a).get_by_role("button", name=re.compile("往下")).click()
    expect(page.locator("[data-key]").nth(1)).to_have_attribute("data-key", b)
    assert keys(course) == " ".join([m1, b, a, m2, c, d])
    context.close()
