"""The text of a listing on sale that waits for an organiser: store it, appeal, decide, take back, put in.

The listing is not taken off sale: buyers read its present text until the new one is put in.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import list_changed_values
from accounts.models import AuditEntry, User
from media.models import Photo
from shops.audit import Verb
from shops.exceptions import ActionNotAllowed
from shops.listings import requirements, services
from shops.listings.gifts import PARTS
from shops.models import Product, WaitingText
from shops.products import search
from shops.products.public_words import shorten_sentences
from shops.texts import evidence, text_check
from shops.texts.differences import TextDifference, list_differences
from shops.texts.findings import FindingWidget, build_widgets
from shops.texts.text_check import TextCheckResult
from ui.text import tidy
from wording import records
from wording.models import Check

# What a text is checked against and applies at once to a listing on sale.
TERMS = ("price_fen", "net_grams", "unit", "freight_included")


@dataclass(frozen=True)
class Edit:
    """Hold what the listing form says, as `services.change_product` takes it."""

    facts: dict[str, Any]
    photos: Sequence[Photo]
    stock: int | None
    gifts: Sequence[dict]
    proven: Sequence[dict]


@dataclass(frozen=True)
class Waiting:
    """Collect what is shown of a waiting text: what differs from the listing's text, and why it cannot be put in."""

    row: WaitingText
    checked: TextCheckResult
    differences: list[TextDifference]
    obstacles: list[str]

    @classmethod
    def of(cls, product: Product, row: WaitingText) -> Waiting:
        """Compare the text with the product; about twenty queries."""
        other = build_with_text(product, row)
        checked = text_check.check_product(other)
        differences = list_differences(text_check.list_texts(product), checked.texts)
        obstacles = list_obstacles(product, row) if row.appealed and not row.is_refused else []
        return cls(row, checked, differences, obstacles)

    @property
    def findings(self) -> list[FindingWidget]:
        return build_widgets(self.checked, self.checked.found)


def find_waiting_text(product: Product) -> WaitingText | None:
    """Return the text that waits for this listing, with its check. One query."""
    rows = WaitingText.objects.filter(product=product)
    return rows.select_related("appealed__decided_by").first()


def describe_waiting(product: Product) -> Waiting | None:
    """Return what is shown of the text that waits for this listing, if any."""
    row = find_waiting_text(product)
    return Waiting.of(product, row) if row else None


def lock_product(product: Product) -> Product:
    """Read the listing again and lock it; call in a transaction."""
    rows = Product.objects.select_for_update(of=("self",)).select_related("shop__owner", "place", "category")
    return rows.get(pk=product.pk)


def digest_text(product: Product) -> str:
    return hashlib.sha256(text_check.join_texts(text_check.list_texts(product)).encode()).hexdigest()


def mark_texts(product: Product) -> str:
    """Return a mark of each of the listing's texts, for the form in which they are edited."""
    texts = text_check.list_texts(product).values()
    return " ".join(hashlib.sha256(tidy(text, lines=True).encode()).hexdigest()[:16] for text in texts)


def merge_texts(product: Product, typed: QueryDict, marks: str) -> tuple[QueryDict, dict[str, str]]:
    """Return what was typed with the texts that were replaced since the form was opened, and those that were typed over, too.

    `marks` are those of the form (`mark_texts`); without them nothing is merged.
    """
    opened, now = marks.split(), mark_texts(product).split()
    if len(opened) != len(now) or opened == now:
        return typed, {}
    merged, replaced = typed.copy(), {}
    rows = zip(text_check.list_texts(product).items(), opened, now, strict=True)
    for (name, text), before, after in rows:
        written = hashlib.sha256(tidy(typed.get(name, ""), lines=True).encode()).hexdigest()[:16]
        if before == after or written == after:
            continue
        if written == before:
            merged[name] = text
        else:
            replaced[name] = text
    return merged, replaced


def build_with_text(product: Product, row: WaitingText) -> Product:
    """Return a copy of the listing with the waiting text, not to be saved."""
    other = copy.copy(product)
    for name in text_check.FIELDS:
        setattr(other, name, getattr(row, name))
    return other


@transaction.atomic
def store_text(product: Product, edit: Edit, actor: User) -> bool:
    """Store the four texts beside a listing on sale; price, weight, freight and harvest days apply at once.

    Returns False, and changes nothing, if the listing is not on sale. Raises ActionNotAllowed if something else changed that
    an organiser must see, or if the new price or weight does not fit the text on sale; also what services.change_product
    raises.
    """
    now = lock_product(product)
    if not now.is_published:
        return False
    facts = edit.facts
    texts = {name: facts[name] for name in text_check.FIELDS}
    if others := list_other_changes(now, edit):
        raise ActionNotAllowed(
            _("申诉只带文字，还改了：%(what)s。先改回原样再交；这些等申诉有了答复再改。")
            % {"what": _("、").join(others)}
        )
    found = text_check.find_conflicts(now, {name: facts[name] for name in TERMS})
    if found:
        told = [
            _("现在卖的文字里写着“%(words)s”，跟新填的数对不上，价钱和净重先别改。")
            % {"words": one.finding.words}
            for one in found
        ]
        raise ActionNotAllowed(*shorten_sentences(told))
    kept = {name: getattr(now, name) for name in text_check.FIELDS}
    services.change_product(now, facts | kept, edit.photos, actor, edit.stock)
    evidence.replace_proofs(now, [one for one in edit.proven if not is_said(now, one)], actor)
    row = find_waiting_text(now)
    if texts == kept:  # the rules changed, so that the text on sale itself is appealed
        drop_text(now, actor)
    elif row is None or any(getattr(row, name) != text for name, text in texts.items()):
        records.take_back_appeals(text_check.make_subject(now))
        given = texts | {"appealed": None, "base": "", "made_by": actor, "at": timezone.now()}
        WaitingText.objects.update_or_create(product=now, defaults=given)
    return True


def list_other_changes(product: Product, edit: Edit) -> list[str]:
    """Name what else was changed that needs a review: an appeal carries only the texts."""
    pictures = list(product.photos.values_list("photo", flat=True))
    known = {(row.rule, row.words): row for row in product.proofs.select_related("file")}
    said = [one for one in edit.proven if is_said(product, one)]
    given = [(known.get((one["rule"], one["words"])), one) for one in said]
    changed = [
        (pictures != list(dict.fromkeys(photo.pk for photo in edit.photos)), _("照片")),
        (product.category != edit.facts["category"], _("种类")),
        (product.grower != edit.facts["grower"], _("谁家的果子")),
        (list(product.gifts.values(*PARTS)) != list(edit.gifts), _("送的东西")),
        (not all(row and evidence.is_same(row, one) for row, one in given), _("现在文字的依据")),
    ]
    return [name for is_changed, name in changed if is_changed]


def is_said(product: Product, proof: Mapping[str, Any]) -> bool:
    """Return whether the words of this evidence stand in the listing's present text."""
    return proof["words"] in text_check.join_texts(text_check.list_texts(product))


@transaction.atomic
def file_appeal(product: Product, why: str, actor: User) -> Check:
    """Appeal about the waiting text, or without one about the listing's own. Raises ActionNotAllowed."""
    now = lock_product(product)
    row = find_waiting_text(now)
    if row is None:
        return evidence.appeal_finding(now, why, actor)
    checked = text_check.check_product(build_with_text(now, row))
    if not checked.blocking:
        raise ActionNotAllowed(_("这段话里现在没有不能用的话，打开改一改那一页，保存就行"))
    row.appealed = evidence.appeal_finding(now, why, actor, checked)
    row.base, row.at, row.made_by = digest_text(now), timezone.now(), actor
    row.save()
    return row.appealed


@transaction.atomic
def decide_appeal(product: Product, check: Check, passes: bool, reason: str, actor: User) -> list[str] | None:
    """Decide the appeal, and put the text in if it passes.

    Returns None where no text waits, else why it could not be put in: empty if it was, or if the appeal was refused. The
    text that could not be put in is kept for the seller. Raises ActionNotAllowed.
    """
    now = lock_product(product)
    row = find_waiting_text(now)
    evidence.decide_appeal(now, check, passes, reason, actor)
    if row is None or row.appealed_id != check.pk:
        return None
    if not passes:
        return []
    obstacles = list_obstacles(now, row)
    if not obstacles:
        put_in(now, row, actor)
    return obstacles


def list_obstacles(product: Product, row: WaitingText) -> list[str]:
    """List why a passed text could not take the place of the listing's, as the listing and its facts are now.

    Passing allows what stood in the appealed check, and what follows from a fact (weight, price) while that fact is the same.
    """
    if row.base != digest_text(product):
        return [_("申诉以后文字又改过，换上去会把后来改的盖掉。")]
    other = build_with_text(product, row)
    checked = text_check.check_product(other)
    text = text_check.join_texts(checked.texts)
    allowed = text_check.list_allowed_claims(row.appealed, text, checked.facts) if row.appealed else set()
    stand = [one for one in [*checked.blocking, *checked.unproven] if one.claim not in allowed]
    told = [
        _("“%(words)s”现在不能用：%(reason)s") % {"words": one.finding.words, "reason": one.finding.reason}
        for one in stand
    ]
    before = requirements.check_product(product)
    return [
        *shorten_sentences(told),
        *(reason for reason in requirements.check_product(other) if reason not in before),
    ]


def put_in(product: Product, row: WaitingText, actor: User) -> None:
    """Give the listing the text that was passed; its state stays as it is."""
    before = text_check.list_texts(product)
    for name in text_check.FIELDS:
        setattr(product, name, getattr(row, name))
    check = text_check.record_check(text_check.check_product(product), product, actor)
    product.wording_check = check
    product.save(update_fields=[*text_check.FIELDS, "wording_check"])
    search.index_products([product])
    changes = list_changed_values(before, text_check.list_texts(product))
    AuditEntry.write(
        actor, Verb.TEXT_PUT_IN, product, product.place, name=product.name, changes=changes, check=check.pk
    )
    row.delete()


@transaction.atomic
def put_in_passed(product: Product, actor: User) -> None:
    """Put in, for its seller, the text that was passed when something was in the way. Raises ActionNotAllowed."""
    now = lock_product(product)
    row = find_waiting_text(now)
    if row is None or not row.is_passed:
        raise ActionNotAllowed(_("这段话还没有通过，换不上"))
    if obstacles := list_obstacles(now, row):
        raise ActionNotAllowed(*obstacles)
    put_in(now, row, actor)
    now.mark_edited()


@transaction.atomic
def take_back(product: Product, actor: User) -> None:
    """Take the appeal back; the text is kept for its seller. Raises ActionNotAllowed if it does not wait."""
    now = lock_product(product)
    row = find_waiting_text(now)
    if row is None or not row.waits or not records.take_back_appeals(text_check.make_subject(now)):
        raise ActionNotAllowed(_("管理员已经答复了，看看答复"))
    WaitingText.objects.filter(pk=row.pk).update(appealed=None)
    AuditEntry.write(actor, Verb.WORDING_TAKEN_BACK, now, now.place, name=now.name)


@transaction.atomic
def drop_text(product: Product, actor: User) -> None:
    """Delete the waiting text, and take its appeal back."""
    now = lock_product(product)
    row = find_waiting_text(now)
    if row is None:
        return
    if row.waits:
        take_back(now, actor)
    row.delete()


def forget_if_used(product: Product, actor: User, is_edited: bool) -> None:
    """After the listing was changed: delete the waiting text if it `is_edited` there, or is the listing's text by now."""
    row = find_waiting_text(product)
    if row and (is_edited or text_check.list_texts(row) == text_check.list_texts(product)):
        drop_text(product, actor)
