"""Notify trainees: a review is finished, a practice film will be deleted."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Notice
from accounts.notifications import delivery
from rehearsals.models import Review

REVIEWED = "rehearsal_reviewed"
FILM_GOES = "practice_film_goes"


def write_review_notice(review: Review) -> None:
    """Write one notice for a review, in the transaction of its signature."""
    submission = review.submission
    facts = {"by": review.reviewer.name, "submission": str(submission.key)}
    delivery.write_notice(f"review-{review.pk}", submission.user.phone, REVIEWED, **facts)


def withdraw_review_notice(review: Review) -> None:
    """Delete the notice of a review if it has not been sent to a phone."""
    Notice.objects.filter(key=f"review-{review.pk}", sent_at=None, pushed_at=None).delete()


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the sentence and the URL of its page, or None where another app wrote it."""
    facts = notice.params
    if notice.template == REVIEWED:
        url = reverse("rehearsals:submission", args=[facts["submission"]])
        return _("%(by)s点评了你的彩排，去看看。") % facts, url
    if notice.template == FILM_GOES:
        return _("你交的彩排录像，过了%(day)s就删了。想留着，先下到手机里。") % facts, reverse(
            "rehearsals:practise"
        )
    return None
