"""An order before anything is locked: what is wished for, as it is now, and what it comes to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from shops.inventory import presales
from shops.models import Product
from shops.ordering import expiring, freezing, holding, obstacles, reckoning
from shops.ordering.holding import Wanted
from shops.ordering.obstacles import Obstacle
from shops.ordering.reckoning import Sum
from shops.ordering.refusals import (
    CannotBeOrdered,
    Closed,
    NotConfirmed,
    NotShipped,
    PriceMoved,
    Short,
    SoldOut,
    TwoShops,
)
from shops.ordering.wishing import Wish
from shops.shipping import rates


@dataclass(frozen=True)
class Ready:
    """All that can be read and reckoned before anything is locked: the database has one writer at a time."""

    wanted: list[Wanted]
    total: Sum
    page: dict
    lines: list[dict]
    photos: list[list[int]]


def prepared(wish: Wish, now: datetime.datetime) -> Ready:
    """Raises a Refused for all that can be seen beforehand; the guard of the UPDATE decides."""
    wanted = fresh(wish)
    if any(each.shelf.free_at and each.shelf.free_at <= now for each in wanted):
        expiring.expire_due([each.product for each in wanted], now)
        wanted = fresh(wish)
    total = reckoned(wish, wanted)
    counts = [(each, getattr(each.shelf, holding.count_of(each.shelf))) for each in wanted]
    if short := [Short(each.product, each.quantity, n) for each, n in counts if n < each.quantity]:
        raise SoldOut(short)
    rate = None if wish.point else rates.rate(wish.shop, wish.province)
    return Ready(
        wanted,
        total,
        freezing.shop_page(wish.shop, rate),
        [freezing.product_page(each.product, each.presale) for each in wanted],
        [freezing.photos_of(each.product) for each in wanted],
    )


def fresh(wish: Wish) -> list[Wanted]:
    """The products as they are now; raises Closed, TwoShops or CannotBeOrdered for what cannot be ordered here."""
    rows = Product.objects.select_related("shop__place", "shop__owner", "category", "batch")
    found = rows.in_bulk([product.pk for product, _quantity, _seen in wish.lines])
    wanted = []
    for product, quantity, _seen in wish.lines:
        now = found.get(product.pk)
        obstacle = obstacles.on_placing(now) if now else Obstacle.NOT_ON_SALE
        if now is None or obstacle is Obstacle.NOT_ON_SALE:
            raise Closed(product)
        if now.shop_id != wish.shop.pk:
            raise TwoShops
        if obstacle in (Obstacle.SITE, Obstacle.SHOP_CLOSED):
            raise Closed
        if obstacle:
            raise CannotBeOrdered(obstacle.for_buyer)
        wanted.append(Wanted(now, presales.current(now), quantity))
    return wanted


def reckoned(wish: Wish, wanted: list[Wanted]) -> Sum:
    """The sum, once the buyer has seen and confirmed all that counts."""
    seen = {product.pk: fen for product, _quantity, fen in wish.lines}
    for each in wanted:
        if each.product.price_fen != seen[each.product.pk]:
            raise PriceMoved(seen[each.product.pk], each.product.price_fen, each.product)
    if not wish.perishable_ok and any(each.product.category.is_perishable for each in wanted):
        raise NotConfirmed
    if wish.point and (wish.point.shop_id != wish.shop.pk or not wish.point.is_open):
        raise NotShipped("")
    pairs = [(each.product, each.quantity) for each in wanted]
    total = reckoning.reckon(wish.shop, pairs, wish.province, wish.point)
    if wish.seen_total_fen not in (None, total.total_fen):
        raise PriceMoved(wish.seen_total_fen, total.total_fen)
    return total
