"""The written programme: complete, readable in one sitting, and the same in both languages."""

import re

import pytest

from courses.exchange.document import check
from courses.exchange.written import ROOT, languages, load, read_lesson
from courses.models import Lesson, Module

HAN = re.compile(r"[\u4e00-\u9fff]")
COURSES = {language: load(language) for language in languages()}
LESSONS = {
    language: [lesson for module in course["modules"] for lesson in module["lessons"]]
    for language, course in COURSES.items()
}
ALL_LESSONS = [lesson for lessons in LESSONS.values() for lesson in lessons]


def title(lesson: dict) -> str:
    return lesson["title"]


@pytest.mark.parametrize("language", COURSES)
def test_course_is_a_whole_document(language):
    check(COURSES[language])


def test_course_names_what_its_files_hold():
    course = COURSES["zh-hans"]["course"]
    assert (course["title"], course["slug"], course["language"]) == (
        "乡村直播卖货",
        "live-selling",
        "zh-hans",
    )


def test_twin_teaches_its_modules_with_the_same_lessons():
    shapes = {
        language: {
            module["number"]: (
                module["hours"],
                [
                    (lesson["code"], lesson["minutes"], sorted(p["name"] for p in lesson["pictures"]))
                    for lesson in module["lessons"]
                ],
                [task["hand_in"] for task in module["assignments"]],
            )
            for module in course["modules"]
        }
        for language, course in COURSES.items()
    }
    assert shapes["en"] == {number: shapes["zh-hans"][number] for number in shapes["en"]}


@pytest.mark.parametrize("language", COURSES)
def test_every_file_belongs_to_the_course(language):
    files = {path.relative_to(ROOT / language).as_posix() for path in (ROOT / language).rglob("*.md")}
    assert len(files) == len(LESSONS[language])


@pytest.mark.parametrize("lesson", LESSONS["zh-hans"], ids=title)
def test_chinese_lesson_is_300_to_900_characters(lesson):
    assert 300 <= len(HAN.findall(lesson["body"])) <= 900


@pytest.mark.parametrize("lesson", ALL_LESSONS, ids=title)
def test_lesson_is_whole(lesson):
    names = [picture["name"] for picture in lesson["pictures"]]
    assert "".join(lesson["phrases"]) == lesson["title"]
    assert lesson["do_now"]
    assert all(len(picture["alt"]) >= 10 for picture in lesson["pictures"])
    assert lesson["body"].count("](picture:") == len(names) == len(set(names))
    assert not re.search(r"^# ", lesson["body"], re.M)


@pytest.mark.parametrize("lesson", ALL_LESSONS, ids=title)
def test_lesson_fits_the_columns(lesson):
    fields = {name: lesson[name] for name in ("title", "body", "do_now", "minutes", "code", "captions")}
    row = Lesson(module=Module(), phrases="|".join(lesson["phrases"]), **fields)
    row.clean_fields(exclude=["module"])


def test_read_lesson_splits_head_and_body(tmp_path):
    path = tmp_path / "01-a.md"
    path.write_text(
        '+++\ntitle = "看"\nphrases = ["看"]\nminutes = 5\ndo_now = "做"\n+++\n\n正文 ![图](picture:a)\n',
        "utf-8",
    )
    assert read_lesson(path) == {
        "code": "01-a",
        "title": "看",
        "phrases": ["看"],
        "minutes": 5,
        "do_now": "做",
        "body": "正文 ![图](picture:a)\n",
        "captions": "",
        "video": "",
        "watch_share": 80,
        "state": "published",
        "pictures": [{"name": "a", "alt": "图", "photo": "a"}],
    }


def test_text_before_the_head_is_refused(tmp_path):
    path = tmp_path / "01-a.md"
    path.write_text("早了\n+++\n+++\n", "utf-8")
    with pytest.raises(ValueError, match="text before the head"):
        read_lesson(path)


def test_unknown_language_has_no_course():
    with pytest.raises(FileNotFoundError):
        load("fr")
