"""Register what waits for who is invited to mentor, for examiners, and for those who lead a class (`accounts.worklist.items`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Place, User
from accounts.worklist.items import Urgency, WorkItem, register_work
from courses.models import Cohort
from programme.exams import scores
from programme.models import LedgerApproval, MentorInvitation, SupportCase, TrainingLedger
from programme.support.causes.cause import FOLLOWED


@register_work()
def mentor_invitations(user: User) -> Iterator[WorkItem]:
    """Yield the invitation to mentor that the person has not answered. One query."""
    asked = MentorInvitation.objects.filter(person=user, status=MentorInvitation.Status.ASKED)
    for invitation in asked.select_related("place", "course", "invited_by"):
        facts = {"place": invitation.place.name, "course": invitation.course.title}
        inviter = invitation.invited_by
        yield WorkItem(
            kind="mentor_invitation",
            count=1,
            sentence=_("请你在%(place)s带“%(course)s”，等你答复") % facts,
            note=_("%(name)s请的") % {"name": inviter.name} if inviter else "",
            url=reverse("programme:mentoring"),
            icon="users",
            tab="me",
            urgency=Urgency.SOMEBODY,
            since=invitation.invited_at,
        )


@register_work()
def exams(user: User) -> Iterator[WorkItem]:
    """Yield the practicals this examiner has not scored, from the day on which they are held. One query, none for no staff."""
    if not user.works_in_the_admin:
        return
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    waiting = scores.find_mine(user).filter(signed_at=None, seat__exam__starts_at__lt=midnight)
    found = waiting.order_by().aggregate(n=Count("pk"), since=Min("seat__exam__starts_at"))
    yield WorkItem(
        kind="exam_score",
        count=found["n"],
        sentence=ngettext("%(n)s 个人的结业实操等你打分", "%(n)s 个人的结业实操等你打分", found["n"]) % found,
        url=reverse("programme:my_exams"),
        icon="check",
        tab="me",
        urgency=Urgency.SOMEBODY,
        since=found["since"],
    )


@register_work()
def support(user: User) -> Iterator[WorkItem]:
    """Yield the people whom this person looks after, from the day on which to look again. One query, none for no staff.

    Who is stuck and nobody has, is on the board; the lines of the classes lead there.
    """
    if not user.works_in_the_admin:
        return
    today = timezone.localdate()
    led = Cohort.objects.manageable_by(user).filter(ends_on__gte=today - FOLLOWED).order_by().values("pk")
    mine = SupportCase.objects.open().filter(cohort__in=led, taken_by=user)
    due = mine.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=today)).order_by()
    found = due.aggregate(
        n=Count("user", distinct=True), since=Min("opened_at"), first=Min("cohort"), last=Max("cohort")
    )
    in_one = found["n"] and found["first"] == found["last"]
    yield WorkItem(
        kind="support",
        count=found["n"],
        sentence=ngettext("你在管的 %(n)s 个人还卡着", "你在管的 %(n)s 个人还卡着", found["n"]) % found,
        url=reverse("programme:support", args=[found["first"]]) if in_one else reverse("progress:classes"),
        icon="users",
        tab="classes",
        urgency=Urgency.OWN,
        since=found["since"],
    )


@register_work()
def ledgers(user: User) -> Iterator[WorkItem]:
    """Yield the training ledgers that wait for this organiser's yes. One query, none for who is none."""
    if not user.is_superuser and not user.places_with_role(Membership.Role.ORGANISER):
        return
    acts = LedgerApproval.Act
    latest = LedgerApproval.objects.filter(ledger=OuterRef("pk")).order_by("-pk")
    held = Place.objects.held_by(user, Membership.Role.ORGANISER).values("pk")
    rows = TrainingLedger.objects.filter(cohort__place__in=held)
    rows = rows.annotate(latest=Subquery(latest.values("act")[:1]))
    waiting = rows.filter(latest__in=(acts.SUBMITTED, acts.CHECKED)).order_by()
    mine = LedgerApproval.objects.filter(by=user, act=acts.SUBMITTED).values("ledger")
    found = waiting.exclude(pk__in=mine).aggregate(
        n=Count("pk"), since=Min("asked_at"), first=Min("cohort"), last=Max("cohort")
    )
    in_one = found["n"] and found["first"] == found["last"]
    yield WorkItem(
        kind="ledgers",
        count=found["n"],
        sentence=ngettext("%(n)s 份培训台账等你批准", "%(n)s 份培训台账等你批准", found["n"]) % found,
        url=reverse("programme:ledgers", args=[found["first"]]) if in_one else reverse("progress:classes"),
        icon="sheet",
        tab="classes",
        urgency=Urgency.SOMEBODY,
        since=found["since"],
    )
