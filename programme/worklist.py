"""Register what waits for those who lead a class (`accounts.worklist.items`)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from accounts.worklist.items import Urgency, WorkItem, register_work
from courses.models import Cohort
from programme.models import SupportCase
from programme.support.causes import FOLLOWED


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
