"""Register what waits for learners and for those who teach them (`accounts.worklist.items`)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.worklist.items import DAY, Urgency, WorkItem, exclude_read, register_work
from courses.models import Cohort
from progress.classes import questions
from progress.classes.board import QUIET, find_quiet_members
from progress.enrolment import notices
from progress.enrolment.course_progress import choose_current, list_course_progress
from progress.models import Ask, Enrolment, WaitingEntry
from progress.quizzes import talks
from ui.pages import build_page_url

REVIEW, REPLY, SEAT = "review", "reply", "seat"
REVIEWS_ARE_NEWS = SEATS_ARE_NEWS = 30 * DAY
UNFINISHED = 30 * DAY
# The limit of news; a person with more has not been here for months.
MOST = 50
LONGEST_QUOTED = 16


# --- learners ---


@register_work()
def replies(user: User) -> Iterator[WorkItem]:
    """Yield answers to the person's own questions that they have not opened. One query."""
    news = exclude_read(questions.find_newly_answered(user), user, REPLY, "answered_at")
    for ask in news[:MOST]:
        yield WorkItem(
            kind="reply",
            count=1,
            sentence=_("老师回了你的问题"),
            note=quote(ask.text),
            url=reverse("progress:ask", args=[ask.pk]),
            icon="note",
            tab="learn",
            urgency=Urgency.NEWS,
            since=ask.answered_at,
            news=(REPLY, ask.pk),
        )


@register_work()
def seats(user: User) -> Iterator[WorkItem]:
    """Yield the classes that the person got into from a waiting list and has not opened since. One query."""
    inside = Enrolment.objects.active().filter(user=user, cohort=OuterRef("cohort"))
    since = timezone.now() - SEATS_ARE_NEWS
    rows = WaitingEntry.objects.filter(
        Exists(inside), user=user, state=WaitingEntry.State.ADMITTED, decided_at__gt=since
    )
    unseen = exclude_read(rows, user, SEAT, "decided_at").select_related("cohort")
    for entry in unseen.order_by("-decided_at")[:MOST]:
        yield WorkItem(
            kind="seat",
            count=1,
            sentence=_("“%(name)s”有你的名额了，你已经进班") % {"name": entry.cohort.name},
            url=build_page_url("progress.my_class", entry.cohort_id),
            icon="check",
            tab="learn",
            urgency=Urgency.NEWS,
            since=entry.decided_at,
            news=(SEAT, entry.pk),
            notice=f"{notices.ADMITTED}-{entry.pk}",
        )


def quote(text: str) -> str:
    words = " ".join(text.split())
    return _("“%(words)s”") % {
        "words": words if len(words) <= LONGEST_QUOTED else f"{words[:LONGEST_QUOTED]}…"
    }


@register_work(is_counted=False)
def next_lesson(user: User) -> Iterator[WorkItem]:
    """Yield the lesson that the page 学习 offers. Three queries."""
    now = choose_current(list_course_progress(user), get_language())
    if now and now.next:
        yield WorkItem(
            kind="lesson",
            count=1,
            sentence=_("接着学：%(title)s") % {"title": now.next.title},
            note=now.course.title,
            url=reverse("progress:lesson", args=[now.next.pk]),
            icon="learn",
            tab="learn",
            urgency=Urgency.LATER,
        )


# --- trainers and mentors ---


def choose_tab(user: User) -> str:
    """Return the tab that leads to a person's classes: mentors, who are no staff, have none of their own."""
    return "classes" if user.works_in_the_admin else "me"


@register_work()
def teaching(user: User) -> Iterator[WorkItem]:
    """Yield what waits in the classes the person guides: rehearsals to review, questions, and, in their own classes, trainees
    who have stopped learning. Four queries, none for people who are neither staff nor mentors.
    """
    if not (user.works_in_the_admin or user.places_with_role(Membership.Role.MENTOR)):
        return
    led = Cohort.objects.guided_by(user).order_by().values("pk")
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
    yield WorkItem(
        kind="ask",
        count=n,
        sentence=ngettext("%(n)s 个问题等你回", "%(n)s 个问题等你回", n) % {"n": n},
        url=reverse("progress:ask", args=[found["pk"]]) if n == 1 else in_one,
        icon="note",
        tab=choose_tab(user),
        since=found["since"],
    )
    yield from list_quiet(user)


@register_work()
def talks_to_hold(user: User) -> Iterator[WorkItem]:
    """Yield those in the classes the person leads who failed a quiz too often. One query, none for people who are no staff."""
    if not user.works_in_the_admin:
        return
    led = Cohort.objects.manageable_by(user).order_by().values("pk")
    rows = list(talks.find_waiting_in(led).exclude(user=user.pk))
    if not rows:
        return
    n, cohorts = len(rows), {row["cohort"] for row in rows}
    board = reverse("progress:class", args=[rows[0]["cohort"]])
    yield WorkItem(
        kind="talk",
        count=n,
        sentence=ngettext("%(n)s 个人考了几次没过，等你谈一谈", "%(n)s 个人考了几次没过，等你谈一谈", n)
        % {"n": n},
        url=f"{board}#talks" if len(cohorts) == 1 else reverse("progress:classes"),
        icon="users",
        tab="classes",
        since=rows[0]["since"],
    )


def list_quiet(user: User) -> Iterator[WorkItem]:
    """Yield the person's running classes in which somebody has done no lesson for a week. One query.

    It leads to those who are stuck, where the person may see them, else to the class.
    """
    today = timezone.localdate()
    own = Q(pk__in=Cohort.objects.taught_by(user).order_by().values("pk"))
    own |= Q(pk__in=Cohort.objects.mentored_by(user).order_by().values("pk"))
    running = Cohort.objects.filter(own, starts_on__lte=today - QUIET, ends_on__gte=today)
    taught = Cohort.objects.taught_by(user).filter(pk=OuterRef("cohort"))
    quiet = find_quiet_members(running.order_by().values("pk"))
    rows = quiet.values("cohort", name=F("cohort__name"), leads=Exists(taught))
    for row in rows.annotate(n=Count("pk")).order_by("-n", "cohort")[:MOST]:
        yield WorkItem(
            kind="quiet",
            count=1,  # one class to look at, not so many people
            sentence=ngettext("%(n)s 个人一星期没学了", "%(n)s 个人一星期没学了", row["n"]) % row,
            note=row["name"],
            url=(
                build_page_url("progress.support", row["cohort"])
                if row["leads"]
                else f"{reverse('progress:class', args=[row['cohort']])}#people"
            ),
            icon="users",
            tab=choose_tab(user),
            urgency=Urgency.OWN,
        )
