"""The storefront's filters: read from the URL, shown as menus of plain links."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shops.catalogue.queries import CHEAPEST, DEAREST, NEWEST, Cursor, ProductQuery
from shops.labels import choose_name
from shops.models import Category, Village
from shops.products.search import split_words
from ui.database.orm import PreparedQuery
from ui.text import tidy

MOST_VILLAGES = 60
LONGEST = 100  # characters of a search
SORTS = {"": NEWEST, "price": CHEAPEST, "-price": DEAREST}
# Yuan per 斤: from, below. Shown prices are rounded to the fen, so a price half a fen below the limit counts as reaching it.
PRICES = {"0-3": (None, 3), "3-5": (3, 5), "5-10": (5, 10), "10-30": (10, 30), "30-": (30, None)}
LINK = '<a href="{}"{}>{}</a>'
CURRENT = format_html(' aria-current="{}"', "true")


@dataclass(frozen=True)
class Option:
    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Menu:
    """A menu of one filter. `without` is the URL without this filter; `more` is a page with the options that did not fit."""

    label: str
    options: list[Option]
    without: str
    more: str = ""

    @cached_property
    def chosen(self) -> Option | None:
        return next((option for option in self.options if option.is_chosen), None)

    def links(self) -> SafeString:
        """Return the options as HTML. A loop in a template would take several times as long for some eighty of them."""
        rows = ((option.url, CURRENT if option.is_chosen else "", option.label) for option in self.options)
        return format_html_join("", LINK, rows)


@dataclass
class Filters:
    """The valid filters of a URL; anything else in it is ignored."""

    product_query: ProductQuery
    chosen: dict[str, str]
    menus: list[Menu] = field(default_factory=list)
    sorts: Menu | None = None

    @property
    def any_chosen(self) -> bool:
        return bool(self.chosen.keys() - {"sort"})

    @property
    def kept_by_search(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.chosen.items() if name != "q"]

    def url(self, leave_out: str = "", **more: object) -> str:
        query = {name: value for name, value in self.chosen.items() if name != leave_out} | more
        start = reverse("shops:products")
        return f"{start}?{urlencode(query)}" if query else start

    def season_url(self) -> str:
        return self.url("season") if self.product_query.in_season else self.url(season=1)


class Choice(NamedTuple):
    """A village or category to filter by, without the cost of a model instance: a menu has sixty."""

    id: int
    slug: str
    name: str
    name_en: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.slug, choose_name(self.name, self.name_en)


def read(query: QueryDict) -> Filters:
    """Return the filters that the URL asks for, with their menus.

    Two queries, three for a village that is not among the first MOST_VILLAGES.
    """
    kinds = [Choice(*row) for row in KINDS.rows()]
    villages = [Choice(*row) for row in FIRST_VILLAGES.rows()]
    kind = next((one for one in kinds if one.slug == query.get("category")), None)
    slug = query.get("village", "")
    village = next((one for one in villages if one.slug == slug), None)
    if village is None and slug and "\0" not in slug:
        village = next((Choice(*row) for row in find_villages().filter(slug=slug)), None)
    return add_menus(read_filters(query, village, kind), kinds, villages, village)


def find_kinds() -> QuerySet:
    leaves = Category.objects.leaves().order_by("position", "slug", "pk")
    return leaves.values_list("pk", "slug", "name", "name_en")


def find_villages() -> QuerySet:
    return Village.objects.order_by("slug").values_list("place", "slug", "place__name", "place__name_en")


KINDS = PreparedQuery(find_kinds, 0)
FIRST_VILLAGES = PreparedQuery(lambda: find_villages()[: MOST_VILLAGES + 1], 0)


def read_filters(query: QueryDict, village: Choice | None, kind: Choice | None) -> Filters:
    typed = tidy(query.get("q", "")[:LONGEST])
    price, sort = query.get("price", ""), query.get("sort", "")
    valid = {
        "q": typed if split_words(typed) else "",
        "season": "1" if query.get("season") == "1" else "",
        "village": village.slug if village else "",
        "category": kind.slug if kind else "",
        "price": price if price in PRICES else "",
        "sort": sort if sort in SORTS else "",
    }
    lowest, below = PRICES.get(valid["price"], (None, None))
    product_query = ProductQuery(
        words=split_words(typed),
        place=village.id if village else None,
        category=kind.id if kind else None,
        in_season=bool(valid["season"]),
        price=(count_yuan_reached(lowest), count_yuan_reached(below)),
        sort=SORTS[valid["sort"]],
        after=Cursor.read(SORTS[valid["sort"]], query.get("after", "")),
    )
    return Filters(product_query, {name: value for name, value in valid.items() if value})


def count_yuan_reached(yuan: int | None) -> int | None:
    return None if yuan is None else yuan * 100_000 - 500


def add_menus(
    filters: Filters, kinds: list[Choice], villages: list[Choice], village: Choice | None
) -> Filters:
    shown = villages[:MOST_VILLAGES]
    if village and village not in shown:
        shown = [village, *shown]
    more = reverse("shops:villages") if len(villages) > MOST_VILLAGES else ""
    prices = [(key, format_price_range(*bounds)) for key, bounds in PRICES.items()]
    sorts = [("", _("最近上架")), ("price", _("每斤价低到高")), ("-price", _("每斤价高到低"))]
    filters.menus = [
        build_menu(filters, "village", _("哪个村"), [one.pair for one in shown], more),
        build_menu(filters, "category", _("种类"), [one.pair for one in kinds]),
        build_menu(filters, "price", _("每斤价"), prices),
    ]
    # The chosen option comes first, where a narrow screen shows it.
    filters.menus.sort(key=lambda menu: menu.chosen is None)
    filters.sorts = build_menu(filters, "sort", _("排列"), sorts)
    return filters


def build_menu(filters: Filters, name: str, label: str, pairs: list[tuple[str, str]], more: str = "") -> Menu:
    now, without = filters.chosen.get(name, ""), filters.url(name)
    start = f"{without}{'&' if '?' in without else '?'}{name}="
    options = [Option(text, start + value if value else without, value == now) for value, text in pairs]
    return Menu(label, options, without, more)


def format_price_range(lowest: int | None, below: int | None) -> str:
    if lowest is None:
        return _("%(below)s 元以下") % {"below": below}
    if below is None:
        return _("%(lowest)s 元以上") % {"lowest": lowest}
    return _("%(lowest)s–%(below)s 元") % {"lowest": lowest, "below": below}
