"""Add follow-ups to the page of a class, and to a person's own page what is theirs of follow-ups and stories."""

from __future__ import annotations

from accounts.models import User
from accounts.people.panels import Panel, register_panel
from courses.models import Cohort
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


@class_panels.register_panel
def build_class_panel(cohort: Cohort) -> class_panels.Panel:
    """Count the follow-ups that are due in the class. One query."""
    members = Enrolment.objects.active().filter(cohort=cohort).order_by().values("user")
    due = FollowUp.objects.due().open().filter(user__in=members).order_by().count()
    return class_panels.Panel("programme/outcomes/_class_panel.html", due)
