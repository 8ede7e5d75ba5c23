"""Register what waits for people who rehearse, and for those who review."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.worklist.items import DAY, Urgency, WorkItem, is_read, register_work
from media.models import Video
from rehearsals.models import Rehearsal, Review, Submission, Take, TaskReview, TaskVersion
from rehearsals.models.task import is_passed_elsewhere
from rehearsals.reviews import double_scoring, review_queue
from rehearsals.reviews.retakes import has_later_try

REVIEW = "review"
TASK_REVIEW = "task_review"
REVIEWS_ARE_NEWS = 30 * DAY
UNFINISHED = 30 * DAY
MOST_NEWS = 50


@register_work()
def reviews(user: User) -> Iterator[WorkItem]:
    """Yield reviews of the person's own rehearsals that are unread, and those that ask for a recording not made yet. One
    query.
    """
    signed = Review.objects.counting().filter(
        submission__user=user, signed_at__gt=timezone.now() - REVIEWS_ARE_NEWS
    )
    rows = signed.exclude(kind=Review.Kind.SECOND).annotate(
        is_read=is_read(user, REVIEW, "signed_at"),
        is_due=ExpressionWrapper(Q(wants_again=True) & ~has_later_try("submission__"), BooleanField()),
    )
    rows = rows.filter(Q(is_due=True) | Q(is_read=False)).select_related("submission__drill")
    for review in rows.order_by("-signed_at")[:MOST_NEWS]:
        drill = review.submission.drill
        facts = {"drill": drill.title if drill else _("彩排")}
        again = _("“%(drill)s”老师看过了，请你重录一遍")
        yield WorkItem(
            kind="review_again" if review.is_due else "review",
            count=1,
            sentence=(again if review.is_due else _("“%(drill)s”的点评来了")) % facts,
            url=reverse("rehearsals:submission", args=[review.submission.key]),
            icon="again" if review.is_due else "note",
            tab="practise",
            urgency=Urgency.OWN if review.is_due else Urgency.NEWS,
            since=review.signed_at,
            news=None if review.is_due else (REVIEW, review.pk),
            notice=f"review-{review.pk}",
        )


@register_work()
def tasks(user: User) -> Iterator[WorkItem]:
    """Yield the tasks that a trainer has returned and that were not handed in again, and those accepted and not read yet.
    One query.
    """
    rows = TaskReview.objects.filter(version__work__user=user, version__in=TaskVersion.objects.newest())
    rows = rows.annotate(is_read=is_read(user, TASK_REVIEW, "created_at")).filter(
        Q(decision=TaskReview.Decision.RETURNED) & ~is_passed_elsewhere("version__work__")
        | Q(
            decision=TaskReview.Decision.ACCEPTED,
            is_read=False,
            created_at__gt=timezone.now() - REVIEWS_ARE_NEWS,
        )
    )
    rows = rows.select_related("version__work__assignment").order_by("-decision", "-created_at")
    for review in rows[:MOST_NEWS]:
        task = review.version.work.assignment
        facts = {"title": task.title, "step": review.next_step}
        is_due = review.decision == TaskReview.Decision.RETURNED
        again = _("“%(title)s”还差一件：%(step)s")
        yield WorkItem(
            kind="task_again" if is_due else "task_accepted",
            count=1,
            sentence=(again if is_due else _("“%(title)s”通过了")) % facts,
            url=reverse("rehearsals:task", args=[task.pk]),
            icon="again" if is_due else "note",
            tab="learn",
            urgency=Urgency.OWN if is_due else Urgency.NEWS,
            since=review.created_at,
            news=None if is_due else (TASK_REVIEW, review.pk),
            notice=f"task-review-{review.pk}",
        )


@register_work()
def unfinished(user: User) -> Iterator[WorkItem]:
    """Yield recordings that were not handed in, and submissions without a playable film. Two queries."""
    since = timezone.now() - UNFINISHED
    mine = Rehearsal.objects.not_dropped().filter(user=user, submission=None, happened_at__gt=since)
    mine = mine.filter(Exists(Take.objects.filter(rehearsal=OuterRef("pk"))))
    mine = mine.filter(answers__isnull=True)  # the recording of a part goes with its answer
    rows = list(
        mine.order_by("happened_at").values("key", "happened_at", title=F("livestream__title"))[:MOST_NEWS]
    )
    facts = {"n": len(rows), "title": rows[0]["title"] if rows else ""}
    many = ngettext("%(n)s 次彩排录了还没交", "%(n)s 次彩排录了还没交", len(rows))
    one = reverse("rehearsals:rehearsal", args=[rows[0]["key"]]) if len(rows) == 1 else ""
    yield WorkItem(
        kind="rehearsal_unfinished",
        count=len(rows),
        sentence=(_("“%(title)s”录了还没交") if one else many) % facts,
        url=one or reverse("rehearsals:practise"),
        icon="video",
        tab="practise",
        urgency=Urgency.OWN,
        since=rows[0]["happened_at"] if rows else None,
    )
    failed = Submission.objects.queued().filter(user=user, video__status=Video.Status.FAILED)
    for submission in failed.select_related("rehearsal__livestream").order_by("-received_at")[:1]:
        yield WorkItem(
            kind="film_failed",
            count=1,
            sentence=_("“%(title)s”的录像没做成，重录一遍")
            % {"title": submission.rehearsal.livestream.title},
            url=reverse("rehearsals:rehearsal", args=[submission.rehearsal.key]),
            icon="again",
            tab="practise",
            urgency=Urgency.OWN,
            since=submission.received_at,
        )


@register_work()
def reviewing(user: User) -> Iterator[WorkItem]:
    """Yield rehearsals and tasks to review, and rehearsals to score a second time, in the classes the person leads. Three
    queries, none for people who are no staff.
    """
    if not user.works_in_the_admin:
        return
    found = review_queue.find_queued(user).order_by().aggregate(n=Count("pk"), since=Min("received_at"))
    yield WorkItem(
        kind="review_due",
        count=found["n"],
        sentence=ngettext("%(n)s 段彩排等你点评", "%(n)s 段彩排等你点评", found["n"]) % found,
        url=f"{reverse('rehearsals:reviews')}?kind={review_queue.PRACTICE}",
        icon="video",
        tab="reviews",
        since=found["since"],
    )
    tasks = (
        review_queue.find_waiting_works(user).order_by().aggregate(n=Count("pk"), since=Min("waiting_since"))
    )
    yield WorkItem(
        kind="task_due",
        count=tasks["n"],
        sentence=ngettext("%(n)s 份任务等你看", "%(n)s 份任务等你看", tasks["n"]) % tasks,
        url=f"{reverse('rehearsals:reviews')}?kind={review_queue.TASKS}",
        icon="note",
        tab="reviews",
        since=tasks["since"],
    )
    n = double_scoring.find_waiting(user).count()
    yield WorkItem(
        kind="second_score_due",
        count=n,
        sentence=ngettext("%(n)s 段等你打第二遍分", "%(n)s 段等你打第二遍分", n) % {"n": n},
        url=f"{reverse('rehearsals:reviews')}?show=second",
        icon="eye",
        tab="reviews",
        urgency=Urgency.OWN,
    )
