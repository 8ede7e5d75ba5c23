"""Check what must be done before a module: other courses, other modules, a passed quiz, a date.

A prerequisite that is added later removes nothing: lessons done before stay done, and a lesson that was stored on a phone
while it was open still counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import Course, Lesson, Module, Opening, State
from progress.models import Attempt, Enrolment, LessonDone
from ui.database.orm import PreparedQuery
from ui.formats import day

NEVER = date(1970, 1, 1)


@dataclass(frozen=True)
class Missing:
    """One thing that is missing before a lesson can be opened, as a sentence, and the URL where to do it."""

    words: str
    url: str = ""


def is_closed(user: User, module: Module) -> bool:
    """Return whether the module is closed to the person; one small query for a module without a gate, else two."""
    return has_gates(module) and find_closed_modules(user).filter(pk=module.pk).exists()


def has_gates(module: Module) -> bool:
    """Return whether the module has any prerequisite or opening date. One query."""
    return bool(GATED.rows(module.pk))


def find_gated(module: int) -> QuerySet:
    gated = (
        Q(opens_on__isnull=False)
        | Q(openings__isnull=False)
        | Q(needs__isnull=False)
        | Q(needs_quiz__isnull=False)
        | Q(course__needs__isnull=False)
    )
    return Module.objects.filter(gated, pk=module).order_by().values_list("pk")[:1]


GATED = PreparedQuery(find_gated, 1)


def list_closed_ids(user: User, course: Course) -> set[int]:
    """Return the ids of the course's modules that are closed to this person. One query."""
    return set(find_closed_modules(user).filter(course=course).values_list("pk", flat=True))


def find_closed_modules(user: User) -> QuerySet[Module]:
    """Return the modules that this person may not enter yet. Drafts cannot be done and are not required."""
    modules = Module.needs.through.objects.filter(from_module=OuterRef("pk"))
    quizzes = Module.needs_quiz.through.objects.filter(module=OuterRef("pk"), quiz__state=State.PUBLISHED)
    courses = Course.needs.through.objects.filter(from_course=OuterRef("course"))
    return Module.objects.alias(opening=annotate_opening_day(user)).filter(
        Q(opening__gt=timezone.localdate())
        | Exists(modules.filter(filter_unfinished("to_module", user)))
        | Exists(quizzes.exclude(filter_passed("quiz", user)))
        | Exists(courses.filter(filter_unfinished("to_course", user, "module__course")))
    )


def filter_unfinished(name: str, user: User, through: str = "module") -> Q:
    """Return the condition that a published lesson is left which this person has not done."""
    done = LessonDone.objects.filter(user=user, lesson=OuterRef("pk"))
    left = Lesson.objects.published().filter(~Exists(done), **{through: OuterRef(name)})
    return Q(Exists(left))


def filter_passed(name: str, user: User) -> Q:
    return Q(Exists(Attempt.objects.filter(user=user, passed=True, quiz=OuterRef(name))))


def annotate_opening_day(user: User) -> Coalesce:
    """Return the day on which the module opens: the class's own, else the module's, else NEVER."""
    cohort = Enrolment.objects.active().filter(user=user, course=OuterRef(OuterRef("course")))
    own = Opening.objects.filter(module=OuterRef("pk"), cohort__in=cohort.values("cohort"))
    return Coalesce(
        Subquery(own.values("opens_on")[:1]), F("opens_on"), Value(NEVER), output_field=DateField()
    )


def list_missing(user: User, module: Module) -> list[Missing]:
    """List what is missing before this module, in the order to do it. Four queries; call it for closed modules only."""
    course = module.course
    page = reverse("progress:course", args=[course.slug])
    found = [
        Missing(
            _("先学完“%(name)s”这门课") % {"name": one.title}, reverse("progress:course", args=[one.slug])
        )
        for one in course.needs.filter(filter_unfinished("pk", user, "module__course"))
    ]
    found += [
        Missing(
            _("先学完第%(number)s单元“%(name)s”") % {"number": one.number, "name": one.title},
            f"{page}#unit-{one.pk}",
        )
        for one in module.needs.filter(filter_unfinished("pk", user)).order_by("position")
    ]
    found += [
        Missing(_("先通过“%(name)s”") % {"name": one.title}, reverse("progress:quiz", args=[one.pk]))
        for one in module.needs_quiz.filter(state=State.PUBLISHED).exclude(filter_passed("pk", user))
    ]
    dated = Module.objects.filter(pk=module.pk).annotate(opening=annotate_opening_day(user))
    opens = dated.values_list("opening", flat=True).get()
    if opens > timezone.localdate():
        found.append(Missing(_("%(day)s开放") % {"day": day(opens)}))
    return found
