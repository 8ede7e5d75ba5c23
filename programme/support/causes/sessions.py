"""Somebody stays away from the training sessions."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Cohort
from programme.models import Attendance, Mark
from programme.models.attendance import CREDITED
from programme.support.causes.cause import Cause, Event, Fact, Name, Scope

ABSENCES = 2


class Absence(Cause):
    """Absence from the last sessions that count for a person."""

    name = Name.ABSENT

    def find(self, scope: Scope) -> Iterator[Fact]:
        """Yield who was absent from the last two sessions that count for them, or more: one query.

        Leave, a session without a mark and a cancelled one count neither way.
        """
        if scope.today > scope.cohort.ends_on:
            return
        counting = Attendance.objects.filter(
            session__cohort=scope.cohort,
            session__cancelled_at__isnull=True,
            session__starts_at__lte=scope.now,
        )
        later = counting.filter(
            Q(session__starts_at__gt=OuterRef("session__starts_at"))
            | Q(session__starts_at=OuterRef("session__starts_at"), session__gt=OuterRef("session")),
            user=OuterRef("user"),
            mark__in=CREDITED,
        )
        learners = scope.learners.order_by().values("user")
        rows = counting.filter(mark=Mark.ABSENT, user__in=learners).exclude(Exists(later))
        missed: dict[int, list[tuple[int, datetime.datetime]]] = {}
        ordered = rows.order_by("session__starts_at", "session")
        for user, session, at in ordered.values_list("user", "session", "session__starts_at"):
            missed.setdefault(user, []).append((session, at))
        url = reverse("programme:class_attendance", args=[scope.cohort.pk])
        for user, sessions in missed.items():
            if (n := len(sessions)) >= ABSENCES:
                words = ngettext("连着 %(n)s 次没来上课", "连着 %(n)s 次没来上课", n) % {"n": n}
                first, since = sessions[0]
                yield Fact(user, Name.ABSENT, since, words, first, url=url, button=_("看签到"))

    def find_ends(self, cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
        rows = Attendance.objects.filter(session__cohort=cohort, user__in=users, mark__in=CREDITED)
        for user, at in rows.order_by().values_list("user", "happened_at"):
            yield user, at, None

    def describe(self) -> str:
        return _("老师惦记你没来上课，下次什么时候上，点开看。")

    def build_url(self, subject: int, cohort: int) -> str:
        return reverse("programme:my_class", args=[cohort])
