"""Find why a listing may not be published yet, of what its seller is only warned, and what prevents a shop or its products from
selling.

The checks read the seller's identity, the product's category and texts, and its batch. Each returns a sentence (a
MissingRequirement links to the page that resolves it), or an empty one if nothing is missing.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from shops import identity, site_mode
from shops.exceptions import MissingRequirement
from shops.labels import choose_name
from shops.models import Category, Paper, Presale, Product, Shop
from shops.orders import obstacles, reservations
from shops.products.public_words import shorten_sentences
from shops.sellers import payment_codes
from shops.shipping import policy
from shops.shipping.policy import Ways
from shops.texts import text_check
from shops.traceability import batches, certificates
from ui.parameters import add_return_url

Seller = Shop.Seller
Status = Product.Status


def check_card(shop: Shop) -> list[MissingRequirement]:
    """Check the seller's identity; no query."""
    url = reverse("shops:shop_edit", args=[shop.pk])
    return [
        MissingRequirement.of(sentence, url, _("去填卖家名片"), True)
        for sentence in identity.list_problems(shop)
    ]


def check_product(product: Product) -> list[str]:
    """Check the product's name, category, grower and batch; at most two queries."""
    found = [check_name(product), check_category(product), check_sources(product), check_pledge(product)]
    return [sentence for sentence in found if sentence]


def check_name(product: Product) -> str:
    """Check that the name contains no certification mark: those are shown from verified certificates."""
    found = certificates.find_first_mark(product.name)
    return _("名称里不写“%(word)s”，证书交上来、核对过会自动挂出来") % {"word": found} if found else ""


def check_category(product: Product) -> str:
    """Check that processed food has a licence or filing in force today (食品安全法 §35)."""
    needs = product.category.needs
    if not needs or Paper.objects.in_force().for_product(product).filter(kind=needs).exists():
        return ""
    kind = product.category
    params = {"kind": choose_name(kind.name, kind.name_en), "paper": Category.Needs(needs).label}
    sentence = _("卖%(kind)s要有%(paper)s，还没有核对过、没过期的") % params
    url = f"{reverse('shops:new_paper')}?shop={product.shop_id}&kind={needs}"
    return MissingRequirement.of(sentence, url, _("去交证"))


def check_texts(product: Product, for_publishing: bool) -> list[str]:
    """Check the product's texts against today's wording rules; to submit, unproven claims also count as missing."""
    result, url = text_check.check_product(product), reverse("shops:edit_product", args=[product.pk])
    blocked = _("“%(words)s”不能用：%(reason)s")
    unproven = _("“%(words)s”要写依据，或者改掉：%(reason)s")
    # A mark in the name (rule B3) is reported by `check_name`.
    found = [(blocked, one) for one in result.blocking if (one.field, one.finding.rule) != ("name", "B3")]
    found += [] if for_publishing else [(unproven, one) for one in result.unproven]
    sentences = [
        sentence % {"words": one.finding.words, "reason": one.finding.reason} for sentence, one in found
    ]
    return [MissingRequirement.of(sentence, url, _("去改")) for sentence in shorten_sentences(sentences)]


def check_sources(product: Product) -> str:
    """Check that a shop that states to sell only its own produce does not list what it bought in."""
    shop = product.shop
    if identity.is_bought_in(shop, product.grower) and shop.sources == Shop.Sources.OWN:
        sentence = _("这一款不是自家种的，卖家名片上却写着“只卖自家种的”")
        return MissingRequirement.of(
            sentence, reverse("shops:shop_edit", args=[shop.pk]), _("去改卖家名片"), True
        )
    return ""


def check_pledge(product: Product) -> str:
    """Check that the product's batch has a conformity pledge (承诺达标合格证) where one is required."""
    if not must_pledge(product) or batches.has_pledge(product):
        return ""
    if product.batch_id:
        url = reverse("shops:my_batch", args=[product.batch_id])
        return MissingRequirement.of(_("这一批还没开承诺达标合格证"), url, _("去开合格证"))
    url = f"{reverse('shops:new_batch')}?shop={product.shop_id}&product={product.pk}"
    sentence = _("合作社、公司卖的，还有收购来混装、分装的，每一批都要开承诺达标合格证：先记批次")
    return MissingRequirement.of(sentence, url, _("去记批次"))


def must_pledge(product: Product) -> bool:
    """Return whether the law requires a conformity pledge (农产品质量安全法 §39).

    It does of companies and co-operatives. Traders who buy in must collect the grower's and issue a new one after mixing or
    splitting, for which packing into boxes is taken here. Processed food, which needs a licence, has no pledge.
    """
    if product.category.needs:
        return False
    shop = product.shop
    buys = shop.seller == Seller.TRADER and identity.is_bought_in(shop, product.grower)
    return shop.seller in (Seller.COOP, Seller.COMPANY) or buys


def list_warnings(product: Product) -> list[str]:
    """List what the seller should know although it does not prevent publishing; at most one query."""
    sentences, shop = [], product.shop
    if identity.is_bought_in(shop, product.grower) and not identity.is_registered(shop):
        sentences.append(
            _(
                "收来的果子不算自产：要办执照，或者以合作社的名义卖。属于“零星小额”的除外（限额以法规为准），记好收谁的、多少、哪天收的。"
            )
        )
    if not must_pledge(product) and not product.category.needs and not batches.has_pledge(product):
        sentences.append(_("农户不一定要开承诺达标合格证，开了买家更放心：记一个批次，点一下就开好。"))
    return sentences


# --- what is on sale already ---


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
        for one in check_card(shop)
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
