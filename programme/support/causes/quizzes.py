"""Somebody failed a quiz too often."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Count, F, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Cohort, Quiz, State
from courses.models.twins import build_test_key, find_same_test, pair_courses
from programme.support.causes.cause import Cause, Event, Fact, Name, Scope
from progress.models import Attempt, Talk
from progress.quizzes import talks

# One failure is a lesson and two may be bad luck with the paper; after three the law examination asks for a talk, too.
FAILURES = 3


class FailedQuiz(Cause):
    """A quiz of the course that somebody failed too often since the last pass and talk."""

    name = Name.QUIZ

    def find(self, scope: Scope) -> Iterator[Fact]:
        """Yield who failed a quiz of the course, in either language, too often since the last pass and talk. Two queries."""
        course = scope.cohort.course_id
        of_course = Q(quiz__course=course) | pair_courses("quiz__course__", course)
        # A quiz that permits something, as the law examination does the first live session, is passed after the certificate, too.
        asked = Q(user__in=scope.learners.order_by().values("user")) | ~Q(quiz__clears="")
        tries = Attempt.objects.filter(of_course, asked, quiz__state=State.PUBLISHED, user__in=scope.users)
        failed = talks.find_failures(tries.exclude(quiz__kind__in=Quiz.NOT_JUDGED), usual=FAILURES).order_by()
        counted = failed.values("user", "test").annotate(
            failures=Count("pk"), first=Min("finished_at"), fewest=Min("limit")
        )
        rows = list(counted.filter(failures__gte=F("fewest")))
        named = load_quizzes(course) if rows else {}
        for row in rows:
            if quiz := named.get(row["test"]):
                yield describe_quiz(scope, row, quiz)

    def find_ends(self, cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
        """Yield passes and talks, in both languages of the course."""
        of_course = Q(quiz__course=cohort.course_id) | pair_courses("quiz__course__", cohort.course_id)
        own = {"user__in": users}
        passes = Attempt.objects.filter(of_course, **own, passed=True, finished_at__isnull=False).order_by()
        held = Talk.objects.filter(of_course, **own).order_by()
        for rows, moment in ((passes, "finished_at"), (held, "held_at")):
            for user, at, quiz, course in rows.values_list("user", moment, "quiz", "quiz__course"):
                yield user, at, quiz if course == cohort.course_id else None

    def find_doers(self, cohort: Cohort, fact: Fact) -> QuerySet | None:
        quiz = cohort.course.quizzes.filter(pk=fact.subject).first()
        same = find_same_test(quiz) if quiz else []
        return Attempt.objects.filter(quiz__in=same, passed=True).order_by().values("user")

    def describe(self) -> str:
        return _("老师请你再考一次“%(title)s”，哪里不懂先问他。")

    def build_url(self, subject: int, cohort: int) -> str:
        return reverse("progress:quiz", args=[subject])


def load_quizzes(course: int) -> dict[int, Quiz]:
    """Return the course's quizzes by the key of their test in both languages. One query."""
    quizzes = Quiz.objects.filter(course=course).annotate(test=build_test_key(""))
    return {quiz.test: quiz for quiz in quizzes.order_by("-pk")}


def describe_quiz(scope: Scope, row: dict, quiz: Quiz) -> Fact:
    n = row["failures"]
    words = ngettext("“%(title)s”考了 %(n)s 次没过", "“%(title)s”考了 %(n)s 次没过", n)
    has_gate = bool(quiz.talk_after or quiz.clears)
    return Fact(
        user=row["user"],
        cause=Name.QUIZ,
        since=row["first"],
        words=words % {"title": quiz.title, "n": n},
        subject=quiz.pk,
        title=quiz.title,
        url=reverse("progress:talk", args=[scope.cohort.pk, row["user"], quiz.pk]),
        button=_("谈一谈，让他再考") if has_gate else _("看他哪里丢的分"),
    )
