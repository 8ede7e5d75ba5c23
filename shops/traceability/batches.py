"""Record batches and issue their 承诺达标合格证 (农产品质量安全法 §39): a snapshot of the batch, withdrawn with a reason."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import AuditEntry, User
from media.models import Photo
from shops import identity
from shops.audit import Verb
from shops.exceptions import ActionNotAllowed
from shops.models import Batch, BatchNote, Deal, Pledge, Product, Shop, Spray
from ui.formats import day as spoken

FACTS = (
    "category", "name", "variety", "origin", "plot", "grower_name", "harvested_on", "grams",
    "brix_tenths", "brix_on", "brix_tool",
)  # fmt: skip
# A form sent twice within this time records one batch.
SAME_TAP = datetime.timedelta(minutes=10)


class Locked(Exception):
    """Raised when the batch was sold from or has a pledge, so that its facts can no longer be changed."""


class TooEarly(Exception):
    """Raised when the harvest is before the end of a spray's pre-harvest interval; `sentence` names the first lawful day."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def is_locked(batch: Batch) -> bool:
    """Return whether the batch's facts can no longer be changed; at most two queries."""
    return bool(batch.sold_at) or batch.pledges.exists() or was_sold(batch)


def was_sold(batch: Batch) -> bool:
    return Deal.objects.filter(product__batch=batch, at__gte=batch.created_at).exists()


def record_batch(shop: Shop, facts: dict, photos: Sequence[Photo], actor: User) -> Batch:
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
def change_batch(batch: Batch, facts: dict, photos: Sequence[Photo], actor: User) -> list[str]:
    """Store the changed facts and return their names. Raises Locked and TooEarly.

    Facts of a batch that was sold or has a pledge are locked; `note`, `is_public` and the photos may always change.
    """
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
    """Raise TooEarly if the harvest is within the pre-harvest interval (安全间隔期) of a spray (农产品质量安全法 §29)."""
    first = on + datetime.timedelta(days=days)
    if harvested_on < first:
        params = {"what": what, "day": spoken(on), "days": days, "first": spoken(first)}
        sentence = _("%(what)s是%(day)s用的，要等 %(days)s 天，最早%(first)s才能采；这一批%(picked)s就采了")
        raise TooEarly(sentence % (params | {"picked": spoken(harvested_on)}))


@transaction.atomic
def add_spray(batch: Batch, facts: dict, actor: User) -> Spray:
    """Add a line to the spray log, or return the same line if it exists. Raises Locked and TooEarly."""
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
def choose_batch(product: Product, batch: Batch | None, actor: User) -> bool:
    """Set the batch that the product is sold from; earlier sales stay with the earlier batch. Return whether it changed."""
    now = Product.objects.select_for_update(of=("self",)).select_related("batch").get(pk=product.pk)
    if now.batch_id == (batch.pk if batch else None):
        return False
    if now.batch and not now.batch.sold_at and was_sold(now.batch):
        Batch.objects.filter(pk=now.batch.pk).update(sold_at=timezone.now())
    product.batch = batch
    product.save(update_fields=["batch"])
    name = str(batch) if batch else _("不选")
    AuditEntry.write(actor, Verb.BATCH_CHOSEN, product, product.place, name=name)
    return True


# What 农产品质量安全法 §39 has a pledge say; who buys in also says that the growers' pledges were collected (same article).
# Stored in Chinese, as they were given; an English page shows a translation.
GROWN = gettext_noop(
    "我承诺：不使用禁用的农药、兽药及其他化合物；使用的常规农药、兽药残留不超标；对承诺的真实性负责。"
)
GATHERED = gettext_noop(
    "我承诺：这一批收货时都收取、保存了供货人的合格证；不使用禁用的农药、兽药及其他化合物；使用的常规农药、兽药残留不超标；对承诺的真实性负责。"
)
# Pledges issued before 2026-11-28 have these words.
FORMER = (
    gettext_noop(
        "我承诺：这一批没有用国家禁用的农药，没有乱添加；用过的农药都记了账，等够了安全间隔期才采；农药残留符合国家标准。我说的话我负责。"
    ),
    gettext_noop(
        "我承诺：这一批收的时候都看过、留着种的人的合格证，收进来以后没有用禁用的农药和保鲜药，没有乱添加；农药残留符合国家标准。我说的话我负责。"
    ),
)


def has_pledge(product: Product) -> bool:
    """Return whether the product's batch has a pledge in force; one query, none without a batch."""
    return (
        bool(product.batch_id) and Pledge.objects.filter(batch=product.batch_id, withdrawn_at=None).exists()
    )


def find_pledge(batch: Batch) -> Pledge | None:
    return next((pledge for pledge in batch.pledges.all() if pledge.is_in_force), None)


def find_missing(shop: Shop) -> str:
    """Return why the seller cannot issue a pledge yet; empty if nothing is missing."""
    if identity.list_problems(shop) or not shop.address:
        return _("先把卖家名片和地址填好，合格证上要写是谁承诺的")
    if not identity.is_public(shop):
        return _("先公开一个联系电话，合格证上要写")
    return ""


def issue_pledge(batch: Batch, basis: str, actor: User) -> Pledge:
    """Issue the pledge for the whole batch, or return the one in force. Raises ActionNotAllowed."""
    if basis not in Pledge.Basis.values:
        raise ActionNotAllowed(_("选一个承诺依据"))
    if missing := find_missing(batch.shop):
        raise ActionNotAllowed(missing)
    with transaction.atomic():
        shop = Shop.objects.select_for_update().get(pk=batch.shop_id)
        # Read again: the caller's object may be older than the row.
        batch = Batch.objects.get(pk=batch.pk)
        if known := find_pledge(batch):
            return known
        pledge = Pledge.objects.create(
            number=make_next_number(shop),
            batch=batch,
            name=batch.name,
            grams=batch.grams,
            origin=batch.origin,
            promiser=shop.legal_name,
            contact=shop.contact.as_national,
            basis=basis,
            promise=choose_promise(shop, batch),
            issued_on=timezone.localdate(),
            issued_by=actor,
        )
        AuditEntry.write(actor, Verb.PLEDGE_ISSUED, pledge, shop.place, name=pledge.number)
    return pledge


def choose_promise(shop: Shop, batch: Batch) -> str:
    """Return the promise for gathered produce if the shop buys in and its seller is not the grower, else for grown."""
    gathered = shop.sources == Shop.Sources.MIXED and batch.grower_name != shop.legal_name
    return GATHERED if gathered else GROWN


def make_next_number(shop: Shop) -> str:
    """Return the next number, such as HG20261124-17-2: day, shop, the second of that day. The caller locks the shop."""
    start = f"HG{timezone.localdate():%Y%m%d}-{shop.pk}-"
    return f"{start}{Pledge.objects.filter(number__startswith=start).count() + 1}"


def withdraw_pledge(pledge: Pledge, reason: str, actor: User) -> None:
    """Withdraw a pledge, which stays readable as withdrawn; a new one may be issued. Raises ActionNotAllowed."""
    if not reason.strip():
        raise ActionNotAllowed(_("写一句为什么作废"))
    with transaction.atomic():
        facts = {"withdrawn_at": timezone.now(), "withdrawn_reason": reason.strip()[:100]}
        if not Pledge.objects.filter(pk=pledge.pk, withdrawn_at=None).update(**facts):
            raise ActionNotAllowed(_("这张已经作废了"))
        pledge.refresh_from_db()
        pledge.save(update_fields=["withdrawn_at"])  # also updates the page version
        AuditEntry.write(
            actor,
            Verb.PLEDGE_WITHDRAWN,
            pledge,
            pledge.batch.shop.place,
            name=pledge.number,
            reason=reason[:100],
        )
