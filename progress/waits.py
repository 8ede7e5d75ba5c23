"""What waits for people who learn and rehearse, and for those who teach them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, Max, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.news import is_read, unread
from accounts.waiting import DAY, Urgency, Wait, waits
from courses.models import Cohort
from media.models import Video
from progress import asking, queueing, second_look
from progress.board import QUIET, members_quiet
from progress.models import Ask, Rehearsal, Review, Submission, Take
from progress.returned import tried_again
from progress.standing import current, standings

REVIEW, REPLY = "review", "reply"
REVIEWS_ARE_NEWS = 30 * DAY
UNFINISHED = 30 * DAY
# Of news; who has more has not been here for months.
MOST = 50
LONGEST_QUOTED = 16


# --- who learns ---


@waits()
def reviews(user: User) -> Iterator[Wait]:
    """Reviews of one's own rehearsals that one has not opened, and those after which one is to record again and has not.
    One query."""
    signed = Review.objects.counting().filter(
        submission__user=user, signed_at__gt=timezone.now() - REVIEWS_ARE_NEWS
    )
    rows = signed.exclude(kind=Review.Kind.SECOND).annotate(
        is_read=is_read(user, REVIEW, "signed_at"),
        is_due=ExpressionWrapper(Q(wants_again=True) & ~tried_again("submission__"), BooleanField()),
    )
    rows = rows.filter(Q(is_due=True) | Q(is_read=False)).select_related("submission__drill")
    for review in rows.order_by("-signed_at")[:MOST]:
        drill = review.submission.drill
        facts = {"drill": drill.title if drill else _("彩排")}
        again = _("“%(drill)s”老师看过了，请您重录一遍")
        yield Wait(
            kind="review_again" if review.is_due else "review",
            count=1,
            sentence=(again if review.is_due else _("“%(drill)s”的点评来了")) % facts,
            url=reverse("progress:submission", args=[review.submission.key]),
            icon="again" if review.is_due else "note",
            tab="practise",
            urgency=Urgency.OWN if review.is_due else Urgency.NEWS,
            since=review.signed_at,
            news=None if review.is_due else (REVIEW, review.pk),
            notice=f"review-{review.pk}",
        )


@waits()
def unfinished(user: User) -> Iterator[Wait]:
    """Recorded and not handed in, and handed in without a film that can be watched. Two queries."""
    since = timezone.now() - UNFINISHED
    mine = Rehearsal.objects.standing().filter(user=user, submission=None, happened_at__gt=since)
    mine = mine.filter(Exists(Take.objects.filter(rehearsal=OuterRef("pk"))))
    mine = mine.filter(answers__isnull=True)  # a bit recorded again goes with its answer
    rows = list(
        mine.order_by("happened_at").values("key", "happened_at", title=F("livestream__title"))[:MOST]
    )
    facts = {"n": len(rows), "title": rows[0]["title"] if rows else ""}
    many = ngettext("%(n)s 次彩排录了还没交", "%(n)s 次彩排录了还没交", len(rows))
    one = reverse("progress:rehearsal", args=[rows[0]["key"]]) if len(rows) == 1 else ""
    yield Wait(
        kind="rehearsal_unfinished",
        count=len(rows),
        sentence=(_("“%(title)s”录了还没交") if one else many) % facts,
        url=one or reverse("progress:practise"),
        icon="video",
        tab="practise",
        urgency=Urgency.OWN,
        since=rows[0]["happened_at"] if rows else None,
    )
    failed = Submission.objects.queued().filter(user=user, video__status=Video.Status.FAILED)
    for submission in failed.select_related("rehearsal__livestream").order_by("-received_at")[:1]:
        yield Wait(
            kind="film_failed",
            count=1,
            sentence=_("“%(title)s”的录像没做成，重录一遍")
            % {"title": submission.rehearsal.livestream.title},
            url=reverse("progress:rehearsal", args=[submission.rehearsal.key]),
            icon="again",
            tab="practise",
            urgency=Urgency.OWN,
            since=submission.received_at,
        )


@waits()
def replies(user: User) -> Iterator[Wait]:
    """Answers to one's own questions that one has not opened, a row for each question. One query."""
    news = unread(asking.newly_answered(user), user, REPLY, "answered_at")
    for ask in news[:MOST]:
        yield Wait(
            kind="reply",
            count=1,
            sentence=_("老师回了您的问题"),
            note=quoted(ask.text),
            url=reverse("progress:ask", args=[ask.pk]),
            icon="note",
            tab="learn",
            urgency=Urgency.NEWS,
            since=ask.answered_at,
            news=(REPLY, ask.pk),
        )


def quoted(text: str) -> str:
    words = " ".join(text.split())
    return _("“%(words)s”") % {
        "words": words if len(words) <= LONGEST_QUOTED else f"{words[:LONGEST_QUOTED]}…"
    }


@waits(is_counted=False)
def next_lesson(user: User) -> Iterator[Wait]:
    """The lesson that the 学习 page offers. Three queries."""
    now = current(standings(user), get_language())
    if now:
        yield Wait(
            kind="lesson",
            count=1,
            sentence=_("接着学：%(title)s") % {"title": now.next.title},
            note=now.course.title,
            url=reverse("progress:lesson", args=[now.next.pk]),
            icon="learn",
            tab="learn",
            urgency=Urgency.LATER,
        )


# --- who teaches ---


@waits()
def teaching(user: User) -> Iterator[Wait]:
    """Of the classes one leads: rehearsals to review, questions, and in one's own classes who has stopped learning.
    Four queries, none for who is no staff."""
    if not user.works_in_the_admin:
        return
    found = queueing.queue(user).order_by().aggregate(n=Count("pk"), since=Min("received_at"))
    yield Wait(
        kind="review_due",
        count=found["n"],
        sentence=ngettext("%(n)s 段彩排等您点评", "%(n)s 段彩排等您点评", found["n"]) % found,
        url=reverse("progress:reviews"),
        icon="video",
        tab="reviews",
        since=found["since"],
    )
    n = second_look.waiting(user).count()
    yield Wait(
        kind="second_score_due",
        count=n,
        sentence=ngettext("%(n)s 段等您打第二遍分", "%(n)s 段等您打第二遍分", n) % {"n": n},
        url=f"{reverse('progress:reviews')}?show=second",
        icon="eye",
        tab="reviews",
        urgency=Urgency.OWN,
    )
    led = Cohort.objects.manageable_by(user).order_by().values("pk")
    asked = Ask.objects.unanswered().filter(cohort__in=led).order_by()
    found = asked.aggregate(
        n=Count("pk"), since=Min("asked_at"), first=Min("cohort"), last=Max("cohort"), pk=Min("pk")
    )
    n, cohort = found["n"], found["first"]
    in_one = (
        reverse("progress:class_asks", args=[cohort])
        if n and cohort == found["last"]
        else reverse("progress:classes")
    )
    yield Wait(
        kind="ask",
        count=n,
        sentence=ngettext("%(n)s 个问题等您回", "%(n)s 个问题等您回", n) % {"n": n},
        url=reverse("progress:ask", args=[found["pk"]]) if n == 1 else in_one,
        icon="note",
        tab="classes",
        since=found["since"],
    )
    yield from quiet(user)


def quiet(user: User) -> Iterator[Wait]:
    """A row for each of one's own running classes in which somebody has done no lesson for a week. One query."""
    today = timezone.localdate()
    running = Cohort.objects.taught_by(user).filter(starts_on__lte=today - QUIET, ends_on__gte=today)
    rows = members_quiet(running.order_by().values("pk")).values("cohort", name=F("cohort__name"))
    for row in rows.annotate(n=Count("pk")).order_by("-n", "cohort")[:MOST]:
        yield Wait(
            kind="quiet",
            count=1,  # a class to look at, not so many people
            sentence=ngettext("%(n)s 个人一星期没学了", "%(n)s 个人一星期没学了", row["n"]) % row,
            note=row["name"],
            url=f"{reverse('progress:class', args=[row['cohort']])}#people",
            icon="users",
            tab="classes",
            urgency=Urgency.OWN,
        )
