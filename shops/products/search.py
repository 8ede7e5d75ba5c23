"""Search products by name as typed, in pinyin or by initials: the spellings, the index terms and the index itself."""

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
from ui import page_cache
from ui.text import HAN_RANGE

# On SQLite whoever writes waits for one chunk at most: 0.2 s on two busy cores.
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


def hits() -> str:
    """A statement for the ids of the rows worth reading; its one parameter is what `asked` gives."""
    return FIND[connection.vendor]


def among(products: QuerySet, text: str) -> QuerySet:
    """Those named by every word of `text`, where the set is small enough to be read: one shop's, an admin's."""
    for word in words(text):
        products = products.filter(Q(search_text__contains=word) | Q(name__icontains=word))
    return products


def index(products: Iterable[Product]) -> None:
    """Makes these products findable by their names of now: after a listing is saved or a shop is renamed. Belongs in the
    transaction that changed the name."""
    index_many(Product.objects.filter(pk__in=[product.pk for product in products]))


def index_many(products: QuerySet) -> None:
    """The same for any number, CHUNK to a transaction where none is open yet."""
    for chunk in chunks(products):
        queue.report_progress()
        with transaction.atomic():
            rows = products.model.objects.filter(pk__in=chunk).select_for_update(of=("self",))
            write({pk: text_of(names) for pk, *names in rows.order_by().values_list("pk", *NAMES)})


def index_kept(products: QuerySet) -> None:
    """Makes any number findable by the spellings that stand in their rows already: after these came out of a copy."""
    for chunk in chunks(products):
        with transaction.atomic():
            rows = products.model.objects.filter(pk__in=chunk).select_for_update(of=("self",))
            write(dict(rows.order_by().values_list("pk", "search_text")))


def write(texts: dict[int, str]) -> None:
    with connection.cursor() as cursor:
        WRITE[connection.vendor](cursor, texts)
    page_cache.invalidate(Product.stamp_name)


@task()
def index_place(place_id: int) -> None:
    """After a village or township is renamed, which may have a hundred thousand products: by the worker, in short
    transactions. Until then they are found by the old name. Called in the transaction that changed it."""
    index_many(Product.objects.filter(Q(place=place_id) | Q(place__parent=place_id)))


@task()
def index_category(category_id: int) -> None:
    """The same for a kind of produce."""
    index_many(Product.objects.filter(category=category_id))


def chunks(products: QuerySet) -> Iterator[list[int]]:
    last = 0
    while chunk := list(products.order_by("pk").filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
        yield chunk
        last = chunk[-1]


def text_of(names: Iterable[str | None]) -> str:
    """Every spelling of these names, each on its own line, each once."""
    return "\n".join(dict.fromkeys(spelt for name in names if name for spelt in spellings(name)))


def terms_of(text: str) -> str:
    return " ".join(filter(None, map(terms, text.split("\n"))))


def write_sqlite(cursor, texts: dict[int, str]) -> None:
    cursor.executemany(
        "UPDATE shops_product SET search_text = %s WHERE id = %s AND search_text <> %s",
        [(text, pk, text) for pk, text in texts.items()],
    )
    cursor.executemany(
        "INSERT OR REPLACE INTO shops_search (rowid, terms) VALUES (%s, %s)",
        [(pk, terms_of(text)) for pk, text in texts.items()],
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
        [list(texts), [terms_of(text) for text in texts.values()]],
    )


WRITE = {"sqlite": write_sqlite, "postgresql": write_postgresql}


def asked(words: Iterable[str]) -> str:
    """The words as the index is asked for them; empty when it cannot help (a single letter, a comma)."""
    found = dict.fromkeys(term for word in words for term in asked_terms(word))
    quote, glue = ("'", " & ") if connection.vendor == "postgresql" else ('"', " ")
    return glue.join(f"{quote}{term}{quote}" for term in found)


RUN = re.compile(r"[^\W_]+")
HAN = re.compile(f"[\u3007\uf900-\ufaff{HAN_RANGE}]")
# 桔 is how many write 橘 (but 桔梗 is a herb); whoever looks for 橘子 means every 橘, a 蜜橘 too.
JU = re.compile("桔(?!梗)")
JUZI = ("橘子", "juzi")
MAX_WORDS = 6
LONGEST_WORD = 40


def plain(text: str) -> str:
    """Full-width letters made narrow, everything lower case, single blanks, 桔 as 橘; nothing that cannot be printed."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return JU.sub("橘", " ".join("".join(c if c.isprintable() else " " for c in text).split()))


def words(typed: str) -> tuple[str, ...]:
    """What was typed into the search box, cut at blanks; more than anybody types is left out."""
    found = plain(typed[:400]).split()
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in found))[:MAX_WORDS]


@lru_cache(maxsize=20_000)
def spellings(name: str) -> tuple[str, ...]:
    """红心蜜柚 → 红心蜜柚, hongxinmiyou, hxmy. Cached: villages, kinds and most names come again and again."""
    text = plain(name)
    if not HAN.search(text):
        return (text,) if text else ()
    # The dictionary takes 60 MB: only a process that writes listings pays for it.
    from pypinyin import lazy_pinyin

    parts = ["".join(RUN.findall(part)) for part in lazy_pinyin(text, errors=list)]
    joined = "".join(parts)
    initials = "".join(part[0] for part in parts if part)
    typed_without_v = joined.replace("lv", "lu").replace(
        "nv", "nu"
    )  # 绿茶: lvcha on most phones, lucha by ear
    also = JUZI if "橘" in text else ()
    return tuple(dict.fromkeys(spelt for spelt in (text, joined, typed_without_v, initials, *also) if spelt))


@lru_cache(maxsize=60_000)
def terms(segment: str) -> str:
    """The index terms of one segment, joined by blanks: every pair of neighbours, and every lone 字."""
    found = {}
    for run in RUN.findall(segment):
        found |= dict.fromkeys(c for c in run if not c.isascii())
        found |= dict.fromkeys(map("".join, zip(run, run[1:], strict=False)))
    return " ".join(found)


def asked_terms(word: str) -> list[str]:
    """The terms a row must have to contain this word; empty when the index cannot tell (a single letter)."""
    found = {}
    for run in RUN.findall(word):
        if len(run) > 1:
            found |= dict.fromkeys(map("".join, zip(run, run[1:], strict=False)))
        elif not run.isascii():
            found[run] = None
    return list(found)
