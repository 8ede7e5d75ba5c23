"""The files of a ledger, read back: what each sheet says, that text is no formula, that the print has it all."""

from __future__ import annotations

import hashlib
import io
import json
import re
from datetime import datetime, timedelta

import pikepdf
import pytest
from django.utils import timezone, translation
from openpyxl import load_workbook
from PIL import Image

from accounts import phones
from courses.models import Cohort
from programme import typesetting
from programme.models import Certificate, FollowUp, Step
from programme.training_ledger import printout
from programme.training_ledger.changes import compare_ledger, list_changed_sheets
from programme.training_ledger.sheets import (
    LAYOUT,
    Column,
    Sheet,
    build_follow_ups,
    build_sheets,
    count_hours,
    load_class,
)
from rehearsals.models import Submission
from tests.pdfs import draw_pages, find_letters, measure_ink
from tests.programme.training_ledger.worlds import (
    FORMULA,
    RARE,
    SITE,
    UNKNOWN,
    make_full_class,
    unzip,
    write_ledger,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(trainer, trainee, village) -> Cohort:
    return make_full_class(trainer, village, trainee)


def test_every_sheet_is_read_back_as_it_was_written(cohort, trainer, trainee):
    book = load_workbook(io.BytesIO(unzip(write_ledger(trainer, cohort))["xlsx"]))
    rows = {page.title: [tuple(cell.value for cell in row) for row in page.iter_rows()] for page in book}
    today = f"{timezone.localdate()}"
    numbers = {
        user.name: phones.format_local(user.phone) for user in (e.user for e in cohort.enrolments.all())
    }
    assert list(rows) == ["封面", "花名册", "课时", "签到", "学时", "测验", "作品", "证书", "回访"]
    assert rows["花名册"][1:] == [
        (1, FORMULA, numbers[FORMULA], None, today, None),
        (2, RARE, numbers[RARE], None, today, None),
        (3, "田巧云", numbers["田巧云"], "石榴冲村", today, None),
        (4, UNKNOWN, None, None, today, today),
    ]
    assert [(row[2], *row[6:]) for row in rows["课时"][1:]] == [
        ("竖屏怎么拍", 90, 2, None),
        ("停电", 120, None, "停电"),
        ("+讲价", 100, 1, None),
    ]
    day = f"{timezone.localdate():%m-%d}"
    assert rows["签到"] == [
        ("序号", "姓名", f"1 · {day}", f"3 · {day}"),
        (1, FORMULA, "没点", "没点"),
        (2, RARE, "迟到", "请假"),
        (3, "田巧云", "到了", "到了"),
        (4, UNKNOWN, "没点", "没点"),
    ]
    assert rows["学时"][1:] == [
        (1, FORMULA, 0, 0, 0, 0, 0, 0),
        (2, RARE, 0, 1, 1, 0, 90, 1.5),
        (3, "田巧云", 2, 0, 0, 0, 190, 3.1),
        (4, UNKNOWN, 0, 0, 0, 0, 0, 0),
    ]
    assert [(row[2], row[3], *row[6:]) for row in rows["测验"][1:]] == [
        ("学前摸底", "学前测", 2, 8, 25, None),
        ("单元小测一", "单元小测", 9, 10, 90, "及格"),
    ]
    review = f"{SITE}/review/{Submission.objects.get().key}/"
    assert [(row[2], *row[5:]) for row in rows["作品"][1:]] == [
        ("彩排", 60, review),
        ("商品", None, f"{SITE}/products/{trainee.shops_owned.get().products.get().pk}/"),
    ]
    certificate = Certificate.objects.get()
    assert rows["证书"][1][2:5] == ("结业证书", certificate.serial, certificate.code)
    assert rows["证书"][1][8] == f"{SITE}/verify/{certificate.code}/"
    cover = {row[0]: row[1] for row in rows["封面"][2:]}
    assert (cover["现在在班的人"], cover["来过又退了的人"], cover["签到"]) == (3, 1, "4 行")
    assert cover["上了几次课"] == "2 次，一共 3.1 小时"
    assert cover["谁做的"] == "李老师"
    assert list(cover.items())[-1] == ("表格版式", 1)


@pytest.mark.long
def test_who_asks_in_english_gets_english_sheets_and_their_changes_are_found(cohort, trainer, trainee):
    with translation.override("en"):
        ledger = write_ledger(trainer, cohort)
    assert (ledger.manifest["language"], ledger.manifest["layout"]) == ("en", LAYOUT)
    book = load_workbook(io.BytesIO(unzip(ledger)["xlsx"]))
    assert book.sheetnames == [
        "Cover", "Roster", "Sessions", "Attendance", "Hours", "Tests", "Works", "Certificates", "Follow-ups",
    ]  # fmt: skip
    titles = [
        page.cell(row=1, column=n).value
        for page in book.worksheets[1:]
        for n in range(1, page.max_column + 1)
    ]
    assert [title for title in titles if re.search("[\u4e00-\u9fff]", title)] == []
    for page in book.worksheets[1:]:  # a comparison finds a column by its title
        header = [cell.value for cell in page[1]]
        assert len(set(header)) == len(header), header
    assert list_changed_sheets(ledger) == []
    cohort.enrolments.filter(user=trainee).update(left_at=timezone.now())
    assert [change.title for change in compare_ledger(ledger)] == ["Roster"]


def test_layout_has_another_number_when_a_sheet_or_column_changes(cohort):
    """Whoever changes them raises LAYOUT, and then writes its fingerprint here."""
    columns = {
        sheet.key: [column.title for column in sheet.columns if "·" not in column.title]
        for sheet in build_sheets(load_class(cohort, SITE))
    }
    fingerprint = hashlib.sha256(json.dumps(columns, ensure_ascii=False).encode()).hexdigest()[:12]
    assert (LAYOUT, fingerprint) == (1, "4c6563cf8c48")


def test_follow_ups_say_who_sells_and_not_what_they_earn(cohort, trainer, trainee):
    today = timezone.localdate()
    graduated = {"step": Step.Name.GRADUATE, "evidence_kind": Step.Evidence.CERTIFICATE, "evidence_id": 1}
    Step.objects.create(user=trainee, reached_at=timezone.now(), **graduated)
    asked = FollowUp.objects.create(user=trainee, days=30, due_on=today)
    FollowUp.objects.create(user=trainee, days=90, due_on=today + timedelta(days=60))
    facts = {
        "mark": "stated",
        "is_selling": True,
        "by_live": False,
        "month": today.replace(day=1),
        "fen": 512300,
    }
    asked.answers.create(answered_by=trainer, **facts)
    sheet = build_follow_ups(load_class(cohort, SITE))
    assert sheet.rows == [[3, "田巧云", 30, f"{today}", f"{today}", "是", "不是", "老师"]]


@pytest.mark.long
def test_the_spreadsheet_runs_nothing_and_prints_by_itself(cohort, trainer):
    book = load_workbook(io.BytesIO(unzip(write_ledger(trainer, cohort))["xlsx"]))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    like_formula = {cell.value: cell.number_format for cell in cells if str(cell.value)[0] in "=+"}
    assert like_formula == {FORMULA: "@", "+讲价": "@"}
    roster = book["花名册"]
    assert roster["C2"].number_format == "@"
    assert book["作品"]["G2"].hyperlink.target.startswith(f"{SITE}/review/")
    assert roster.freeze_panes == "C2"
    assert roster.print_title_rows == "$1:$1"
    assert (roster.page_setup.orientation, roster.page_setup.paperSize) == ("landscape", 9)
    assert (roster.page_setup.fitToHeight, roster.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    assert roster.oddFooter.center.text == "&P / &N"
    assert roster.oddHeader.left.text == "培训台账：石榴冲一班"
    assert roster.column_dimensions["B"].width == 14


@pytest.mark.long
def test_the_print_has_every_sheet_and_shows_a_character_that_is_missing(cohort, trainer):
    made = unzip(write_ledger(trainer, cohort))["pdf"]
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert [float(side) for side in pdf.pages[0].mediabox[2:]] == pytest.approx([841.9, 595.3], abs=0.1)
        assert str(pdf.docinfo["/Title"]) == "培训台账：石榴冲一班"
    pages = draw_pages(made)
    assert len(pages) == 9
    inside = (0, 80, pages[0].width, pages[0].height - 120)  # without the lines at the top and at the foot
    white = Image.new("L", pages[0].size, 255)
    ink = [measure_ink(page.crop(inside), white.crop(inside)) for page in pages]
    assert all(share > 0.0003 for share in ink), ink  # a title and one word are 0.0006
    letters = [measure_ink(pages[1].crop(box), white.crop(box)) for box in find_letters(made, RARE, 1)]
    assert len(letters) == 2
    assert all(0.1 < share < 0.7 for share in letters), letters
    sheet = Sheet("a", "花名册", [Column("序号"), Column("姓名")], [[1, RARE], [2, UNKNOWN]])
    [table] = printout.split(sheet)
    assert table["rows"] == [["1", RARE], ["2", "田〓"]]


@pytest.mark.long
def test_a_long_print_is_set_in_parts_whose_pages_are_numbered_on(monkeypatch):
    """A table is cut where a part is full; its header is on both sides, its title on the first alone. The worker sets the parts,
    and waits for them on a computer so busy that a page would have given up."""
    for name in ("CELLS_AT_ONCE", "CELLS_A_PART"):
        monkeypatch.setattr(printout, name, 60)
    monkeypatch.setattr(typesetting, "PATIENCE_SECONDS", 0.001)
    rows = [[number, "田巧云"] for number in range(70)]
    sheets = [Sheet("a", "花名册", [Column("序号"), Column("姓名")], rows)]
    groups = printout.group_tables(table for sheet in sheets for table in printout.split(sheet))
    assert [[len(table["rows"]) for table in group] for group in groups] == [[30], [30], [10]]
    assert [table["is_continued"] for group in groups for table in group] == [False, True, True]
    made = printout.print_ledger(
        "台账",
        "zh-hans",
        [("班名", "一班")],
        sheets,
        datetime(2026, 11, 29, tzinfo=timezone.get_current_timezone()),
    )
    assert printout.count_pages(made) == 4


def test_a_wide_table_goes_on_below_with_the_names_again():
    columns = [Column("序号"), Column("姓名"), *[Column(f"{n}") for n in range(20)]]
    tables = list(printout.split(Sheet("a", "签到", columns, [[1, "田巧云", *["到了"] * 20]])))
    assert [table["title"] for table in tables] == ["签到 1", "签到 2"]
    assert [len(table["columns"]) for table in tables] == [18, 6]
    assert tables[1]["rows"] == [["1", "田巧云", *["到了"] * 4]]


@pytest.mark.parametrize(("minutes", "hours"), [(0, "0"), (5, "0"), (59, "0.9"), (60, "1"), (2580, "43")])
def test_hours_are_counted_down_to_a_tenth(minutes, hours):
    assert f"{count_hours(minutes):g}" == hours
