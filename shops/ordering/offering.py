"""What of a shop can be ordered now, with how many are left: the lines of an order form."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Prefetch, Value, When
from django.utils import timezone

from shops.models import Presale, Product, Shop
from shops.ordering import availability, obstacles
from shops.ordering.obstacles import Obstacle
from shops.shipping.policy import Ways

MOST = 40  # a shop's whole shelf, and an end to what a form can ask of the database


@dataclass(frozen=True)
class Offer:
    product: Product
    presale: Presale | None
    left: int
    obstacle: Obstacle | None = None

    @property
    def unit(self) -> str:
        return Product.Unit(self.product.unit).after(self.left)


def offered(shop: Shop, ways: Ways, asked: Iterable[int] = ()) -> list[Offer]:
    """The asked-for products of this shop first, then the newest, each with why it cannot be ordered if it cannot; two
    queries, one more for each hold that is over."""
    first = Case(When(pk__in=list(asked), then=Value(0)), default=Value(1), output_field=IntegerField())
    running = Presale.objects.filter(ended_at__isnull=True, closes_on__gte=timezone.localdate())
    rows = Product.objects.filter(status=Product.Status.PUBLISHED, shop=shop).select_related(
        "category", "cover"
    )
    rows = rows.prefetch_related(Prefetch("presales", running, to_attr="running"))
    rows = rows.defer("search_text", "description").order_by(first, "-listed_at", "-id")
    now = timezone.now()
    return [offer_of(product, shop, now, ways) for product in rows[:MOST]]


def offer_of(product: Product, shop: Shop, now: datetime.datetime, ways: Ways) -> Offer:
    presale = product.running[0] if product.running else None
    left = availability.on(presale or product, now)
    obstacle = obstacles.decide(
        product,
        is_open=shop.is_open,
        can_reach=ways.can_reach(product),
        left=left,
        in_presale=presale is not None,
    )
    return Offer(product, presale, left, obstacle)
