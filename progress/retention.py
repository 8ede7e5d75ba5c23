"""Practice films go after 90 days (个人信息保护法 §19): their owner is told a week before and may keep them.

What is under a duty is none of these: a replay belongs to its livestream. Assessments stay; they hold no picture.
"""

from __future__ import annotations

import datetime
import logging

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import noticing
from progress import giving_up, notices
from progress.models import Rehearsal, Submission
from ui.days import day

log = logging.getLogger(__name__)

LASTS = datetime.timedelta(days=settings.PRACTICE_FILM_DAYS)
TOLD_BEFORE = datetime.timedelta(days=7)
AT_ONCE = 200


def with_film() -> QuerySet[Submission]:
    return Submission.objects.filter(video__isnull=False, video_kept=False)


def goes_on(submission: Submission) -> datetime.date | None:
    """The first day on which the film may be gone; None when it is kept or gone."""
    if submission.video_id is None or submission.video_kept:
        return None
    ends = submission.received_at + LASTS
    if submission.video_told_at:
        ends = max(ends, submission.video_told_at + TOLD_BEFORE)
    return timezone.localdate(ends)


def keep(submission: Submission, kept: bool) -> None:
    """Given up again, it is told of once more before it goes."""
    Submission.objects.filter(pk=submission.pk).update(video_kept=kept, video_told_at=None)


def run(now: datetime.datetime | None = None) -> dict[str, int]:
    """The worker's round, once a day; safe at any moment. Nothing goes that was not told of a week before."""
    now = now or timezone.now()
    done = {"told": tell(now), "gone": let_go(now), "dropped": forget_left(now)}
    if any(done.values()):
        log.info("practice films", extra={"fields": done})
    return done


def tell(now: datetime.datetime) -> int:
    due = with_film().filter(video_told_at=None, received_at__lte=now - LASTS + TOLD_BEFORE)
    rows = list(due.select_related("user", "drill").order_by("received_at")[:AT_ONCE])
    for submission in rows:
        with transaction.atomic():
            mine = with_film().filter(pk=submission.pk, video_told_at=None)
            if not mine.update(video_told_at=now):
                continue
            submission.video_told_at = now
            facts = {"day": day(goes_on(submission)), "receipt": submission.receipt}
            key = f"film-goes {submission.key.hex} {now:%y%m%d}"
            noticing.write(key, submission.user.phone, notices.FILM_GOES, **facts)
    return len(rows)


def let_go(now: datetime.datetime) -> int:
    """The film's row and files follow by media's sweep, which takes what nothing points to."""
    due = with_film().filter(received_at__lte=now - LASTS, video_told_at__lte=now - TOLD_BEFORE)
    found = list(due.order_by("received_at").values_list("pk", flat=True)[:AT_ONCE])
    for submission in Submission.objects.filter(pk__in=found).select_related("rehearsal"):
        giving_up.forget_uploads(submission.rehearsal)
    return due.filter(pk__in=found).update(video=None, video_gone_at=now)


def forget_left(now: datetime.datetime) -> int:
    """What was recorded and never handed in; its page has said all along until when it is kept."""
    left = Rehearsal.objects.standing().filter(submission__isnull=True, received_at__lte=now - LASTS)
    return sum(giving_up.drop(rehearsal) for rehearsal in left.order_by("received_at")[:AT_ONCE])


def left_until(rehearsal: Rehearsal) -> datetime.date:
    return timezone.localdate(rehearsal.received_at + LASTS)
