"""What a sheet is filled from, newest first: a batch, a product, a shop, a plan, a live session, a rehearsal, a pupil.

`subject` is whose sheet it is, `reader` who prints it: a trainer prints for the class. Only rows that are the subject's own and
that the reader may see are taken, and of orders, sessions held, scores and pupils only the reader's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from live.models import Livestream
from programme.models import Teaching
from rehearsals.models import Submission
from shops.models import Batch, Product, Shop
from ui.formats import day

NEWEST = {
    "batch": ("-harvested_on", "-pk"),
    "product": ("-created_at", "-pk"),
    "shop": ("-created_at", "-pk"),
    "orders": ("-created_at", "-pk"),
    "plan": ("-starts_at", "-pk"),
    "live": ("-starts_at", "-pk"),
    "submission": ("-received_at", "-pk"),
    "pupil": ("-since", "-pk"),
}


def find_batches(subject: User, reader: User) -> QuerySet:
    rows = Batch.objects.of_seller(subject).select_related("shop__place", "category")
    return rows if subject == reader else rows.filter(pk__in=get_keys(Batch.objects.visible_to(reader)))


def find_products(subject: User, reader: User) -> QuerySet:
    rows = Product.objects.sold_by(subject).select_related("shop__place", "batch")
    return rows if subject == reader else rows.filter(pk__in=get_keys(Product.objects.visible_to(reader)))


def find_shops(subject: User, reader: User) -> QuerySet:
    rows = Shop.objects.of(subject).select_related("place", "owner")
    return rows if subject == reader else rows.filter(pk__in=get_keys(Shop.objects.visible_to(reader)))


def find_own_shops(subject: User, reader: User) -> QuerySet:
    return find_shops(subject, reader) if subject == reader else Shop.objects.none()


def find_plans(subject: User, reader: User) -> QuerySet:
    rows = Livestream.objects.of(subject).select_related(
        "shop__owner", "shop__place", "place", "host", "drill"
    )
    return rows if subject == reader else rows.filter(pk__in=get_keys(Livestream.objects.visible_to(reader)))


def find_lives(subject: User, reader: User) -> QuerySet:
    rows = find_plans(subject, reader).filter(started_at__isnull=False)
    return rows if subject == reader else rows.none()


def find_submissions(subject: User, reader: User) -> QuerySet:
    rows = Submission.objects.filter(user=subject).select_related("drill", "rehearsal__livestream", "user")
    return rows if subject == reader else rows.none()


def find_pupils(subject: User, reader: User) -> QuerySet:
    rows = Teaching.objects.counting().select_related("pupil")
    return rows.filter(teacher=subject) if subject == reader else rows.none()


def get_keys(rows: QuerySet) -> QuerySet:
    return rows.order_by().values("pk")


FINDERS: dict[str, Callable[[User, User], QuerySet]] = {
    "batch": find_batches,
    "product": find_products,
    "shop": find_shops,
    "orders": find_own_shops,
    "plan": find_plans,
    "live": find_lives,
    "submission": find_submissions,
    "pupil": find_pupils,
}


def find_sources(kind: str, subject: User, reader: User) -> QuerySet:
    """Return the rows from which a sheet of this kind may be filled, the newest first."""
    return FINDERS[kind](subject, reader).order_by(*NEWEST[kind])


def find_newest(kind: str, subject: User, reader: User) -> Any:
    return find_sources(kind, subject, reader).first() if kind else None


def describe_source(row: Model) -> str:
    """Return the words by which a person knows a row: 脐橙 · 11月23日."""
    known: Any = row
    if isinstance(row, Batch):
        return f"{known.name} · {day(known.harvested_on)}"
    if isinstance(row, Livestream):
        start = timezone.localtime(known.starts_at)
        return f"{known.title} · {day(start)} {start:%H:%M}"
    if isinstance(row, Submission):
        title = known.drill.title if known.drill else known.rehearsal.livestream.title
        return f"{title} · {_('第 %(n)s 遍') % {'n': known.number}} · {day(known.received_at)}"
    return str(known.pupil.name) if isinstance(row, Teaching) else str(known)
