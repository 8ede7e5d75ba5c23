"""What known rules the words of a listing or a shop hit, field by field, and whether they stand in its way.

The fields are read as one text, so that they are stored and let pass as one; the end of a field ends its sentence.
Nothing here says that a text is lawful.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import get_language

from shops.inventory import presales
from shops.models import Paper, Product, Proof, Shop
from shops.pricing import reference_price
from shops.shipping import policy
from shops.traceability import certificates
from wording import records
from wording.checker import Finding, check
from wording.facts import Facts
from wording.models import Check

KIND = Check.Kind.LISTING
FIELDS = ("name", "variety", "origin", "description")
SHOP_FIELDS = ("name", "story")
LONGEST = 5000
PAPERS = {
    Paper.Kind.ORGANIC: "organic",
    Paper.Kind.GREEN: "green",
    Paper.Kind.GI: "gi",
    Paper.Kind.SELENIUM: "selenium",
}


@dataclass(frozen=True)
class Found:
    """A finding with its place in its own field, in characters of the text as it was given."""

    field: str
    start: int
    end: int
    finding: Finding
    wants: tuple[str, ...] = ()  # what a proof must say to make it lawful; empty where no proof does

    @property
    def blocks(self) -> bool:
        return self.finding.severity == "block"

    @property
    def claim(self) -> tuple[str, str]:
        """What a proof speaks for."""
        return self.finding.rule, self.finding.words[:120]


@dataclass(frozen=True)
class TextCheckResult:
    """`passed`: an organiser has let exactly this text pass. `asked`: claims that its seller hands in unproven."""

    texts: dict[str, str]
    facts: Facts
    found: list[Found]
    passed: bool = False
    asked: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @property
    def blocking(self) -> list[Found]:
        return [] if self.passed else [one for one in self.found if one.blocks]

    @property
    def unproven(self) -> list[Found]:
        """Warnings that ask for a fact or another wording, and have neither."""
        warn = [one for one in self.found if one.finding.severity == "warn"]
        return [] if self.passed else [one for one in warn if one.claim not in self.asked]


def check_texts(texts: Mapping[str, str], facts: Facts | None = None, lang: str | None = None) -> list[Found]:
    """The findings of each field, in the order of the text. No query."""
    findings = check(joined(texts), KIND, facts, lang or get_language() or "zh")
    return placed(texts, findings, unprovable(texts, facts, findings))


def placed(
    texts: Mapping[str, str], findings: Iterable[Finding], stubborn: Collection[tuple[str, int]] = ()
) -> list[Found]:
    """The findings in the joined text, each in its own field; `stubborn` ones have no proof."""
    found, spans, at = [], [], 0
    for name, text in texts.items():
        spans.append((at, at + len(text), name))
        at += len(text) + 1
    for finding in findings:
        begin, end, name = next(span for span in reversed(spans) if span[0] <= finding.start)
        wants = () if (finding.rule, finding.start) in stubborn else finding.proof
        found.append(Found(name, finding.start - begin, min(finding.end, end) - begin, finding, wants))
    return found


def unprovable(
    texts: Mapping[str, str], facts: Facts | None, findings: list[Finding]
) -> set[tuple[str, int]]:
    """Which of them stand though every rule has a proof, by rule and place."""
    rules = {finding.rule for finding in findings if finding.proof}
    if not rules:
        return set()
    proven = replace(facts or Facts(), proven=tuple(sorted(rules)))
    return {(finding.rule, finding.start) for finding in check(joined(texts), KIND, proven)}


def joined(texts: Mapping[str, str]) -> str:
    return "\n".join(texts.values())


def as_typed(text: str | None) -> str:
    """Line ends as the box counts them; no more than is read."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")[:LONGEST]


def words_of(row: Product | Shop) -> dict[str, str]:
    names = SHOP_FIELDS if isinstance(row, Shop) else FIELDS
    return {name: as_typed(getattr(row, name)) for name in names}


def facts_known(product: Product) -> Facts:
    """What stands in the product's own row. No query."""
    return Facts(
        name=product.name or None,
        variety=product.variety or None,
        origin=product.origin or None,
        unit=product.unit or None,
        net_g=product.net_grams,
        price_fen=product.price_fen,
        stock=product.stock,
        self_grown=(product.grower == Product.Grower.OWN) if product.grower else None,
    )


def facts_of(product: Product, has_gifts: bool | None = None) -> Facts:
    """With all that can make words lawful: papers in force today, freight, gifts, presale, the price log; about
    eight queries. A product not stored yet has the row's own facts and the shop's."""
    shop = product.shop if product.shop_id else None
    facts = replace(
        facts_known(product),
        certificates=tuple(PAPERS[paper.kind] for paper in certificates.papers_of(product)) if shop else (),
        freight_known=product.freight_included or policy.is_settled(shop),
        gift_known=has_gifts,
    )
    if not product.pk:
        return facts
    presale, before = presales.current(product), reference_price.reference_price_of(product)
    return replace(
        facts,
        gift_known=product.gifts.exists() if has_gifts is None else has_gifts,
        presale_by=presale.ship_by.isoformat() if presale else None,
        quota=presale.quota if presale else None,
        was_fen=before.fen if before else None,
    )


def check_product(
    product: Product,
    texts: Mapping[str, str] | None = None,
    proofs: Iterable[Proof] | None = None,
    has_gifts: bool | None = None,
) -> TextCheckResult:
    """The listing as it stands, or with other `texts` and `proofs` than are stored. No query where the row's own
    facts leave nothing to find: what the other tables know only ever clears words."""
    texts = dict(texts or words_of(product))
    facts = facts_known(product)
    if not check_texts(texts, facts):
        return TextCheckResult(texts, facts, [])
    facts = facts_of(product, has_gifts)
    if not (raw := check_texts(texts, facts)):
        return TextCheckResult(texts, facts, [])
    if proofs is None:
        proofs = product.proofs.all() if product.pk else []
    shown = {(row.rule, row.words): row.asks for row in proofs}
    proven = {claim for claim, asks in shown.items() if not asks}
    facts = replace(facts, proven=tuple(sorted(rules_proven(raw, proven))))
    found = [one for one in check_texts(texts, facts) if one.blocks or one.claim not in proven]
    asked = frozenset(claim for claim, asks in shown.items() if asks)
    passed = bool(found) and product.pk is not None and is_passed(texts, subject_of(product))
    return TextCheckResult(texts, facts, found, passed, asked)


def against(product: Product, facts: Mapping[str, object]) -> list[Found]:
    """What of its words would be forbidden beside other facts of its row, and is not beside those of now; of a listing
    that buyers see, or an organiser is about to let them see."""
    if product.status not in (Product.Status.PUBLISHED, Product.Status.SUBMITTED):
        return []
    other = copy.copy(product)
    for name, value in facts.items():
        setattr(other, name, value)
    if not (found := check_product(other).blocking):
        return []
    known = {one.claim for one in check_product(product).blocking}
    return [one for one in found if one.claim not in known]


def rules_proven(found: Iterable[Found], proven: set[tuple[str, str]]) -> set[str]:
    """Rules of which every claim in the text has its proof: one left over speaks for none of them."""
    open_rules = {one.finding.rule for one in found if one.claim not in proven}
    return {one.finding.rule for one in found} - open_rules


def check_shop(shop: Shop, texts: Mapping[str, str] | None = None) -> TextCheckResult:
    """What a shop says of itself; at most one query."""
    texts = dict(texts or words_of(shop))
    facts = Facts()
    found = check_texts(texts, facts)
    return TextCheckResult(texts, facts, found, bool(found) and is_passed(texts, subject_of(shop)))


def subject_of(row: Product | Shop) -> str:
    return f"shops.{row._meta.model_name}:{row.pk}"


def is_passed(texts: Mapping[str, str], subject: str) -> bool:
    return records.is_passed(joined(texts), KIND, subject)


def record_check(looked: TextCheckResult, row: Product | Shop, by) -> Check:
    """Stores what was looked at, under the rules of today; the same is stored once."""
    return records.record_check(joined(looked.texts), KIND, looked.facts, subject_of(row), by)
