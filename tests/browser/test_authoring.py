"""A trainer writes: the text is shown as it will be read, and a pasted picture finds its place in it."""

import base64
import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from courses.models import Lesson, LessonPicture, State
from tests.factories import make_course, make_photo
from tests.media.makers import jpeg

PASTE = """(text, [kind, content, words]) => {
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([bytes], "shot.jpg", { type: "image/jpeg" }));
  if (words) given.setData("text/plain", words);
  const facts = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...facts, clipboardData: given })
    : new DragEvent("drop", { ...facts, dataTransfer: given });
  return text.dispatchEvent(event);
}"""


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def lesson(county) -> Lesson:
    course = make_course(county, lessons=1, title="柑橘课", state=State.DRAFT)
    lesson = Lesson.objects.get(module__course=course)
    LessonPicture.objects.create(lesson=lesson, photo=make_photo(), name="hold", alt="夹紧胳膊")
    lesson.body = "## 为什么会晃\n\n手机一抖，看的人头晕。\n\n![](picture:hold)\n\n夹紧胳膊，两脚站稳。\n"
    lesson.save()
    return lesson


@pytest.fixture
def editor(page: Page, sign_in, trainer, lesson, live_server) -> Page:
    sign_in(trainer)
    page.goto(live_server.url + reverse("admin:courses_lesson_change", args=[lesson.pk]))
    return page


def paste(page: Page, kind: str = "paste", words: str = "") -> bool:
    content = base64.b64encode(jpeg(900, 600)).decode()
    return page.locator("#id_body").evaluate(PASTE, [kind, content, words])


def shown(page: Page):
    return page.frame_locator(".draft__page").locator("main")


def test_the_text_is_shown_as_it_will_be_read(editor, axe):
    expect(shown(editor).locator("h2").first).to_have_text("为什么会晃")
    expect(shown(editor).locator("figure img")).to_have_attribute("alt", "夹紧胳膊")
    editor.locator("#id_body").fill("## 新的\n\n一二三四五。\n\n![](picture:none)")
    expect(shown(editor).locator("h2").first).to_have_text("新的")
    expect(editor.locator("[data-draft] [data-told]")).to_contain_text("正文 7 个字，读完约 1 分钟。")
    expect(editor.locator("[data-draft] [data-told]")).to_contain_text("picture:none 找不到")
    expect(editor.locator("[data-draft] [data-told]")).to_contain_text("插图 hold 没放进正文")
    axe()


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_put_onto_the_text_gets_its_words_and_is_stored(kind, editor, lesson, work_off):
    text = editor.locator("#id_body")
    text.evaluate("text => text.setSelectionRange(9, 9)")
    assert paste(editor, kind) is False
    dialog = editor.locator("dialog.paste")
    dialog.get_by_role("button", name="放进正文").click()
    expect(dialog).to_contain_text("写一句图上有什么")
    dialog.locator("input").fill("两手[握]住")
    dialog.get_by_role("button", name="放进正文").click()
    expect(dialog).to_be_hidden()
    expect(text).to_have_value(re.compile(re.escape("\n\n![两手\\[握\\]住](picture:photo-1)\n\n")))
    expect(shown(editor)).to_contain_text("照片正在处理：两手[握]住")
    editor.get_by_role("button", name="保存", exact=True).click()
    expect(editor.locator(".messagelist")).to_be_visible()
    row = LessonPicture.objects.get(lesson=lesson, name="photo-1")
    assert row.alt == "两手[握]住"
    work_off()
    lesson.refresh_from_db()
    lesson.render()
    assert row.photo.key in lesson.html


def test_a_picture_that_is_not_wanted_leaves_nothing(editor):
    before = editor.locator("#id_body").input_value()
    paste(editor)
    editor.locator("dialog.paste").get_by_role("button", name="不要了").click()
    expect(editor.locator("dialog.paste")).to_be_hidden()
    assert editor.locator("#id_body").input_value() == before


def test_text_that_comes_with_a_picture_is_pasted_as_text(editor):
    assert paste(editor, words="从文档里来的字") is True
    expect(editor.locator("dialog.paste")).to_be_hidden()


def test_a_broken_line_is_said_and_the_text_stays(editor):
    expect(shown(editor).locator("h2").first).to_have_text("为什么会晃")
    editor.context.set_offline(True)
    editor.locator("#id_body").fill("断线时写的")
    expect(editor.locator("[data-draft] [data-told]")).to_have_text(
        "预览没连上。接着写，不会丢，连上了再给您看。"
    )
    editor.context.set_offline(False)
    editor.locator("#id_body").press("End")
    editor.locator("#id_body").type("。")
    expect(shown(editor)).to_contain_text("断线时写的。")
