"""Export a class as a table, one row a trainee: tests and quizzes, then the day of each lesson."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import phones
from accounts.models import Membership, User
from courses.models import Cohort, Quiz, State
from courses.outline import LessonRow, build_outline, list_lessons
from progress.classes.board import find_members, load_done
from progress.models import Attempt
from progress.names import sort_by_name

CHUNK = 200
Kind = Quiz.Kind


@dataclass
class Scores:
    """Scores of one person in percent: the first pre- and post-test, the best try of each other quiz."""

    before: int | None = None
    after: int | None = None
    best: dict[int, int] = field(default_factory=dict)

    @property
    def gained(self) -> int | None:
        """Return the gain in percentage points; None while one of the two tests is missing."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass
class Register:
    """A class with the published lessons and quizzes of its course, in their order."""

    cohort: Cohort
    lessons: list[LessonRow]
    quizzes: list[Quiz]

    def header(self) -> list[str]:
        facts = [_("姓名"), _("手机号"), _("村"), _("学完几节课"), _("一共几节课")]
        tests = [_("学前测（%）"), _("学后测（%）"), _("长进（分）")]
        quizzes = [_("%(quiz)s（%%）") % {"quiz": quiz.title} for quiz in self.quizzes]
        return [*facts, *tests, *quizzes, *[lesson.title for lesson in self.lessons]]

    def rows(self) -> Iterator[list[object]]:
        """Yield one row a trainee, by pinyin. One query, and four for every 200 trainees."""
        members = find_members(self.cohort).order_by().values_list("user__name", "user")
        ordered = [user for _name, user in sort_by_name(members, lambda one: one)]
        for start in range(0, len(ordered), CHUNK):
            users = ordered[start : start + CHUNK]
            people = User.objects.in_bulk(users)
            done, villages, scores = (
                load_done(users, self.lessons),
                load_villages(users),
                load_scores(self.cohort, users),
            )
            for pk in users:
                if pk in people:  # else deleted in this moment
                    yield self.row(people[pk], done[pk], villages.get(pk, ""), scores.get(pk, Scores()))

    def row(self, user: User, done: dict[int, datetime], village: str, scores: Scores) -> list[object]:
        times = [done.get(lesson.pk) for lesson in self.lessons]
        days = [f"{timezone.localtime(at):%Y-%m-%d}" if at else "" for at in times]
        return [
            *[user.name, phones.format_local(user.phone), village, len(done), len(self.lessons)],
            *[scores.before, scores.after, scores.gained],
            *[scores.best.get(quiz.pk) for quiz in self.quizzes],
            *days,
        ]


def build_register(cohort: Cohort) -> Register:
    """Load the lessons and quizzes of the table. Two queries; the pre- and post-test have columns of their own."""
    quizzes = Quiz.objects.filter(course=cohort.course_id, state=State.PUBLISHED)
    quizzes = quizzes.exclude(kind__in=(Kind.PRE, Kind.POST, Kind.PLACEMENT))
    quizzes = quizzes.order_by("module__position", "lesson__module__position", "lesson__position", "pk")
    return Register(cohort, list_lessons(build_outline(cohort.course_id)), list(quizzes.only("title")))


def load_scores(cohort: Cohort, users: list[int]) -> dict[int, Scores]:
    """Return the scores of what each person handed in. One query.

    For a pre- or post-test the first try counts: before a second one the person has seen the explanations.
    """
    found: dict[int, Scores] = {}
    handed_in = Attempt.objects.filter(
        user__in=users, quiz__course=cohort.course_id, finished_at__isnull=False, total__gt=0
    )
    columns = handed_in.order_by("number", "pk").values_list("user", "quiz", "quiz__kind", "right", "total")
    for user, quiz, kind, right, total in columns:
        scores, percent = found.setdefault(user, Scores()), right * 100 // total
        if kind == Kind.PRE:
            scores.before = percent if scores.before is None else scores.before
        elif kind == Kind.POST:
            scores.after = percent if scores.after is None else scores.after
        else:
            scores.best[quiz] = max(percent, scores.best.get(quiz, 0))
    return found


def load_villages(users: list[int]) -> dict[int, str]:
    """Return the name of the village where each person is a trainee, by the first such membership."""
    held = Membership.objects.granted().filter(user__in=users, role=Membership.Role.TRAINEE)
    return dict(held.order_by("-pk").values_list("user", "place__name"))
