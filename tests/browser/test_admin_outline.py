"""A course's outline in the admin: rows moved by mouse, finger, keys and buttons, with scripts and without."""

import re

import pytest
from django.urls import reverse

from courses.authoring import outline_order
from courses.models import State
from tests.browser.conftest import expect
from tests.factories import make_course

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


def saved(page) -> None:
    expect(page.locator("[data-status]")).to_have_text("新顺序存好了")


def test_a_lesson_is_dragged_into_another_unit(outline, course):
    m1, a, b, m2, c, d = marks(course)
    grip, target = row(outline, a).locator("[data-grip]").bounding_box(), row(outline, d).bounding_box()
    outline.mouse.move(grip["x"] + 5, grip["y"] + 5)
    outline.mouse.down()
    outline.mouse.move(target["x"] + 60, target["y"] + target["height"] - 2, steps=8)
    outline.mouse.up()
    saved(outline)
    assert keys(course) == shown(outline) == " ".join([m1, b, m2, c, d, a])


def test_a_unit_is_dragged_with_all_its_lessons(outline, course):
    m1, a, b, m2, c, d = marks(course)
    grip = row(outline, m2).locator("> .bar [data-grip]").bounding_box()
    target = row(outline, m1).bounding_box()
    outline.mouse.move(grip["x"] + 5, grip["y"] + 5)
    outline.mouse.down()
    outline.mouse.move(target["x"] + 60, target["y"] + 5, steps=8)
    outline.mouse.up()
    saved(outline)
    assert keys(course) == shown(outline) == " ".join([m2, c, d, m1, a, b])


def test_a_finger_drags_too(outline, course):
    """Touches come as pointer events, and the grip keeps the page from scrolling under the finger."""
    m1, a, b, m2, c, d = marks(course)
    grip, target = row(outline, d).locator("[data-grip]").bounding_box(), row(outline, a).bounding_box()
    line = outline.context.new_cdp_session(outline)
    start, end = (grip["x"] + 5, grip["y"] + 5), (target["x"] + 60, target["y"] + 3)
    steps = [
        (start[0] + (end[0] - start[0]) * i / 8, start[1] + (end[1] - start[1]) * i / 8) for i in range(9)
    ]
    for kind, (x, y) in [("touchStart", start), *[("touchMove", step) for step in steps]]:
        line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    saved(outline)
    assert keys(course) == shown(outline) == " ".join([m1, d, a, b, m2, c])


def test_arrow_keys_move_a_row_and_keep_the_focus(outline, course):
    m1, a, b, m2, c, d = marks(course)
    grip = row(outline, b).locator("[data-grip]")
    grip.focus()
    outline.keyboard.press("ArrowDown")
    saved(outline)
    expect(grip).to_be_focused()
    assert keys(course) == " ".join([m1, a, m2, b, c, d])


def test_buttons_move_without_loading_the_page_anew(outline, course):
    m1, a, b, m2, c, d = marks(course)
    outline.evaluate("window.stays = true")
    row(outline, b).get_by_role("button", name=re.compile("往上")).click()
    saved(outline)
    assert outline.evaluate("window.stays") is True
    assert keys(course) == " ".join([m1, b, a, m2, c, d])


def test_rows_go_back_when_the_order_is_not_saved(outline, course):
    before = keys(course)
    outline.route(
        "**/outline/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    row(outline, before.split()[2]).get_by_role("button", name=re.compile("往上")).click()
    expect(outline.locator("[data-status]")).to_have_text("没存上，等一下再试")
    assert keys(course) == shown(outline) == before


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
