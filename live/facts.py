"""Facts in a script: {品名}, {净重} … stand for what the listing says, and are filled in when the script is read, so that
it stays true when the listing changes. What the listing does not say stays as it was typed, and is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from live.models import RundownItem
from shops import contact, freights
from shops.models import PickUpPoint, Product, Shop
from ui import amounts, days
from ui.templatetags.ui import HAN

# A Chinese keyboard gives the wide braces.
PLACE = re.compile(r"[{｛]\s*([^{}｛｝\n]{1,20}?)\s*[}｝]")


def language_of(text: str) -> str:
    """In which of the site's two languages it is written."""
    return "zh-hans" if HAN.search(PLACE.sub("", text)) else "en"


def money(fen: int | None) -> str:
    """As it is said: 29.9元, 30元."""
    if fen is None:
        return ""
    whole, _point, cents = amounts.yuan(fen).partition(".")
    cents = cents.rstrip("0")
    return _("%(yuan)s元") % {"yuan": f"{whole}.{cents}" if cents else whole}


def product_of(item: RundownItem) -> Product | None:
    return item.product if item.product_id else None


def unit(item: RundownItem) -> Product.Unit:
    return Product.Unit((product_of(item) or item).unit)


def net_grams(item: RundownItem) -> int | None:
    return (product_of(item) or item).net_grams


def counted(item: RundownItem, count: int | None) -> str:
    return "" if count is None else _("%(n)s%(unit)s") % {"n": f"{count:,}", "unit": unit(item).after(count)}


def per(item: RundownItem, grams: int) -> str:
    fen, net = item.unit_price_fen, net_grams(item)
    return money(amounts.fen_per(fen, net, grams)) if fen and net else ""


def once(shop: Shop, name: str, ask: Callable[[Shop], object]):
    """What is asked of a shop for every item is asked once while its plan is looked at."""
    known = shop.__dict__.setdefault("said_in_scripts", {})
    if name not in known:
        known[name] = ask(shop)
    return known[name]


def first_point(shop: Shop) -> PickUpPoint | None:
    return PickUpPoint.objects.filter(shop=shop, is_open=True).first()


def freight(item: RundownItem) -> str:
    """At most two queries a shop."""
    product, shop = product_of(item), item.livestream.shop
    if product is None or shop is None:
        return ""
    if product.freight_included:
        return _("包邮")
    if once(shop, "table", freights.has_table):
        return _("运费按省算，看商品页上的运费表")
    point = once(shop, "point", first_point)
    return _("到%(point)s自提") % {"point": point.name} if point else ""


def ships(item: RundownItem) -> str:
    """Only a presale says by which day it goes out."""
    product = product_of(item)
    today = timezone.localdate()
    running = (
        [one for one in product.presales.all() if one.ended_at is None and one.closes_on >= today]
        if product
        else []
    )
    return _("%(day)s前发货") % {"day": days.day(running[0].ship_by)} if running else ""


def phone(item: RundownItem) -> str:
    shop = item.livestream.shop
    return shop.contact.as_national if shop and once(shop, "contact", contact.is_public) else ""


def picked(item: RundownItem) -> str:
    product = product_of(item)
    return days.day(product.batch.harvested_on) if product and product.batch_id else ""


def brix(item: RundownItem) -> str:
    """With its day and its instrument (广告法 §11)."""
    batch = product_of(item).batch if product_of(item) else None
    if not (batch and batch.brix_tenths and batch.brix_on):
        return ""
    said = {"n": f"{batch.brix_tenths / 10:g}", "day": days.day(batch.brix_on), "tool": batch.brix_tool}
    return _("%(n)s度，%(day)s用%(tool)s测的") % said


def listed(name: str) -> Callable[[RundownItem], str]:
    return lambda item: getattr(product_of(item), name, "") or ""


def of_shop(name: str) -> Callable[[RundownItem], str]:
    return lambda item: getattr(item.livestream.shop, name, "") or ""


# What each placeholder stands for. The first eight are those offered first beside a box.
NAMES: dict[str, Callable[[RundownItem], str]] = {
    "品名": str,
    "净重": lambda item: amounts.jin(net_grams(item)),
    "价钱": lambda item: money(item.unit_price_fen),
    "每斤": lambda item: per(item, amounts.JIN),
    "村": lambda item: item.livestream.place.name,
    "产地": listed("origin"),
    "库存": lambda item: counted(item, product_of(item).stock if product_of(item) else None),
    "运费": freight,
    "单位": lambda item: str(unit(item).label),
    "品种": listed("variety"),
    "公斤": lambda item: amounts.kg(net_grams(item)),
    "每公斤": lambda item: per(item, amounts.KG),
    "名额": lambda item: counted(item, item.quota),
    "几号链接": lambda item: _("%(n)s号链接") % {"n": item.position} if item.position else "",
    "采摘日": picked,
    "糖度": brix,
    "发货": ships,
    "主播": lambda item: item.livestream.host.name,
    "小店": of_shop("name"),
    "卖家": of_shop("legal_name"),
    "电话": phone,
    "地址": of_shop("address"),
}
# The same in a script that is written in English.
ENGLISH = {
    "name": "品名", "net": "净重", "price": "价钱", "per jin": "每斤", "village": "村", "origin": "产地",
    "stock": "库存", "freight": "运费", "unit": "单位", "variety": "品种", "kg": "公斤", "per kg": "每公斤",
    "quota": "名额", "link": "几号链接", "picked": "采摘日", "sugar": "糖度",
    "ships": "发货", "host": "主播", "shop": "小店", "seller": "卖家", "phone": "电话", "address": "地址",
}  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """A text with its facts in it. `spans`: where each stood as typed and where it stands now, in characters."""

    typed: str
    text: str
    spans: tuple[tuple[int, int, int, int], ...]
    unknown: tuple[str, ...]

    def as_typed(self, start: int, end: int) -> tuple[int, int]:
        """The place in the typed text of a place in this one; a fact that is touched is taken whole."""
        return self.place(start, end_of=False), self.place(end, end_of=True)

    def place(self, at: int, end_of: bool) -> int:
        shift = 0
        for typed_start, typed_end, start, end in self.spans:
            inside = start < at <= end if end_of else start <= at < end
            if inside:
                return typed_end if end_of else typed_start
            if at >= end:
                shift = typed_end - end
        return at + shift


def fill(text: str, item: RundownItem) -> Filled:
    """Reads product, batch, live and shop of the item; {运费}, {电话} and {发货} ask the database."""
    made, spans, unknown, known, at, length = [], [], [], {}, 0, 0
    with its_language(text):
        for found in PLACE.finditer(text):
            value = value_of(found[1], item, known)
            if not value:
                unknown.append(found[1])
                continue
            made.append(text[at : found.start()])
            length += found.start() - at
            spans.append((found.start(), found.end(), length, length + len(value)))
            made.append(value)
            length += len(value)
            at = found.end()
    made.append(text[at:])
    return Filled(text, "".join(made), tuple(spans), tuple(dict.fromkeys(unknown)))


def its_language(text: str) -> AbstractContextManager:
    """Facts are said in the language in which the script is written, whatever the page's."""
    return override("zh-hans") if HAN.search(PLACE.sub("", text)) else nullcontext()


def value_of(name: str, item: RundownItem, known: dict[str, str]) -> str:
    name = ENGLISH.get(name.lower(), name)
    if name not in known:
        known[name] = NAMES[name](item) if name in NAMES else ""
    return known[name]


def filled(text: str, item: RundownItem) -> str:
    """What stays in braces is told by `unfilled`."""
    return fill(text, item).text


def readable(text: str, item: RundownItem) -> str:
    """As a person reads it: what is not known is a gap with its name, never a word in braces."""
    one = fill(text, item)
    with its_language(text):
        return PLACE.sub(
            lambda found: gap(found[1]) if found[1] in one.unknown else found[0],
            one.text,
        )


def gap(name: str) -> str:
    return _("（还没写：%(name)s）") % {"name": name}


def chinese_gap(name: str) -> str:
    with override("zh-hans"):
        return gap(name)


def unfilled(text: str, item: RundownItem) -> list[str]:
    """The placeholders that no fact stands for, as they were typed."""
    return list(fill(text, item).unknown)


@dataclass(frozen=True)
class Chip:
    """A fact as a page offers it: what is put into the box, the same in the other language, how it is called, and its
    value in the page's language and as a Chinese script says it."""

    put: str
    also: str
    label: str
    value: str
    chinese: str


def chips(item: RundownItem) -> list[Chip]:
    """Called as the page's language calls them; at most five queries, and on a page that is not Chinese ten."""
    english = {chinese: name for name, chinese in ENGLISH.items()}
    in_english = (get_language() or "zh").startswith("en")
    known = values(item)
    with override("zh-hans"):
        chinese = values(item) if in_english else known
    made = []
    for name, value in known.items():
        label, other = (english[name], name) if in_english else (name, english[name])
        made.append(Chip(f"{{{label}}}", f"{{{other}}}", label, value, chinese.get(name, value)))
    return made


def values(item: RundownItem) -> dict[str, str]:
    """All that can be put in for this item, in the order of NAMES; at most five queries."""
    found = {name: value(item) for name, value in NAMES.items()}
    return {name: value for name, value in found.items() if value}
