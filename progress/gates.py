"""What must come first: other courses, other modules, a passed quiz, a date. A closed lesson says what is missing.

What was done stays done: a gate that is put up later takes no tick away, and a lesson that was kept on the phone
while it was open still counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import Course, Lesson, Module, Opening, State
from progress.models import Attempt, Enrolment, LessonDone
from ui.days import day

NEVER = date(1970, 1, 1)
# Of the module in a query for lessons, written out for the page that is read most: most modules have no gate at all.
HAS_GATES = """(courses_module.opens_on IS NOT NULL
 OR EXISTS (SELECT 1 FROM courses_module_needs gate WHERE gate.from_module_id = courses_module.id)
 OR EXISTS (SELECT 1 FROM courses_module_needs_quiz gate WHERE gate.module_id = courses_module.id)
 OR EXISTS (SELECT 1 FROM courses_opening gate WHERE gate.module_id = courses_module.id)
 OR EXISTS (SELECT 1 FROM courses_course_needs gate WHERE gate.from_course_id = courses_module.course_id))"""


@dataclass(frozen=True)
class Missing:
    """One thing that stands before a lesson, in words, and where to do it."""

    words: str
    url: str = ""


def with_gates(lessons: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """Each with its module and course, and whether anything was ever put before it: `has_gates`."""
    rows = lessons.select_related("module__course", "video")
    return rows.annotate(has_gates=RawSQL(HAS_GATES, [], BooleanField()))


def is_closed(user: User, module: Module) -> bool:
    """One query; a lesson page first looks whether there is a gate at all (HAS_GATES)."""
    return closed_modules(user).filter(pk=module.pk).exists()


def closed_in(user: User, course: Course) -> set[int]:
    """The modules of a course that are closed to this person, by key. One query."""
    return set(closed_modules(user).filter(course=course).values_list("pk", flat=True))


def closed_modules(user: User) -> QuerySet[Module]:
    """The modules that this person may not enter yet. What is a draft cannot be done, and so is not asked for."""
    modules = Module.needs.through.objects.filter(from_module=OuterRef("pk"))
    quizzes = Module.needs_quiz.through.objects.filter(module=OuterRef("pk"), quiz__state=State.PUBLISHED)
    courses = Course.needs.through.objects.filter(from_course=OuterRef("course"))
    return Module.objects.alias(opening=opening_day(user)).filter(
        Q(opening__gt=timezone.localdate())
        | Exists(modules.filter(unfinished("to_module", user)))
        | Exists(quizzes.exclude(passed("quiz", user)))
        | Exists(courses.filter(unfinished("to_course", user, "module__course")))
    )


def unfinished(name: str, user: User, through: str = "module") -> Q:
    """Has a lesson that is out and that this person has not done."""
    done = LessonDone.objects.filter(user=user, lesson=OuterRef("pk"))
    left = Lesson.objects.published().filter(~Exists(done), **{through: OuterRef(name)})
    return Q(Exists(left))


def passed(name: str, user: User) -> Q:
    return Q(Exists(Attempt.objects.filter(user=user, passed=True, quiz=OuterRef(name))))


def opening_day(user: User) -> Coalesce:
    """A class's own day stands above the module's; without either it has always been open."""
    cohort = Enrolment.objects.active().filter(user=user, course=OuterRef(OuterRef("course")))
    own = Opening.objects.filter(module=OuterRef("pk"), cohort__in=cohort.values("cohort"))
    return Coalesce(
        Subquery(own.values("opens_on")[:1]), F("opens_on"), Value(NEVER), output_field=DateField()
    )


def missing(user: User, module: Module) -> list[Missing]:
    """What stands before this module, in the order to do it. Four queries; ask only about one that is closed."""
    course = module.course
    page = reverse("progress:course", args=[course.slug])
    told = [
        Missing(
            _("先学完“%(name)s”这门课") % {"name": one.title}, reverse("progress:course", args=[one.slug])
        )
        for one in course.needs.filter(unfinished("pk", user, "module__course"))
    ]
    told += [
        Missing(
            _("先学完第%(number)s单元“%(name)s”") % {"number": one.number, "name": one.title},
            f"{page}#unit-{one.pk}",
        )
        for one in module.needs.filter(unfinished("pk", user)).order_by("position")
    ]
    told += [
        Missing(_("先通过“%(name)s”") % {"name": one.title}, reverse("progress:quiz", args=[one.pk]))
        for one in module.needs_quiz.filter(state=State.PUBLISHED).exclude(passed("pk", user))
    ]
    dated = Module.objects.filter(pk=module.pk).annotate(opening=opening_day(user))
    opens = dated.values_list("opening", flat=True).get()
    if opens > timezone.localdate():
        told.append(Missing(_("%(day)s开放") % {"day": day(opens)}))
    return told
