"""Delete practice films after 90 days (个人信息保护法 §19); their owners get a notice a week before and may keep them.

Films that the law requires to be stored are not among these: a replay belongs to its livestream. Scores and notes stay; they
hold no picture.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.notifications import delivery
from rehearsals import notices
from rehearsals.models import Rehearsal, Submission
from rehearsals.submissions import services
from ui.formats import day

log = logging.getLogger(__name__)

LASTS = datetime.timedelta(days=settings.PRACTICE_FILM_DAYS)
NOTICE_BEFORE = datetime.timedelta(days=7)
AT_ONCE = 200


def find_due_for_deletion() -> QuerySet[Submission]:
    return Submission.objects.filter(video__isnull=False, video_kept=False)


def get_deletion_day(submission: Submission) -> datetime.date | None:
    """Return the first day on which the film may be deleted; None when it is kept or gone."""
    if submission.video_id is None or submission.video_kept:
        return None
    ends = submission.received_at + LASTS
    if submission.video_told_at:
        ends = max(ends, submission.video_told_at + NOTICE_BEFORE)
    return timezone.localdate(ends)


def set_film_kept(submission: Submission, kept: bool) -> None:
    """Set whether the film is kept; if not, its owner is notified once more before it is deleted."""
    Submission.objects.filter(pk=submission.pk).update(video_kept=kept, video_told_at=None)


def apply_retention(now: datetime.datetime | None = None) -> dict[str, int]:
    """Do everything that is due; safe to run at any time. Nothing is deleted without a notice a week before.

    Returns the number of films announced, deleted and dropped. The worker runs it once a day.
    """
    now = now or timezone.now()
    done = {"noticed": give_notice(now), "gone": delete_films(now), "dropped": drop_unsubmitted(now)}
    if any(done.values()):
        log.info("practice films", extra={"fields": done})
    return done


def give_notice(now: datetime.datetime) -> int:
    due = find_due_for_deletion().filter(video_told_at=None, received_at__lte=now - LASTS + NOTICE_BEFORE)
    count = 0
    for some in split_batches(due.order_by("received_at")):
        for submission in Submission.objects.filter(pk__in=some).select_related("user", "drill"):
            with transaction.atomic():
                mine = find_due_for_deletion().filter(pk=submission.pk, video_told_at=None)
                if not mine.update(video_told_at=now):
                    continue
                submission.video_told_at = now
                facts = {"day": day(get_deletion_day(submission)), "receipt": submission.receipt}
                key = f"film-goes {submission.key.hex} {now:%y%m%d}"
                delivery.write_notice(key, submission.user.phone, notices.FILM_GOES, **facts)
                count += 1
    return count


def delete_films(now: datetime.datetime) -> int:
    """Unlink the films that are due and announced; media's cleanup then deletes rows and files nothing refers to."""
    due = find_due_for_deletion().filter(received_at__lte=now - LASTS, video_told_at__lte=now - NOTICE_BEFORE)
    count = 0
    for some in split_batches(due.order_by("received_at")):
        for submission in Submission.objects.filter(pk__in=some).select_related("rehearsal"):
            services.forget_uploads(submission.rehearsal)
        count += due.filter(pk__in=some).update(video=None, video_gone_at=now)
    return count


def drop_unsubmitted(now: datetime.datetime) -> int:
    """Delete recordings that were never handed in; their page has always shown the date."""
    left = Rehearsal.objects.not_dropped().filter(submission__isnull=True, received_at__lte=now - LASTS)
    return sum(
        services.drop_rehearsal(rehearsal)
        for some in split_batches(left.order_by("received_at"))
        for rehearsal in Rehearsal.objects.filter(pk__in=some)
    )


def split_batches(rows: QuerySet) -> Iterator[list[int]]:
    """Yield the present ids of these rows in lists of at most AT_ONCE.

    No id is yielded twice, so that a row that stays due cannot keep the run from ending.
    """
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def get_unsubmitted_deadline(rehearsal: Rehearsal) -> datetime.date:
    return timezone.localdate(rehearsal.received_at + LASTS)
