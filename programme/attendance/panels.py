"""The attendance's rows on the page of a class and on the home of its trainees."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort
from programme.attendance.hours import credit
from programme.models import Attendance, TrainingSession
from progress.classes.panels import MemberPanel, Panel, register_member_panel, register_panel


@register_panel
def build_class_panel(cohort: Cohort) -> Panel:
    """Count the sessions that were held. One query."""
    held = TrainingSession.objects.filter(cohort=cohort).held().order_by().count()
    return Panel("programme/attendance/_class_panel.html", held, turn=1, is_for_mentors=True)


@register_member_panel
def build_member_panels(user: User, cohorts: Collection[int]) -> dict[int, MemberPanel]:
    """Return for each of a person's classes with sessions the next one and the minutes credited. One query."""
    mine = Attendance.objects.filter(session=OuterRef("pk"), user=user).values("mark")[:1]
    rows = TrainingSession.objects.filter(cohort__in=cohorts, cancelled_at__isnull=True)
    now = timezone.now()
    facts: dict[int, dict[str, Any]] = {}
    for session in rows.annotate(mine=Subquery(mine)).order_by("-starts_at"):
        found = facts.setdefault(session.cohort_id, {"next": None, "minutes": 0})
        if session.ends_at > now:
            found["next"] = session
        found["minutes"] += credit(session.minutes, session.mine)
    return {pk: MemberPanel("programme/attendance/_member_panel.html", found) for pk, found in facts.items()}
