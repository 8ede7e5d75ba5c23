"""Add follow-ups to the page of a class, and to a person's own page what is theirs of follow-ups and stories."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import ngettext_lazy, pgettext_lazy

from accounts.models import User
from accounts.people.panels import Panel, register_panel
from programme.models import FollowUp, Story
from programme.outcomes import permissions
from progress.classes import panels as class_panels
from progress.models import Enrolment


@register_panel
def build_panel(user: User) -> Panel | None:
    """Show the follow-ups that are due, stories, to staff whom to ask, and to organisers the way to the figures.

    Two queries.
    """
    due = list(FollowUp.objects.due().open().filter(user=user).order_by("due_on"))
    facts = {
        "due": due,
        "stories": Story.objects.filter(person=user, asked_at__isnull=False).exists(),
        "asks": user.works_in_the_admin,
        "sees_impact": permissions.can_see_impact(user),
    }
    return Panel("programme/outcomes/_me.html", facts) if any(facts.values()) else None


def find_due(cohort: int, _now: datetime, today: date) -> QuerySet[FollowUp]:
    """Return the follow-ups that are due in the class."""
    members = Enrolment.objects.active().filter(cohort=cohort).order_by().values("user")
    return FollowUp.objects.due(today).open().filter(user__in=members)


class_panels.register_panel(
    class_panels.Panel(
        icon="phone",
        link=lambda cohort: f"{reverse('programme:follow_ups')}?class={cohort.pk}",
        title=pgettext_lazy("many", "回访"),
        words=ngettext_lazy("%(n)s 个人该问了", "%(n)s 个人该问了", "n"),
        find=find_due,
    )
)
