import io
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from courses.models import Bank, Course, Question
from tests.courses.import_export.sheets import SINGLE, workbook
from tests.factories import make_course, make_person
from tests.pages import list_messages, squeeze
from tests.quizzes import make_bank

GIFT = "::t-1::太阳从东边出。{T#不是西边}\n\n问答？{}\n".encode()


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True
    shutil.rmtree(settings.INTAKE_ROOT / "questions", ignore_errors=True)


@pytest.fixture
def course(county) -> Course:
    return make_course(county, title="柑橘课")


@pytest.fixture
def bank(course) -> Bank:
    return Bank.objects.create(course=course, code="m1", title="一单元")


def url(course: Course, name: str = "import") -> str:
    return reverse(f"admin:courses_course_questions_{name}", args=[course.pk])


def file(content: bytes, name: str = "questions.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def kept() -> list[str]:
    return storages["intake"].listdir("questions")[1]


def test_a_sheet_is_shown_first_and_brought_in_after_yes(as_user, trainer, course, bank):
    client = as_user(trainer)
    wrong = SINGLE | {"题目": "二？", "答案": "E"}
    page = client.post(url(course), {"bank": bank.pk, "file": file(workbook(SINGLE, wrong))})
    html = page.content.decode()
    assert "加 1 道，改 0 道，没变 0 道，有错 1 道。" in html
    assert "<b>第 3 行</b>二？<ul><li>答案里的 E 没有这个选项，写字母，比如 B</li></ul>" in squeeze(html)
    assert 'value="先导入没错的 1 道"' in html
    assert Question.objects.count() == 0
    assert len(kept()) == 1
    answer = client.post(url(course), {"token": page.context["token"]})
    assert list_messages(answer) == [
        "“一单元”导入好了：加了 1 道，改了 0 道。",
        "有 1 道没导入，改好再传一次就行。",
    ]
    assert (bank.questions.get().text, kept()) == ("哪个对？", [])


def test_gift_goes_into_a_new_bank(as_user, trainer, course):
    client = as_user(trainer)
    page = client.post(url(course), {"title": "新题库", "file": file(GIFT, "moodle.txt")})
    assert [one.where for one in page.context["plan"].wrong] == ["第 3 行"]
    assert not Bank.objects.exists()
    client.post(url(course), {"token": page.context["token"]})
    question = Bank.objects.get(title="新题库").questions.get()
    assert (question.code, question.kind, question.content, question.explain) == (
        "t-1", "true_false", {"answer": True}, "不是西边"
    )  # fmt: skip


def test_yes_a_second_time_says_that_it_is_done(as_user, trainer, course, bank):
    client = as_user(trainer)
    page = client.post(url(course), {"bank": bank.pk, "file": file(workbook(SINGLE))})
    client.post(url(course), {"token": page.context["token"]})
    answer = client.post(url(course), {"token": page.context["token"]})
    assert list_messages(answer)[-1] == "这个文件放得太久，或者已经导入过了。重新选一次。"
    assert bank.questions.count() == 1


def test_a_token_opens_nothing_for_another_course_or_person(
    as_user, trainer, organiser, county, course, bank
):
    client = as_user(trainer)
    token = client.post(url(course), {"bank": bank.pk, "file": file(workbook(SINGLE))}).context["token"]
    other = make_course(county)
    for person, of in ((trainer, other), (organiser, course)):
        assert "重新选一次" in list_messages(as_user(person).post(url(of), {"token": token}))[-1]
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n\0", "这不是文字文件。GIFT 是 .txt，表格要存成 .xlsx"),
        (b"PK\x03\x04", "这不是 .xlsx 表格，或者没传完整"),
        (b"x" * 5_000_001, "文件太大了，最多 5 MB"),
        (b"just words", None),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field(content, reason, as_user, trainer, course, bank):
    name = "questions.xlsx" if content.startswith(b"PK") else "questions.txt"
    page = as_user(trainer).post(url(course), {"bank": bank.pk, "file": file(content, name)})
    if reason is None:
        assert page.context["plan"].wrong[0].problems == ["没有答案：题目后面要有大括号，里面写答案"]
        return
    assert page.context["form"].errors == {"file": [reason]}
    assert f'<option value="{bank.pk}" selected>' in page.content.decode()


def test_a_bank_must_be_chosen_or_named(as_user, trainer, course, other_village):
    client = as_user(trainer)
    page = client.post(url(course), {"file": file(workbook(SINGLE))})
    assert page.context["form"].errors == {"title": ["给新题库起个名，或者在上面选一个"]}
    theirs = Bank.objects.create(course=make_course(other_village), code="x", title="别人的")
    page = client.post(url(course), {"bank": theirs.pk, "file": file(workbook(SINGLE))})
    assert list(page.context["form"].errors) == ["bank"]


@pytest.mark.long
def test_template_and_a_banks_own_sheet_are_downloaded(as_user, trainer, course, bank):
    client = as_user(trainer)
    answer = client.get(url(course, "sheet"))
    assert answer["Content-Disposition"] == 'attachment; filename="questions.xlsx"'
    assert "xl/worksheets/sheet2.xml" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    own = client.get(url(course, "sheet"), {"bank": bank.pk})
    assert own["Content-Disposition"] == 'attachment; filename="m1.xlsx"'
    assert [client.get(url(course, "sheet"), {"bank": pk}).status_code for pk in ("0", "x", "9" * 30)] == [
        404
    ] * 3


def test_only_who_edits_the_course_gets_in(as_user, trainee, other_village, course):
    away = make_person("外", ("trainer", other_village))
    assert [as_user(away).get(url(course, name)).status_code for name in ("import", "sheet")] == [404, 404]
    assert all(
        as_user(trainee).get(url(course, name)).status_code in (302, 403) for name in ("import", "sheet")
    )


def test_bank_of_endless_digits_is_not_found(as_user, trainer, course):
    assert as_user(trainer).get(url(course, "sheet"), {"bank": "9" * 5000}).status_code == 404


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_taps_on_the_same_yes_make_one_bank(as_user, trainer, course):
    rows = [SINGLE | {"题目": f"题{n}？"} for n in range(200)]
    asked = as_user(trainer).post(url(course), {"title": "新", "file": file(workbook(*rows))})
    token = asked.context["token"]

    def tap(_n: int) -> int:
        client = Client()
        client.force_login(trainer)
        try:
            return client.post(url(course), {"token": token}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(tap, range(2))) == [302, 302]
    assert (Bank.objects.count(), Question.objects.count(), kept()) == (1, 200, [])


@pytest.mark.parametrize(
    ("name", "said"),
    [("题.xlsx", "这不是 .xlsx 表格，或者没传完整"), ("题.zip", "这不是 zip 文件，或者没传完整")],
)
def test_file_that_only_bears_the_name_is_not_read_as_text(as_user, trainer, course, name, said):
    file = SimpleUploadedFile(name, "::一:: 哪句能说？ {=产地直发 ~最低价}".encode())
    answer = as_user(trainer).post(url(course), {"title": "新", "file": file})
    assert answer.context["form"].errors["file"] == [said]


@pytest.mark.parametrize("ending", ["csv", "json", "CSV"])
def test_table_saved_as_text_is_to_be_saved_as_xlsx(as_user, trainer, course, ending):
    file = SimpleUploadedFile(f"题.{ending}", "题型,题目\n单选,哪句能说？\n".encode())
    answer = as_user(trainer).post(url(course), {"title": "新", "file": file})
    said = f"这里不收 .{ending.lower()}。用 Excel 或 WPS 打开，照模板填好，另存为 .xlsx 再传"
    assert answer.context["form"].errors["file"] == [said]


def test_zip_of_another_program_is_named(as_user, trainer, course):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest xmlns='http://www.imsglobal.org/xsd/imsqti_v2p1'/>")
    answer = as_user(trainer).post(url(course), {"title": "新", "file": file(target.getvalue(), "题.zip")})
    said = "这是一份 IMS QTI 题目包，这里收不了。题目照模板填成 .xlsx，或者从 Moodle 题库导出 GIFT"
    assert answer.context["form"].errors["file"] == [said]


def test_banks_stand_as_people_count(as_user, trainer, course):
    for n in (10, 2, 1):
        make_bank(course, code=f"unit-{n}", title=f"单元{n}")
    page = as_user(trainer).get(url(course))
    assert [str(label) for _pk, label in page.context["form"].fields["bank"].choices][-3:] == [
        "单元1",
        "单元2",
        "单元10",
    ]
