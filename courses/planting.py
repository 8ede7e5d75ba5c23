"""Puts a written course into the database, or brings the planted one up to what is written now."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from accounts.places import Place
from courses.models import Course, Lesson, LessonPicture, Module, State
from courses.programme import CourseText, LessonText, ModuleText
from media.models import Photo

PictureFor = Callable[[str], Photo]


@transaction.atomic
def plant(text: CourseText, place: Place, picture_for: PictureFor) -> Course:
    """Creates or updates the course with this slug, published; may be repeated.

    A lesson keeps its row, and with it who has done it: modules are known by their number, lessons by their
    title or, when that was changed, by their place. What trainers added stays as it is.
    """
    course, _new = Course.objects.update_or_create(
        slug=text.slug,
        defaults={
            "title": text.title,
            "language": text.language,
            "place": place,
            "summary": text.summary,
            "audience": text.audience,
            "state": State.PUBLISHED,
        },
    )
    for position, module in enumerate(text.modules, start=1):
        plant_module(course, position, module, picture_for)
    return course


def plant_module(course: Course, position: int, text: ModuleText, picture_for: PictureFor) -> None:
    module = course.modules.filter(number=text.number).first() or Module(course=course, number=text.number)
    module.position, module.title, module.summary = position, text.title, text.summary
    module.hours, module.proof = text.hours, text.proof
    module.save()
    there = {lesson.title: lesson for lesson in module.lessons.all()}
    for number, lesson in enumerate(text.lessons, start=1):
        row = (
            there.get(lesson.title)
            or renamed(there, number, text)
            or Lesson(module=module, title=lesson.title)
        )
        plant_lesson(row, number, lesson, picture_for)


def renamed(there: dict[str, Lesson], position: int, text: ModuleText) -> Lesson | None:
    """The lesson at this place whose title is written no more: it has been given a new one."""
    written = {lesson.title for lesson in text.lessons}
    return next(
        (row for row in there.values() if row.position == position and row.title not in written), None
    )


def plant_lesson(lesson: Lesson, position: int, text: LessonText, picture_for: PictureFor) -> None:
    lesson.position, lesson.title, lesson.phrases = position, text.title, "|".join(text.phrases)
    lesson.body, lesson.do_now, lesson.minutes = text.body, text.do_now, text.minutes
    lesson.state = State.PUBLISHED
    lesson.save()
    for order, picture in enumerate(text.pictures, start=1):
        LessonPicture.objects.update_or_create(
            lesson=lesson,
            name=picture.name,
            defaults={"photo": picture_for(picture.name), "alt": picture.alt, "position": order},
        )
    if text.pictures:
        lesson.save()  # renders the text again, now that its pictures are there
