"""Fill the placeholders of a script: {品名}, {净重} … stand for facts of the listing.

They are filled in on read, so that a script stays true when the listing changes. A placeholder whose fact is unknown stays
as typed and is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from live.models import RundownItem
from shops.models import Batch, Product
from ui import formats
from ui.text import HAN

# Chinese keyboards type full-width braces.
PLACEHOLDER = re.compile(r"[{｛]\s*([^{}｛｝\n]{1,20}?)\s*[}｝]")


def find_language(text: str) -> str:
    """Return which of the site's two languages a text is written in."""
    return "zh-hans" if HAN.search(PLACEHOLDER.sub("", text)) else "en"


def format_spoken_price(fen: int | None) -> str:
    """Return an amount as it is spoken: 29.9元, 30元."""
    if fen is None:
        return ""
    whole, _point, cents = formats.yuan(fen).partition(".")
    cents = cents.rstrip("0")
    return _("%(yuan)s元") % {"yuan": f"{whole}.{cents}" if cents else whole}


def get_product(item: RundownItem) -> Product | None:
    return item.product if item.product_id else None


def get_unit(item: RundownItem) -> Product.Unit:
    return Product.Unit((get_product(item) or item).unit)


def get_net_grams(item: RundownItem) -> int | None:
    return (get_product(item) or item).net_grams


def format_units(item: RundownItem, count: int | None) -> str:
    return (
        "" if count is None else _("%(n)s%(unit)s") % {"n": f"{count:,}", "unit": get_unit(item).after(count)}
    )


def calculate_price_per(item: RundownItem, grams: int) -> str:
    fen, net = item.unit_price_fen, get_net_grams(item)
    return format_spoken_price(formats.fen_per(fen, net, grams)) if fen and net else ""


def describe_freight(item: RundownItem) -> str:
    """Describe how it is sent. At most two queries a live."""
    product, shop = get_product(item), item.livestream.shop
    if product is None or shop is None:
        return ""
    if product.freight_included:
        return _("包邮")
    if item.livestream.has_freight_table:
        return _("运费按省算，看商品页上的运费表")
    point = item.livestream.first_pickup_point
    return _("到%(point)s自提") % {"point": point.name} if point else ""


def describe_ships_by(item: RundownItem) -> str:
    """Name the day by which it is sent; only a presale has one."""
    product = get_product(item)
    today = timezone.localdate()
    running = (
        [one for one in product.presales.all() if one.ended_at is None and one.closes_on >= today]
        if product
        else []
    )
    return _("%(day)s前发货") % {"day": formats.day(running[0].ship_by)} if running else ""


def get_phone(item: RundownItem) -> str:
    shop = item.livestream.shop
    return shop.contact.as_national if shop and item.livestream.has_public_contact else ""


def describe_harvest_day(item: RundownItem) -> str:
    product = get_product(item)
    return formats.day(product.batch.harvested_on) if product and product.batch else ""


def describe_brix(item: RundownItem) -> str:
    """State the sugar content with its day and instrument (广告法 §11)."""
    product = get_product(item)
    return describe_sugar(product.batch if product else None)


def describe_sugar(batch: Batch | None) -> str:
    if not (batch and batch.brix_tenths and batch.brix_on):
        return ""
    facts = {"n": f"{batch.brix_tenths / 10:g}", "day": formats.day(batch.brix_on), "tool": batch.brix_tool}
    return _("%(n)s度，%(day)s用%(tool)s测的") % facts


def make_product_reader(name: str) -> Callable[[RundownItem], str]:
    return lambda item: getattr(get_product(item), name, "") or ""


def make_shop_reader(name: str) -> Callable[[RundownItem], str]:
    return lambda item: getattr(item.livestream.shop, name, "") or ""


# The fact of each placeholder. The first eight are offered first next to an input.
PLACEHOLDERS: dict[str, Callable[[RundownItem], str]] = {
    "品名": str,
    "净重": lambda item: formats.jin(get_net_grams(item)),
    "价钱": lambda item: format_spoken_price(item.unit_price_fen),
    "每斤": lambda item: calculate_price_per(item, formats.JIN),
    "村": lambda item: item.livestream.place.name,
    "产地": make_product_reader("origin"),
    "库存": lambda item: format_units(item, item.product.stock if item.product else None),
    "运费": describe_freight,
    "单位": lambda item: str(get_unit(item).label),
    "品种": make_product_reader("variety"),
    "公斤": lambda item: formats.kg(get_net_grams(item)),
    "每公斤": lambda item: calculate_price_per(item, formats.KG),
    "名额": lambda item: format_units(item, item.quota),
    "几号链接": lambda item: _("%(n)s号链接") % {"n": item.position} if item.position else "",
    "采摘日": describe_harvest_day,
    "糖度": describe_brix,
    "发货": describe_ships_by,
    "主播": lambda item: item.livestream.host.name,
    "小店": make_shop_reader("name"),
    "卖家": make_shop_reader("legal_name"),
    "电话": get_phone,
    "地址": make_shop_reader("address"),
}
# Their names in an English script.
ENGLISH_NAMES = {
    "name": "品名", "net": "净重", "price": "价钱", "per jin": "每斤", "village": "村", "origin": "产地",
    "stock": "库存", "freight": "运费", "unit": "单位", "variety": "品种", "kg": "公斤", "per kg": "每公斤",
    "quota": "名额", "link": "几号链接", "picked": "采摘日", "sugar": "糖度",
    "ships": "发货", "host": "主播", "shop": "小店", "seller": "卖家", "phone": "电话", "address": "地址",
}  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """A text with its facts filled in.

    `spans`: (start, end) of each placeholder in `typed` and (start, end) of its value in `text`. `unknown`: the placeholders
    that stayed.
    """

    typed: str
    text: str
    spans: tuple[tuple[int, int, int, int], ...]
    unknown: tuple[str, ...]

    def as_typed(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of `text` to one of `typed`; a value that it touches becomes its whole placeholder."""
        return self.position_as_typed(start, end_of=False), self.position_as_typed(end, end_of=True)

    def position_as_typed(self, at: int, end_of: bool) -> int:
        shift = 0
        for typed_start, typed_end, start, end in self.spans:
            inside = start < at <= end if end_of else start <= at < end
            if inside:
                return typed_end if end_of else typed_start
            if at >= end:
                shift = typed_end - end
        return at + shift


def fill_text(text: str, item: RundownItem) -> Filled:
    """Fill in the facts of an item; {运费}, {电话} and {发货} query the database."""
    made, spans, unknown, at, length = [], [], [], 0, 0
    known: dict[str, str] = {}
    with override_language(text):
        for found in PLACEHOLDER.finditer(text):
            value = fill_placeholder(found[1], item, known)
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


def override_language(text: str) -> AbstractContextManager:
    """Activate the language of the script instead of the page's, so that facts are filled in it."""
    return override("zh-hans") if HAN.search(PLACEHOLDER.sub("", text)) else nullcontext()


def fill_placeholder(name: str, item: RundownItem, known: dict[str, str]) -> str:
    name = ENGLISH_NAMES.get(name.lower(), name)
    if name not in known:
        known[name] = PLACEHOLDERS[name](item) if name in PLACEHOLDERS else ""
    return known[name]


def get_filled_text(text: str, item: RundownItem) -> str:
    """Return the text with its known facts; `find_unknown_placeholders` lists the others."""
    return fill_text(text, item).text


def show_gaps(text: str, item: RundownItem) -> str:
    """Return the text for a reader: an unknown fact is shown as a named gap, not in braces."""
    one = fill_text(text, item)
    with override_language(text):
        return PLACEHOLDER.sub(
            lambda found: get_gap_label(found[1]) if found[1] in one.unknown else found[0],
            one.text,
        )


def get_gap_label(name: str) -> str:
    return _("（还没写：%(name)s）") % {"name": name}


def get_chinese_gap_label(name: str) -> str:
    with override("zh-hans"):
        return get_gap_label(name)


def find_unknown_placeholders(text: str, item: RundownItem) -> list[str]:
    """Return the placeholders without a fact, as typed."""
    return list(fill_text(text, item).unknown)


@dataclass(frozen=True)
class Chip:
    """A placeholder as the page offers it: what is inserted (`put`, and `also` in the other language), its label, and its
    value in the page's language and in Chinese.
    """

    put: str
    also: str
    label: str
    value: str
    chinese: str


def list_chips(item: RundownItem) -> list[Chip]:
    """Return the placeholders that can be inserted, named in the page's language. At most five queries, ten in English."""
    english = {chinese: name for name, chinese in ENGLISH_NAMES.items()}
    in_english = (get_language() or "zh").startswith("en")
    known = find_known_values(item)
    with override("zh-hans"):
        chinese = find_known_values(item) if in_english else known
    made = []
    for name, value in known.items():
        label, other = (english[name], name) if in_english else (name, english[name])
        made.append(Chip(f"{{{label}}}", f"{{{other}}}", label, value, chinese.get(name, value)))
    return made


def find_known_values(item: RundownItem) -> dict[str, str]:
    """Return {placeholder: value} of what is known, in the order of PLACEHOLDERS. At most five queries."""
    found = {name: value(item) for name, value in PLACEHOLDERS.items()}
    return {name: value for name, value in found.items() if value}
