"""Somebody has stopped at a lesson."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Cohort, Lesson, Module, Opening, State
from programme.support.causes.cause import Cause, Event, Fact, Name, Scope
from progress.classes.board import QUIET
from progress.lessons.player import format_clock
from progress.models import Attempt, LessonDone, Watch
from ui.days import begin_day

# A lesson is late when the class's page calls its person quiet, so that both say the same.
LESSON_AFTER = QUIET


class LateLesson(Cause):
    """The next lesson, left lying for a week since it was open to the person."""

    name = Name.LESSON

    def find(self, scope: Scope) -> Iterator[Fact]:
        """Yield who has left the next lesson lying for a week since it was open to them. At most five queries."""
        if not scope.is_learning:
            return
        rows = list(find_idle(scope))
        wanted = {row["next"] for row in rows}
        lessons = {
            one.pk: one for one in Lesson.objects.filter(pk__in=wanted).defer("body", "html", "captions")
        }
        opened = load_opening_days(scope.cohort, wanted) if rows else {}
        users = [row["user"] for row in rows]
        watched = {
            (user, lesson): ms
            for user, lesson, ms in Watch.objects.filter(user__in=users, lesson__in=wanted)
            .order_by()
            .values_list("user", "lesson", "last_ms")
        }
        gates = load_gates(scope.cohort, users) if rows else {}
        begins = begin_day(scope.cohort.starts_on)
        for row in rows:
            lesson = lessons[row["next"]]
            moments = (row["enrolled_at"], row["done_at"], row["watched_at"], opened.get(lesson.pk), begins)
            since = max(moment for moment in moments if moment)
            if since > scope.now - LESSON_AFTER:
                continue
            facts = {"title": lesson.title}
            if gate := gates.get((row["user"], lesson.module_id)):
                words = _("没过“%(quiz)s”，学不了“%(title)s”") % (facts | {"quiz": gate})
            elif lesson.video_id is None:
                words = _("停在“%(title)s”") % facts
            elif ms := watched.get((row["user"], lesson.pk)):
                words = _("“%(title)s”看到 %(at)s 停了") % (facts | {"at": format_clock(ms)})
            else:
                words = _("“%(title)s”的视频没打开过") % facts
            url = reverse("progress:trainee", args=[scope.cohort.pk, row["user"]])
            yield Fact(row["user"], Name.LESSON, since, words, lesson.pk, lesson.title, url, _("看他学到哪"))

    def find_ends(self, cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
        """Yield lessons done and videos watched of the course."""
        of_course = {"user__in": users, "lesson__module__course": cohort.course_id}
        for user, at in LessonDone.objects.filter(**of_course).order_by().values_list("user", "happened_at"):
            yield user, at, None
        for user, at in Watch.objects.filter(**of_course).order_by().values_list("user", "last_at"):
            yield user, at, None

    def find_doers(self, cohort: Cohort, fact: Fact) -> QuerySet | None:
        return LessonDone.objects.filter(lesson=fact.subject).order_by().values("user")

    def describe(self) -> str:
        return _("老师请你接着学“%(title)s”。")

    def build_url(self, subject: int, cohort: int) -> str:
        return reverse("progress:lesson", args=[subject])


def find_idle(scope: Scope) -> QuerySet:
    """Return {user, enrolled_at, done_at, watched_at, next}: who did and watched nothing of the course for a week.

    `next` is the first lesson that the person has not done. One query.
    """
    edge = scope.now - LESSON_AFTER
    course = {"user": OuterRef("user"), "lesson__module__course": OuterRef("course")}
    done = LessonDone.objects.filter(**course, lesson__state=State.PUBLISHED).order_by().values("user")
    seen = Watch.objects.filter(**course).order_by().values("user")
    ticked = LessonDone.objects.filter(user=OuterRef(OuterRef("user")), lesson=OuterRef("pk"))
    left = Lesson.objects.published().filter(module__course=OuterRef("course")).exclude(Exists(ticked))
    rows = scope.learners.filter(enrolled_at__lte=edge).annotate(
        done_at=Subquery(done.annotate(at=Max("happened_at")).values("at")),
        watched_at=Subquery(seen.annotate(at=Max("last_at")).values("at")),
        next=Subquery(left.in_order().values("pk")[:1]),
    )
    rows = rows.filter(Q(done_at=None) | Q(done_at__lte=edge), Q(watched_at=None) | Q(watched_at__lte=edge))
    found = rows.filter(next__isnull=False).order_by("pk")
    return found.values("user", "enrolled_at", "done_at", "watched_at", "next")


def load_opening_days(cohort: Cohort, lessons: Collection[int]) -> dict[int, datetime.datetime]:
    """Return when these lessons opened for the class, or will; the class's own day comes first. One query."""
    own = Opening.objects.filter(module=OuterRef("module"), cohort=cohort).values("opens_on")[:1]
    rows = Lesson.objects.filter(pk__in=lessons).order_by().annotate(own=Subquery(own))
    days = {pk: mine or usual for pk, mine, usual in rows.values_list("pk", "own", "module__opens_on")}
    return {pk: begin_day(day) for pk, day in days.items() if day}


def load_gates(cohort: Cohort, users: Collection[int]) -> dict[tuple[int, int], str]:
    """Return by person and module the title of a quiz that must be passed before and is not. At most two queries."""
    needed = Module.needs_quiz.through.objects.filter(
        module__course=cohort.course_id, quiz__state=State.PUBLISHED
    )
    gates = list(needed.order_by("pk").values_list("module", "quiz", "quiz__title"))
    if not gates:
        return {}
    passes = Attempt.objects.filter(user__in=users, quiz__in=[quiz for _m, quiz, _t in gates], passed=True)
    passed = set(passes.order_by().values_list("user", "quiz"))
    return {
        (user, module): title for user in users for module, quiz, title in gates if (user, quiz) not in passed
    }
