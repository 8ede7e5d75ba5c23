"""Takes a course out of the database as a document; brought in again it gives the same document."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from courses.exchange.document import FORMAT, VERSION, Document
from courses.exchange.drills import taken_drills, taken_phrases
from courses.models import Course, Lesson, Module, Question, Quiz
from media.models import Photo, Video

KeyOf = Callable[[Photo | Video], str]


def taken(course: Course, key_of: KeyOf) -> Document:
    """The document without its `media`; photos and videos stand in it under `key_of`. Fifteen queries."""
    modules = list(
        course.modules.order_by("position", "id").prefetch_related(
            "needs", "needs_quiz", "assignments", "lessons__pictures__photo", "lessons__video"
        )
    )
    places = {module.pk: place for place, module in enumerate(modules)}
    codes = {
        lesson.pk: code
        for module in modules
        for lesson, code in coded(sorted(module.lessons.all(), key=lambda one: (one.position, one.pk)))
    }
    banks = course.banks.prefetch_related("questions__objective", "questions__pictures__photo")
    return {
        "format": FORMAT,
        "version": VERSION,
        "course": {
            "slug": course.slug,
            "title": course.title,
            "language": course.language,
            "summary": course.summary,
            "audience": course.audience,
            "state": course.state,
            "cover": key_of(course.cover) if course.cover and course.cover.is_ready else "",
        },
        "objectives": [
            {"code": one.code, "text": one.text, "module": places.get(one.module_id)}
            for one in course.objectives.order_by("code")
        ],
        "modules": [of_module(module, places, codes, key_of) for module in modules],
        "banks": [
            {
                "code": bank.code,
                "title": bank.title,
                "questions": [of_question(question, key_of) for question in bank.questions.all()],
            }
            for bank in banks.order_by("code")
        ],
        "quizzes": [
            of_quiz(quiz, places, codes) for quiz in course.quizzes.select_related("bank").order_by("code")
        ],
        "rubrics": [{"title": one.title, "content": one.content} for one in course.rubrics.order_by("title")],
        "drills": taken_drills(course),
        "phrases": taken_phrases(course),
        "media": {},
    }


def coded(lessons: Iterable[Lesson]) -> list[tuple[Lesson, str]]:
    """Each with its code; one without gets a code of its place that no other has."""
    lessons = list(lessons)
    used = {lesson.code for lesson in lessons}
    given = []
    for number, lesson in enumerate(lessons, 1):
        code = lesson.code or f"lesson-{number}"
        while not lesson.code and code in used:
            code += "x"
        used.add(code)
        given.append((lesson, code))
    return given


def of_module(module: Module, places: dict[int, int], codes: dict[int, str], key_of: KeyOf) -> dict:
    lessons = sorted(module.lessons.all(), key=lambda one: (one.position, one.pk))
    return {
        "number": module.number,
        "title": module.title,
        "summary": module.summary,
        "hours": module.hours,
        "proof": module.proof,
        "opens_on": module.opens_on.isoformat() if module.opens_on else None,
        "needs": sorted(places[one.pk] for one in module.needs.all() if one.pk in places),
        "needs_quiz": sorted(
            quiz.code for quiz in module.needs_quiz.all() if quiz.course_id == module.course_id
        ),
        "lessons": [of_lesson(lesson, codes[lesson.pk], key_of) for lesson in lessons],
        "assignments": [
            {"title": task.title, "text": task.text, "hand_in": task.hand_in, "minutes": task.minutes}
            for task in sorted(module.assignments.all(), key=lambda one: (one.position, one.pk))
        ],
    }


def of_lesson(lesson: Lesson, code: str, key_of: KeyOf) -> dict:
    """A picture or video that is still being worked on, or that failed, stays behind."""
    names = ("title", "minutes", "do_now", "body", "captions", "watch_share", "state")
    pictures = [picture for picture in lesson.pictures.all() if picture.photo.is_ready]
    return {name: getattr(lesson, name) for name in names} | {
        "code": code,
        "phrases": [part for part in lesson.phrases.split("|") if part],
        "video": key_of(lesson.video) if lesson.video and lesson.video.is_ready else "",
        "pictures": [
            {"name": picture.name, "alt": picture.alt, "photo": key_of(picture.photo)} for picture in pictures
        ],
    }


def of_question(question: Question, key_of: KeyOf) -> dict:
    names = ("code", "kind", "form", "text", "explain", "content", "is_retired")
    pictures = [picture for picture in question.pictures.all() if picture.photo.is_ready]
    return {name: getattr(question, name) for name in names} | {
        "objective": question.objective.code if question.objective else "",
        "pictures": [{"name": picture.name, "photo": key_of(picture.photo)} for picture in pictures],
    }


def of_quiz(quiz: Quiz, places: dict[int, int], codes: dict[int, str]) -> dict:
    names = (
        "code",
        "title",
        "kind",
        "draw",
        "pass_percent",
        "tries",
        "master_right",
        "master_of",
        "state",
        "clears",
    )
    return {name: getattr(quiz, name) for name in names} | {
        "module": places.get(quiz.module_id),
        "lesson": codes.get(quiz.lesson_id, ""),
        "bank": quiz.bank.code,
    }
