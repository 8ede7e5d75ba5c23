"""The theory examination at the end: it opens when the course's lessons are done, or when a trainer opens it for somebody."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import AuditEntry, User
from courses.models import Cohort, Course, Lesson, Quiz
from progress.audit import Verb
from progress.enrolment.prerequisites import Missing
from progress.models import Attempt, EarlyOpening, LessonDone
from progress.quizzes.placement import load_placements


def find_waived(users: Collection[int], course: Course | int) -> dict[int, set[int]]:
    """Return by person the modules that need not be learnt: known by the placement test, and their tests passed.

    One query where nobody had a placement test, else four at most.
    """
    known = {user: placement.known for user, placement in load_placements(users, course).items()}
    known = {user: modules for user, modules in known.items() if modules}
    if not known:
        return {}
    tests = dict(
        Quiz.objects.published()
        .filter(course=course, kind=Quiz.Kind.MODULE, module__in=set().union(*known.values()))
        .order_by()
        .values_list("pk", "module")
    )
    passed = Attempt.objects.filter(user__in=list(known), quiz__in=list(tests), passed=True).order_by()
    met = {(user, quiz) for user, quiz in passed.values_list("user", "quiz")}
    return {
        user: {
            module
            for module in modules
            if (own := [quiz for quiz, of in tests.items() if of == module])
            and all((user, quiz) in met for quiz in own)
        }
        for user, modules in known.items()
    }


def count_left(users: Collection[int], course: Course | int) -> dict[int, int]:
    """Return how many lessons each of these people has left before the examination. Three queries, or six at most."""
    lessons = dict(
        Lesson.objects.published().filter(module__course=course).order_by().values_list("pk", "module")
    )
    done: dict[int, set[int]] = {user: set() for user in users}
    rows = LessonDone.objects.filter(user__in=list(done), lesson__in=list(lessons)).order_by()
    for user, lesson in rows.values_list("user", "lesson"):
        done[user].add(lesson)
    waived = find_waived(users, course)
    return {
        user: sum(pk not in met and module not in waived.get(user, ()) for pk, module in lessons.items())
        for user, met in done.items()
    }


def list_missing(user: User, quiz: Quiz) -> list[Missing]:
    """List what comes before the examination. No query for another kind of quiz; else one, or up to seven."""
    if quiz.kind != Quiz.Kind.FINAL or EarlyOpening.objects.filter(user=user, quiz=quiz).exists():
        return []
    left = count_left([user.pk], quiz.course_id)[user.pk]
    if not left:
        return []
    words = ngettext(
        "还有 %(n)d 课没学完。学完了再考，或者请老师提前开考",
        "还有 %(n)d 课没学完。学完了再考，或者请老师提前开考",
        left,
    )
    return [Missing(words % {"n": left}, reverse("progress:course", args=[quiz.course.slug]))]


def find_quiz(course: Course | int) -> Quiz | None:
    """Return the course's published theory examination."""
    rows = Quiz.objects.published().filter(course=course, kind=Quiz.Kind.FINAL)
    return rows.select_related("course").order_by("pk").first()


@transaction.atomic
def open_early(trainer: User, cohort: Cohort, quiz: Quiz, people: Iterable[User]) -> int:
    """Let these people of the class sit the examination now; return for how many that is new."""
    found = list(people)
    there = set(EarlyOpening.objects.filter(quiz=quiz, user__in=found).values_list("user", flat=True))
    new = [person for person in found if person.pk not in there]
    EarlyOpening.objects.bulk_create(
        [EarlyOpening(user=person, quiz=quiz, trainer=trainer) for person in new], ignore_conflicts=True
    )
    for person in new:
        AuditEntry.write(trainer, Verb.OPENED_EARLY, person, cohort.place, name=quiz.title)
    return len(new)
