"""Why a listing may not be shown yet, and what its seller is only told: from its shop's card, its kind and its batch."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from shops import identity
from shops.exceptions import MissingRequirement
from shops.labels import in_language
from shops.models import Category, Paper, Product, Shop
from shops.texts import text_check
from shops.traceability import batches, certificates

Seller = Shop.Seller


def of_card(shop: Shop) -> list[str]:
    """No query."""
    url = reverse("shops:shop_edit", args=[shop.pk])
    return [
        MissingRequirement.of(sentence, url, _("去填卖家名片"), True)
        for sentence in identity.problems_of(shop)
    ]


def of_product(product: Product) -> list[str]:
    """What its name, its kind, its grower and its batch ask for; at most two queries."""
    lacks = [of_name(product), of_kind(product), of_sources(product), of_pledge(product)]
    return [lack for lack in lacks if lack]


def of_name(product: Product) -> str:
    found = certificates.first_in(product.name)
    return _("名称里不写“%(word)s”，证书交上来、核对过会自动挂出来") % {"word": found} if found else ""


def of_kind(product: Product) -> str:
    """食品安全法 §35: what is more than produce of the field needs a licence or a filing, in force today."""
    needs = product.category.needs
    if not needs or Paper.objects.in_force().for_product(product).filter(kind=needs).exists():
        return ""
    kind = product.category
    said = {"kind": in_language(kind.name, kind.name_en), "paper": Category.Needs(needs).label}
    sentence = _("卖%(kind)s要有%(paper)s，还没有核对过、没过期的") % said
    url = f"{reverse('shops:new_paper')}?shop={product.shop_id}&kind={needs}"
    return MissingRequirement.of(sentence, url, _("去交证"))


def of_words(product: Product, for_publishing: bool) -> list[str]:
    """What known rules of today forbid in its texts, and, before an organiser sees it, what wants a proof."""
    looked, url = text_check.check_product(product), reverse("shops:edit_product", args=[product.pk])
    blocked = _("“%(words)s”不能用：%(reason)s")
    unproven = _("“%(words)s”要写依据，或者改掉：%(reason)s")
    # A mark in the name is told by `of_name`, in the words of its papers.
    found = [(blocked, one) for one in looked.blocking if (one.field, one.finding.rule) != ("name", "B3")]
    found += [] if for_publishing else [(unproven, one) for one in looked.unproven]
    told = [(said, {"words": one.finding.words, "reason": one.finding.reason}) for said, one in found]
    return [MissingRequirement.of(said % words, url, _("去改")) for said, words in told]


def of_sources(product: Product) -> str:
    shop = product.shop
    if identity.is_bought_in(shop, product.grower) and shop.sources == Shop.Sources.OWN:
        sentence = _("这一款不是自家种的，卖家名片上却写着“只卖自家种的”")
        return MissingRequirement.of(
            sentence, reverse("shops:shop_edit", args=[shop.pk]), _("去改卖家名片"), True
        )
    return ""


def of_pledge(product: Product) -> str:
    if not must_pledge(product) or batches.covers(product):
        return ""
    if product.batch_id:
        url = reverse("shops:my_batch", args=[product.batch_id])
        return MissingRequirement.of(_("这一批还没开承诺达标合格证"), url, _("去开合格证"))
    url = f"{reverse('shops:new_batch')}?shop={product.shop_id}&product={product.pk}"
    sentence = _("合作社、公司和收购的人卖的，每一批都要开承诺达标合格证：先记批次")
    return MissingRequirement.of(sentence, url, _("去记批次"))


def must_pledge(product: Product) -> bool:
    """农产品质量安全法 §39: companies, co-operatives and who buys in; of what needs a food licence there is none."""
    if product.category.needs:
        return False
    shop = product.shop
    buys = shop.seller == Seller.TRADER and identity.is_bought_in(shop, product.grower)
    return shop.seller in (Seller.COOP, Seller.COMPANY) or buys


def warnings(product: Product) -> list[str]:
    """What stops nothing, but should be known; at most one query."""
    told, shop = [], product.shop
    if identity.is_bought_in(shop, product.grower) and not identity.is_registered(shop):
        told.append(
            _(
                "收来的果子不算自产：要办执照，或者以合作社的名义卖。一年只卖一点点的除外，记好收谁的、多少、哪天收的。"
            )
        )
    if not must_pledge(product) and not product.category.needs and not batches.covers(product):
        told.append(_("农户不一定要开承诺达标合格证，开了买家更放心：记一个批次，点一下就开好。"))
    return told
