"""Facts that a script wants to say and that nobody has written down yet: each with the page where that is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from live import facts
from live.models import RundownItem
from shops.lacks import Lack

OF_SHOP = {"小店", "卖家", "电话", "地址"}
# What a real live asks of its seller anyway (live.gates.card): not said twice.
OF_CARD = {"卖家", "电话", "地址"}
OF_BATCH = {"采摘日", "糖度"}
OF_ITEM = {"价钱", "每斤", "每公斤", "名额"}


@dataclass(frozen=True)
class Gap:
    """`name` as it was typed; `fact` as facts.NAMES knows it, empty for a word that stands for nothing."""

    name: str
    fact: str
    item: RundownItem
    url: str
    words: str
    for_owner: bool = False

    @property
    def is_of_shop(self) -> bool:
        return self.fact in OF_SHOP and self.item.livestream.shop_id is not None


def of_text(item: RundownItem, text: str) -> list[Gap]:
    """In the order in which they stand in the text."""
    return [gap_of(name, item) for name in facts.unfilled(text, item)]


def gap_of(name: str, item: RundownItem) -> Gap:
    fact = facts.ENGLISH.get(name.lower(), name)
    fact = fact if fact in facts.NAMES else ""
    live, product = item.livestream, facts.product_of(item)
    if fact in OF_SHOP and live.shop_id:
        part = "#id_contact_ok" if fact == "电话" else ""
        url = reverse("shops:shop_edit", args=[live.shop_id]) + part
        return Gap(name, fact, item, url, _("去小店里填"), for_owner=True)
    if fact in OF_ITEM or (fact and product is None and fact not in OF_SHOP):
        return Gap(name, fact, item, reverse("live:item", args=[live.pk, item.pk]), _("去填"))
    if fact in OF_BATCH and product.batch_id:
        return Gap(name, fact, item, reverse("shops:edit_batch", args=[product.batch_id]), _("去填批次"))
    if fact in OF_BATCH:
        url = f"{reverse('shops:new_batch')}?shop={product.shop_id}&product={product.pk}"
        return Gap(name, fact, item, url, _("去记批次"))
    if fact == "运费":
        return Gap(name, fact, item, f"{reverse('shops:freight')}?shop={product.shop_id}", _("去填运费表"))
    if fact == "发货":
        return Gap(name, fact, item, reverse("shops:presale", args=[product.pk]), _("去开预售"))
    if fact and fact not in OF_SHOP:
        return Gap(name, fact, item, reverse("shops:edit_product", args=[product.pk]), _("去填商品页"))
    # A word that stands for nothing, or a shop's fact where there is no shop: only the script itself can be changed.
    return Gap(name, fact, item, reverse("live:script", args=[live.pk, item.pk]), _("去改脚本"))


def lacks(gaps: Iterable[Gap]) -> list[Lack]:
    """One row for each page on which something is written: a shop's fact is asked for once, however many scripts say it."""
    pages: dict[tuple, list[Gap]] = {}
    for gap in gaps:
        whose = None if gap.is_of_shop else gap.item.pk
        pages.setdefault((gap.url, whose), []).append(gap)
    return [lack_of(found) for found in pages.values()]


def lack_of(gaps: list[Gap]) -> Lack:
    first = gaps[0]
    names = _("、").join(dict.fromkeys(gap.name for gap in gaps))
    if first.is_of_shop:
        sentence = _("脚本里要说“%(names)s”，小店里还没写") % {"names": names}
    else:
        sentence = _("%(item)s：脚本里要说“%(names)s”，还没写") % {"item": first.item, "names": names}
    return Lack.of(sentence, first.url, first.words, first.for_owner)
