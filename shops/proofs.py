"""Proofs of a listing's claims, put beside it as its form gives them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from accounts.models import User
from shops import saying
from shops.models import Product, Proof

GIVEN = ("source", "dated", "report_no", "file", "asks")


def any_of() -> Exists:
    """An annotation for a page's own query: whether anything is proven of the product."""
    return Exists(Proof.objects.filter(product=OuterRef("pk"), asks=False))


def shown(product: Product) -> list[Proof]:
    """Of the words that still stand in it; 广告法 §11 wants their source read beside them. One query."""
    text = saying.joined(saying.words_of(product))
    return [row for row in product.proofs.filter(asks=False) if row.words in text]


def put(product: Product, proofs: Iterable[dict], actor: User | None) -> bool:
    """Replaces those of the same claim, lets those of claims that are gone be; whether anything is different."""
    changed = False
    known = {(row.rule, row.words): row for row in product.proofs.select_related("file")}
    for proof in proofs:
        row = known.get((proof["rule"], proof["words"]))
        if row and all(getattr(row, name) == proof[name] for name in GIVEN):
            continue
        claim = {"product": product, "rule": proof["rule"], "words": proof["words"]}
        given = {name: proof[name] for name in GIVEN} | {"made_by": actor}
        Proof.objects.update_or_create(**claim, defaults=given)
        changed = True
    return changed
