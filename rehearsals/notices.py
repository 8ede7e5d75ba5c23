"""Notify trainees: a rehearsal is reviewed or its film will be deleted; a task is answered, or chosen for the class to see."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Notice
from accounts.notifications import delivery
from rehearsals.models import Review, TaskReview, TaskWork

REVIEWED = "rehearsal_reviewed"
FILM_GOES = "practice_film_goes"
ACCEPTED, RETURNED, CHOSEN = "task_accepted", "task_returned", "task_chosen"


def write_review_notice(review: Review) -> None:
    """Write one notice for a review, in the transaction of its signature."""
    submission = review.submission
    facts = {"by": review.reviewer.name, "submission": str(submission.key)}
    delivery.write_notice(f"review-{review.pk}", submission.user.phone, REVIEWED, **facts)


def withdraw_review_notice(review: Review) -> None:
    """Delete the notice of a review if it has not been sent to a phone."""
    Notice.objects.filter(key=f"review-{review.pk}", sent_at=None, pushed_at=None).delete()


def write_task_review_notice(review: TaskReview) -> None:
    """Write one notice for a review, in its transaction."""
    work = review.version.work
    template = ACCEPTED if review.decision == TaskReview.Decision.ACCEPTED else RETURNED
    facts = {"by": review.reviewer.name, "task": str(work.assignment_id), "title": work.assignment.title}
    delivery.write_notice(f"task-review-{review.pk}", work.user.phone, template, **facts)


def withdraw_task_review_notice(review: TaskReview) -> None:
    """Delete the notice of an answer that is taken back, if it has not been sent to a phone."""
    Notice.objects.filter(key=f"task-review-{review.pk}", sent_at=None, pushed_at=None).delete()


def write_chosen_notice(work: TaskWork) -> None:
    """Ask the owner of a work that was chosen as an example whether the class may see it."""
    facts = {"task": str(work.assignment_id), "title": work.assignment.title}
    delivery.write_notice(f"task-chosen-{work.pk}", work.user.phone, CHOSEN, **facts)


def withdraw_chosen_notice(work: TaskWork) -> None:
    Notice.objects.filter(key=f"task-chosen-{work.pk}", sent_at=None, pushed_at=None).delete()


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
    return read_task_notice(notice)


def read_task_notice(notice: Notice) -> tuple[str, str] | None:
    facts = notice.params
    sentences = {
        ACCEPTED: _("%(by)s看了你的“%(title)s”，通过了。"),
        RETURNED: _("%(by)s看了你的“%(title)s”，还差一件，改好再交一次。"),
        CHOSEN: _("老师觉得你的“%(title)s”做得好，想给全班看看。同不同意，你来定。"),
    }
    if notice.template not in sentences:
        return None
    return sentences[notice.template] % facts, reverse("rehearsals:task", args=[facts["task"]])
