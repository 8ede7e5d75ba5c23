"""What somebody still misses for a course's certificate, for a whole class at once."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Assignment, Course, Lesson, Quiz
from courses.models.twins import pair_courses
from programme.attendance.hours import count_minutes
from programme.models import CertificateRule, ExamSeat
from programme.typesetting import list_unprintable
from progress.models import Attempt, LessonDone
from progress.quizzes.final_theory import find_waived
from rehearsals.models import Review, TaskReview
from rehearsals.tasks.both_languages import find_accepted_elsewhere


class Kind(enum.StrEnum):
    """What can be missing."""

    LESSON = "lesson"
    QUIZ = "quiz"
    REHEARSAL = "rehearsal"
    TASK = "task"
    THEORY = "theory"
    PRACTICAL = "practical"
    HOURS = "hours"
    NAME = "name"


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, in words; `first` is the id of the first lesson, quiz or task that is."""

    kind: Kind
    words: str
    first: int | None = None


@dataclass
class Standing:
    """What a person has of what the rule asks (ids of lessons and tasks; attempts by quiz; submissions), and what is missing."""

    lessons: set[int] = field(default_factory=set)
    quizzes: dict[int, str] = field(default_factory=dict)
    rehearsals: list[str] = field(default_factory=list)
    tasks: set[int] = field(default_factory=set)
    minutes: int = 0
    # The keys of the passed theory examination and of the passed practical; waived: lessons of known modules.
    theory: str = ""
    practical: str = ""
    waived: set[int] = field(default_factory=set)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        return [gap.words for gap in self.gaps]

    @property
    def is_due(self) -> bool:
        return not self.gaps

    @property
    def evidence(self) -> dict:
        return {
            "lessons": len(self.lessons),
            "quizzes": sorted(self.quizzes.values()),
            "rehearsals": sorted(self.rehearsals),
            "tasks": sorted(self.tasks),
            "minutes": self.minutes,
        } | {name: key for name in ("theory", "practical") if (key := getattr(self, name))}


def find_rule(course: Course, day: date | None = None) -> CertificateRule | None:
    """Return the rule in force on a day, today by default; None where the course gives no certificate. One query."""
    return CertificateRule.objects.at(day or timezone.localdate()).filter(course=course).first()


def create_first_rules(course: Course) -> None:
    """Give a course and its translation a rule each, of today, unless it has one: every lesson, every quiz, one rehearsal."""
    for one in (course, course.twin):
        if one and not one.certificate_rules.exists():
            hours = one.modules.aggregate(hours=Sum("hours"))["hours"] or 0
            with translation.override(one.language):
                title = _("乡村直播带货培训结业证书")
            CertificateRule.objects.create(course=one, title=title, hours=hours)


def load_standings(course: Course, names: dict[int, str], rule: CertificateRule) -> dict[int, Standing]:
    """Return what each of the people has and misses. Six queries, however many they are, and up to nine more for what a rule may
    ask for besides: tasks, the theory, the practical, and lessons of known modules.

    `names` are the names to be printed, by user.
    """
    users = list(names)
    found: dict[int, Standing] = defaultdict(Standing)
    rows = list(
        Lesson.objects.published()
        .filter(module__course=course)
        .order_by("module__position", "position", "pk")
        .values_list("pk", "title", "module")
    )
    modules = {pk: module for pk, _title, module in rows}
    lessons = {pk: title for pk, title, _module in rows}
    quizzes = dict(
        Quiz.objects.published()
        .filter(course=course)
        .exclude(kind__in=Quiz.NOT_OF_COURSE_WORK)
        .order_by("module__position", "pk")
        .values_list("pk", "title")
    )
    done = LessonDone.objects.filter(user__in=users, lesson__in=lessons).order_by()
    for user, lesson in done.values_list("user", "lesson"):
        found[user].lessons.add(lesson)
    passed = Attempt.objects.filter(user__in=users, quiz__in=quizzes, passed=True, finished_at__isnull=False)
    for user, quiz, key in passed.order_by("-finished_at", "-pk").values_list("user", "quiz", "key"):
        found[user].quizzes[quiz] = str(key)  # the earliest stays
    # Those of classes of other courses do not count.
    own = Q(submission__cohort__course=course) | pair_courses("submission__cohort__course__", course)
    scored = Review.objects.counting().filter(
        own | Q(submission__cohort=None),
        submission__user__in=users,
        total__gte=rule.rehearsal_points,
        wants_again=False,
    )
    for user, key in scored.order_by().values_list("submission__user", "submission__key").distinct():
        found[user].rehearsals.append(str(key))
    tasks = load_tasks(course) if rule.tasks else {}
    accepted = TaskReview.objects.filter(
        decision=TaskReview.Decision.ACCEPTED,
        version__work__user__in=users,
        version__work__assignment__in=tasks,
    )
    if tasks:
        columns = ("version__work__user", "version__work__assignment")
        for user, task in accepted.order_by().values_list(*columns):
            found[user].tasks.add(task)
        for user, task, _has_work in find_accepted_elsewhere(course.pk, users):
            found[user].tasks.add(task)
    for user, minutes in count_minutes(users, course).items():
        found[user].minutes = minutes
    add_examinations(found, course, users, rule)
    if rule.waives_known:
        for user, known in find_waived(users, course).items():
            found[user].waived = {pk for pk, module in modules.items() if module in known}
    for user in users:
        found[user].gaps = list(list_gaps(found[user], rule, lessons, quizzes, tasks, names[user]))
    return found


def load_tasks(course: Course) -> dict[int, str]:
    """Return the titles of the course's tasks in their order."""
    rows = Assignment.objects.filter(module__course=course).order_by("module__position", "position", "pk")
    return dict(rows.values_list("pk", "title"))


def add_examinations(
    found: dict[int, Standing], course: Course, users: list[int], rule: CertificateRule
) -> None:
    """Add the theory and the practical that each of them has passed, in either language, where the rule asks for them."""
    if rule.needs_theory:
        own = Q(quiz__course=course) | pair_courses("quiz__course__", course)
        passed = Attempt.objects.filter(
            own, user__in=users, quiz__kind=Quiz.Kind.FINAL, passed=True, finished_at__isnull=False
        )
        for user, key in passed.order_by("-finished_at", "-pk").values_list("user", "key"):
            found[user].theory = str(key)
    if rule.needs_practical:
        own = Q(course=course) | pair_courses("course__", course)
        seats = ExamSeat.objects.filter(own, user__in=users, passed=True, withdrawn_at__isnull=True)
        for user, key in seats.order_by("-settled_at", "-pk").values_list("user", "key"):
            found[user].practical = str(key)


def list_gaps(
    standing: Standing,
    rule: CertificateRule,
    lessons: dict[int, str],
    quizzes: dict[int, str],
    tasks: dict[int, str],
    name: str,
) -> Iterable[Gap]:
    """Yield what is missing, in the order in which it is done; where it is one lesson or one quiz, with its title."""
    had = standing.lessons | standing.waived
    if rule.needs_lessons and (left := {pk: lessons[pk] for pk in lessons if pk not in had}):
        words = describe_left(left, _("还有一课没学完：%(title)s"), _("还有 %(count)s 课没学完"))
        yield Gap(Kind.LESSON, words, next(iter(left)))
    if rule.needs_quizzes and (left := {pk: quizzes[pk] for pk in quizzes if pk not in standing.quizzes}):
        words = describe_left(left, _("还有一个测验没过：%(title)s"), _("还有 %(count)s 个测验没过"))
        yield Gap(Kind.QUIZ, words, next(iter(left)))
    if rule.needs_theory and not standing.theory:
        yield Gap(Kind.THEORY, _("结业理论还没过"))
    if rule.needs_practical and not standing.practical:
        yield Gap(Kind.PRACTICAL, _("结业实操还没过"))
    if (short := rule.rehearsals - len(standing.rehearsals)) > 0:
        words = ngettext(
            "还差 %(count)s 遍 %(points)s 分以上的彩排",
            "还差 %(count)s 遍 %(points)s 分以上的彩排",
            short,
        )
        yield Gap(Kind.REHEARSAL, words % {"count": short, "points": rule.rehearsal_points})
    if (short := rule.tasks - len(standing.tasks)) > 0:
        words = ngettext("还差 %(n)s 样练习任务没通过", "还差 %(n)s 样练习任务没通过", short)
        first = next((pk for pk in tasks if pk not in standing.tasks), None)
        yield Gap(Kind.TASK, words % {"n": short}, first)
    if standing.minutes < rule.attendance_hours * 60:
        words = _("到课 %(have)s 小时，要满 %(need)s 小时")
        yield Gap(Kind.HOURS, words % {"have": standing.minutes // 60, "need": rule.attendance_hours})
    if not name.strip():
        yield Gap(Kind.NAME, _("还没填姓名"))
    if unprintable := list_unprintable(name):
        words = _("名字里的“%(letters)s”印不出来，请联系管理员加字")
        yield Gap(Kind.NAME, words % {"letters": _("、").join(unprintable)})


def describe_left(left: dict[int, str], one: str, many: str) -> str:
    titles = list(left.values())
    return one % {"title": titles[0]} if len(titles) == 1 else many % {"count": len(titles)}
