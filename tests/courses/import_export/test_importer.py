from copy import deepcopy
from functools import cache

import pytest
from django.utils import timezone

from courses.import_export.importer import Media, import_document, import_module
from courses.import_export.programme import load_programme
from courses.models import Assignment, Course, Lesson, LessonPicture, Module, Question, QuestionPicture
from media.models import Video
from progress.models import LessonDone
from tests.factories import make_course, make_lesson, make_person, make_photo


@pytest.fixture
def picture_for(db):
    return cache(lambda name: make_photo())


def film_for(name: str) -> Video:
    return Video.objects.get_or_create(name=name, status=Video.Status.READY)[0]


def plant(document, place, picture_for) -> Course:
    there = Course.objects.filter(slug=document["course"]["slug"]).first()
    return import_document(document, place, Media(picture_for, film_for), there)


def lessons_in(document) -> list[dict]:
    return [lesson for module in document["modules"] for lesson in module["lessons"]]


def counts() -> list[int]:
    return [model.objects.count() for model in (Course, Module, Lesson, LessonPicture)]


def test_planting_makes_a_published_course_with_its_pictures(county, picture_for):
    text = load_programme("zh-hans")
    course = plant(text, county, picture_for)
    lessons = lessons_in(text)
    pictures = sum(len(lesson["pictures"]) for lesson in lessons)
    assert counts() == [1, len(text["modules"]), len(lessons), pictures]
    assert (course.is_published, course.place, course.audience) == (True, county, text["course"]["audience"])
    titles = Lesson.objects.published().in_order().values_list("module__number", "title")
    assert list(titles) == [(m["number"], one["title"]) for m in text["modules"] for one in m["lessons"]]
    first = Lesson.objects.in_order().first()
    assert first.phrases == "把手机拿稳：|手、肘、脚"
    assert first.html.count("<img ") == 1
    assert picture_for("phone-grip").src in first.shown_html


@pytest.mark.long
def test_planting_brings_questions_with_their_objectives_and_quizzes(county, picture_for):
    text = load_programme("zh-hans")
    course = plant(text, county, picture_for)
    questions = [question for bank in text["banks"] for question in bank["questions"]]
    assert list(Question.objects.filter(bank__course=course).order_by("pk").values_list("code", "kind")) == [
        (question["code"], question["kind"]) for question in questions
    ]
    assert [(quiz.code, quiz.bank.code if quiz.bank else "") for quiz in course.quizzes.order_by("pk")] == [
        (quiz["code"], quiz["bank"]) for quiz in text["quizzes"]
    ]
    assert course.objectives.count() == len(text["objectives"])
    assert Assignment.objects.count() == sum(len(module["assignments"]) for module in text["modules"])


@pytest.mark.long
def test_a_picture_that_a_question_names_twice_is_kept_once(county, picture_for):
    text = deepcopy(load_programme("zh-hans"))
    bank, question = next((b, q) for b in text["banks"] for q in b["questions"] if q["pictures"])
    first = question["pictures"][0]
    question["pictures"].append(first | {"photo": "another"})
    course = plant(text, county, picture_for)
    same = QuestionPicture.objects.filter(question__bank__course=course, question__bank__code=bank["code"])
    kept = same.get(question__code=question["code"], name=first["name"])
    assert kept.photo == picture_for("another")


@pytest.mark.long
def test_planting_again_changes_nothing(county, picture_for):
    plant(load_programme("zh-hans"), county, picture_for)
    before, rows = counts(), list(Lesson.objects.order_by("pk").values_list("pk", "title", "html"))
    plant(load_programme("zh-hans"), county, picture_for)
    assert (counts(), list(Lesson.objects.order_by("pk").values_list("pk", "title", "html"))) == (
        before,
        rows,
    )


@pytest.mark.long
def test_both_languages_stand_side_by_side(county, picture_for):
    both = [load_programme("zh-hans"), load_programme("en")]
    assert plant(both[0], county, picture_for) != plant(both[1], county, picture_for)
    assert counts()[:3] == [2, sum(len(t["modules"]) for t in both), sum(len(lessons_in(t)) for t in both)]


def load_first_module() -> dict:
    """Return the Chinese course with its first module only, and what belongs to that."""
    text = load_programme("zh-hans")
    quizzes = [quiz for quiz in text["quizzes"] if quiz["module"] == 0]
    banks = {quiz["bank"] for quiz in quizzes}
    return text | {
        "modules": text["modules"][:1],
        "objectives": [one for one in text["objectives"] if one["module"] == 0],
        "banks": [bank for bank in text["banks"] if bank["code"] in banks],
        "quizzes": quizzes,
        "cases": [case for case in text["cases"] if case["modules"] == [0]],
    }


def changed(document, **fields):
    """The course with its very first lesson written otherwise."""
    document = deepcopy(document)
    document["modules"][0]["lessons"][0] |= fields
    return document


@pytest.mark.long
def test_lesson_written_anew_keeps_its_ticks(county, picture_for):
    text = load_first_module()
    plant(text, county, picture_for)
    lesson = Lesson.objects.in_order().first()
    LessonDone.objects.create(user=make_person("学"), lesson=lesson, happened_at=timezone.now())
    plant(
        changed(text, title="新题目", phrases=["新题目"], body="新正文\n", pictures=[]), county, picture_for
    )
    lesson.refresh_from_db()
    assert (lesson.title, lesson.html, lesson.done_by.count()) == ("新题目", "<p>新正文</p>\n", 1)
    assert Lesson.objects.count() == len(lessons_in(text))


@pytest.mark.long
def test_what_trainers_added_or_moved_stays(county, picture_for):
    text = load_first_module()
    plant(text, county, picture_for)
    module = Module.objects.get(number=1)
    make_lesson(module, position=99, title="老师加的")
    one, two = module.lessons.all()[:2]
    Lesson.objects.filter(pk=one.pk).update(position=2)
    Lesson.objects.filter(pk=two.pk).update(position=1)
    plant(text, county, picture_for)
    assert list(module.lessons.values_list("pk", "position"))[:2] == [(one.pk, 1), (two.pk, 2)]
    assert module.lessons.filter(title="老师加的", position=99).count() == 1
    assert Lesson.objects.count() == len(lessons_in(text)) + 1


def test_tasks_keep_their_rows_when_another_is_put_before_them(county):
    course = make_course(county, lessons=1)
    module = course.modules.order_by("position").first()
    text = {
        name: getattr(module, name) for name in ("number", "title", "summary", "hours", "proof", "opens_on")
    }
    photos = {"title": "拍照打包", "text": "十张", "hand_in": "photo", "criteria": []}
    costs = {"title": "算成本", "text": "一张表", "hand_in": "file", "criteria": []}
    for tasks, kept in (([photos], 0), ([costs, photos], 1), ([costs, photos | {"title": "拍照装箱"}], 1)):
        before = list(module.assignments.filter(hand_in="photo"))
        import_module(course, 1, text | {"lessons": [], "assignments": tasks}, None, [])
        rows = list(module.assignments.order_by("position"))
        assert [row.title for row in rows] == [task["title"] for task in tasks]
        assert before in ([], [rows[kept]])
    import_module(course, 1, text | {"lessons": [], "assignments": [costs | {"hand_in": "text"}]}, None, [])
    assert {(row.title, row.hand_in) for row in module.assignments.all()} == {
        ("拍照装箱", "photo"),
        ("算成本", "text"),
    }
