"""Index and search products by name: in Chinese, in pinyin or by initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from media import queue
from media.queue import task
from shops.models import Product
from ui.responses import page_cache
from ui.text import HAN_RANGE

# Products indexed in one transaction; on SQLite other writers wait for one chunk at most (0.2 s on two busy cores).
CHUNK = 500
NAMES = (
    "name",
    "variety",
    "category__name",
    "shop__name",
    "place__name",
    "place__parent__name",
)
FIND = {
    "sqlite": "SELECT rowid AS id FROM shops_search WHERE shops_search MATCH %s",
    "postgresql": "SELECT product_id AS id FROM shops_search WHERE terms @@ %s::tsquery",
}


def build_hits_sql() -> str:
    """Return the SQL that selects the ids of matching rows; its one parameter is the result of `build_query`."""
    return FIND[connection.vendor]


def filter_by_words(products: QuerySet, text: str) -> QuerySet:
    """Filter a small set (one shop's, an admin's) to the products whose name contains every word of `text`."""
    for word in split_words(text):
        products = products.filter(Q(search_text__contains=word) | Q(name__icontains=word))
    return products


def index_products(products: Iterable[Product]) -> None:
    """Index these products by their present names. Call it in the transaction that changes a name."""
    index_many(Product.objects.filter(pk__in=[product.pk for product in products]))


def index_many(products: QuerySet) -> None:
    """Index any number of products; in transactions of CHUNK products, unless one is open."""
    for chunk in list_chunks(products):
        queue.report_progress()
        with transaction.atomic():
            rows = products.model.objects.filter(pk__in=chunk).select_for_update(of=("self",))
            write({pk: join_spellings(names) for pk, *names in rows.order_by().values_list("pk", *NAMES)})


def index_stored(products: QuerySet) -> None:
    """Index products by the spellings stored in their rows, after they were restored from a backup."""
    for chunk in list_chunks(products):
        with transaction.atomic():
            rows = products.model.objects.filter(pk__in=chunk).select_for_update(of=("self",))
            write(dict(rows.order_by().values_list("pk", "search_text")))


def write(texts: dict[int, str]) -> None:
    with connection.cursor() as cursor:
        WRITE[connection.vendor](cursor, texts)
    page_cache.invalidate(Product.stamp_name)


@task()
def index_place(place_id: int) -> None:
    """Index the products of a renamed village or township, up to a hundred thousand, in short transactions.

    A task of the worker, to be queued in the transaction that renames; until it has run, products are found by the old name.
    """
    index_many(Product.objects.filter(Q(place=place_id) | Q(place__parent=place_id)))


@task()
def index_category(category_id: int) -> None:
    """Index the products of a renamed category; a task of the worker."""
    index_many(Product.objects.filter(category=category_id))


def list_chunks(products: QuerySet) -> Iterator[list[int]]:
    last = 0
    while chunk := list(products.order_by("pk").filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
        yield chunk
        last = chunk[-1]


def join_spellings(names: Iterable[str | None]) -> str:
    """Return every spelling of these names once, one a line."""
    return "\n".join(dict.fromkeys(spelt for name in names if name for spelt in list_spellings(name)))


def join_terms(text: str) -> str:
    return " ".join(filter(None, map(make_terms, text.split("\n"))))


def write_sqlite(cursor, texts: dict[int, str]) -> None:
    cursor.executemany(
        "UPDATE shops_product SET search_text = %s WHERE id = %s AND search_text <> %s",
        [(text, pk, text) for pk, text in texts.items()],
    )
    cursor.executemany(
        "INSERT OR REPLACE INTO shops_search (rowid, terms) VALUES (%s, %s)",
        [(pk, join_terms(text)) for pk, text in texts.items()],
    )


def write_postgresql(cursor, texts: dict[int, str]) -> None:
    cursor.execute(
        "UPDATE shops_product p SET search_text = t.text"
        " FROM unnest(%s::bigint[], %s::text[]) AS t (id, text) WHERE p.id = t.id AND p.search_text <> t.text",
        [list(texts), list(texts.values())],
    )
    cursor.execute(
        "INSERT INTO shops_search (product_id, terms)"
        " SELECT t.id, array_to_tsvector(string_to_array(t.terms, ' '))"
        " FROM unnest(%s::bigint[], %s::text[]) AS t (id, terms)"
        " ON CONFLICT (product_id) DO UPDATE SET terms = EXCLUDED.terms",
        [list(texts), [join_terms(text) for text in texts.values()]],
    )


WRITE = {"sqlite": write_sqlite, "postgresql": write_postgresql}


def build_query(words: Iterable[str]) -> str:
    """Return the query of the index for these words; empty if the index cannot help (a single letter, a comma)."""
    found = dict.fromkeys(term for word in words for term in list_required_terms(word))
    quote, glue = ("'", " & ") if connection.vendor == "postgresql" else ('"', " ")
    return glue.join(f"{quote}{term}{quote}" for term in found)


RUN = re.compile(r"[^\W_]+")
HAN = re.compile(f"[\u3007\uf900-\ufaff{HAN_RANGE}]")
# Many write 桔 for 橘 (but 桔梗 is a herb): a search for 橘子 finds all 橘, such as 蜜橘.
JU = re.compile("桔(?!梗)")
JUZI = ("橘子", "juzi")
MAX_WORDS = 6
LONGEST_WORD = 40


def normalize(text: str) -> str:
    """Return the text in narrow, lower-case, printable characters with single blanks, and 橘 for 桔."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return JU.sub("橘", " ".join("".join(c if c.isprintable() else " " for c in text).split()))


def split_words(typed: str) -> tuple[str, ...]:
    """Split what was typed into the search box at blanks, up to MAX_WORDS of LONGEST_WORD characters."""
    found = normalize(typed[:400]).split()
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in found))[:MAX_WORDS]


@lru_cache(maxsize=20_000)
def list_spellings(name: str) -> tuple[str, ...]:
    """Return the spellings of a name: 红心蜜柚 → 红心蜜柚, hongxinmiyou, hxmy. Cached, since names repeat."""
    text = normalize(name)
    if not HAN.search(text):
        return (text,) if text else ()
    # Imported here because its dictionary takes 60 MB, which only a process that indexes products needs.
    from pypinyin import lazy_pinyin

    parts = ["".join(RUN.findall(part)) for part in lazy_pinyin(text, errors=list)]  # type: ignore[arg-type]  # it takes lists
    joined = "".join(parts)
    initials = "".join(part[0] for part in parts if part)
    typed_without_v = joined.replace("lv", "lu").replace(
        "nv", "nu"
    )  # 绿茶: lvcha on most phones, lucha by ear
    also = JUZI if "橘" in text else ()
    return tuple(dict.fromkeys(spelt for spelt in (text, joined, typed_without_v, initials, *also) if spelt))


@lru_cache(maxsize=60_000)
def make_terms(segment: str) -> str:
    """Return the index terms of one segment, joined by blanks: every pair of characters, and every single 字."""
    found: dict[str, None] = {}
    for run in RUN.findall(segment):
        found |= dict.fromkeys(c for c in run if not c.isascii())
        found |= dict.fromkeys(map("".join, zip(run, run[1:], strict=False)))
    return " ".join(found)


def list_required_terms(word: str) -> list[str]:
    """Return the terms that a row containing this word must have; empty if the index cannot tell (a single letter)."""
    found: dict[str, None] = {}
    for run in RUN.findall(word):
        if len(run) > 1:
            found |= dict.fromkeys(map("".join, zip(run, run[1:], strict=False)))
        elif not run.isascii():
            found[run] = None
    return list(found)
