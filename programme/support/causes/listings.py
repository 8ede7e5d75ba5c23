"""Somebody has graduated and listed nothing."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Cohort
from programme.support.causes.cause import DAY, Cause, Event, Fact, Name, Scope, find_certified
from shops.models import Product

# In thirty days a seller can be granted the role, open a shop and have a harvest to list.
LISTING_AFTER = 30 * DAY


class NoListing(Cause):
    """A first listing that has not been handed in a month after the certificate."""

    name = Name.LISTING
    ends_with_certificate = False

    def find(self, scope: Scope) -> Iterator[Fact]:
        """Yield who got the certificate thirty days ago and has never handed in a listing, as owner or helper. One query."""
        mine = Q(shop__owner=OuterRef("user")) | Q(shop__helpers=OuterRef("user"))
        listed = Product.objects.filter(mine).filter(
            Q(listed_at__isnull=False) | Q(submitted_at__isnull=False)
        )
        rows = find_certified(scope.cohort).filter(
            user__in=scope.users, issued_at__lte=scope.now - LISTING_AFTER
        )
        first: dict[int, datetime.datetime] = {}
        for user, at in (
            rows.exclude(Exists(listed)).order_by("issued_at", "pk").values_list("user", "issued_at")
        ):
            first.setdefault(user, at)
        for user, at in first.items():
            yield Fact(user, Name.LISTING, at, _("结业了，一款货也没上架"))

    def find_ends(self, cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
        mine = Q(shop__owner__in=users) | Q(shop__helpers__in=users)
        rows = Product.objects.filter(mine).order_by().distinct()
        for owner, helper, submitted, listed in rows.values_list(
            "shop__owner", "shop__helpers", "submitted_at", "listed_at"
        ):
            times = [one for one in (submitted, listed) if one]
            for user in {owner, helper} & set(users) if times else ():
                yield user, min(times), None

    def find_doers(self, cohort: Cohort, fact: Fact) -> QuerySet | None:
        return Product.objects.filter(Q(listed_at__isnull=False)).order_by().values("shop__owner")

    def describe(self) -> str:
        return _("结业了，老师请你上架第一款货。")

    def build_url(self, subject: int, cohort: int) -> str:
        return reverse("shops:mine")
