"""What known rules the words of a script hit, part by part, as they will be said: with the facts filled in. A finding is
then shown where it stands in the box. Nothing here says that a text is lawful."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import get_language

from accounts.models import User
from live import facts
from live.models import RundownItem
from shops import saying
from shops.saying import Found
from wording import keeping
from wording.checking import check
from wording.facts import Facts
from wording.models import Check

KIND = Check.Kind.SCRIPT


def look(item: RundownItem, parts: Mapping[str, str]) -> list[Found]:
    """The findings of each part, in characters of the part as it was typed. No query where the item's own facts leave
    nothing to find; else about ten."""
    filled = {part: facts.fill(text, item) for part, text in parts.items() if text.strip()}
    texts = {part: one.text for part, one in filled.items()}
    if not texts or not found_in(texts, known(item)):
        return []
    held = all_known(item)
    if not (found := found_in(texts, held)):
        return []
    if proven := proofs_of(item):
        held = replace(held, proven=tuple(sorted(saying.rules_proven(found, proven))))
        found = [one for one in found_in(texts, held) if one.blocks or one.claim not in proven]
    return [in_the_box(one, filled[one.field]) for one in found]


def found_in(texts: Mapping[str, str], held: Facts) -> list[Found]:
    return saying.placed(texts, check(saying.joined(texts), KIND, held, get_language() or "zh"))


def in_the_box(one: Found, filled: facts.Filled) -> Found:
    """The words as they were typed: a fact that was hit is hit as its placeholder."""
    start, end = filled.as_typed(one.start, one.end)
    words = filled.typed[start:end]
    return replace(one, start=start, end=end, finding=replace(one.finding, words=words))


def blocking(found: list[Found]) -> list[Found]:
    return [one for one in found if one.blocks]


def unproven(found: list[Found]) -> list[Found]:
    return [one for one in found if one.finding.severity == "warn"]


def proofs_of(item: RundownItem) -> set[tuple[str, str]]:
    """Claims that the listing has a proof for; said in a live they have it too. One query."""
    if not item.product_id:
        return set()
    return {(row.rule, row.words) for row in item.product.proofs.all() if not row.asks}


def known(item: RundownItem) -> Facts:
    """What stands in the rows themselves, the live price in place of the listing's. No query."""
    if item.product_id:
        return at_live_price(saying.facts_known(item.product), item)
    return Facts(
        name=item.name or None,
        unit=item.unit,
        net_g=item.net_grams,
        price_fen=item.unit_price_fen,
    )


def all_known(item: RundownItem) -> Facts:
    """With papers, freight, gifts, presale and the price log; about eight queries for a product."""
    if not item.product_id:
        return replace(known(item), freight_known=True)
    return at_live_price(saying.facts_of(item.product), item)


def at_live_price(held: Facts, item: RundownItem) -> Facts:
    return replace(held, price_fen=item.unit_price_fen, quota=item.quota or held.quota)


def keep(item: RundownItem, parts: Mapping[str, str], by: User | None) -> Check | None:
    """The words as they will be said, with what was found, under the rules of today (直播电商监督管理办法 §30: three
    years). None where nothing is written."""
    texts = [facts.filled(text, item) for text in parts.values() if text.strip()]
    if not texts:
        return None
    return keeping.keep("\n".join(texts), KIND, all_known(item), f"live.rundownitem:{item.pk}", by)
