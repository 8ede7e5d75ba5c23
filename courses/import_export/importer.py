"""Import a course's document or zip: preview what it would change, write it to the database; copy a course."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from accounts.models import Place, User
from courses import permissions, reserved_slugs
from courses.authoring.publication import record_withdrawal
from courses.import_export.archive import open_archive, store_medium
from courses.import_export.cases import import_cases
from courses.import_export.document import Document, UnreadableFile
from courses.import_export.drills import import_drills, upsert
from courses.import_export.export import describe_medium, export_course, make_medium_key
from courses.import_export.own_law import store_shipped_media
from courses.import_export.plans import build_plan, import_plans, is_same_plan
from courses.models import (
    Assignment,
    Bank,
    Course,
    Lesson,
    LessonPicture,
    LessonPlan,
    Module,
    Objective,
    Question,
    QuestionPicture,
    Quiz,
    Rubric,
    State,
)
from media.models import Photo, Video


@dataclass(frozen=True)
class Media:
    """The rows of photos and videos by their keys in the document."""

    photo: Callable[[str], Photo]
    video: Callable[[str], Video]


@transaction.atomic
def import_document(document: Document, place: Place, media: Media, course: Course | None = None) -> Course:
    """Create the course, or update the given one; may be repeated. `document` has passed `check_document`.

    Rows stay, and with them what people have done: modules are found by their number, lessons by their code, their title or,
    if that was changed, their position; questions, quizzes and banks by their codes. What trainers added stays.
    """
    head = document["course"]
    course = course or Course(slug=head["slug"], place=place)
    for name in ("title", "language", "summary", "audience", "state"):
        setattr(course, name, head[name])
    if head["cover"]:
        course.cover = media.photo(head["cover"])
    course.save()
    plans: list[LessonPlan] = []
    modules = [import_module(course, n, m, media, plans) for n, m in enumerate(document["modules"], 1)]
    import_plans(plans)
    objectives = import_objectives(course, document["objectives"], modules)
    banks = {bank["code"]: import_bank(course, bank, objectives, media) for bank in document["banks"]}
    quizzes = {quiz["code"]: import_quiz(course, quiz, banks, modules) for quiz in document["quizzes"]}
    for row, module in zip(modules, document["modules"], strict=True):
        row.needs.set([modules[place] for place in module["needs"]])
        row.needs_quiz.set([quizzes[code] for code in module["needs_quiz"]])
    for rubric in document["rubrics"]:
        Rubric.objects.update_or_create(
            course=course, title=rubric["title"], defaults={"content": rubric["content"]}
        )
    import_drills(course, document)
    import_cases(course, document.get("cases", []), modules)
    return course


def import_module(course: Course, position: int, text: dict, media: Media, plans: list[LessonPlan]) -> Module:
    """Create or update a module; two modules of one number are distinguished by their order.

    Its lessons' plans are added to `plans`, to be stored together.
    """
    same = course.modules.filter(number=text["number"])
    module = same.filter(title=text["title"]).first() or same.first()
    module = module or Module(course=course, number=text["number"])
    module.position = position
    for name in ("title", "summary", "hours", "proof", "opens_on"):
        setattr(module, name, text[name])
    module.always_taught = text.get("always_taught", module.always_taught)
    module.save()
    there = list(module.lessons.all())
    for number, lesson in enumerate(text["lessons"], 1):
        row = match_lesson(there, number, lesson, text["lessons"]) or Lesson(module=module)
        import_lesson(row, number, lesson, media)
        if "plan" in lesson:
            plans.append(build_plan(row, lesson["plan"]))
    tasks = list(module.assignments.all())
    for number, task in enumerate(text["assignments"], 1):
        import_task(
            match_task(tasks, number, task, text["assignments"]) or Assignment(module=module), number, task
        )
    return module


def match_task(there: list[Assignment], position: int, text: dict, written: list[dict]) -> Assignment | None:
    """Return the row of a task: by its title, or at its position if the row's title is no longer in the document.

    What people handed in stays with the task for which they made it: a task that asks for something else is another one.
    """
    titles = {task["title"] for task in written}
    fitting = [row for row in there if row.hand_in == text["hand_in"] or not is_in_use(row)]
    by_title = (row for row in fitting if row.title == text["title"])
    renamed = (row for row in fitting if row.position == position and row.title not in titles)
    return next(by_title, None) or next(renamed, None)


def is_in_use(task: Assignment) -> bool:
    """Return whether rows of upper apps name the task."""
    relations = task._meta.related_objects
    return any(
        one.related_model._default_manager.filter(**{one.field.name: task}).exists() for one in relations
    )


def import_task(task: Assignment, position: int, text: dict) -> None:
    task.position = position
    for name, value in text.items():
        setattr(task, name, value)
    task.save()


def match_lesson(there: list[Lesson], position: int, text: dict, written: list[dict]) -> Lesson | None:
    """Return the row of a lesson: by its code, by its title, or at its position if the row's title is no longer in the
    document.
    """
    titles = {lesson["title"] for lesson in written}
    codes = {lesson["code"] for lesson in written}
    by_code = (row for row in there if row.code and row.code == text["code"])
    by_title = (row for row in there if not row.code and row.title == text["title"])
    renamed = (
        row for row in there if row.position == position and row.title not in titles and row.code not in codes
    )
    return next(by_code, None) or next(by_title, None) or next(renamed, None)


def import_lesson(lesson: Lesson, position: int, text: dict, media: Media) -> None:
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
        lesson.save()  # renders the text again, now that its pictures exist


def import_objectives(course: Course, texts: list[dict], modules: list[Module]) -> dict[str, Objective]:
    """Returns them by code. One statement."""
    rows = [
        Objective(
            course=course,
            code=one["code"],
            text=one["text"],
            module=None if one["module"] is None else modules[one["module"]],
            is_key=one.get("is_key", False),
            weight=one.get("weight", 1),
        )
        for one in texts
    ]
    upsert(rows, ("course", "code"), ("text", "module", "is_key", "weight"))
    return {row.code: row for row in rows}


def import_bank(course: Course, text: dict, objectives: dict[str, Objective], media: Media) -> Bank:
    """Import the questions of a bank in one statement, and their pictures in another."""
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
    # If a name occurs twice in a question the last one counts: a statement may not write a row twice.
    pictures = {
        (row.pk, picture["name"]): QuestionPicture(
            question=row, name=picture["name"], photo=media.photo(picture["photo"])
        )
        for row, question in zip(rows, text["questions"], strict=True)
        for picture in question["pictures"]
    }
    upsert(list(pictures.values()), ("question", "name"), ("photo",))
    return bank


# Fields that a document of an older export does not have.
LATER_QUIZ_FIELDS = ("clears", "objective_minimum", "talk_after", "minutes", "floor_percent")


def import_quiz(course: Course, text: dict, banks: dict[str, Bank], modules: list[Module]) -> Quiz:
    names = ("title", "kind", "draw", "pass_percent", "tries", "master_right", "master_of", "state")
    module = None if text["module"] is None else modules[text["module"]]
    lesson = module.lessons.filter(code=text["lesson"]).first() if module and text["lesson"] else None
    floor = text.get("floor_module")
    row, _new = Quiz.objects.update_or_create(
        course=course,
        code=text["code"],
        defaults={name: text[name] for name in names}
        | {"bank": banks[text["bank"]] if text["bank"] else None, "module": module, "lesson": lesson}
        | ({"floor_module": None if floor is None else modules[floor]} if "floor_module" in text else {})
        | {name: text[name] for name in LATER_QUIZ_FIELDS if name in text},
    )
    return row


@dataclass
class Changes:
    """What importing a document would change; titles of lessons, in order."""

    course: Course | None
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    # Lessons of the course that are not in the document: they stay as they are.
    stays: list[str] = field(default_factory=list)
    questions: int = 0
    media: int = 0
    # Files of the zip that the document does not name.
    extras: list[str] = field(default_factory=list)


def find_course(document: Document, user: User) -> Course | None:
    """Return the course that the document would update: with the same slug, if the person may edit it."""
    found = Course.objects.filter(slug=document["course"]["slug"]).select_related("place").first()
    return found if found and permissions.can_edit(user, found) else None


def preview_changes(document: Document, course: Course | None) -> Changes:
    """Return what importing would change; three queries."""
    changes = Changes(course, media=len(document["media"]))
    changes.questions = sum(len(bank["questions"]) for bank in document["banks"])
    modules = {module.number: module for module in course.modules.all()} if course else {}
    rows = (
        list(Lesson.objects.filter(module__course=course).select_related("plan").in_order()) if course else []
    )
    met = set()
    for text in document["modules"]:
        module = modules.get(text["number"])
        there = [row for row in rows if module and row.module_id == module.pk]
        for position, lesson in enumerate(text["lessons"], 1):
            row = match_lesson(there, position, lesson, text["lessons"])
            if row is None:
                changes.new.append(lesson["title"])
                continue
            met.add(row.pk)
            texts = ("title", "body", "do_now", "captions")
            if any(getattr(row, name) != lesson[name] for name in texts) or not is_same_plan(row, lesson):
                changes.changed.append(lesson["title"])
            else:
                changes.same += 1
    changes.stays = [row.title for row in rows if row.pk not in met]
    return changes


def import_archive(file: BinaryIO | File, place: Place, user: User) -> Course:
    """Import it as the course of its slug, or as a new one if that slug is another's. Raises UnreadableFile.

    Photos and videos that the course has already are not stored twice. A course that is new here begins as a draft; an
    existing one keeps its state, because publishing checks the course and is recorded.
    """
    with open_archive(file) as package:
        document = package.document
        course = find_course(document, user)
        have = {make_medium_key(describe_medium(row)): row for row in list_media(course)} if course else {}
        if course is None:
            document["course"] |= {"slug": find_free_slug(document["course"]["slug"]), "state": State.DRAFT}
        else:
            document["course"] |= {"state": course.state}
        rows = {name: have.get(name) or store_medium(package, name, user) for name in document["media"]}
        rows |= store_shipped_media(document)
    try:
        return (
            update_course(document, map_media(rows), course, user)
            if course
            else import_document(document, place, map_media(rows))
        )
    except (DatabaseError, ValidationError, ValueError, OverflowError) as error:
        # Values of the right shape that cannot be stored: a 31st of February, half a surrogate.
        raise UnreadableFile(_("course.json 读不懂")) from error


@transaction.atomic
def update_course(document: Document, media: Media, course: Course, user: User) -> Course:
    """Import into the course; lessons that become drafts are recorded as withdrawn, so that what phones did in them still
    counts.
    """
    out = list(
        Lesson.objects.filter(module__course=course, state=State.PUBLISHED).values_list("pk", flat=True)
    )
    import_document(document, course.place, media, course)
    taken_back = Lesson.objects.filter(pk__in=out, state=State.DRAFT).select_related("module__course__place")
    for lesson in taken_back:
        record_withdrawal(lesson, user)
    return course


def map_media(rows: dict[str, Any]) -> Media:
    return Media(rows.__getitem__, rows.__getitem__)


def duplicate_course(course: Course, title: str) -> Course:
    """Return a draft copy with another title, which shares the photos and videos; nobody is enrolled in it."""
    rows: dict[str, Photo | Video] = {}

    def key_of(row: Photo | Video) -> str:
        name = f"{type(row).__name__.lower()}-{row.pk}"
        rows[name] = row
        return name

    document = export_course(course, key_of)
    document["course"] |= {"title": title, "slug": find_free_slug(course.slug), "state": State.DRAFT}
    return import_document(document, course.place, map_media(rows))


def list_media(course: Course) -> list[Photo | Video]:
    """Return all ready photos and videos of a course."""
    rows: dict[tuple, Photo | Video] = {}

    def note(row: Photo | Video) -> str:
        rows[type(row), row.pk] = row
        return ""

    export_course(course, note)
    return list(rows.values())


def find_free_slug(slug: str, taken: Callable[[str], bool] | None = None) -> str:
    """Return this slug, or with the first number that makes it unused."""
    is_taken = taken or (lambda one: Course.objects.filter(slug=one).exists())
    number, found = 2, slug
    while found in reserved_slugs.RESERVED or is_taken(found):
        found = f"{slug[:55]}-{number}"
        number += 1
    return found
