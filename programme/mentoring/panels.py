"""Add mentoring to a person's own page."""

from __future__ import annotations

from django.db.models import Exists

from accounts.models import Membership, User
from accounts.people.panels import Panel, register_panel
from programme.models import MentorInvitation, Teaching


@register_panel
def build_panel(user: User) -> Panel | None:
    """Show an invitation that waits, the own pupils and teachers; to nobody else. One query."""
    asked = MentorInvitation.objects.filter(person=user, status=MentorInvitation.Status.ASKED)
    counting = Teaching.objects.counting()
    found = User.objects.filter(pk=user.pk).values_list(
        Exists(asked), Exists(counting.filter(teacher=user)), Exists(counting.filter(pupil=user))
    )
    is_asked, has_pupils, has_teachers = found.get()
    facts = {
        "asked": is_asked,
        "teaches": has_pupils or bool(user.places_with_role(Membership.Role.MENTOR)),
        "in_lineage": has_pupils or has_teachers,
        "is_staff": user.works_in_the_admin,
    }
    return Panel("programme/mentoring/_mine.html", facts) if any(facts.values()) else None
