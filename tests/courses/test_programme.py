"""The written programme: complete, readable in one sitting, and the same in both languages."""

import re

import pytest

from courses.models import Lesson, Module
from courses.programme import ROOT, LessonText, PictureText, load, read_lesson

LANGUAGES = ["zh-hans", "en"]
HAN = re.compile(r"[\u4e00-\u9fff]")
ZH_LESSONS = [lesson for module in load("zh-hans").modules for lesson in module.lessons]
ALL_LESSONS = [
    lesson for language in LANGUAGES for module in load(language).modules for lesson in module.lessons
]


def test_course_names_what_its_files_hold():
    course = load("zh-hans")
    assert (course.title, course.slug, course.language) == ("乡村直播卖货", "live-selling", "zh-hans")
    assert [(module.number, module.title, len(module.lessons)) for module in course.modules] == [
        (1, "手机拍摄", 4),
        (2, "光和声音", 3),
        (5, "认货与分级", 4),
        (6, "上架与定价", 4),
    ]


def test_twin_has_the_same_modules_with_the_same_lessons():
    shapes = [
        [
            (
                module.number,
                module.hours,
                [(lesson.minutes, sorted(p.name for p in lesson.pictures)) for lesson in module.lessons],
            )
            for module in load(language).modules
        ]
        for language in LANGUAGES
    ]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_belongs_to_the_course(language):
    files = {path.relative_to(ROOT / language).as_posix() for path in (ROOT / language).rglob("*.md")}
    assert len(files) == sum(len(module.lessons) for module in load(language).modules)


@pytest.mark.parametrize("lesson", ZH_LESSONS, ids=lambda lesson: lesson.title)
def test_chinese_lesson_is_300_to_900_characters(lesson: LessonText):
    assert 300 <= len(HAN.findall(lesson.body)) <= 900


@pytest.mark.parametrize("lesson", ALL_LESSONS, ids=lambda lesson: lesson.title)
def test_lesson_is_whole(lesson: LessonText):
    assert "".join(lesson.phrases) == lesson.title
    assert lesson.do_now
    assert lesson.pictures
    assert all(len(picture.alt) >= 10 for picture in lesson.pictures)
    assert lesson.body.count("](picture:") == len(lesson.pictures)
    assert len(set(lesson.pictures)) == len(lesson.pictures)
    assert not re.search(r"^# ", lesson.body, re.M)


@pytest.mark.parametrize("lesson", ALL_LESSONS, ids=lambda lesson: lesson.title)
def test_lesson_fits_the_columns(lesson: LessonText):
    row = Lesson(
        module=Module(),
        title=lesson.title,
        phrases="|".join(lesson.phrases),
        body=lesson.body,
        do_now=lesson.do_now,
        minutes=lesson.minutes,
    )
    row.clean_fields(exclude=["module"])


def test_read_lesson_splits_head_and_body(tmp_path):
    path = tmp_path / "01-a.md"
    path.write_text(
        '+++\ntitle = "看"\nphrases = ["看"]\nminutes = 5\ndo_now = "做"\n+++\n\n正文 ![图](picture:a)\n',
        "utf-8",
    )
    lesson = read_lesson(path)
    assert lesson == LessonText("看", ("看",), 5, "做", "正文 ![图](picture:a)\n")
    assert lesson.pictures == (PictureText("a", "图"),)


def test_text_before_the_head_is_refused(tmp_path):
    path = tmp_path / "01-a.md"
    path.write_text("早了\n+++\n+++\n", "utf-8")
    with pytest.raises(ValueError, match="text before the head"):
        read_lesson(path)


def test_unknown_language_has_no_course():
    with pytest.raises(FileNotFoundError):
        load("fr")
