"""List what prevents a shop or its products from selling, each with the page that resolves it."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from shops import identity, site_mode
from shops.exceptions import MissingRequirement
from shops.listings import requirements
from shops.models import Presale, Product, Shop
from shops.orders import obstacles, reservations
from shops.sellers import payment_codes
from shops.shipping import policy
from shops.shipping.policy import Ways
from ui.parameters import add_return_url

Status = Product.Status


def list_shop_problems(shop: Shop, ways: Ways | None = None) -> list[MissingRequirement]:
    """List what the shop itself lacks; empty if nothing is missing. At most six queries."""
    back = f"{reverse('shops:mine')}?shop={shop.pk}"
    edit = add_return_url(reverse("shops:shop_edit", args=[shop.pk]), back)
    found = []
    if not shop.is_open:
        found.append(MissingRequirement.of(_("小店关着，买家看不到"), edit, _("去开店"), True))
    if not shop.address:
        found.append(MissingRequirement.of(_("还没填实际地址"), edit, _("去填地址"), True))
    if not identity.is_public(shop):
        found.append(
            MissingRequirement.of(_("还没有公开的联系电话，商品不能提交"), edit, _("去填电话"), True)
        )
    found += [
        MissingRequirement.of(str(one), add_return_url(one.url, back), one.words, True)
        for one in requirements.check_card(shop)
    ]
    if not reaches_buyers(shop, ways or policy.read_ways(shop)):
        url = add_return_url(f"{reverse('shops:freight')}?shop={shop.pk}", back)
        found.append(
            MissingRequirement.of(_("不包邮的商品还没说运费：填运费表，或者写个自提点"), url, _("去填运费表"))
        )
    if site_mode.takes_orders() and payment_codes.find_current(shop) is None:
        url = f"{reverse('shops:paycode')}?shop={shop.pk}"
        found.append(MissingRequirement.of(_("还没放收款码，接了单买家没法付钱"), url, _("去放收款码"), True))
    return found


def reaches_buyers(shop: Shop, ways: Ways) -> bool:
    """Return whether every product of the shop can reach a buyer; one with freight included needs no rate table."""
    if ways.rates or ways.points:
        return True
    rows = Product.objects.filter(shop=shop).exclude(status=Status.WITHDRAWN)
    if not ways.has_table:
        rows = rows.filter(freight_included=False)
    return not rows.exists()


def find_obstacles(
    shop: Shop, products: list[Product], ways: Ways | None = None
) -> dict[int, MissingRequirement]:
    """Return, by product id, why it cannot be ordered, if its seller can change that; three queries for all."""
    ways = ways or policy.read_ways(shop)
    running = {one.product_id: one for one in find_running_presales(products)}
    found = {}
    for product in products:
        presale = running.get(product.pk)
        if product.status == Status.PUBLISHED:
            obstacle = obstacles.decide(
                product,
                is_open=shop.is_open,
                can_reach=ways.can_reach(product),
                left=reservations.count_units_on(presale or product),
                in_presale=presale is not None,
            )
        else:
            obstacle = obstacles.find_listing_obstacle(product, ways.can_reach(product))
        if obstacle and (requirement := obstacle.for_seller(product)):
            found[product.pk] = requirement
    return found


def find_running_presales(products: list[Product]) -> list[Presale]:
    rows = Presale.objects.filter(product__in=products, ended_at__isnull=True)
    return list(rows.filter(closes_on__gte=timezone.localdate()))


def count_returned(user: User) -> int:
    """Count the listings of this person's shops that an organiser has returned."""
    return Product.objects.sold_by(user).filter(status=Status.RETURNED).count()
