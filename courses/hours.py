"""How long a course takes: its lessons, its tasks and its drills, counted separately, in minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Assignment, Drill

if TYPE_CHECKING:
    from courses.models.course import CourseQuerySet


@dataclass(frozen=True)
class Hours:
    """Minutes of the published lessons, of the tasks after them, and of each drill done once."""

    lessons: int
    tasks: int
    drills: int = 0

    @property
    def total(self) -> int:
        return self.lessons + self.tasks + self.drills


def with_minutes(courses: CourseQuerySet) -> CourseQuerySet:
    """Annotate `task_minutes` and `drill_minutes`, in the same query."""
    tasks = Assignment.objects.filter(module__course=OuterRef("pk")).order_by().values("module__course")
    drills = Drill.objects.filter(course=OuterRef("pk")).order_by().values("course")
    return courses.annotate(
        task_minutes=Coalesce(Subquery(tasks.annotate(n=Sum("minutes")).values("n")), 0),
        drill_minutes=Coalesce(Subquery(drills.annotate(n=Sum("minutes")).values("n")), 0),
    )


def format_minutes(minutes: int) -> str:
    """Return minutes in words: 40 分钟, 2 小时, 20 小时 20 分."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(n)s 分钟", "%(n)s 分钟", rest) % {"n": rest}
    facts = {"hours": hours, "minutes": rest}
    return (_("%(hours)s 小时 %(minutes)s 分") if rest else _("%(hours)s 小时")) % facts
