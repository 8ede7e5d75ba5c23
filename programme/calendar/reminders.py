"""Remind those enrolled of a training session: the evening before, or two hours before (the setting SESSION_REMINDERS).

A reminder is a notice (accounts.notifications.delivery) with a key of session, time and person, so that it is sent once however
often the worker looks, and again only if the session is moved. It names day and hour, so that it is true whenever it is read; of
a session that was cancelled, moved or has begun, what was not sent yet is withdrawn.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Notice
from accounts.notifications import delivery
from programme.models import TrainingSession
from progress.models import Enrolment
from ui import formats

TEMPLATE = "session_reminder"
EVENING, HOURS = "evening", "hours"
FROM_HOUR = 18
# Nobody is woken: what is due at night is written in the morning, if the session has not come closer than BEFORE.
QUIET_FROM, QUIET_TO = 22, 7
BEFORE = datetime.timedelta(hours=2)
AHEAD = datetime.timedelta(days=2)


def find_kind(session: TrainingSession, now: datetime.datetime) -> str:
    """Return which reminder of a session is due now, "" if none is; the later one alone where both would be."""
    left, asked = session.starts_at - now, settings.SESSION_REMINDERS.replace(",", " ").split()
    if left <= datetime.timedelta(0) or session.is_cancelled:
        return ""
    if HOURS in asked and left <= BEFORE:
        return HOURS
    here, starts = timezone.localtime(now), timezone.localtime(session.starts_at)
    evening = (starts - datetime.timedelta(days=1)).replace(hour=FROM_HOUR, minute=0, second=0, microsecond=0)
    is_night = not QUIET_TO <= here.hour < QUIET_FROM
    if EVENING in asked and here >= evening and not (is_night and left > BEFORE):
        return EVENING
    return ""


def write_due(now: datetime.datetime | None = None) -> int:
    """Write the reminders that are due and withdraw those that are untrue by now; return how many were written."""
    now = now or timezone.now()
    withdraw_untrue(now)
    coming = TrainingSession.objects.filter(
        cancelled_at__isnull=True, starts_at__gt=now, starts_at__lt=now + AHEAD
    )
    return sum(remind(session, kind) for session in coming if (kind := find_kind(session, now)))


def remind(session: TrainingSession, kind: str) -> int:
    """Write the reminder to everybody of the class who has not got it. Two queries, and one for each notice."""
    people = Enrolment.objects.active().filter(cohort=session.cohort_id, user__is_active=True).order_by()
    at = f"{timezone.localtime(session.starts_at):%Y%m%d%H%M}"
    keys = {
        f"session-{kind}-{session.pk}-{at}-{pk}": phone
        for pk, phone in people.values_list("user", "user__phone")
    }
    for known in Notice.objects.filter(key__in=keys).values_list("key", flat=True):
        del keys[known]
    facts = {"session": session.pk, "at": session.starts_at.isoformat(), **describe(session)}
    for key, phone in keys.items():
        delivery.write_notice(key, phone, TEMPLATE, **facts)
    return len(keys)


def describe(session: TrainingSession) -> dict[str, str]:
    starts = timezone.localtime(session.starts_at)
    return {
        "topic": session.topic,
        "place": session.place,
        "when": f"{starts.month}-{starts.day} {starts:%H:%M}",
    }


def withdraw_untrue(now: datetime.datetime) -> None:
    """Withdraw reminders that wait to be sent, of sessions that are cancelled, moved, begun or deleted."""
    waiting: QuerySet[Notice] = Notice.objects.filter(
        template=TEMPLATE, sent_at=None, seen_at=None, next_try_at__lt=delivery.NEVER
    )
    rows = list(waiting.values_list("pk", "params"))
    found = TrainingSession.objects.in_bulk({params["session"] for _pk, params in rows})
    untrue = [pk for pk, params in rows if not is_true(found.get(params["session"]), params, now)]
    delivery.withdraw(Notice.objects.filter(pk__in=untrue))


def is_true(session: TrainingSession | None, params: dict, now: datetime.datetime) -> bool:
    if session is None or session.is_cancelled or session.starts_at <= now:
        return False
    return session.starts_at == datetime.datetime.fromisoformat(params["at"])


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the sentence as it is true now, and the page of the class; None where another app wrote the notice."""
    if notice.template != TEMPLATE:
        return None
    session = TrainingSession.objects.filter(pk=notice.params["session"]).first()
    if session is None:
        return None
    starts = timezone.localtime(session.starts_at)
    facts = {
        "topic": session.topic,
        "place": session.place,
        "day": formats.day(starts.date()),
        "time": f"{starts:%H:%M}",
    }
    url = reverse("programme:my_class", args=[session.cohort_id])
    if session.is_cancelled:
        return _("%(day)s的培训课“%(topic)s”取消了。") % facts, url
    return _("%(day)s %(time)s有培训课“%(topic)s”，在%(place)s。") % facts, url
