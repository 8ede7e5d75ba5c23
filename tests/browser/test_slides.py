"""Slides in a room: keys and the second press, a phone as remote control, phones that answer, a line that is cut."""

from __future__ import annotations

import re
from io import BytesIO

import pikepdf
import pytest
from django.test import Client

from accounts.models import Membership
from courses.import_export.programme import import_programme
from courses.models import Lesson, LessonPicture
from progress.enrolment.services import enrol
from tests.browser.complaints import complaints_of
from tests.browser.conftest import PHONE, expect
from tests.browser.kept_lessons import until
from tests.factories import make_cohort, make_course, make_person, make_photo, make_plan
from tests.quizzes import make_bank, make_question, make_quiz

pytestmark = pytest.mark.workerless

BODY = "## 夸自家\n\n- **这样说不行**：“最甜！”\n- **这样说可以**：“糖度 11.7。”\n\n![窗边的果子](picture:window)\n"
# What does not fit into a slide, and what is too small to read on a wall, of all slides of the page.
UNFIT = """() => {
    const sections = [...document.querySelectorAll("[data-slide]")], found = [];
    const reads = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    for (const [n, section] of sections.entries()) {
        for (const other of sections) other.hidden = other !== section;
        for (const node of section.querySelectorAll("[data-later], [data-bars]")) {
            node.classList.add("is-shown");
            node.hidden = false;
        }
        const letters = [...section.querySelectorAll("*")].filter((node) => node.checkVisibility() && !node.closest(".sr"));
        const small = letters.filter((node) => reads(node) && parseFloat(getComputedStyle(node).fontSize) < 28);
        const over = section.scrollHeight - section.clientHeight, wide = section.scrollWidth - section.clientWidth;
        if (over > 0 || wide > 0 || small.length) found.push(`${n + 1} ${section.className} ${over} ${wide} ${small.length}`);
    }
    return found;
}"""


@pytest.fixture
def lesson(county, trainer):
    """1 title, 2 goal, 3 pair, 4 picture, 5 practice, 6 and 7 questions, 8 check, 9 task."""
    course = make_course(county, lessons=1, slug="live", title="乡村直播卖货")
    lesson = Lesson.objects.get(module__course=course)
    lesson.title, lesson.body, lesson.do_now, lesson.minutes = "先划再说", BODY, "拍一张。", 40
    LessonPicture.objects.create(lesson=lesson, photo=make_photo(trainer), name="window", alt="果子")
    lesson.save()
    make_plan(lesson)
    bank = make_bank(course)
    make_quiz(course, bank=bank, module=lesson.module)
    for kind in ("single", "true_false"):
        make_question(bank, kind)
    return lesson


@pytest.fixture
def address(live_server, lesson) -> str:
    return f"{live_server.url}/courses/live/lessons/{lesson.pk}/slides/"


@pytest.fixture
def device(browser, live_server, no_second_factor):
    """Opens a page on a device of the person's own; no script of any may fail."""
    contexts, complaints = [], []

    def open_page(person, **screen):
        context = browser.new_context(**screen or PHONE)
        contexts.append(context)
        signed = Client()
        signed.force_login(person)
        cookie = {"name": "sessionid", "value": signed.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        page = context.new_page()
        complaints.append(complaints_of(page))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [line for found in complaints for line in found] == []


def desktop(width: int = 1280, height: int = 800) -> dict:
    return {"viewport": {"width": width, "height": height}}


def show(page, url: str = "") -> None:
    """Open the slides, or wait for those to which a form leads, until keys turn them."""
    if url:
        page.goto(url)
    page.locator(".deck.is-on[data-now]" if not url else ".deck.is-on").wait_for()


def at(page) -> str:
    return page.evaluate("location.hash")


def test_keys_turn_the_slides_and_a_cut_line_does_not_stop_them(device, trainer, address):
    wall = device(trainer, **desktop())
    show(wall, address)
    expect(wall.get_by_role("heading", name="先划再说")).to_be_visible()
    assert wall.locator("[data-slide]:visible").count() == 1
    until(lambda: wall.evaluate("[...document.images].every((image) => image.complete)"))
    wall.context.set_offline(True)
    for key, place in (
        ("ArrowRight", "#2"),
        ("PageDown", "#3"),
        (" ", "#3.1"),
        ("PageUp", "#3"),
        ("ArrowDown", "#3.1"),
    ):
        wall.keyboard.press(key)
        assert at(wall) == place
    expect(wall.get_by_text("“糖度 11.7。”")).to_be_visible()
    wall.keyboard.press("ArrowLeft")
    expect(wall.get_by_text("“糖度 11.7。”")).to_be_hidden()
    wall.keyboard.press("ArrowRight")
    wall.keyboard.press("ArrowRight")
    expect(wall.get_by_role("img", name="窗边的果子")).to_be_visible()
    assert wall.evaluate("document.querySelector('.slide__photo').naturalWidth") > 0
    wall.keyboard.press("End")
    assert (at(wall), wall.locator("[data-number]").text_content()) == ("#9", "9")
    wall.keyboard.press("ArrowRight")
    assert at(wall) == "#9"
    wall.keyboard.press("Home")
    assert at(wall) == "#1"


@pytest.mark.long
def test_a_remote_moves_the_wall_and_three_phones_answer(
    device, trainer, village, lesson, address, live_server
):
    cohort = make_cohort(lesson.module.course, village, trainer, name="秋季班")
    people = [make_person(name, (Membership.Role.TRAINEE, village)) for name in ("甲", "乙", "丙")]
    for person in people:
        enrol(person, cohort.course, cohort)
    wall = device(trainer, **desktop())
    show(wall, address)
    wall.get_by_label("哪个班用手机答").select_option(label="秋季班")
    wall.get_by_role("button", name="连手机：遥控、答题").click()
    show(wall)
    remote = device(trainer)
    remote.goto(f"{address}remote/")
    for n in (2, 3):
        remote.get_by_role("button", name="下一页").click()
        expect(wall).to_have_url(f"{address}#{n}", timeout=2000)
    expect(remote.get_by_text("show，看我的手。").locator("visible=true")).to_be_visible()
    wall.keyboard.press("End")
    expect(remote.get_by_text("9/9")).to_be_visible(timeout=2500)
    wall.goto(f"{address}#6")
    wall.reload()  # keeps the place, and the remote follows it
    expect(remote.get_by_text("6/9")).to_be_visible(timeout=2500)
    phones = [device(person) for person in people]
    right = wall.locator("[id='6'] [data-right]").get_attribute("data-letter")
    wrong = next(letter for letter in "ABC" if letter != right)
    for phone, letter in zip(phones, (right, wrong, right), strict=True):
        phone.goto(f"{live_server.url}/learn/")
        phone.get_by_role("link", name="课堂答题").click()
        phone.locator(f"[name=letter][value={letter}]").click()
        expect(phone.get_by_text(f"你答的是 {letter}。揭晓以前还能改。")).to_be_visible()
    expect(wall.locator("[id='6'] [data-answered] b")).to_have_text("3", timeout=2500)
    expect(wall.locator("[id='6'] [data-bars]").first).to_be_hidden()
    wall.locator(f"[id='6'] [data-hand={wrong}]").fill("4")
    remote.get_by_role("button", name="下一页").click()
    for letter, number in ((right, "2"), (wrong, "5")):
        bar = wall.locator(f"[id='6'] [data-letter={letter}] [data-count]")
        expect(bar).to_be_visible(timeout=2500)
        expect(bar).to_have_text(number, timeout=2500)
    expect(wall.locator("[id='6'] [data-answered]")).to_have_text("已答 7")  # three phones and four hands
    expect(wall.locator("[id='6'] .slide__join img")).to_be_hidden()
    expect(wall.get_by_text("扫码答，或点").first).to_be_hidden()
    expect(phones[1].get_by_text("这一题揭晓了，不再收。")).to_be_visible(timeout=6000)
    expect(phones[1].locator("[name=letter]").first).to_be_disabled()
    # without the line the keyboard still turns, and the wall says what is wrong
    wall.context.set_offline(True)
    expect(wall.get_by_text("遥控断了，用键盘")).to_be_visible(timeout=8000)
    wall.keyboard.press("ArrowRight")
    assert at(wall) == "#7"
    wall.context.set_offline(False)
    expect(wall.get_by_text("遥控断了，用键盘")).to_be_hidden(timeout=8000)
    expect(remote.get_by_text("7/9")).to_be_visible(timeout=4000)
    wall.get_by_role("link", name="回到教案").click()
    expect(wall.get_by_role("dialog", name="下课？")).to_be_visible()
    wall.keyboard.press("Escape")
    wall.get_by_role("link", name="回到教案").click()
    expect(wall).not_to_have_url(re.compile("/slides/"))


@pytest.mark.long
def test_a_slide_left_out_is_passed_over_also_by_the_remote(device, trainer, address):
    wall = device(trainer, **desktop())
    show(wall, address)
    wall.get_by_role("button", name="连手机：遥控、答题").click()
    show(wall)
    wall.keyboard.press("o")
    wall.locator("[data-skip='2']").check()
    wall.keyboard.press("Escape")
    wall.keyboard.press("ArrowRight")
    assert at(wall) == "#3"
    wall.keyboard.press("ArrowLeft")
    assert at(wall) == "#1"
    remote = device(trainer)
    remote.goto(f"{address}remote/")
    expect(remote.get_by_text("1/9")).to_be_visible(timeout=4000)
    remote.get_by_role("button", name="下一页").click()
    expect(wall).to_have_url(f"{address}#3", timeout=4000)
    expect(remote.get_by_text("3/9")).to_be_visible(timeout=4000)
    wall.reload()
    show(wall)
    assert wall.evaluate("document.querySelector('[data-skip=\"2\"]').checked")


@pytest.mark.long
def test_the_clock_of_a_practice_runs_from_the_second_press_and_through_a_reload(device, trainer, address):
    wall = device(trainer, **desktop())
    show(wall, f"{address}#5")
    clock = wall.locator("[id='5'] [data-clock]")
    expect(clock).to_have_text("37:00")
    wall.keyboard.press(" ")
    expect(clock).to_have_text("36:58", timeout=4000)
    wall.reload()
    expect(clock).not_to_have_text("37:00")
    wall.keyboard.press("ArrowLeft")
    expect(clock).to_have_text("37:00")


@pytest.mark.long
def test_without_a_script_it_is_one_page_and_prints(device, trainer, address):
    wall = device(trainer, java_script_enabled=False, **desktop())
    wall.goto(address)
    expect(wall.get_by_role("heading", name="先划再说")).to_be_visible()
    expect(wall.get_by_text("“糖度 11.7。”")).to_be_visible()
    expect(wall.get_by_text("拍一张。")).to_be_visible()
    wall.get_by_role("button", name="连手机：遥控、答题").click()
    wall.goto(f"{address}remote/")
    wall.get_by_role("button", name="下一页").click()
    expect(wall.get_by_text("2/9")).to_be_visible()
    turned = device(trainer, **desktop())
    show(turned, f"{address}#3")
    with pikepdf.open(BytesIO(turned.pdf(format="A4", landscape=True))) as printed:
        assert len(printed.pages) > 2  # all slides, though one is on the screen


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_pass_axe_and_fit_a_phone_and_walls(
    device, axe, trainer, village, lesson, address, live_server, language
):
    cohort = make_cohort(lesson.module.course, village, trainer, name="秋季班")
    learner = make_person("甲", (Membership.Role.TRAINEE, village))
    enrol(learner, cohort.course, cohort)
    wall = device(trainer, **desktop())
    wall.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    wall.goto(address)
    wall.locator("select").select_option(label="秋季班")
    wall.locator(".slide__start .btn--main").click()
    wall.wait_for_selector(".deck.is-on [data-number]")
    for place in range(1, 10):
        wall.goto(f"{address}#{place}.1" if place in (3, 6, 8) else f"{address}#{place}")
        axe(wall)
    for width, height in ((1280, 800), (1920, 1080)):
        wall.set_viewport_size({"width": width, "height": height})
        assert wall.evaluate(UNFIT) == []
    wall.set_viewport_size({"width": 360, "height": 740})
    wall.reload()
    axe(wall)
    wall.keyboard.press("o")
    axe(wall)
    wall.keyboard.press("Escape")
    wall.goto(f"{address}remote/")
    axe(wall)
    phone = device(learner)
    phone.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    wall.goto(f"{address}#6")
    phone.goto(f"{live_server.url}/learn/")
    phone.locator("a[href*='/learn/classroom/']").click()
    phone.locator("[name=letter]").first.wait_for()
    axe(phone)


@pytest.mark.long
def test_no_slide_of_the_programme_is_cut_or_too_small(device, trainer, county, live_server):
    import_programme(county)
    wall, wrong = device(trainer, **desktop()), []
    lessons = Lesson.objects.filter(module__number__in=(1, 7, 8, 10, 14, 15)).select_related("module__course")
    assert len(lessons) == 54  # in both languages
    for lesson in lessons:
        show(wall, f"{live_server.url}/courses/{lesson.module.course.slug}/lessons/{lesson.pk}/slides/")
        wrong += [f"{lesson.title}: {line}" for line in wall.evaluate(UNFIT)]
    assert wrong == []
