"""Brings a course's document into the database, or an existing course up to what the document says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Place
from courses.exchange.document import Document
from courses.exchange.drills import bring_drills, upsert
from courses.models import (
    Assignment,
    Bank,
    Course,
    Lesson,
    LessonPicture,
    Module,
    Objective,
    Question,
    QuestionPicture,
    Quiz,
    Rubric,
)
from media.models import Photo, Video


@dataclass(frozen=True)
class Media:
    """The row for a key of the document."""

    photo: Callable[[str], Photo]
    video: Callable[[str], Video]


@transaction.atomic
def bring(document: Document, place: Place, media: Media, course: Course | None = None) -> Course:
    """Creates the course or updates the one given; may be repeated. `document` has passed document.check.

    Rows stay, and with them who has done them: modules are known by their number, lessons by their code, their title
    or, when that was changed, their place; questions, quizzes and banks by their codes. What trainers added stays.
    """
    head = document["course"]
    course = course or Course(slug=head["slug"], place=place)
    for name in ("title", "language", "summary", "audience", "state"):
        setattr(course, name, head[name])
    if head["cover"]:
        course.cover = media.photo(head["cover"])
    course.save()
    modules = [bring_module(course, n, m, media) for n, m in enumerate(document["modules"], 1)]
    objectives = bring_objectives(course, document["objectives"], modules)
    banks = {bank["code"]: bring_bank(course, bank, objectives, media) for bank in document["banks"]}
    quizzes = {quiz["code"]: bring_quiz(course, quiz, banks, modules) for quiz in document["quizzes"]}
    for row, module in zip(modules, document["modules"], strict=True):
        row.needs.set([modules[place] for place in module["needs"]])
        row.needs_quiz.set([quizzes[code] for code in module["needs_quiz"]])
    for rubric in document["rubrics"]:
        Rubric.objects.update_or_create(
            course=course, title=rubric["title"], defaults={"content": rubric["content"]}
        )
    bring_drills(course, document)
    return course


def bring_module(course: Course, position: int, text: dict, media: Media) -> Module:
    """Two modules of one number are told apart by their order."""
    same = course.modules.filter(number=text["number"])
    module = same.filter(title=text["title"]).first() or same.first()
    module = module or Module(course=course, number=text["number"])
    module.position = position
    for name in ("title", "summary", "hours", "proof", "opens_on"):
        setattr(module, name, text[name])
    module.save()
    there = list(module.lessons.all())
    for number, lesson in enumerate(text["lessons"], 1):
        row = known(there, number, lesson, text["lessons"]) or Lesson(module=module)
        bring_lesson(row, number, lesson, media)
    for number, task in enumerate(text["assignments"], 1):
        Assignment.objects.update_or_create(module=module, position=number, defaults=task)
    return module


def known(there: list[Lesson], position: int, text: dict, written: list[dict]) -> Lesson | None:
    """The row of a lesson: of its code, of its title, or at its place under a title that is written no more."""
    titles = {lesson["title"] for lesson in written}
    codes = {lesson["code"] for lesson in written}
    by_code = (row for row in there if row.code and row.code == text["code"])
    by_title = (row for row in there if not row.code and row.title == text["title"])
    renamed = (
        row for row in there if row.position == position and row.title not in titles and row.code not in codes
    )
    return next(by_code, None) or next(by_title, None) or next(renamed, None)


def bring_lesson(lesson: Lesson, position: int, text: dict, media: Media) -> None:
    lesson.position, lesson.phrases = position, "|".join(text["phrases"])
    for name in ("code", "title", "body", "do_now", "minutes", "captions", "watch_share", "state"):
        setattr(lesson, name, text[name])
    lesson.video = media.video(text["video"]) if text["video"] else None
    lesson.save()
    for order, picture in enumerate(text["pictures"], 1):
        LessonPicture.objects.update_or_create(
            lesson=lesson,
            name=picture["name"],
            defaults={"photo": media.photo(picture["photo"]), "alt": picture["alt"], "position": order},
        )
    if text["pictures"]:
        lesson.save()  # renders the text again, now that its pictures are there


def bring_objectives(course: Course, texts: list[dict], modules: list[Module]) -> dict[str, Objective]:
    """Returns them by code. One statement."""
    rows = [
        Objective(
            course=course,
            code=one["code"],
            text=one["text"],
            module=None if one["module"] is None else modules[one["module"]],
        )
        for one in texts
    ]
    upsert(rows, ("course", "code"), ("text", "module"))
    return {row.code: row for row in rows}


def bring_bank(course: Course, text: dict, objectives: dict[str, Objective], media: Media) -> Bank:
    """One statement for all questions and one for their pictures."""
    bank, _new = Bank.objects.update_or_create(
        course=course, code=text["code"], defaults={"title": text["title"]}
    )
    names = ("kind", "form", "text", "explain", "content", "is_retired")
    rows = [
        Question(
            bank=bank,
            code=question["code"],
            position=position,
            objective=objectives.get(question["objective"]),
            **{name: question[name] for name in names},
        )
        for position, question in enumerate(text["questions"], 1)
    ]
    upsert(rows, ("bank", "code"), ("position", "objective", *names))
    # Of a name that stands twice in a question the last one counts: one statement may not touch a row twice.
    pictures = {
        (row.pk, picture["name"]): QuestionPicture(
            question=row, name=picture["name"], photo=media.photo(picture["photo"])
        )
        for row, question in zip(rows, text["questions"], strict=True)
        for picture in question["pictures"]
    }
    upsert(list(pictures.values()), ("question", "name"), ("photo",))
    return bank


def bring_quiz(course: Course, text: dict, banks: dict[str, Bank], modules: list[Module]) -> Quiz:
    names = ("title", "kind", "draw", "pass_percent", "tries", "master_right", "master_of", "state")
    module = None if text["module"] is None else modules[text["module"]]
    lesson = module.lessons.filter(code=text["lesson"]).first() if module and text["lesson"] else None
    row, _new = Quiz.objects.update_or_create(
        course=course,
        code=text["code"],
        defaults={name: text[name] for name in names}
        | {"bank": banks[text["bank"]], "module": module, "lesson": lesson}
        | ({"clears": text["clears"]} if "clears" in text else {}),
    )
    return row
