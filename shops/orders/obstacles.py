"""Find why a product cannot be ordered now, and list which products of a shop can be.

Used by every page that offers a product, by approval and by the seller's own pages.
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

MOST = 40  # covers all products of most shops, and limits what a form can ask of the database


class Obstacle(Enum):
    """Name why a product cannot be ordered; where several apply, the first in this order is shown."""

    SITE = "site"
    NOT_ON_SALE = "not_on_sale"
    SHOP_CLOSED = "shop_closed"
    NO_WAY = "no_way"
    TOO_HEAVY = "too_heavy"
    PRESALE_SOLD_OUT = "presale_sold_out"
    SOLD_OUT = "sold_out"

    @property
    def for_buyer(self) -> str:
        """Return the sentence shown to a buyer."""
        sentences = {
            Obstacle.SITE: site_mode.get_note(),
            Obstacle.NOT_ON_SALE: _("这一款还没上架。"),
            Obstacle.SHOP_CLOSED: _("这家店现在关着，下不了单。"),
            Obstacle.NO_WAY: _("卖家还没写怎么寄、运费多少，网上下不了单。"),
            Obstacle.TOO_HEAVY: _("一份太重，网上下不了单。"),
            Obstacle.PRESALE_SOLD_OUT: _("预售订完了。"),
            Obstacle.SOLD_OUT: _("卖完了。"),
        }
        return sentences[self]

    def for_seller(self, product: Product) -> MissingRequirement | None:
        """Return the reason and the page that resolves it, which leads back to the product.

        None where the seller can do nothing: the site takes no orders, or the listing waits for approval.
        """
        back = reverse("shops:my_product", args=[product.pk])
        requirements = {
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
                _("买家下不了单：一份超过 %(kg)s 公斤，改成小一点的装") % {"kg": get_most_grams() // 1000},
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
        return requirements.get(self)


# A listing with one of these can be neither submitted nor approved.
STOPS_LISTING = (Obstacle.NO_WAY, Obstacle.TOO_HEAVY)
# These may end without the buyer's doing: a hold expires, the seller picks more. Such a product stays on an order form,
# marked as sold out.
MAY_END = (Obstacle.SOLD_OUT, Obstacle.PRESALE_SOLD_OUT)


def decide(
    product: Product, *, is_open: bool, can_reach: bool, left: int, in_presale: bool
) -> Obstacle | None:
    """Decide why a product cannot be ordered; None where it can. Runs no query.

    `left`: units that the running presale, or else the stock, has for a buyer now. Placing an order checks again, through
    `find_placement_obstacle`, with the products as they are then.
    """
    if not site_mode.takes_orders():
        return Obstacle.SITE
    if not product.is_published:
        return Obstacle.NOT_ON_SALE
    if not is_open:
        return Obstacle.SHOP_CLOSED
    if found := find_listing_obstacle(product, can_reach):
        return found
    if left <= 0:
        return Obstacle.PRESALE_SOLD_OUT if in_presale else Obstacle.SOLD_OUT
    return None


def find_placement_obstacle(product: Product) -> Obstacle | None:
    """Find what prevents an order for the product as it is being placed; its shop must be loaded. Runs no query.

    Rules that depend on the order itself are checked elsewhere: where it is sent (`request.compute_totals`), its weight
    (`limits`), and whether enough units are left (`placement.prepare_order`, then `reservations`).
    """
    found = decide(product, is_open=product.shop.is_open, can_reach=True, left=1, in_presale=False)
    return None if found is Obstacle.TOO_HEAVY else found


def find_listing_obstacle(product: Product, can_reach: bool) -> Obstacle | None:
    """Find what prevents orders for the product, regardless of its stock and of whether it is published."""
    if not can_reach:
        return Obstacle.NO_WAY
    if max(product.net_grams, rates.get_gross_weight(product)) > get_most_grams():
        return Obstacle.TOO_HEAVY
    return None


def get_most_grams() -> int:
    """Return the most grams that one order may weigh for a buyer who proves the phone where the site asks for it."""
    return limits.VERIFIED_GRAMS if settings.PROVES_PHONES else limits.UNVERIFIED_GRAMS


def find_obstacle(product: Product, ways: Ways | None = None) -> Obstacle | None:
    """Find why the product cannot be ordered now; its shop must be loaded. Three queries, one when `ways` is given."""
    ways = ways or policy.read_ways(product.shop)
    presale = presales.find_current(product)
    return decide(
        product,
        is_open=product.shop.is_open,
        can_reach=ways.can_reach(product),
        left=reservations.count_units_on(presale or product),
        in_presale=presale is not None,
    )


@dataclass(frozen=True)
class Offer:
    """Hold a product on an order form: its running presale, the units left, and why it cannot be ordered."""

    product: Product
    presale: Presale | None
    left: int
    obstacle: Obstacle | None = None

    @property
    def unit(self) -> str:
        return Product.Unit(self.product.unit).after(self.left)


def list_offers(shop: Shop, ways: Ways, asked: Iterable[int] = ()) -> list[Offer]:
    """List the shop's published products for an order form, at most MOST: the asked-for ones first, then the newest.

    Two queries, and one more for each product with an expired hold.
    """
    first = Case(When(pk__in=list(asked), then=Value(0)), default=Value(1), output_field=IntegerField())
    running = Presale.objects.filter(ended_at__isnull=True, closes_on__gte=timezone.localdate())
    rows = Product.objects.filter(status=Product.Status.PUBLISHED, shop=shop).select_related(
        "category", "cover"
    )
    rows = rows.prefetch_related(Prefetch("presales", running, to_attr="running"))
    rows = rows.defer("search_text", "description").order_by(first, "-listed_at", "-id")
    now = timezone.now()
    return [build_offer(row, row.running[0] if row.running else None, shop, now, ways) for row in rows[:MOST]]


def build_offer(
    product: Product, presale: Presale | None, shop: Shop, now: datetime.datetime, ways: Ways
) -> Offer:
    """Build the offer of a product with the presale that runs, if any."""
    left = reservations.count_units_on(presale or product, now)
    obstacle = decide(
        product,
        is_open=shop.is_open,
        can_reach=ways.can_reach(product),
        left=left,
        in_presale=presale is not None,
    )
    return Offer(product, presale, left, obstacle)
