"""Find why a product cannot be ordered now, and what of a shop can be.

Every page that offers a product, approval and the seller's own pages ask here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.db.models import Case, IntegerField, Prefetch, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shops import site_mode
from shops.exceptions import MissingRequirement
from shops.inventory import presales
from shops.models import Presale, Product, Shop
from shops.orders import limits, reservations
from shops.shipping import policy, rates
from shops.shipping.policy import Ways
from ui.parameters import add_return_url


class Obstacle(Enum):
    """In the order in which they are named: the first that holds."""

    SITE = "site"
    NOT_ON_SALE = "not_on_sale"
    SHOP_CLOSED = "shop_closed"
    NO_WAY = "no_way"
    TOO_HEAVY = "too_heavy"
    PRESALE_SOLD_OUT = "presale_sold_out"
    SOLD_OUT = "sold_out"

    @property
    def for_buyer(self) -> str:
        """The sentence for who came to buy."""
        sentences = {
            Obstacle.SITE: site_mode.note(),
            Obstacle.NOT_ON_SALE: _("这一款还没上架。"),
            Obstacle.SHOP_CLOSED: _("这家店现在关着，下不了单。"),
            Obstacle.NO_WAY: _("卖家还没写怎么寄、运费多少，网上下不了单。"),
            Obstacle.TOO_HEAVY: _("一份太重，网上下不了单。"),
            Obstacle.PRESALE_SOLD_OUT: _("预售订完了。"),
            Obstacle.SOLD_OUT: _("卖完了。"),
        }
        return sentences[self]

    def for_seller(self, product: Product) -> MissingRequirement | None:
        """The reason with the page that puts it right, which leads back to the product; None for what is no fault of the
        seller's: the site takes no orders, or the listing waits for its approval."""
        back = reverse("shops:my_product", args=[product.pk])
        lacks = {
            Obstacle.SHOP_CLOSED: MissingRequirement.of(
                _("小店关着，买家下不了单"),
                add_return_url(reverse("shops:shop_edit", args=[product.shop_id]), back),
                _("去开店"),
                True,
            ),
            Obstacle.NO_WAY: MissingRequirement.of(
                _("还没说运费：填运费表，或者勾上包邮，或者写个自提点"),
                add_return_url(f"{reverse('shops:freight')}?shop={product.shop_id}", back),
                _("去填运费表"),
            ),
            Obstacle.TOO_HEAVY: MissingRequirement.of(
                _("买家下不了单：一份超过 %(kg)s 公斤，改成小一点的装") % {"kg": most_grams() // 1000},
                add_return_url(reverse("shops:edit_product", args=[product.pk]), back),
                _("去改净重"),
            ),
            Obstacle.PRESALE_SOLD_OUT: MissingRequirement.of(
                _("预售订完了，买家下不了单"),
                add_return_url(reverse("shops:presale", args=[product.pk]), back),
                _("去加名额"),
            ),
            Obstacle.SOLD_OUT: MissingRequirement.of(
                _("卖完了，买家下不了单"),
                add_return_url(reverse("shops:stock", args=[product.pk]), back),
                _("去点库存"),
            ),
        }
        return lacks.get(self)


# What a listing is not submitted or approved with.
STOPS_LISTING = (Obstacle.NO_WAY, Obstacle.TOO_HEAVY)
# What may end by itself: a hold runs out, the seller picks more. Such a product keeps its line on an order form, which
# says that it is sold out.
MAY_END = (Obstacle.SOLD_OUT, Obstacle.PRESALE_SOLD_OUT)


def decide(
    product: Product, *, is_open: bool, can_reach: bool, left: int, in_presale: bool
) -> Obstacle | None:
    """The one rule; no query. `left`: units that the running presale, else the stock, has for a buyer now.

    Placing asks it a second time, by `on_placing`, of the products as they are then.
    """
    if not site_mode.takes_orders():
        return Obstacle.SITE
    if not product.is_published:
        return Obstacle.NOT_ON_SALE
    if not is_open:
        return Obstacle.SHOP_CLOSED
    if found := of_listing(product, can_reach):
        return found
    if left <= 0:
        return Obstacle.PRESALE_SOLD_OUT if in_presale else Obstacle.SOLD_OUT
    return None


def on_placing(product: Product) -> Obstacle | None:
    """Of a product as an order is placed for it, its shop at hand; no query.

    What depends on the order is said there, with numbers: where it is sent (`request.compute_totals`), what it weighs in
    all (`limits`), and whether as many are left (`placement.prepare_order`, and for certain `reservations`).
    """
    found = decide(product, is_open=product.shop.is_open, can_reach=True, left=1, in_presale=False)
    return None if found is Obstacle.TOO_HEAVY else found


def of_listing(product: Product, can_reach: bool) -> Obstacle | None:
    """What stands in the way whatever its stock and wherever its listing stands."""
    if not can_reach:
        return Obstacle.NO_WAY
    if max(product.net_grams, rates.gross_weight(product)) > most_grams():
        return Obstacle.TOO_HEAVY
    return None


def most_grams() -> int:
    """The most that one order may weigh for whoever does all that the site asks for."""
    return limits.PROVEN_GRAMS if settings.PROVES_PHONES else limits.UNPROVEN_GRAMS


def obstacle(product: Product, ways: Ways | None = None) -> Obstacle | None:
    """Of one product, its shop at hand; three queries, one without `ways` given."""
    ways = ways or policy.ways_of(product.shop)
    presale = presales.current(product)
    return decide(
        product,
        is_open=product.shop.is_open,
        can_reach=ways.can_reach(product),
        left=reservations.units_on(presale or product),
        in_presale=presale is not None,
    )


MOST = 40  # all products of most shops, and a limit to what a form can ask of the database


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
    left = reservations.units_on(presale or product, now)
    obstacle = decide(
        product,
        is_open=shop.is_open,
        can_reach=ways.can_reach(product),
        left=left,
        in_presale=presale is not None,
    )
    return Offer(product, presale, left, obstacle)
