"""Pages for trainers as PDF: what is on them, how they look, who gets them."""

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import translation

from courses.models import Assignment
from courses.preparation.files import read_page
from programme.lesson_plans.trainer_pages import fill_trainer_page
from programme.typesetting import straighten_marks
from tests.factories import make_course, make_plan
from tests.pages import squeeze
from tests.pdfs import draw_pages, read_codes

URL = "/courses/live/preparation/{}.pdf"


@pytest.fixture
def course(county, settings, tmp_path):
    settings.DEMO, settings.PREPARATION_DIR = True, tmp_path
    course = make_course(county, lessons=1, slug="live", title="直播课")
    module = course.modules.get()
    module.lessons.update(code="01-steady-hands", minutes=50, title="拿稳")
    Assignment.objects.create(module=module, title="五条视频", text="拍", minutes=60)
    make_plan(module.lessons.get(), kit="独轮车一辆\n秤 4 台")
    return course


def blocks_of(name: str, course) -> list[dict]:
    return fill_trainer_page(read_page(name), course, "https://nong.example/x")["blocks"]


def test_a_timetable_is_printed_with_clocks_and_what_to_do_at_home(course):
    number = course.modules.get().number
    blocks = blocks_of("six-days", course)
    assert number == 1
    first = next(block for block in blocks if block["text"] == "第一天上午　8:30–12:00")
    table = blocks[blocks.index(first) + 1]
    assert table["columns"] == ["14mm", "1fr", "auto"]
    assert table["rows"][2] == ["9:30", "拿稳", "50 分钟"]
    assert {"kind": "item", "text": "回家做　五条视频　1 小时", "columns": 0, "rows": []} in blocks


def test_what_to_bring_has_boxes_to_tick_and_what_plans_ask_besides(course):
    ticks = [block["text"] for block in blocks_of("kit", course) if block["kind"] == "tick"]
    assert ticks[0].startswith("电子秤，放得下一箱果，看得到 10 克　5 台，一组一台\n")
    assert ticks[-1] == "独轮车一辆"


def test_a_text_is_printed_with_its_headings_items_and_tables(course):
    blocks = blocks_of("groups", course)
    assert [block["text"] for block in blocks if block["kind"] == "heading"][:2] == [
        "先问，再分",
        "一组里要有什么",
    ]
    [table] = [block for block in blocks if block["kind"] == "table"]
    assert (table["columns"], len(table["rows"])) == (["1fr", "1fr"], 5)
    assert table["rows"][0] == ["一组四个人", "为什么"]
    assert sum(block["kind"] == "item" for block in blocks) == 4


def test_marks_of_english_are_narrow_and_those_of_chinese_stay(course):
    with translation.override("en"):
        text = "\n".join(block["text"] for block in blocks_of("first-class", course))
    assert "if they won't, write it yourself" in text
    assert not set("‘’“”") & set(text)
    assert "“你先办着看”" in "\n".join(block["text"] for block in blocks_of("first-class", course))
    assert straighten_marks("“‘Not mine,’ he says”: 5 斤") == "\"'Not mine,' he says\": 5 斤"
    assert straighten_marks("写“5 斤”，不写“约”") == "写“5 斤”，不写“约”"


def test_ten_steps_are_ten_headings(course):
    blocks = blocks_of("first-class", course)
    assert [block["text"][:2] for block in blocks if block["kind"] == "heading"] == [
        *(f"{number}　" for number in range(1, 10)),
        "10",
    ]


@pytest.mark.long
def test_who_teaches_the_course_gets_the_pdf_and_nobody_else(as_user, trainer, trainee, course):
    for name in ("kit", "six-days"):
        made = as_user(trainer).get(URL.format(name))
        assert (made.status_code, made["Content-Type"]) == (200, "application/pdf")
    read = pypdfium2.PdfDocument(made.content)
    text = squeeze(read[0].get_textpage().get_text_bounded())
    assert "六天班" in text
    assert "拿稳" in text
    page = draw_pages(made.content)[0]
    assert read_codes(page) == [
        f"http://testserver{reverse('courses:preparation_page', args=['live', 'six-days'])}"
    ]
    assert URL.format("six-days") in as_user(trainer).get("/courses/live/preparation/six-days/").text
    assert as_user(trainee).get(URL.format("kit")).status_code == 404
    assert as_user(trainer).get(URL.format("none")).status_code == 404
