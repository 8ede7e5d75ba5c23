"""The admin in Chromium: its pages on a wide screen and a phone, what is chosen and typed there, and that all of it fits."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from courses.models import Course, LessonPicture, State
from progress.models import Enrolment
from shops.models import ProductPhoto
from tests.browser.conftest import SCREENS, expect
from tests.factories import make_cohort, make_course, make_person, make_photo, make_product, make_shop
from tests.quizzes import make_quiz

pytestmark = pytest.mark.one_phone

WIDE = {"width": 1280, "height": 800}


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


@pytest.mark.parametrize("half", [0, pytest.param(1, marks=pytest.mark.long)])
def test_pages_keep_to_the_csp_to_the_screen_and_to_wcag(
    everything, organiser, sign_in, live_server, fits, half
):
    page = sign_in(organiser)
    urls = [reverse("admin:index")]
    urls += [reverse(f"admin:{name}_changelist") for name in everything]
    urls += [reverse(f"admin:{name}_change", args=[row.pk]) for name, row in everything.items()]
    urls += [reverse("admin:courses_course_outline", args=[everything["courses_course"].pk])]
    urls += [reverse("admin:courses_lesson_add"), reverse("admin:courses_cohort_add")]
    urls += [reverse("admin:courses_course_history", args=[everything["courses_course"].pk])]
    urls += [reverse("admin:shops_product_changelist") + "?q=没有这种果子"]
    for url in urls[half::2]:
        page.goto(live_server.url + url)
        fits()


@pytest.mark.long
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


@pytest.mark.long
def test_a_pictures_line_is_put_where_the_cursor_was(course, trainer, sign_in, live_server):
    lesson = course.modules.first().lessons.first()
    LessonPicture.objects.create(lesson=lesson, photo=make_photo(trainer), name="hold", alt="夹紧胳膊")
    page = sign_in(trainer)
    page.goto(live_server.url + reverse("admin:courses_lesson_change", args=[lesson.pk]))
    body = page.locator("#id_body")
    body.fill("上面\n下面")
    body.evaluate("box => box.setSelectionRange(2, 2)")
    page.get_by_text("放过的图").click()
    page.locator("#pictures-0").get_by_role("button", name="放进正文").click()
    expect(body).to_have_value("上面\n\n![夹紧胳膊](picture:hold)\n\n下面")
    expect(body).to_be_focused()


@pytest.mark.long
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


@pytest.mark.long
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
  const buttons = [...document.querySelectorAll(".object-tools a, .next .button, .next summary, .step")];
  const all = buttons.map((one) => [one.textContent.trim(), one.getBoundingClientRect()]);
  const on = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const over = ([word, box], n) => all.slice(n + 1).filter(([, other]) => on(box, other)).map(([other]) => `${word} / ${other}`);
  return all.flatMap(over);
}"""


@pytest.mark.long
def test_buttons_of_a_form_cover_nothing(course, trainer, sign_in, live_server, languages):
    Course.objects.update(state=State.PUBLISHED)
    page = sign_in(trainer)
    for language in languages():
        for row in (course, course.modules.first().lessons.first()):
            name = row._meta.model_name
            page.goto(live_server.url + reverse(f"admin:courses_{name}_change", args=[row.pk]))
            assert page.locator(".object-tools a, .next a").count() >= 3
            for width in (360, 800, 1280, 1600):
                page.set_viewport_size({"width": width, "height": 800})
                assert (name, language, width, page.evaluate(OVER)) == (name, language, width, [])


@pytest.mark.long
def test_kinds_of_questions_are_read_by_the_line(course, trainer, sign_in, live_server):
    page = sign_in(trainer)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page.goto(live_server.url + reverse("admin:courses_question_add"))
    for screen in SCREENS:
        page.set_viewport_size(screen)
        widths = page.locator(".question-kinds span").evaluate_all(
            "all => all.map((one) => one.parentElement.clientWidth)"
        )
        tall = page.locator(".question-kinds a").evaluate_all("all => all.map((one) => one.clientHeight)")
        assert (len(widths), min(widths) > 150, max(tall) < 160) == (7, True, True)


@pytest.mark.long
def test_lists_keep_their_last_columns_in_sight(course, trainer, sign_in, live_server, languages):
    make_quiz(course, "single", module=course.modules.first(), title="第一单元学完以后考一考看记住了没有")
    page = sign_in(trainer)
    page.set_viewport_size(WIDE)
    for language in languages():
        for name in ("course", "quiz", "lesson", "question"):
            page.goto(live_server.url + reverse(f"admin:courses_{name}_changelist"))
            over = page.locator("#changelist .results").evaluate("box => box.scrollWidth - box.clientWidth")
            assert (name, language, max(over, 0)) == (name, language, 0)
            assert page.locator("#changelist-filter details[open]").count() == 0


@pytest.mark.long
def test_a_list_shows_all_its_columns_on_a_phone(course, trainer, sign_in, live_server):
    page = sign_in(trainer)
    page.goto(live_server.url + reverse("admin:courses_lesson_changelist"))
    cells = page.locator("#result_list tbody tr").first.locator("th, td:not([data-empty])")
    edges = cells.evaluate_all("cells => cells.map((cell) => cell.getBoundingClientRect().right)")
    assert len(edges) == 8
    assert max(edges) <= 360
    expect(page.locator("#result_list td.field-state").first).to_have_attribute("data-label", "状态")
