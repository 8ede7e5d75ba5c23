"""A trainer writes: the text is shown as it will be read, and a pasted picture finds its place in it."""

import base64
import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from courses.models import Lesson, LessonPicture, State
from tests.factories import make_course, make_photo
from tests.media.pictures import jpeg

pytestmark = pytest.mark.one_phone

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


def paste(page: Page, kind: str = "paste", words: str = "", height: int = 600) -> bool:
    content = base64.b64encode(jpeg(900, height)).decode()
    return page.locator("#id_body").evaluate(PASTE, [kind, content, words])


def shown(page: Page):
    return page.frame_locator(".draft__page").locator("main")


@pytest.mark.long
def test_the_text_is_shown_as_it_will_be_read_and_a_broken_line_is_said(editor, axe):
    expect(shown(editor).locator("h2").first).to_have_text("为什么会晃")
    expect(shown(editor).locator("figure img")).to_have_attribute("alt", "夹紧胳膊")
    editor.locator("#id_body").fill("## 新的\n\n一二三四五。\n\n![](picture:none)")
    expect(shown(editor).locator("h2").first).to_have_text("新的")
    expect(editor.locator("[data-draft] [data-status]")).to_contain_text("正文 7 个字，读完约 1 分钟。")
    expect(editor.locator("[data-draft] [data-status]")).to_contain_text("picture:none 找不到")
    expect(editor.locator("[data-draft] [data-status]")).to_contain_text("插图 hold 没放进正文")
    axe()
    # A broken line is said, and the text stays.
    editor.context.set_offline(True)
    editor.locator("#id_body").fill("断线时写的")
    expect(editor.locator("[data-draft] [data-status]")).to_have_text(
        "预览没连上。接着写，不会丢，连上了再给你看。"
    )
    editor.context.set_offline(False)
    editor.locator("#id_body").press("End")
    editor.locator("#id_body").type("。")
    expect(shown(editor)).to_contain_text("断线时写的。")


@pytest.mark.long
def test_a_picture_put_onto_the_text_gets_its_words_and_is_stored(editor, lesson, work_off):
    text, dialog = editor.locator("#id_body"), editor.locator("dialog.paste")
    # One that is not wanted leaves nothing.
    before = text.input_value()
    paste(editor)
    dialog.get_by_role("button", name="不要了").click()
    expect(dialog).to_be_hidden()
    assert text.input_value() == before
    # Text that comes with a picture is pasted as text.
    assert paste(editor, words="从文档里来的字") is True
    expect(dialog).to_be_hidden()
    for number, kind in enumerate(("paste", "drop"), 1):
        text.evaluate("text => text.setSelectionRange(9, 9)")
        assert paste(editor, kind, height=600 + number) is False
        dialog.get_by_role("button", name="放进正文").click()
        expect(dialog, kind).to_contain_text("写一句图上有什么")
        dialog.locator("input").fill(f"两手[握]住{number}")
        dialog.get_by_role("button", name="放进正文").click()
        expect(dialog).to_be_hidden()
        line = f"\n\n![两手\\[握\\]住{number}](picture:photo-{number})\n\n"
        expect(text, kind).to_have_value(re.compile(re.escape(line)))
        expect(shown(editor), kind).to_contain_text(f"照片正在处理：两手[握]住{number}")
    editor.get_by_role("button", name="保存", exact=True).click()
    expect(editor.locator(".messagelist")).to_be_visible()
    work_off()
    lesson.refresh_from_db()
    lesson.render()
    for number in (1, 2):
        row = LessonPicture.objects.get(lesson=lesson, name=f"photo-{number}")
        assert row.alt == f"两手[握]住{number}"
        assert row.photo.key in lesson.html


def typed(page: Page, text: str, chosen: str = "") -> None:
    """Writes the whole text anew and selects these words of it."""
    box = page.locator("#id_body")
    box.fill(text)
    at = text.index(chosen) if chosen else len(text)
    box.evaluate("(box, [from, to]) => box.setSelectionRange(from, to)", [at, at + len(chosen)])


@pytest.mark.long
def test_keys_and_buttons_write_the_marks_and_take_them_away(editor):
    for keys, text, chosen, written in (
        ("Control+b", "先擦镜头，再拍。", "擦镜头", "先**擦镜头**，再拍。"),
        # Marks next to punctuation or spaces would not make it bold.
        ("Control+b", "注意：别晃。", "注意：", "**注意**：别晃。"),
        ("Control+b", "一 二 三", " 二 ", "一 **二** 三"),
        ("Control+b", "先", "", "先**要紧的话**"),
        ("Control+k", "看这里。", "这里", "看[这里](https://)。"),
        ("Control+k", "https://example.org/a", "https://example.org/a", "[点这里看](https://example.org/a)"),
        ("Control+Shift+Digit8", "三样：\n电\n网\n后面", "电\n网", "三样：\n\n- 电\n- 网\n\n后面"),
        ("Control+Shift+Digit7", "- 电\n- 网", "电\n- 网", "1. 电\n2. 网"),
        ("Control+Alt+Digit2", "为什么会晃\n\n手抖。", "会晃", "## 为什么会晃\n\n手抖。"),
    ):
        typed(editor, text, chosen)
        editor.keyboard.press(keys)
        expect(editor.locator("#id_body"), keys).to_have_value(written)
        editor.keyboard.press("Control+z")
        expect(editor.locator("#id_body"), keys).to_have_value(text)
    # The same button again takes the marks away.
    for button, text, chosen in (
        ("加粗", "先擦镜头。", "擦镜头"),
        ("• 清单", "电\n网", "电\n网"),
        ("小标题", "晃", "晃"),
    ):
        typed(editor, text, chosen)
        press = editor.get_by_role("button", name=button, exact=True)
        press.click()
        assert editor.locator("#id_body").input_value() != text
        press.click()
        expect(editor.locator("#id_body")).to_have_value(text)
    # Enter goes on with a list and ends it.
    typed(editor, "1. 电")
    for line in ("网", "光"):
        editor.keyboard.press("Enter")
        editor.keyboard.type(line)
    editor.keyboard.press("Enter")
    editor.keyboard.press("Enter")
    editor.keyboard.type("完")
    expect(editor.locator("#id_body")).to_have_value("1. 电\n2. 网\n3. 光\n完")


@pytest.mark.long
def test_a_picture_of_the_lesson_is_put_into_the_text_by_its_button(editor):
    typed(editor, "上面\n\n下面", "下面")
    editor.get_by_text("放过的图").click()
    row = editor.locator("#pictures-0")
    row.get_by_role("button", name="放进正文").click()
    expect(editor.locator("#id_body")).to_have_value("上面\n\n![夹紧胳膊](picture:hold)\n\n")
    row = editor.locator("#pictures-1")
    row.locator("input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg(900, 600)}
    )
    dialog = editor.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("两脚站稳")
    dialog.get_by_role("button", name="放进正文").click()
    expect(editor.locator("#id_body")).to_have_value(re.compile(re.escape("![两脚站稳](picture:photo-1)")))
    expect(row.locator("input[type=hidden][name=pictures-1-photo]")).to_have_count(1)


@pytest.mark.long
def test_what_was_not_saved_comes_back_with_its_pictures(
    editor, lesson, live_server, sign_in, trainer, organiser
):
    """After leaving without saving, after a save that failed, until it is saved or dropped; for this person only."""
    text, note = editor.locator("#id_body"), editor.locator("[data-kept]")
    address = editor.url
    typed(editor, "写到一半。")
    paste(editor)
    dialog = editor.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("两手握住")
    dialog.get_by_role("button", name="放进正文").click()
    written = re.compile(r"^写到一半。\n\n!\[两手握住\]\(picture:photo-1\)")
    expect(text).to_have_value(written)
    editor.goto(f"{live_server.url}/classes/")
    editor.goto(address)
    expect(note).to_be_visible()
    expect(text).to_have_value(written)
    expect(editor.locator("input[name=pictures-1-photo]")).to_have_count(1)
    expect(editor.locator("[name=pictures-1-alt]")).to_have_value("两手握住")

    editor.locator("#id_title").fill("")
    editor.get_by_role("button", name="保存", exact=True).click()
    expect(editor.locator(".errornote")).to_be_visible()
    expect(text).to_have_value(written)
    expect(editor.locator("input[name=pictures-1-photo]")).to_have_count(1)

    sign_in(organiser)
    editor.goto(address)
    expect(text).to_have_value(lesson.body)

    sign_in(trainer)
    editor.goto(address)
    editor.locator("#id_title").fill("存好了")
    editor.get_by_role("button", name="保存", exact=True).click()
    expect(editor.locator(".messagelist")).to_be_visible()
    assert LessonPicture.objects.filter(lesson=lesson, name="photo-1", alt="两手握住").exists()
    editor.goto(address)
    expect(note).to_be_hidden()
    typed(editor, "又改了，不要")
    editor.goto(address)
    note.get_by_role("button").click()
    expect(text).to_have_value(written)
    expect(note).to_be_hidden()


def test_a_new_lesson_is_empty_once_the_last_one_is_saved(editor, lesson, live_server):
    address = f"{live_server.url}{reverse('admin:courses_lesson_add')}?module={lesson.module_id}"
    editor.goto(address)
    editor.locator("#id_title").fill("新的一课")
    typed(editor, "正文。")
    editor.goto(address)
    expect(editor.locator("#id_title")).to_have_value("新的一课")
    editor.get_by_role("button", name="存并发布").click()
    expect(editor.locator(".messagelist")).to_be_visible()
    editor.goto(address)
    expect(editor.locator("#id_title")).to_have_value("")
    expect(editor.locator("[data-kept]")).to_be_hidden()
    assert Lesson.objects.get(title="新的一课").state == State.PUBLISHED


def save_on_a_dead_line(page: Page) -> None:
    page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile("^chrome-error:"))
    page.unroute("**/*")


@pytest.mark.parametrize("is_new", [False, pytest.param(True, marks=pytest.mark.long)])
def test_what_was_sent_on_a_dead_line_outlives_another_lesson_that_is_stored(
    editor, lesson, live_server, county, is_new
):
    add = f"{live_server.url}{reverse('admin:courses_lesson_add')}?module="
    elsewhere = make_course(county, lessons=1, title="茶课", state=State.DRAFT).modules.get()
    address = f"{add}{lesson.module_id}" if is_new else editor.url
    editor.goto(address)
    editor.locator("#id_title").fill("没送到的")
    typed(editor, "断线前写的。")
    save_on_a_dead_line(editor)
    editor.goto(f"{add}{elsewhere.pk}")
    editor.locator("#id_title").fill("另一课")
    typed(editor, "正文。")
    editor.get_by_role("button", name="保存", exact=True).click()
    expect(editor.locator(".messagelist")).to_be_visible()
    editor.goto(address)
    expect(editor.locator("[data-kept]")).to_be_visible()
    expect(editor.locator("#id_body")).to_have_value("断线前写的。")
    editor.get_by_role("button", name="保存", exact=True).click()
    expect(editor.locator(".messagelist")).to_be_visible()
    editor.goto(address)
    expect(editor.locator("[data-kept]")).to_be_hidden()
    assert Lesson.objects.get(title="没送到的").module_id == lesson.module_id
