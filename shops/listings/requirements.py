"""Find why a listing may not be published yet, and of what its seller is only warned.

The checks read the seller's identity, the product's category and texts, and its batch. Each returns a sentence (a
MissingRequirement links to the page that resolves it), or an empty one if nothing is missing.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from shops import identity
from shops.exceptions import MissingRequirement
from shops.labels import choose_name
from shops.models import Category, Paper, Product, Shop
from shops.products.public_words import shorten_sentences
from shops.texts import text_check
from shops.traceability import batches, certificates

Seller = Shop.Seller


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
