"""Read a lesson's slides from the database."""

from __future__ import annotations

from courses.models import Lesson, LessonPlan, Question, Quiz, State
from courses.slides.lesson import Following, make_slides
from courses.slides.questions import choose_questions
from courses.slides.slide import Slide


def load_deck(lesson: Lesson) -> list[Slide]:
    """Return the slides of a lesson; the same queries for any length."""
    plan = LessonPlan.objects.filter(lesson=lesson).first()
    pictures = {picture.name: picture for picture in lesson.pictures.select_related("photo")}
    others = Lesson.objects.filter(module=lesson.module_id, state=State.PUBLISHED).in_order()
    order = list(others.values_list("pk", flat=True))
    nth = order.index(lesson.pk) if lesson.pk in order else 0
    is_last = bool(order) and lesson.pk == order[-1]
    questions = choose_questions(find_questions(lesson), nth)
    return make_slides(
        lesson,
        plan,
        pictures,
        questions,
        None if is_last or lesson.pk not in order else find_following(order[nth + 1]),
        lesson.module.assignments.all() if is_last else (),
    )


def find_questions(lesson: Lesson):
    """Return the questions of the module's quizzes and of the lesson's; those of tests before and after are not shown."""
    banks = Quiz.objects.filter(module=lesson.module_id, kind=Quiz.Kind.MODULE).values("bank")
    own = Quiz.objects.filter(lesson=lesson, kind=Quiz.Kind.LESSON).values("bank")
    kinds = (Question.Kind.SINGLE, Question.Kind.TRUE_FALSE)
    rows = Question.objects.filter(is_retired=False, kind__in=kinds)
    both = rows.filter(bank__in=banks) | rows.filter(bank__in=own)
    return both.select_related("objective").order_by("objective__code", "position", "pk")


def find_following(lesson_pk: int) -> Following:
    lesson = Lesson.objects.select_related("plan").defer("body", "html").get(pk=lesson_pk)
    plan = getattr(lesson, "plan", None)
    return Following(lesson.title, tuple(plan.list_kit()) if plan else ())
