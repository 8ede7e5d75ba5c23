from dataclasses import replace
from functools import cache

import pytest
from django.utils import timezone

from courses.models import Course, Lesson, LessonPicture, Module
from courses.planting import plant
from courses.programme import load
from progress.models import LessonDone
from tests.factories import make_lesson, make_person, make_photo


@pytest.fixture
def picture_for(db):
    return cache(lambda name: make_photo())


def counts() -> list[int]:
    return [model.objects.count() for model in (Course, Module, Lesson, LessonPicture)]


def test_planting_makes_a_published_course_with_its_pictures(county, picture_for):
    text = load("zh-hans")
    course = plant(text, county, picture_for)
    assert counts() == [
        1,
        4,
        15,
        sum(len(lesson.pictures) for module in text.modules for lesson in module.lessons),
    ]
    assert (course.is_published, course.place, course.audience) == (True, county, text.audience)
    titles = Lesson.objects.published().in_order().values_list("module__number", "title")
    assert list(titles) == [
        (module.number, lesson.title) for module in text.modules for lesson in module.lessons
    ]
    first = Lesson.objects.in_order().first()
    assert first.title_phrases == ["把手机拿稳：", "手、肘、脚"]
    assert first.html.count("<img ") == 1
    assert picture_for("phone-grip").src in first.html


def test_planting_again_changes_nothing(county, picture_for):
    plant(load("zh-hans"), county, picture_for)
    before, rows = counts(), list(Lesson.objects.order_by("pk").values_list("pk", "title", "html"))
    plant(load("zh-hans"), county, picture_for)
    assert (counts(), list(Lesson.objects.order_by("pk").values_list("pk", "title", "html"))) == (
        before,
        rows,
    )


def test_both_languages_stand_side_by_side(county, picture_for):
    assert plant(load("zh-hans"), county, picture_for) != plant(load("en"), county, picture_for)
    assert counts()[:3] == [2, 8, 30]


def changed(text, **fields):
    """The course with its very first lesson written otherwise."""
    module = text.modules[0]
    lessons = (replace(module.lessons[0], **fields), *module.lessons[1:])
    return replace(text, modules=(replace(module, lessons=lessons), *text.modules[1:]))


def test_lesson_written_anew_keeps_its_ticks(county, picture_for):
    text = load("zh-hans")
    plant(text, county, picture_for)
    lesson = Lesson.objects.in_order().first()
    LessonDone.objects.create(user=make_person("学"), lesson=lesson, happened_at=timezone.now())
    plant(changed(text, title="新题目", phrases=("新题目",), body="新正文\n"), county, picture_for)
    lesson.refresh_from_db()
    assert (lesson.title, lesson.html, lesson.done_by.count()) == ("新题目", "<p>新正文</p>\n", 1)
    assert Lesson.objects.count() == 15


def test_what_trainers_added_or_moved_stays(county, picture_for):
    text = load("zh-hans")
    plant(text, county, picture_for)
    module = Module.objects.get(number=1)
    make_lesson(module, position=99, title="老师加的")
    one, two = module.lessons.all()[:2]
    Lesson.objects.filter(pk=one.pk).update(position=2)
    Lesson.objects.filter(pk=two.pk).update(position=1)
    plant(text, county, picture_for)
    assert list(module.lessons.values_list("pk", "position"))[:2] == [(one.pk, 1), (two.pk, 2)]
    assert module.lessons.filter(title="老师加的", position=99).count() == 1
    assert Lesson.objects.count() == 16
