"""A trainer writes a lesson with a picture and asks a question about it; a trainee reads the one and answers the other."""

import re

import pytest
from playwright.sync_api import Page, expect

from courses.models import Lesson, LessonPicture, Module, Question, Quiz, State
from progress.enrolment.services import enrol
from progress.models import Attempt
from tests.factories import make_cohort, make_course
from tests.media.pictures import jpeg

DESK = {"width": 1280, "height": 800}
PHOTO = {"name": "IMG_0042.jpg", "mimeType": "image/jpeg", "buffer": jpeg(900, 600)}


@pytest.fixture
def course(settings, county, trainer, village):
    settings.DEMO = True  # the second factor has its own tests
    course = make_course(county, lessons=1, title="柑橘课")
    make_cohort(course, village, trainer)
    return course


def shown(page: Page):
    return page.frame_locator("iframe[title=学员看到的样子]").locator("main")


def select(page: Page, words: str) -> None:
    """Selects these words in the lesson's text, as a mouse does."""
    page.locator("#id_body").evaluate(
        "(box, words) => { const at = box.value.indexOf(words); box.setSelectionRange(at, at + words.length); box.focus(); }",
        words,
    )


@pytest.mark.long
def test_a_lesson_with_its_picture_and_question_reaches_a_trainee(
    page, sign_in, live_server, trainer, trainee, course, work_off, axe
):
    sign_in(trainer)
    page.set_viewport_size(DESK)

    # From the trainer's home to an empty lesson.
    page.goto(f"{live_server.url}/classes/")
    page.get_by_role("link", name="写课").click()
    axe()
    page.get_by_role("link", name="柑橘课").click()
    page.get_by_role("link", name="加一课").click()
    page.locator("#id_title").fill("把果子拍清楚")

    # Text, with bold and a list by the buttons.
    text = page.locator("#id_body")
    text.fill("光要从侧面来。\n\n擦镜头\n蹲下来\n靠近拍")
    select(page, "侧面")
    page.get_by_role("button", name="加粗").click()
    select(page, "擦镜头\n蹲下来\n靠近拍")
    page.get_by_role("button", name="• 清单").click()
    expect(text).to_have_value("光要从**侧面**来。\n\n- 擦镜头\n- 蹲下来\n- 靠近拍")

    # A picture at the cursor, sent before the lesson is stored for the first time.
    text.evaluate("box => box.setSelectionRange(11, 11)")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="放图").click()
    chooser.value.set_files(PHOTO)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("窗边的橙子")
    dialog.get_by_role("button", name="放进正文").click()
    expect(text).to_have_value(
        re.compile(r"^光要从\*\*侧面\*\*来。\n\n!\[窗边的橙子\]\(picture:photo-1\)\n\n- 擦镜头")
    )
    assert not Lesson.objects.filter(title="把果子拍清楚").exists()

    # As a trainee will read it, next to the text.
    work_off()
    expect(shown(page).locator("strong")).to_have_text("侧面")
    expect(shown(page).locator("li")).to_have_text(["擦镜头", "蹲下来", "靠近拍"])
    expect(shown(page).locator("figure img")).to_have_attribute("alt", "窗边的橙子")
    left, right = text.bounding_box(), page.locator("iframe[title=学员看到的样子]").bounding_box()
    assert left["x"] + left["width"] <= right["x"]
    assert right["x"] + right["width"] <= DESK["width"]
    axe()

    # Stored and published, and from the lesson to its first question.
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("“把果子拍清楚”保存好了。")
    axe()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("发布了 1 节课。")
    page.get_by_role("link", name="加一道题").click()
    page.get_by_role("link", name="单选").click()
    refused = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 500 else None)
    look = page.frame_locator("iframe[title=预览]")
    page.locator("[name=text]").fill("光从哪儿来好看？")
    page.locator("[name=text_1]").fill("正上方")
    page.locator("[name=text_2]").fill("侧面")
    page.locator("[name=right]").nth(1).check()
    expect(look.get_by_role("radio", name="侧面")).to_be_visible()
    page.locator("[name=explain]").fill("侧面来的光，果皮的纹路看得清。")
    expect(look.get_by_text("侧面来的光")).to_be_visible()
    assert refused == []
    axe()
    page.get_by_role("button", name="保存", exact=True).click()

    # Back at the unit's questions: published there, and from there back to the lesson.
    expect(page.locator("#content-main").get_by_role("link", name="光从哪儿来好看？")).to_be_visible()
    axe()
    page.get_by_role("button", name="发布小测").click()
    expect(page.locator(".messagelist")).to_contain_text("发布了")
    page.get_by_role("link", name="回到这一课").click()
    expect(page.locator("#id_title")).to_have_value("把果子拍清楚")
    lesson, question, quiz = (
        Lesson.objects.get(title="把果子拍清楚"),
        Question.objects.get(),
        Quiz.objects.get(),
    )
    assert (lesson.state, quiz.state, quiz.module) == (State.PUBLISHED, State.PUBLISHED, Module.objects.get())
    assert question.bank == quiz.bank
    assert LessonPicture.objects.get().alt == "窗边的橙子"

    # A trainee, on a phone.
    page.context.clear_cookies()
    enrol(trainee, course)
    sign_in(trainee)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{live_server.url}{lesson.get_absolute_url()}")
    picture = page.get_by_role("img", name="窗边的橙子")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("img => img.naturalWidth") > 0
    expect(page.locator(".prose li")).to_have_text(["擦镜头", "蹲下来", "靠近拍"])
    page.goto(f"{live_server.url}/learn/quizzes/{quiz.pk}/")
    page.get_by_role("button", name="开始答题").click()
    page.get_by_text("侧面", exact=True).click()
    page.get_by_role("button", name="交答案").click()
    expect(page.get_by_text("侧面来的光，果皮的纹路看得清。")).to_be_visible()
    assert Attempt.objects.get().user == trainee
