"""Read a lesson's slides from the database."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from courses.models import Lesson, LessonPlan, Objective, Question, Quiz, State
from courses.slides.lesson import Following, make_slides
from courses.slides.other_words import Words, list_words
from courses.slides.questions import QUESTIONS, choose_questions, find_taught, fits_wall
from courses.slides.slide import Slide


def load_deck(lesson: Lesson) -> list[Slide]:
    """Return the slides of a lesson; the same queries for any length."""
    plan = LessonPlan.objects.filter(lesson=lesson).first()
    pictures = {picture.name: picture for picture in lesson.pictures.select_related("photo")}
    others = Lesson.objects.filter(module=lesson.module_id, state=State.PUBLISHED).in_order()
    order = list(others.values_list("pk", flat=True))
    nth = order.index(lesson.pk) if lesson.pk in order else 0
    is_last = bool(order) and lesson.pk == order[-1]
    questions = list_questions(lesson, nth, len(order)) if lesson.pk in order else []
    return make_slides(
        lesson,
        plan,
        pictures,
        questions,
        None if is_last or lesson.pk not in order else find_following(order[nth + 1]),
        lesson.module.assignments.all() if is_last else (),
    )


def list_questions(lesson: Lesson, nth: int, lessons: int) -> list[Question]:
    """Return what the room is asked after the n-th lesson of its module: its own questions, then those of what is taught.

    A question of the module that names none of its objectives is asked after the last lesson only.
    """
    objectives = Objective.objects.filter(module=lesson.module_id).values_list("pk", "code")
    in_order = [pk for pk, _code in sorted(objectives, key=lambda row: (len(row[1]), row[1]))]
    taught: list[int | None] = [*find_taught(in_order, nth, lessons)]
    is_last = nth == lessons - 1
    rows = list(find_questions(lesson))
    own = [row for row in rows if row.is_own and fits_wall(row)]
    others = [row for row in rows if not row.is_own]
    if is_last:
        taught += sorted({row.objective_id for row in others} - {*taught}, key=str)
    return [*own, *choose_questions(others, taught)][:QUESTIONS]


def find_questions(lesson: Lesson) -> QuerySet:
    """Return the questions of the module's quizzes and of the lesson's (`is_own`), not those of tests before and after."""
    banks = Quiz.objects.filter(module=lesson.module_id, kind=Quiz.Kind.MODULE).values("bank")
    own = Quiz.objects.filter(lesson=lesson, kind=Quiz.Kind.LESSON).values("bank")
    kinds = (Question.Kind.SINGLE, Question.Kind.TRUE_FALSE)
    rows = Question.objects.filter(is_retired=False, kind__in=kinds).annotate(is_own=Q(bank__in=own))
    rows = rows.filter(Q(bank__in=banks) | Q(is_own=True))
    return rows.order_by("position", "pk")


def find_following(lesson_pk: int) -> Following:
    lesson = Lesson.objects.select_related("plan").defer("body", "html").get(pk=lesson_pk)
    plan = getattr(lesson, "plan", None)
    return Following(lesson.title, tuple(plan.list_kit()) if plan else ())


def load_words(deck: list[Slide], other: Lesson) -> list[Words | None]:
    """Return what the same lesson in another language says at each slide; the same queries for any length."""
    questions = {question.code: question for question in find_questions(other)}
    return list_words(deck, load_deck(other), questions)
