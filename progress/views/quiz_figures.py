"""What trainers read off the quizzes: a class's gain, and how good each question is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.kept import signed_in
from accounts.models import Membership, User
from accounts.places import Place
from accounts.second_factor import staff_page
from courses.models import Bank, Cohort, Course, Quiz
from progress import statistics
from progress.quizzing_gain import gain
from progress.views.classes import of_class


@of_class
@require_safe
def class_gain(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    context = {"cohort": cohort, "course": cohort.course, "gain": gain(cohort)}
    return render(request, "progress/quiz_gain.html", context)


def held_courses(user: User):
    """The courses of the places this person trains or organises; figures are nobody else's business."""
    return (
        Course.objects.filter(place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))
        .order_by()
        .values("pk")
    )


@signed_in
@staff_page
@require_safe
def quiz_statistics(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Quiz.objects.filter(course__in=held_courses(request.user))
    quiz = get_object_or_404(rows.select_related("course", "bank"), pk=pk)
    context = {"title": quiz.title, "quiz": quiz, "course": quiz.course, "items": statistics.of_quiz(quiz)}
    return render(request, "progress/quiz_statistics.html", context | {"enough": statistics.ENOUGH})


@signed_in
@staff_page
@require_safe
def bank_statistics(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Bank.objects.filter(course__in=held_courses(request.user))
    bank = get_object_or_404(rows.select_related("course"), pk=pk)
    context = {"title": bank.title, "bank": bank, "course": bank.course, "items": statistics.of_bank(bank)}
    return render(request, "progress/quiz_statistics.html", context | {"enough": statistics.ENOUGH})
