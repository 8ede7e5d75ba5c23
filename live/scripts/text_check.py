"""Check the parts of a script against the wording rules, with facts filled in, and find each place in the typed text.

No result means that a text is lawful.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import get_language

from accounts.models import User
from live.models import RundownItem
from live.scripts import placeholders
from shops.texts import text_check
from shops.texts.text_check import Found
from wording import records
from wording.checker import check
from wording.facts import Facts
from wording.models import Check

KIND = Check.Kind.SCRIPT


def check_script(item: RundownItem, parts: Mapping[str, str]) -> list[Found]:
    """Return the findings of all parts, in characters of the part as typed. No query where nothing is found, else about ten."""
    filled = {part: placeholders.fill_text(text, item) for part, text in parts.items() if text.strip()}
    texts = {part: one.text for part, one in filled.items()}
    if not texts or not find_in(texts, build_row_facts(item)):
        return []
    held = build_full_facts(item)
    if not (found := find_in(texts, held)):
        return []
    if proven := find_proven_claims(item):
        held = replace(held, proven=tuple(sorted(text_check.list_proven_rules(found, proven))))
        found = [one for one in find_in(texts, held) if one.blocks or one.claim not in proven]
    return [map_to_typed(one, filled[one.field]) for one in found]


def find_in(texts: Mapping[str, str], held: Facts) -> list[Found]:
    return text_check.locate_findings(
        texts, check(text_check.join_texts(texts), KIND, held, get_language() or "zh")
    )


def map_to_typed(one: Found, filled: placeholders.Filled) -> Found:
    """Return a finding with span and words of the text as typed; a fact that was hit becomes its placeholder.

    What is wrong in a fact is corrected in the listing: nothing is offered to put in the place of a placeholder; words with one
    in them may be deleted.
    """
    start, end = filled.as_typed(one.start, one.end)
    words = filled.typed[start:end]
    finding = replace(one.finding, words=words)
    if words != filled.text[one.start : one.end]:
        can_go = not placeholders.PLACEHOLDER.fullmatch(words)
        offers = tuple(one for one in finding.offers if can_go and one.how == "delete")
        finding = replace(finding, rewrite=None, offers=offers)
    return replace(one, start=start, end=end, finding=finding)


def filter_blocking(found: list[Found]) -> list[Found]:
    return [one for one in found if one.blocks]


def filter_unproven(found: list[Found]) -> list[Found]:
    return [one for one in found if one.finding.severity == "warn"]


def find_proven_claims(item: RundownItem) -> set[tuple[str, str]]:
    """Return (rule, words) of the claims that the listing has evidence for; it counts in a live too. One query."""
    if not item.product:
        return set()
    return {(row.rule, row.words) for row in item.product.proofs.all() if not row.asks}


def build_row_facts(item: RundownItem) -> Facts:
    """Return the facts that need no query, with the live price in place of the listing's."""
    if item.product:
        return set_live_price(text_check.build_own_facts(item.product), item)
    return Facts(
        name=item.name or None,
        unit=item.unit,
        net_grams=item.net_grams,
        price_fen=item.unit_price_fen,
    )


def build_full_facts(item: RundownItem) -> Facts:
    """Return all facts, with certificates, freight, gifts, presale and the price log. About eight queries for a product."""
    if not item.product:
        return replace(build_row_facts(item), freight_known=True)
    return set_live_price(text_check.build_facts(item.product), item)


def set_live_price(held: Facts, item: RundownItem) -> Facts:
    return replace(held, price_fen=item.unit_price_fen, quota=item.quota or held.quota)


def record_check(item: RundownItem, parts: Mapping[str, str], by: User | None) -> Check | None:
    """Store the text with facts filled in and the findings of today's rules; None for an empty script.

    It is stored for three years (直播电商监督管理办法 §30).
    """
    texts = [placeholders.get_filled_text(text, item) for text in parts.values() if text.strip()]
    if not texts:
        return None
    return records.record_check(
        "\n".join(texts), KIND, build_full_facts(item), f"live.rundownitem:{item.pk}", by
    )
