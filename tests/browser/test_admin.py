"""The admin in Chromium: its pages on a wide screen and a phone, and what its scripts do."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from courses import ordering
from courses.models import Course, LessonPicture, State
from progress.models import Enrolment
from shops.models import ProductPhoto
from tests.browser.conftest import expect
from tests.factories import make_cohort, make_course, make_person, make_photo, make_product, make_shop
from tests.quizzes import make_quiz

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def course(village, trainer):
    return make_course(village, modules=2, lessons=2, state=State.DRAFT, title="直播课")


@pytest.fixture
def everything(organiser, seller, trainee, village, course, trainer) -> dict:
    """A row of each kind for the pages to show."""
    product = make_product(make_shop(seller, village), status="submitted", submitted_at=timezone.now())
    ProductPhoto.objects.create(product=product, photo=make_photo(seller))
    lesson = course.modules.first().lessons.first()
    LessonPicture.objects.create(lesson=lesson, photo=make_photo(trainer), name="hold", alt="夹紧胳膊")
    cohort = make_cohort(course, village, trainer)
    asked = Membership.objects.create(user=make_person("等同意的"), place=village, role="seller")
    enrolment = Enrolment.objects.create(user=trainee, course=course, cohort=cohort)
    rows = (product, product.shop, lesson, course, cohort, asked, trainee, village, enrolment)
    return {row._meta.label_lower.replace(".", "_"): row for row in rows}


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_pages_keep_to_the_csp_to_the_screen_and_to_wcag(
    size, everything, organiser, sign_in, live_server, axe
):
    page = sign_in(organiser)
    page.set_viewport_size(size)
    urls = [reverse("admin:index")]
    urls += [reverse(f"admin:{name}_changelist") for name in everything]
    urls += [reverse(f"admin:{name}_change", args=[row.pk]) for name, row in everything.items()]
    urls += [reverse("admin:courses_course_outline", args=[everything["courses_course"].pk])]
    urls += [reverse("admin:courses_lesson_add"), reverse("admin:courses_cohort_add")]
    urls += [reverse("admin:courses_course_history", args=[everything["courses_course"].pk])]
    urls += [reverse("admin:shops_product_changelist") + "?q=没有这种果子"]
    for url in urls:
        page.goto(live_server.url + url)
        axe()


def keys(course) -> str:
    tree = ordering.tree_of(course)
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
    expect(page.locator("[data-said]")).to_have_text("新顺序存好了")


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
    expect(outline.locator("[data-said]")).to_have_text("没存上，等一下再试")
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


def test_a_place_is_searched_for_and_chosen(course, trainer, county, sign_in, live_server):
    page = sign_in(trainer)
    page.set_viewport_size(WIDE)
    page.goto(live_server.url + reverse("admin:courses_course_change", args=[course.pk]))
    page.locator(".field-place .select2-selection").click()
    page.locator(".select2-dropdown .select2-search__field").fill("柑子")
    page.locator(".select2-results__option", has_text="柑子坪村 · 青溪镇").click()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url("**/courses/course/")
    course.refresh_from_db()
    assert course.place.name == "柑子坪村"


def test_a_pictures_line_is_put_where_the_cursor_was(course, trainer, sign_in, live_server):
    lesson = course.modules.first().lessons.first()
    LessonPicture.objects.create(lesson=lesson, photo=make_photo(trainer), name="hold", alt="夹紧胳膊")
    page = sign_in(trainer)
    page.goto(live_server.url + reverse("admin:courses_lesson_change", args=[lesson.pk]))
    body = page.locator("#id_body")
    body.fill("上面\n下面")
    body.evaluate("box => box.setSelectionRange(2, 2)")
    page.get_by_role("button", name="![](picture:hold)").click()
    expect(body).to_have_value("上面\n\n![](picture:hold)\n\n下面")
    expect(body).to_be_focused()


def test_a_long_name_wraps_instead_of_pushing_the_other_columns_out(
    seller, organiser, village, sign_in, live_server
):
    shop = make_shop(seller, village, name="一家名字写得特别特别特别特别长的乡村果园小店")
    make_product(shop, name="ExtraordinarilyLongNameOfFruit", variety="老" * 30, status="submitted")
    page = sign_in(organiser)
    page.set_viewport_size(WIDE)
    page.goto(live_server.url + reverse("admin:shops_product_changelist"))
    widths = page.locator("tbody .field-called, tbody .field-shop").evaluate_all(
        "cells => cells.map((cell) => cell.offsetWidth <= 180)"
    )
    assert widths == [True, True]


def test_the_filters_of_a_list_are_folded_on_a_phone(everything, organiser, sign_in, live_server):
    page = sign_in(organiser)
    page.goto(live_server.url + reverse("admin:shops_product_changelist"))
    status = page.locator("#changelist-filter details").first
    expect(status.locator("summary")).to_have_text(re.compile("状态.*等审核"))
    expect(status.get_by_role("link", name="在卖")).to_be_hidden()
    status.locator("summary").click()
    status.get_by_role("link", name="在卖").click()
    page.wait_for_url("**status=published**")


# Pairs of visible buttons that lie on each other, by their words.
OVER = """() => {
  const buttons = [...document.querySelectorAll(".object-tools a, .step")];
  const all = buttons.map((one) => [one.textContent.trim(), one.getBoundingClientRect()]);
  const on = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const over = ([word, box], n) => all.slice(n + 1).filter(([, other]) => on(box, other)).map(([other]) => `${word} / ${other}`);
  return all.flatMap(over);
}"""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [360, 800, 1280, 1600])
def test_buttons_of_a_form_cover_nothing(width, language, course, trainer, sign_in, live_server):
    Course.objects.update(state=State.PUBLISHED)
    page = sign_in(trainer)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 800})
    for row in (course, course.modules.first().lessons.first()):
        page.goto(live_server.url + reverse(f"admin:courses_{row._meta.model_name}_change", args=[row.pk]))
        assert page.locator(".object-tools a").count() >= 3
        assert page.evaluate(OVER) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_kinds_of_questions_are_read_by_the_line(width, course, trainer, sign_in, live_server):
    page = sign_in(trainer)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server.url + reverse("admin:courses_question_add"))
    widths = page.locator(".question-kinds span").evaluate_all(
        "all => all.map((one) => one.parentElement.clientWidth)"
    )
    tall = page.locator(".question-kinds a").evaluate_all("all => all.map((one) => one.clientHeight)")
    assert (len(widths), min(widths) > 150, max(tall) < 160) == (7, True, True)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_lists_keep_their_last_columns_in_sight(language, course, trainer, sign_in, live_server):
    make_quiz(course, "single", module=course.modules.first(), title="第一单元学完以后考一考看记住了没有")
    page = sign_in(trainer)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.set_viewport_size(WIDE)
    for name in ("course", "quiz", "lesson", "question"):
        page.goto(live_server.url + reverse(f"admin:courses_{name}_changelist"))
        over = page.locator("#changelist .results").evaluate("box => box.scrollWidth - box.clientWidth")
        assert (name, max(over, 0)) == (name, 0)
        assert page.locator("#changelist-filter details[open]").count() == 0
