"""绿色食品, 有机, 地理标志, 富硒: words that a product may bear only while a paper says so (农产品质量安全法 §42)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from shops.models import Paper, Product

Kind = Paper.Kind
# What each paper allows to be said. 有机 alone also begins 有机肥, 有机质 and 有机会, which are no marks.
WORDS = {
    Kind.GREEN: r"绿色食品|绿标|绿色认证",
    Kind.ORGANIC: r"有\s*机(?!肥|质|会|物|磷|氯|酸|废|缘)|(?<![A-Za-z])organic(?! (?:matter|fertili[sz]er|acid|manure))",
    Kind.GI: r"地\s*理\s*标\s*志|地标(?:产品|农产品|认证)|国家地标|geographical indication",
    Kind.SELENIUM: r"富\s*硒|selenium[- ]rich",
}
SAID = {kind: re.compile(words, re.IGNORECASE) for kind, words in WORDS.items()}
# A clause with its own stop, or a whole line.
CLAUSE = re.compile(r"[^，。；！？、,;!?\n]*[，。；！？、,;!?\n]?")
STOPS = "，、,；;"


def papers_of(product: Product, day: datetime.date | None = None) -> list[Paper]:
    """The marks' papers in force for this product on that day; one query."""
    rows = Paper.objects.in_force(day).for_product(product).filter(kind__in=list(SAID))
    return list(rows.select_related("shop").order_by("kind", "-expires_on"))


def any_of(shop: str) -> Exists:
    """An annotation for a page's own query: whether the shop, to which `shop` leads, has any such paper today."""
    rows = Paper.objects.in_force().filter(shop=OuterRef(shop), kind__in=list(SAID))
    return Exists(rows)


def said(product: Product, day: datetime.date | None = None, papers: Iterable[Paper] | None = None) -> str:
    """The description as it may be shown on that day: without the clauses that speak of a mark whose paper is missing,
    not looked at or over. No query where no such word stands in it, else one, or none with `papers`."""
    spoken = [kind for kind, words in SAID.items() if words.search(product.description)]
    if not spoken:
        return product.description
    held = {paper.kind for paper in (papers_of(product, day) if papers is None else papers)}
    return without(product.description, [kind for kind in spoken if kind not in held])


def without(text: str, kinds: Iterable[str]) -> str:
    """The text without the clauses that name these marks; what is left ends as a sentence does."""
    over = [SAID[kind] for kind in kinds]
    kept, dropped_end = [], ""
    for clause in CLAUSE.findall(text):
        if any(words.search(clause) for words in over):
            dropped_end = clause[-1:] if clause[-1:] in "。！？!?\n" else ""
            if dropped_end and kept and kept[-1][-1:] in STOPS:
                kept[-1] = kept[-1][:-1] + dropped_end
            continue
        kept.append(clause)
    return "".join(kept).strip().rstrip(STOPS)


def first_in(text: str) -> str:
    """The first word of any mark in a name; empty for none."""
    found = [match for words in SAID.values() if (match := words.search(text))]
    return min(found, key=lambda match: match.start())[0] if found else ""
