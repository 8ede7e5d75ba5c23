"""Somebody lacks one thing for the certificate."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Cohort, Lesson, Quiz
from courses.models.twins import pair_courses
from programme.certificates.requirements import find_rule, load_standings
from programme.models import Certificate
from programme.support.causes.cause import DAY, Cause, Event, Fact, Name, Scope, find_certified
from programme.support.causes.lessons import LateLesson
from programme.support.causes.quizzes import FailedQuiz
from progress.models import LessonDone
from rehearsals.models import TaskReview
from ui.days import begin_day

# A week is left to do the one thing that is missing before the class ends.
CERTIFICATE_BEFORE = 7 * DAY


class NearCertificate(Cause):
    """The one thing that is missing for the certificate, shortly before the class ends."""

    name = Name.CERTIFICATE

    def find(self, scope: Scope) -> Iterator[Fact]:
        """Yield who lacks one single thing for the certificate, from a week before the class ends. At most twelve queries."""
        cohort = scope.cohort
        begins = cohort.ends_on - CERTIFICATE_BEFORE
        rule = find_rule(cohort.course) if scope.today >= begins else None
        if rule is None:
            return
        lessons = Lesson.objects.published().filter(module__course=cohort.course_id)
        quizzes = (
            Quiz.objects.published().filter(course=cohort.course_id).exclude(kind__in=Quiz.NOT_OF_COURSE_WORK)
        )
        most, quiz_count = lessons.count(), quizzes.count()
        rows = scope.learners
        if rule.needs_lessons and most > 1:
            done = LessonDone.objects.filter(user__in=scope.users, lesson__in=lessons.values("pk")).order_by()
            near = done.values("user").annotate(n=Count("pk")).filter(n__gte=most - 1).values("user")
            rows = rows.filter(user__in=near)
        names = dict(rows.order_by().values_list("user", "user__name"))
        since = begin_day(begins)
        url = reverse("programme:class_certificates", args=[cohort.pk])
        for user, standing in load_standings(cohort.course, names, rule).items() if names else ():
            left = (
                (most - len(standing.lessons)) * rule.needs_lessons,
                (quiz_count - len(standing.quizzes)) * rule.needs_quizzes,
                rule.rehearsals - len(standing.rehearsals),
                rule.tasks - len(standing.tasks),
            )
            if len(standing.missing) == 1 and max(left) <= 1:
                words = _("离证书差一样：%(what)s") % {"what": standing.missing[0]}
                yield Fact(user, Name.CERTIFICATE, since, words, url=url, button=_("看发证"))

    def find_ends(self, cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
        """Yield what can have been the last thing missing."""
        yield from LateLesson().find_ends(cohort, users)
        yield from find_accepted(users)
        for user, at, _quiz in FailedQuiz().find_ends(cohort, users):
            yield user, at, None

    def find_doers(self, cohort: Cohort, fact: Fact) -> QuerySet | None:
        return find_certified(cohort).values("user")

    def describe(self) -> str:
        return _("你离结业证书只差一样了，点开接着做。")

    def build_url(self, subject: int, cohort: int) -> str:
        return reverse("progress:learn")


def find_accepted(users: Collection[int]) -> Iterator[Event]:
    """Yield the tasks that were accepted."""
    rows = TaskReview.objects.filter(decision=TaskReview.Decision.ACCEPTED, version__work__user__in=users)
    for user, at in rows.order_by().values_list("version__work__user", "created_at"):
        yield user, at, None


def find_certificates(cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
    """Yield the certificates of these people: whoever has one is through."""
    of_course = Q(course=cohort.course_id) | pair_courses("course__", cohort.course_id)
    rows = Certificate.objects.filter(of_course, user__in=users).order_by()
    for user, at in rows.values_list("user", "issued_at"):
        yield user, at, None
