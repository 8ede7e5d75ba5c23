"""A course exported as a zip and imported again is the same."""

import io
import json
import zipfile

import pytest

from accounts.models import AuditEntry
from courses.audit import Verb
from courses.import_export.document import serialize
from courses.import_export.importer import duplicate_course, find_course, import_archive, preview_changes
from courses.models import Bank, Course, Lesson, Module, Question
from media.models import Photo, Video
from progress.models import LessonDone
from tests.courses.import_export.packages import altered, document_in, make_video, packed, plant_written
from tests.factories import make_course, make_lesson, make_photo


@pytest.fixture
def course(county) -> Course:
    """Two lessons, one with a picture and a video."""
    course = make_course(county, lessons=2, slug="oranges")
    lesson = Lesson.objects.in_order().first()
    lesson.pictures.create(photo=make_photo(), name="one", alt="一筐橙子")
    lesson.video, lesson.captions, lesson.body = make_video(), "WEBVTT\n", "看图\n\n![](picture:one)\n"
    lesson.save()
    return course


def wipe() -> None:
    LessonDone.objects.all().delete()
    Course.objects.update(twin=None, cover=None)
    Course.objects.all().delete()
    Video.objects.all().delete()
    Photo.objects.all().delete()


def files_in(package: bytes) -> dict[str, int]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {entry.filename: entry.CRC for entry in archive.infolist() if entry.filename != "course.json"}


@pytest.mark.long
def test_whole_programme_comes_back_byte_for_byte(county, trainer):
    before = [packed(course) for course in plant_written(county)]
    wipe()
    for package in before:
        course = import_archive(io.BytesIO(package), county, trainer)
        Course.objects.filter(pk=course.pk).update(state="published")  # what is new here begins as a draft
    after = [packed(course) for course in Course.objects.order_by("pk")]
    for old, new in zip(before, after, strict=True):
        assert serialize(document_in(new)) == serialize(document_in(old))
        assert files_in(new) == files_in(old)
    assert before == after


def test_package_of_a_course_with_video_comes_back_whole(course, county, trainer):
    package = packed(course)
    wipe()
    back = import_archive(io.BytesIO(package), county, trainer)
    lesson = Lesson.objects.in_order().first()
    assert (back.state, back.slug, lesson.captions) == ("draft", "oranges", "WEBVTT\n")
    assert (lesson.video.is_ready, lesson.video.bytes_of("240"), lesson.video.duration_ms) == (
        True,
        2000,
        61_000,
    )
    assert lesson.html.count("<img ") == 1
    assert files_in(packed(back)) == files_in(package)


def test_course_brought_in_again_keeps_its_rows_and_stores_nothing_twice(course, county, trainer):
    package = packed(course)
    rows = list(Lesson.objects.order_by("pk").values_list("pk", "title"))
    photos, videos = Photo.objects.count(), Video.objects.count()
    assert import_archive(io.BytesIO(package), county, trainer) == course
    assert list(Lesson.objects.order_by("pk").values_list("pk", "title")) == rows
    assert (Photo.objects.count(), Video.objects.count()) == (photos, videos)
    assert packed(Course.objects.get()) == package


def test_course_of_another_county_is_not_touched(course, other_village, stranger):
    package = packed(course)
    county = other_village.parent.parent
    assert find_course(document_in(package), stranger) is None
    copy = import_archive(io.BytesIO(package), county, stranger)
    assert (copy.slug, copy.place, Course.objects.count()) == ("oranges-2", county, 2)


@pytest.mark.parametrize(("here", "said"), [("published", "draft"), ("draft", "published")])
def test_course_that_is_here_is_neither_published_nor_taken_back(course, county, trainer, here, said):
    """Publishing looks for what is broken, and both are written down."""
    Course.objects.filter(pk=course.pk).update(state=here)
    package = altered(packed(course), lambda document: document["course"].update(state=said))
    assert import_archive(io.BytesIO(package), county, trainer).state == here


def test_lesson_taken_back_by_a_zip_was_out_once(course, county, trainer):
    lesson = Lesson.objects.filter(module__course=course, state="published").first()
    code = document_in(packed(course))["modules"][0]["lessons"][0]["code"]

    def change(document: dict) -> None:
        for each in document["modules"][0]["lessons"]:
            each["state"] = "draft" if each["code"] == code else each["state"]

    import_archive(io.BytesIO(altered(packed(course), change)), county, trainer)
    lesson.refresh_from_db()
    assert (lesson.state, lesson.was_out) == ("draft", True)
    import_archive(io.BytesIO(altered(packed(course), change)), county, trainer)
    assert AuditEntry.objects.filter(verb=Verb.LESSON_WITHDRAWN).count() == 1


def test_changes_say_what_an_import_would_do(course, trainer, django_assert_num_queries):
    document = json.loads(serialize(document_in(packed(course))))
    lessons = document["modules"][0]["lessons"]
    lessons[0]["body"] = "改过了\n"
    lessons.append(lessons[1] | {"code": "brand-new", "title": "新的一课"})
    make_lesson(Module.objects.get(), position=9, title="老师加的")
    with django_assert_num_queries(2):
        told = preview_changes(document, course)
    first = lessons[0]["title"]
    assert (told.new, told.changed, told.same, told.stays) == (["新的一课"], [first], 1, ["老师加的"])
    assert preview_changes(document, None).new == [lesson["title"] for lesson in lessons]


def test_copy_of_a_course_is_a_draft_that_shares_its_pictures(course):
    bank = Bank.objects.create(course=course, code="b", title="题库")
    Question.objects.create(bank=bank, code="q", kind="true_false", text="对吗？", content={"answer": True})
    photos = Photo.objects.count()
    copy = duplicate_course(course, "柑橘课（副本）")
    assert (copy.title, copy.slug, copy.state, copy.place) == (
        "柑橘课（副本）",
        "oranges-2",
        "draft",
        course.place,
    )
    assert Photo.objects.count() == photos
    mine, theirs = (Lesson.objects.filter(module__course=one).in_order() for one in (course, copy))
    assert list(mine.values_list("title", "html")) == list(theirs.values_list("title", "html"))
    assert Question.objects.filter(bank__course=copy).values_list("code", "content").get() == (
        "q",
        {"answer": True},
    )
    assert copy.enrolments.count() == 0
