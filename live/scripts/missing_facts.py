"""Find facts that a script names and that are not recorded yet, each with the page where to record it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from live.models import RundownItem
from live.scripts import placeholders
from shops.exceptions import MissingRequirement
from shops.models import Product

OF_SHOP = {"小店", "卖家", "电话", "地址"}
# A real live requires these of its seller anyway (readiness.requirements): not listed twice.
OF_CARD = {"卖家", "电话", "地址"}
OF_BATCH = {"采摘日", "糖度"}
OF_ITEM = {"价钱", "每斤", "每公斤", "名额"}


@dataclass(frozen=True)
class MissingFact:
    """A missing fact. `name` as typed; `fact` as in PLACEHOLDERS, empty for an unknown name."""

    name: str
    fact: str
    item: RundownItem
    url: str
    words: str
    for_owner: bool = False

    @property
    def is_of_shop(self) -> bool:
        return self.fact in OF_SHOP and self.item.livestream.shop_id is not None


def find_missing_in_text(item: RundownItem, text: str) -> list[MissingFact]:
    """Return the missing facts in the order of the text."""
    return [describe_missing_fact(name, item) for name in placeholders.find_unknown_placeholders(text, item)]


def describe_missing_fact(name: str, item: RundownItem) -> MissingFact:
    fact = placeholders.ENGLISH_NAMES.get(name.lower(), name)
    fact = fact if fact in placeholders.PLACEHOLDERS else ""
    live, product = item.livestream, placeholders.get_product(item)
    if fact in OF_SHOP and live.shop_id:
        part = "#id_contact_ok" if fact == "电话" else ""
        url = reverse("shops:shop_edit", args=[live.shop_id]) + part
        return MissingFact(name, fact, item, url, _("去小店里填"), for_owner=True)
    if fact in OF_ITEM or (fact and product is None and fact not in OF_SHOP):
        return MissingFact(name, fact, item, reverse("live:item", args=[live.pk, item.pk]), _("去填"))
    if product and fact and fact not in OF_SHOP:
        return MissingFact(name, fact, item, *find_page_of_product_fact(fact, product))
    # An unknown name, or a shop's fact without a shop: only the script itself can be changed.
    return MissingFact(name, fact, item, reverse("live:script", args=[live.pk, item.pk]), _("去改脚本"))


def find_page_of_product_fact(fact: str, product: Product) -> tuple[str, str]:
    """Return the URL of the page on which the fact is written, and the words of the link."""
    if fact in OF_BATCH and product.batch_id:
        return reverse("shops:edit_batch", args=[product.batch_id]), _("去填批次")
    if fact in OF_BATCH:
        return f"{reverse('shops:new_batch')}?shop={product.shop_id}&product={product.pk}", _("去记批次")
    if fact == "运费":
        return f"{reverse('shops:freight')}?shop={product.shop_id}", _("去填运费表")
    if fact == "发货":
        return reverse("shops:presale", args=[product.pk]), _("去开预售")
    return reverse("shops:edit_product", args=[product.pk]), _("去填商品页")


def list_requirements(gaps: Iterable[MissingFact]) -> list[MissingRequirement]:
    """Return one requirement for each page to visit: a shop's fact is asked for once, however many scripts name it."""
    pages: dict[tuple, list[MissingFact]] = {}
    for gap in gaps:
        whose = None if gap.is_of_shop else gap.item.pk
        pages.setdefault((gap.url, whose), []).append(gap)
    return [make_requirement(found) for found in pages.values()]


def make_requirement(gaps: list[MissingFact]) -> MissingRequirement:
    first = gaps[0]
    names = _("、").join(dict.fromkeys(gap.name for gap in gaps))
    if first.is_of_shop:
        sentence = _("脚本里要说“%(names)s”，小店里还没写") % {"names": names}
    else:
        sentence = _("%(item)s：脚本里要说“%(names)s”，还没写") % {"item": first.item, "names": names}
    return MissingRequirement.of(sentence, first.url, first.words, first.for_owner)
