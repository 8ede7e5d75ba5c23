"""Something is left on a phone, or could not be applied."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models.drill import pick_title
from programme.support.causes.cause import DAY, Cause, Fact, Name, Scope
from progress.classes import rejected_events
from rehearsals.models import Submission
from rehearsals.submissions.dashboard import find_missing_takes

# A phone sends by itself when it has a connection: after two days it is lost, full or switched off.
UNSENT_AFTER = 2 * DAY
# Events of phones that were not applied; more than these, the oldest, are not read for one class.
MOST_EVENTS = 500


class UnsentWork(Cause):
    """What a phone sent and could not be applied, and recordings that did not arrive."""

    name = Name.PHONE
    ends_with_certificate = False
    # Events of phones are applied or settled by a trainer, which leaves no time of its own.
    ends_unseen = True

    def find(self, scope: Scope) -> Iterator[Fact]:
        """Yield whose phones sent what could not be applied, and whose recordings did not arrive. At most four queries."""
        rows = rejected_events.find_in_class(scope.cohort)
        if scope.among is not None:
            rows = rows.filter(user__in=scope.among)
        events = list(rows.order_by("received_at", "pk")[:MOST_EVENTS])
        by_user: dict[int, list[datetime.datetime]] = {}
        for event in rejected_events.filter_by_course(scope.cohort, events) if events else ():
            by_user.setdefault(event.user_id, []).append(event.received_at)
        for user, times in by_user.items():
            n = len(times)
            words = ngettext("手机送来 %(n)s 件，没记上", "手机送来 %(n)s 件，没记上", n) % {"n": n}
            url = reverse("progress:class_aside", args=[scope.cohort.pk])
            yield Fact(user, Name.PHONE, times[0], words, url=url, button=_("去看是什么"))
        yield from find_unsent_films(scope)

    def describe(self) -> str:
        return _("手机里有做了没送到的，连上网，打开这一页。")

    def build_url(self, subject: int, cohort: int) -> str:
        return reverse("rehearsals:practise" if subject else "progress:aside")


def find_unsent_films(scope: Scope) -> Iterator[Fact]:
    """Yield whose recordings are on the phone for two days, unless a later one of the same drill was handed in. One query."""
    edge = scope.now - UNSENT_AFTER
    later = Submission.objects.filter(
        user=OuterRef("rehearsal__user"),
        drill=OuterRef("rehearsal__drill"),
        happened_at__gt=OuterRef("rehearsal__happened_at"),
    ).exclude(rehearsal=OuterRef("rehearsal"))
    takes = find_missing_takes(scope.cohort).filter(
        rehearsal__user__in=scope.users, rehearsal__happened_at__lte=edge
    )
    columns = ("rehearsal__user", "rehearsal", "rehearsal__happened_at")
    titles = ("rehearsal__drill__title", "rehearsal__drill__other_title")
    rows = takes.exclude(Exists(later)).order_by("rehearsal__happened_at", "rehearsal")
    for user, pk, since, title, other in rows.values_list(*columns, *titles).distinct():
        name = pick_title(title or "", other or "") or _("彩排")
        words = _("“%(title)s”录了，还在手机里没传完") % {"title": name}
        url = reverse("rehearsals:class_phones", args=[scope.cohort.pk])
        yield Fact(user, Name.PHONE, since, words, pk, name, url, _("看还差多少"))
