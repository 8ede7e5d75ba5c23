"""Batches as they are written down. What was sold or pledged for is not rewritten (农产品质量安全法 §27): put right by a
note that stays beside it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from media.models import Photo
from shops.audit import Verb
from shops.models import Batch, BatchNote, Deal, Product, Shop, Spray
from ui.days import day as spoken

FACTS = (
    "category", "name", "variety", "origin", "plot", "grower_name", "harvested_on", "grams",
    "brix_tenths", "brix_on", "brix_tool",
)  # fmt: skip
# The form sent twice is the batch that is there already.
SAME_TAP = datetime.timedelta(minutes=10)


class Locked(Exception):
    """Something of it was sold or pledged for."""


class TooEarly(Exception):
    """Picked before the safe interval had passed; `sentence` names the first lawful day."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def is_locked(batch: Batch) -> bool:
    """At most two queries."""
    return bool(batch.sold_at) or batch.pledges.exists() or was_sold(batch)


def was_sold(batch: Batch) -> bool:
    return Deal.objects.filter(product__batch=batch, at__gte=batch.created_at).exists()


def record(shop: Shop, facts: dict, photos: Sequence[Photo], actor: User) -> Batch:
    with transaction.atomic():
        Shop.objects.select_for_update().get(pk=shop.pk)
        same = {name: facts[name] for name in ("name", "plot", "harvested_on", "grams")}
        since = timezone.now() - SAME_TAP
        known = Batch.objects.filter(shop=shop, made_by=actor, created_at__gt=since, **same).first()
        if known:
            return known
        batch = Batch.objects.create(shop=shop, made_by=actor, **facts)
        batch.photos.set(photos)
        AuditEntry.write(actor, Verb.BATCH_RECORDED, batch, shop.place, name=str(batch))
    return batch


@transaction.atomic
def change(batch: Batch, facts: dict, photos: Sequence[Photo], actor: User) -> list[str]:
    """Takes over what is different; raises Locked when that is a fact of a batch that was sold or pledged for, and
    TooEarly. What is only said about it (`note`, `is_public`, photos) may change always."""
    now = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    changed = [name for name, value in facts.items() if getattr(now, name) != value]
    if is_locked(now) and any(name in FACTS for name in changed):
        raise Locked
    if "harvested_on" in changed:
        for spray in now.sprays.all():
            require_interval(spray.on, spray.interval_days, facts["harvested_on"], spray.what)
    for name in changed:
        setattr(batch, name, facts[name])
    batch.save(update_fields=changed) if changed else None
    before = set(batch.photos.values_list("pk", flat=True))
    if before != {photo.pk for photo in photos}:
        batch.photos.set(photos)
        changed.append("photos")
        batch.save(update_fields=["note"])
    if changed:
        AuditEntry.write(actor, Verb.BATCH_CHANGED, batch, batch.shop.place, fields=changed)
    return changed


def require_interval(on: datetime.date, days: int, harvested_on: datetime.date, what: str) -> None:
    """农产品质量安全法 §29: nothing is picked before the safe interval has passed."""
    first = on + datetime.timedelta(days=days)
    if harvested_on < first:
        said = {"what": what, "day": spoken(on), "days": days, "first": spoken(first)}
        sentence = _("%(what)s是%(day)s用的，要等 %(days)s 天，最早%(first)s才能采；这一批%(picked)s就采了")
        raise TooEarly(sentence % (said | {"picked": spoken(harvested_on)}))


@transaction.atomic
def spray(batch: Batch, facts: dict, actor: User) -> Spray:
    """Adds a line of the spray log; the same line again is the one that is there. Raises Locked and TooEarly."""
    now = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    known = Spray.objects.filter(batch=now, on=facts["on"], what=facts["what"], dose=facts["dose"]).first()
    if known:
        return known
    if is_locked(now):
        raise Locked
    require_interval(facts["on"], facts["interval_days"], now.harvested_on, facts["what"])
    return Spray.objects.create(batch=now, made_by=actor, **facts)


@transaction.atomic
def drop_spray(spray: Spray, actor: User) -> None:
    now = Batch.objects.select_for_update(of=("self",)).get(pk=spray.batch_id)
    if is_locked(now):
        raise Locked
    AuditEntry.write(actor, Verb.SPRAY_DROPPED, now, now.shop.place, name=str(spray))
    spray.delete()


def add_note(batch: Batch, text: str, actor: User) -> BatchNote:
    found = BatchNote.objects.filter(batch=batch, text=text, made_by=actor).first()
    return found or BatchNote.objects.create(batch=batch, text=text, made_by=actor)


@transaction.atomic
def choose(product: Product, batch: Batch | None, actor: User) -> bool:
    """Which batch the product is sold from, from now on; what was sold from the earlier one stays its own."""
    now = Product.objects.select_for_update(of=("self",)).select_related("batch").get(pk=product.pk)
    if now.batch_id == (batch.pk if batch else None):
        return False
    if now.batch_id and not now.batch.sold_at and was_sold(now.batch):
        Batch.objects.filter(pk=now.batch_id).update(sold_at=timezone.now())
    product.batch = batch
    product.save(update_fields=["batch"])
    name = str(batch) if batch else _("不选")
    AuditEntry.write(actor, Verb.BATCH_CHOSEN, product, product.place, name=name)
    return True
