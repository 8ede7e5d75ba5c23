"""Messages to phones: written in the transaction of their cause, sent later by the worker, never by a request.

They go first to the person's own phones that show notices (accounts.notifications.push), which costs nothing, and by SMS if
no phone took it or if it stays unread for half an hour. Without either the rows stay, and people read them on the screen.
"""

from __future__ import annotations

import datetime
import logging
import time

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import Notice, NoticeQuerySet, PushSubscription
from accounts.notifications import push, sms
from ui.request_ids import get_request_id, use_request_id

log = logging.getLogger(__name__)

WAITS = [datetime.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
# Only one worker has a message at a time; if it dies, another takes it up again after this time.
LEASE = datetime.timedelta(minutes=5)
SMS_AFTER_PUSH = datetime.timedelta(minutes=30)
# A message two days late would confuse more than it helps.
STALE = datetime.timedelta(hours=48)
NEVER = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)
A_DAY = datetime.timedelta(days=1)
# A person who orders in somebody else's name must not be able to fill that phone with messages.
PHONE_A_DAY = 30
AT_ONCE = 200
# The worker's heartbeat runs in the same thread: a round ends in time, however slow the gateway is.
SECONDS = 8.0
FAILURES = 3
REFUSED = gettext_noop("短信网关没有接收")
NO_PHONE = gettext_noop("手机没有接收通知")
NO_TEMPLATE = gettext_noop("短信网关里还没有这种消息的模板")
LATE = gettext_noop("过了两天没发出去，不再发了")
TOO_MANY = gettext_noop("这个号码今天收得太多了，晚点再发")
UNTRUE = gettext_noop("发之前情况变了，不再发了")
SITE_TOO_MANY = gettext_noop("今天的短信发完了，晚点再发")


def write_notice(key: str, phone: object, template: str, **params) -> None:
    """Write a notice by one statement in the caller's transaction; the same key again, or no number, writes nothing."""
    if not phone:
        return
    row = Notice(key=key, phone=phone, template=template, params=params, request_id=get_request_id())
    Notice.objects.bulk_create([row], ignore_conflicts=True)


def find_unseen_notices(phone: object, since: datetime.timedelta = 7 * A_DAY) -> NoticeQuerySet:
    """Return the notices that this phone's owner has not marked as read on the screen."""
    return Notice.objects.filter(phone=phone, seen_at=None, made_at__gt=timezone.now() - since)


def mark_seen(notices: NoticeQuerySet) -> int:
    return notices.update(seen_at=timezone.now())


def withdraw(notices: NoticeQuerySet) -> int:
    """Take back notices that were not sent and are no longer true."""
    return notices.filter(sent_at=None).update(next_try_at=NEVER, problem=UNTRUE)


def send_due(now: datetime.datetime | None = None, seconds: float = SECONDS) -> int:
    """Send what is due and return how many went out. Call it outside a transaction: it waits for another machine."""
    now, ends = now or timezone.now(), time.monotonic() + seconds
    due = Notice.objects.due(now)
    if settings.SMS_SENDER == "none":
        if not push.is_used():
            return 0
        due = due.filter(phone__in=PushSubscription.objects.values("user__phone"))
    give_up_late(now)
    sent = failed = 0
    unreachable: set[str] = set()
    for notice in list(due.order_by("next_try_at")[:AT_ONCE]):
        if failed >= FAILURES or time.monotonic() > ends:
            break
        if not lease(notice, now):
            continue
        with use_request_id(notice.request_id):
            problem = send_one(notice, now, unreachable)
        sent, failed = sent + (not problem), failed + (problem == REFUSED)
    return sent


def send_one(notice: Notice, now: datetime.datetime, unreachable: set[str]) -> str:
    """Send a notice to its phones, else by SMS; record and log the result, and return why it did not go out."""
    begun = time.monotonic()
    if not notice.pushed_at and push.send_notice(notice, unreachable):
        way, problem = "push", ""
        record_push(notice, now)
    else:
        way, problem = "sms", try_sms(notice, now)
        record_sms(notice, problem, now)
    facts = {"notice": notice.pk, "template": notice.template, "way": way, "attempts": notice.tries + 1}
    facts |= {"seconds": round(time.monotonic() - begun, 3), "outcome": "failed" if problem else "done"}
    log.info("notice", extra={"fields": facts | ({"problem": problem} if problem else {})})
    return problem


def give_up_late(now: datetime.datetime) -> None:
    late = Notice.objects.due(now).filter(made_at__lte=now - STALE)
    late.update(next_try_at=NEVER, problem=LATE)


def lease(notice: Notice, now: datetime.datetime) -> bool:
    rows = Notice.objects.due(now).filter(pk=notice.pk)
    return bool(rows.update(tries=F("tries") + 1, next_try_at=now + LEASE))


def record_push(notice: Notice, now: datetime.datetime) -> None:
    """Record that a phone took it; the SMS follows after half an hour, where a gateway has a text for it."""
    facts = {"pushed_at": now, "problem": "", "tries": 0, "next_try_at": now + SMS_AFTER_PUSH}
    if not has_sms(notice):
        facts["sent_at"] = now
    Notice.objects.filter(pk=notice.pk).update(**facts)


def has_sms(notice: Notice) -> bool:
    """Return whether there is a gateway with a text for it."""
    known = settings.SMS_SENDER != "http" or bool(settings.SMS_TEMPLATES.get(notice.template))
    return settings.SMS_SENDER != "none" and known


def try_sms(notice: Notice, now: datetime.datetime) -> str:
    """Send the SMS, and return an empty text when it went out, otherwise why not."""
    if settings.SMS_SENDER == "none":
        return NO_PHONE
    earlier = Q(phone=notice.phone, sent_at__gt=now - A_DAY)
    if Notice.objects.filter(earlier).count() >= PHONE_A_DAY:
        return TOO_MANY
    template = settings.SMS_TEMPLATES.get(notice.template, "")
    if not template and settings.SMS_SENDER == "http":
        return NO_TEMPLATE
    try:
        sms.send(str(notice.phone), template or notice.template, notice.params)
    except sms.SmsUsedUp:
        return SITE_TOO_MANY
    except sms.SmsNotSent:
        return REFUSED
    return ""


def record_sms(notice: Notice, problem: str, now: datetime.datetime) -> None:
    facts: dict = {"problem": problem}
    if not problem:
        facts["sent_at"] = now
    elif problem == NO_TEMPLATE or notice.tries >= len(WAITS):
        facts["next_try_at"] = NEVER
    else:
        facts["next_try_at"] = now + (
            WAITS[-1] if problem in (TOO_MANY, SITE_TOO_MANY) else WAITS[notice.tries]
        )
    Notice.objects.filter(pk=notice.pk).update(**facts)
