"""The attendance's rows on the page of a class and on the home of its trainees."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import User
from programme.attendance.hours import credit
from programme.models import Attendance, TrainingSession
from progress.classes.panels import MemberPanel, Panel, register_member_panel, register_panel


def find_held(cohort: int, now: datetime, _today: date) -> QuerySet[TrainingSession]:
    return TrainingSession.objects.filter(cohort=cohort).held(now)


register_panel(
    Panel(
        icon="cal",
        page="programme:sessions",
        title=_("培训课、点名"),
        words=ngettext_lazy("上了 %(n)s 次", "上了 %(n)s 次", "n"),
        find=find_held,
        turn=1,
        is_for_mentors=True,
    )
)


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
