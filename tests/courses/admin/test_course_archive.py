import io
import shutil
import zipfile

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from courses.models import Course, Lesson
from tests.courses.import_export.packages import altered, document_in, packed
from tests.factories import make_course, make_photo
from tests.pages import list_messages

IMPORT = "/admin/courses/course/import/"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture(autouse=True)
def _nothing_left() -> None:
    shutil.rmtree(settings.INTAKE_ROOT / "imports", ignore_errors=True)


@pytest.fixture
def course(county) -> Course:
    return make_course(county, lessons=2, slug="oranges", title="柑橘课", cover=make_photo())


def zipped(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("course.zip", content, "application/zip")


def left_in_intake() -> list[str]:
    return storages["intake"].listdir("imports")[1]


def test_export_is_the_course_as_a_zip(as_user, trainer, course):
    answer = as_user(trainer).get(reverse("admin:courses_course_export", args=[course.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="oranges.zip"'
    assert document_in(b"".join(answer.streaming_content))["course"]["title"] == "柑橘课"


@pytest.mark.long
def test_import_tells_first_and_changes_after_yes(as_user, trainer, county, course):
    package = packed(course)
    lesson = Lesson.objects.in_order().first()
    Lesson.objects.filter(pk=lesson.pk).update(body="改坏了")
    client = as_user(trainer)
    page = client.post(IMPORT, {"place": county.pk, "package": zipped(package)})
    plan = page.context["plan"]
    assert (plan.course, plan.new, plan.changed, plan.same) == (course, [], [lesson.title], 1)
    lesson.refresh_from_db()
    assert lesson.body == "改坏了"
    answer = client.post(IMPORT, {"token": page.context["token"]})
    assert answer.url == reverse("admin:courses_course_outline", args=[course.pk])
    lesson.refresh_from_db()
    assert (lesson.body != "改坏了", list_messages(answer), left_in_intake()) == (
        True,
        ["“柑橘课”导入好了。"],
        [],
    )


@pytest.mark.long
def test_yes_a_second_time_says_that_it_is_done(as_user, trainer, county, course):
    client = as_user(trainer)
    page = client.post(IMPORT, {"place": county.pk, "package": zipped(packed(course))})
    client.post(IMPORT, {"token": page.context["token"]})
    answer = client.post(IMPORT, {"token": page.context["token"]})
    assert list_messages(answer)[-1] == "这份 zip 放得太久，或者已经导入过了。重新选一次。"


def test_token_of_another_trainer_opens_nothing(as_user, trainer, stranger, county, course, client):
    page = as_user(trainer).post(IMPORT, {"place": county.pk, "package": zipped(packed(course))})
    token = page.context["token"]
    boss = type(trainer).objects.create_superuser(phone="+8618900000099", password="x", name="管")
    client.force_login(boss)
    answer = client.post(IMPORT, {"token": token})
    assert list_messages(answer) == ["这份 zip 放得太久，或者已经导入过了。重新选一次。"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"nothing", "这不是 zip 文件，或者没传完整"),
        (b"PK\x05\x06" + bytes(18), "zip 里没有 course.json，不是从新农活导出的课程"),
    ],
)
def test_what_is_no_course_is_said_at_the_field(as_user, trainer, county, content, reason):
    page = as_user(trainer).post(IMPORT, {"place": county.pk, "package": zipped(content)})
    assert (page.status_code, page.context["form"].errors["package"]) == (200, [reason])
    assert left_in_intake() == []


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"imsmanifest.xml": b"<manifest xmlns:adlcp='http://www.adlnet.org/xsd/adlcp_v1p3'/>"}, "一份 SCORM 课件"),
        ({"imsmanifest.xml": b"<manifest xmlns='http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1'/>"},
         "一份 IMS Common Cartridge 课程包"),
        ({"imsmanifest.xml": b"<manifest/>"}, "一份 IMS 内容包"),
        ({"moodle_backup.xml": b"<moodle_backup/>"}, "一份 Moodle 的课程备份"),
        ({"h5p.json": b"{}"}, "一份 H5P 的互动内容"),
        ({"xl/workbook.xml": b"<workbook/>"}, "一份 Excel 表格"),
    ],
)  # fmt: skip
def test_zip_of_another_program_is_named(as_user, trainer, county, files, kind):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    page = as_user(trainer).post(IMPORT, {"place": county.pk, "package": zipped(target.getvalue())})
    said = f"这是{kind}，这里收不了。只收从新农活导出的课程 zip"
    assert page.context["form"].errors["package"] == [said]


def test_file_that_the_document_does_not_name_is_listed_as_left_out(as_user, trainer, county, course):
    package = altered(packed(course), **{"notes/秘密.txt": b"x"})
    page = as_user(trainer).post(IMPORT, {"place": county.pk, "package": zipped(package)}).content.decode()
    assert "zip 里多出来的文件，不会导入" in page
    assert "<li>notes/秘密.txt</li>" in page
    plain = as_user(trainer).post(IMPORT, {"place": county.pk, "package": zipped(packed(course))})
    assert "zip 里多出来的文件" not in plain.content.decode()


def test_title_that_no_database_keeps_is_refused_before_the_yes(as_user, trainer, county, course):
    package = altered(packed(course), lambda document: document["course"].update(title="橘\ud83d子"))
    page = as_user(trainer).post(IMPORT, {"place": county.pk, "package": zipped(package)})
    said = "course/title：里面有存不下的字符（U+D83D）。在原来的课程里删掉，重新导出"
    assert page.context["form"].errors["package"] == [said]


def test_empty_file_is_refused_in_our_words(as_user, trainer, county):
    page = as_user(trainer).post(IMPORT, {"place": county.pk, "package": zipped(b"")})
    assert page.context["form"].errors["package"] == ["这个文件是空的，重新选一次"]


def test_place_of_another_county_cannot_be_chosen(as_user, trainer, other_village, course):
    page = as_user(trainer).post(IMPORT, {"place": other_village.pk, "package": zipped(packed(course))})
    assert list(page.context["form"].errors) == ["place"]


def test_trainee_gets_neither_page(as_user, trainee, course):
    client = as_user(trainee)
    assert client.get(IMPORT).status_code in (302, 403, 404)
    assert client.get(reverse("admin:courses_course_export", args=[course.pk])).status_code in (302, 403, 404)


def test_trainer_elsewhere_cannot_take_a_draft_out(as_user, other_village, course):
    from tests.factories import make_person

    away = make_person("外", ("trainer", other_village))
    assert as_user(away).get(reverse("admin:courses_course_export", args=[course.pk])).status_code == 404


def test_copy_button_makes_a_draft_and_opens_it(as_user, trainer, course):
    answer = as_user(trainer).post(reverse("admin:courses_course_duplicate", args=[course.pk]))
    copy = Course.objects.exclude(pk=course.pk).get()
    assert (copy.title, copy.state) == ("柑橘课（副本）", "draft")
    assert answer.url == reverse("admin:courses_course_change", args=[copy.pk])
    again = as_user(trainer).post(reverse("admin:courses_course_duplicate", args=[course.pk]))
    assert (again.url, Course.objects.count()) == (answer.url, 2)


def test_commands_take_out_and_bring_in(trainer, county, course, tmp_path):
    file, out = tmp_path / "course.zip", io.StringIO()
    call_command("export_course", "oranges", str(file), stdout=out)
    options = {"by": str(trainer.phone), "place": county.pk, "stdout": out}
    call_command("import_course", str(file), dry_run=True, **options)
    call_command("import_course", str(file), **options)
    assert out.getvalue().splitlines()[1:] == ["new 0, changed 0, same 2, kept 0", "oranges: brought in"]
    file.write_bytes(b"cut")
    with pytest.raises(CommandError, match="zip"):
        call_command("import_course", str(file), **options)
