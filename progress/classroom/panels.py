"""The line on a trainee's home that leads to the question on the wall."""

from __future__ import annotations

from collections.abc import Collection

from accounts.models import User
from progress.classes.panels import MemberPanel, register_member_panel
from progress.models import ClassroomSession


@register_member_panel
def build_member_panels(user: User, cohorts: Collection[int]) -> dict[int, MemberPanel]:
    """Return for each of a person's classes in whose room slides are shown now the way to answer. One query."""
    rows = ClassroomSession.objects.running().filter(cohort__in=cohorts).order_by("started_at")
    return {
        cohort: MemberPanel("progress/classroom/_member_panel.html", {"code": code})
        for cohort, code in rows.values_list("cohort", "code")
    }
