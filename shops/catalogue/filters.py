"""The storefront's filters: read from the address, shown as menus of plain links."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from urllib.parse import urlencode

from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from shops.catalogue.queries import CHEAPEST, DEAREST, NEWEST, Cursor, ProductQuery
from shops.labels import in_language
from shops.products.search import words
from ui.text import tidy

MOST_VILLAGES = 60
LONGEST = 100  # characters of a search
SORTS = {"": NEWEST, "price": CHEAPEST, "-price": DEAREST}
# Yuan per 斤: from, below. What is shown is rounded to the fen, so half a fen below counts as reached.
PRICES = {"0-3": (None, 3), "3-5": (3, 5), "5-10": (5, 10), "10-30": (10, 30), "30-": (30, None)}
# Every kind, some villages, and the village that is chosen: one statement. By slug is by pinyin.
OPTIONS = f"""SELECT 'category' AS what, c.id AS id, c.slug AS slug, c.name AS name, c.name_en AS name_en,
 c.position AS place FROM shops_category c
 WHERE NOT EXISTS (SELECT 1 FROM shops_category leaf WHERE leaf.parent_id = c.id)
UNION ALL SELECT * FROM (SELECT 'village', v.place_id, v.slug, p.name, p.name_en, 0 FROM shops_village v
 JOIN accounts_place p ON p.id = v.place_id ORDER BY v.slug LIMIT {MOST_VILLAGES + 1}) first_ones
UNION ALL SELECT 'chosen', v.place_id, v.slug, p.name, p.name_en, 0 FROM shops_village v
 JOIN accounts_place p ON p.id = v.place_id WHERE v.slug = %s
ORDER BY what, place, slug, id"""


@dataclass(frozen=True)
class Option:
    label: str
    url: str
    is_chosen: bool

    def link(self) -> str:
        current = ' aria-current="true"' if self.is_chosen else ""
        return f'<a href="{escape(self.url)}"{current}>{escape(self.label)}</a>'


@dataclass(frozen=True)
class Menu:
    """`without` is the address with nothing chosen here; `more` a page with the options that found no room."""

    label: str
    options: list[Option]
    without: str
    more: str = ""

    @cached_property
    def chosen(self) -> Option | None:
        return next((option for option in self.options if option.is_chosen), None)

    def links(self) -> SafeString:
        """Sixty of them on a page: too many for a loop in a template."""
        return mark_safe("".join(option.link() for option in self.options))


@dataclass
class Filters:
    """What is asked for and valid; anything else in the address is as if it were not there."""

    wish: ProductQuery
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
        return self.url("season") if self.wish.in_season else self.url(season=1)


def read(query: QueryDict) -> Filters:
    """One statement."""
    slug = query.get("village", "")
    with connection.cursor() as cursor:
        cursor.execute(OPTIONS, [slug if "\0" not in slug else ""])
        rows = cursor.fetchall()
    kinds = [row for row in rows if row[0] == "category"]
    villages = [row for row in rows if row[0] == "village"]
    chosen_village = next((row for row in rows if row[0] == "chosen"), None)
    chosen_kind = next((row for row in kinds if row[2] == query.get("category")), None)
    return with_menus(asked(query, chosen_village, chosen_kind), kinds, villages, chosen_village)


def asked(query: QueryDict, village: tuple | None, kind: tuple | None) -> Filters:
    typed = tidy(query.get("q", "")[:LONGEST])
    valid = {
        "q": typed if words(typed) else "",
        "season": "1" if query.get("season") == "1" else "",
        "village": village[2] if village else "",
        "category": kind[2] if kind else "",
        "price": query.get("price") if query.get("price") in PRICES else "",
        "sort": query.get("sort") if query.get("sort") in SORTS else "",
    }
    lowest, below = PRICES.get(valid["price"], (None, None))
    wish = ProductQuery(
        words=words(typed),
        place=village[1] if village else None,
        category=kind[1] if kind else None,
        in_season=bool(valid["season"]),
        price=(yuan_reached(lowest), yuan_reached(below)),
        sort=SORTS[valid["sort"]],
        after=Cursor.read(query.get("after", "")),
    )
    return Filters(wish, {name: value for name, value in valid.items() if value})


def yuan_reached(yuan: int | None) -> int | None:
    return None if yuan is None else yuan * 100_000 - 500


def with_menus(filters: Filters, kinds: list, villages: list, village: tuple | None) -> Filters:
    shown = villages[:MOST_VILLAGES]
    if village and village[2] not in {row[2] for row in shown}:
        shown = [village, *shown]
    more = reverse("shops:villages") if len(villages) > MOST_VILLAGES else ""
    prices = [(key, price_label(*bounds)) for key, bounds in PRICES.items()]
    sorts = [("", _("最近上架")), ("price", _("每斤价低到高")), ("-price", _("每斤价高到低"))]
    filters.menus = [
        menu(filters, "village", _("哪个村"), named(shown), more),
        menu(filters, "category", _("种类"), named(kinds)),
        menu(filters, "price", _("每斤价"), prices),
    ]
    # What is chosen stands first, where a narrow screen shows it.
    filters.menus.sort(key=lambda menu: menu.chosen is None)
    filters.sorts = menu(filters, "sort", _("排列"), sorts)
    return filters


def menu(filters: Filters, name: str, label: str, pairs: list[tuple[str, str]], more: str = "") -> Menu:
    now, without = filters.chosen.get(name, ""), filters.url(name)
    start = f"{without}{'&' if '?' in without else '?'}{name}="
    options = [Option(text, start + value if value else without, value == now) for value, text in pairs]
    return Menu(label, options, without, more)


def named(rows: list[tuple]) -> list[tuple[str, str]]:
    return [(slug, in_language(name, name_en)) for _what, _id, slug, name, name_en, _place in rows]


def price_label(lowest: int | None, below: int | None) -> str:
    if lowest is None:
        return _("%(below)s 元以下") % {"below": below}
    if below is None:
        return _("%(lowest)s 元以上") % {"lowest": lowest}
    return _("%(lowest)s–%(below)s 元") % {"lowest": lowest, "below": below}
