"""The question banks of lessons and their modules: find one, open one, and tell whether trainees are asked from it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from courses.models import Bank, Lesson, Module, Question, Quiz
from ui.parameters import read_id


def list_quizzes(lesson: Lesson) -> QuerySet[Quiz]:
    """Return the quizzes of the lesson, then those of its module."""
    mine = Q(lesson=lesson) | Q(module=lesson.module_id, kind=Quiz.Kind.MODULE)
    return Quiz.objects.filter(mine).order_by("kind", "pk")


def count_held_back(lesson: Lesson) -> int:
    """Count the questions of the lesson and its module that are written and not asked yet."""
    return Question.objects.filter(bank__quizzes__in=list_quizzes(lesson), is_retired=True).distinct().count()


def find_bank(lesson: Lesson) -> Bank | None:
    quiz = list_quizzes(lesson).select_related("bank").first()
    return quiz.bank if quiz else None


@transaction.atomic
def open_bank(lesson: Lesson) -> Bank:
    """Return the bank of the lesson's module; a module without one gets a bank and a draft quiz."""
    module = Module.objects.select_for_update().select_related("course").get(pk=lesson.module_id)
    if bank := find_bank(lesson):
        return bank
    title = _("%(unit)s小测") % {"unit": module.title}
    code = find_free_bank_code(module)
    bank = Bank.objects.create(course=module.course, code=code, title=title[:80])
    Quiz.objects.create(
        course=module.course, module=module, bank=bank, kind=Quiz.Kind.MODULE, code=code, title=title[:80]
    )
    return bank


def find_free_bank_code(module: Module) -> str:
    taken = {*module.course.banks.values_list("code", flat=True)}
    taken |= {*module.course.quizzes.values_list("code", flat=True)}
    stem = f"unit-{module.number}"
    return next(
        code for n in range(1, len(taken) + 2) if (code := stem if n == 1 else f"{stem}-{n}") not in taken
    )


def find_free_question_code(bank: Bank | int | None) -> str:
    taken = set(Question.objects.filter(bank=bank).values_list("code", flat=True)) if bank else set()
    return next(code for n in range(1, len(taken) + 2) if (code := f"q-{n}") not in taken)


def is_in_use(bank: object) -> bool:
    """Return whether trainees are taking a quiz that draws from this bank."""
    return bool(read_id(str(bank))) and Quiz.objects.published().filter(bank=bank).exists()
