"""Forms A and B of a pre- and a post-test: half of a class begins with A, the other half with B, and each is given
the other one at the end, so that a gain is not the memory of the same questions."""

from __future__ import annotations

from accounts.models import User
from courses.models import Question, Quiz
from progress.models import Attempt, Enrolment

Form = Question.Form
OTHER = {Form.A: Form.B, Form.B: Form.A, "": ""}


def form_for(user: User, quiz: Quiz, enrolment: Enrolment) -> str:
    """ "A", "B", or "" for a quiz without forms. At most three queries.

    Who has tried the quiz keeps its form; a post-test gives the other form of one's own pre-test.
    """
    if quiz.kind not in (Quiz.Kind.PRE, Quiz.Kind.POST) or not has_forms(quiz):
        return ""
    mine = Attempt.objects.filter(user=user, quiz__bank=quiz.bank_id).order_by("pk")
    taken = dict(
        reversed(
            mine.filter(quiz__kind__in=(Quiz.Kind.PRE, Quiz.Kind.POST)).values_list("quiz__kind", "form")
        )
    )
    if quiz.kind in taken:
        return taken[quiz.kind]
    first = taken.get(Quiz.Kind.PRE) or OTHER.get(taken.get(Quiz.Kind.POST, "")) or first_form(enrolment)
    return first if quiz.kind == Quiz.Kind.PRE else OTHER[first]


def has_forms(quiz: Quiz) -> bool:
    """Both forms are written; with one alone everybody gets all questions."""
    asked = quiz.bank.questions.filter(is_retired=False).exclude(form="")
    return asked.order_by().values("form").distinct().count() == 2


def first_form(enrolment: Enrolment) -> str:
    """By the order in which the class was joined: first A, second B, third A …"""
    before = Enrolment.objects.filter(
        course=enrolment.course_id, cohort=enrolment.cohort_id, pk__lt=enrolment.pk
    )
    return Form.B if before.count() % 2 else Form.A
