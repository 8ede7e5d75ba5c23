"""承诺达标合格证 (农产品质量安全法 §39): issued for a batch by one tap, frozen as it was, withdrawn with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import AuditEntry, User
from shops import cards, contact
from shops.audit import Verb
from shops.models import Batch, Pledge, Product, Shop

# Our own plain words for the two promises; who grew it promises for the growing, who gathered it for the gathering.
# Kept in Chinese, as they were given; an English page shows their English.
GROWN = gettext_noop(
    "我承诺：这一批没有用国家禁用的农药，没有乱添加；用过的农药都记了账，等够了安全间隔期才采；农药残留符合国家标准。我说的话我负责。"
)
GATHERED = gettext_noop(
    "我承诺：这一批收的时候都看过、留着种的人的合格证，收进来以后没有用禁用的农药和保鲜药，没有乱添加；农药残留符合国家标准。我说的话我负责。"
)


class NotPossible(Exception):
    """`sentence` for the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def covers(product: Product) -> bool:
    """Whether a pledge in force speaks for its batch; one query, none without a batch."""
    return (
        bool(product.batch_id) and Pledge.objects.filter(batch=product.batch_id, withdrawn_at=None).exists()
    )


def in_force(batch: Batch) -> Pledge | None:
    return next((pledge for pledge in batch.pledges.all() if pledge.is_in_force), None)


def what_is_missing(shop: Shop) -> str:
    """Why its seller cannot sign a promise yet; empty when nothing is missing."""
    if cards.problems_of(shop) or not shop.address:
        return _("先把卖家名片和地址填好，合格证上要写是谁承诺的")
    if not contact.is_public(shop):
        return _("先公开一个联系电话，合格证上要写")
    return ""


def issue(batch: Batch, basis: str, actor: User) -> Pledge:
    """The pledge for the whole batch; a second tap finds the first one. Raises NotPossible."""
    if basis not in Pledge.Basis.values:
        raise NotPossible(_("选一个承诺依据"))
    if missing := what_is_missing(batch.shop):
        raise NotPossible(missing)
    with transaction.atomic():
        shop = Shop.objects.select_for_update().get(pk=batch.shop_id)
        # As it stands in the database: a form that was open for long may say otherwise.
        batch = Batch.objects.get(pk=batch.pk)
        if known := in_force(batch):
            return known
        pledge = Pledge.objects.create(
            number=next_number(shop),
            batch=batch,
            name=batch.name,
            grams=batch.grams,
            origin=batch.origin,
            promiser=shop.legal_name,
            contact=shop.contact.as_national,
            basis=basis,
            promise=promise_of(shop, batch),
            issued_on=timezone.localdate(),
            issued_by=actor,
        )
        AuditEntry.write(actor, Verb.PLEDGE_ISSUED, pledge, shop.place, name=pledge.number)
    return pledge


def promise_of(shop: Shop, batch: Batch) -> str:
    """Gathered, when the batch was brought together from several growers or its grower is not who sells."""
    gathered = shop.sources == Shop.Sources.MIXED and batch.grower_name != shop.legal_name
    return GATHERED if gathered else GROWN


def next_number(shop: Shop) -> str:
    """HG20261124-17-2: the day, the shop, the second of that day. Its shop is locked by the caller."""
    start = f"HG{timezone.localdate():%Y%m%d}-{shop.pk}-"
    return f"{start}{Pledge.objects.filter(number__startswith=start).count() + 1}"


def withdraw(pledge: Pledge, reason: str, actor: User) -> None:
    """It stays to be read, as withdrawn; a new one may be issued. Raises NotPossible."""
    if not reason.strip():
        raise NotPossible(_("写一句为什么作废"))
    with transaction.atomic():
        facts = {"withdrawn_at": timezone.now(), "withdrawn_reason": reason.strip()[:100]}
        if not Pledge.objects.filter(pk=pledge.pk, withdrawn_at=None).update(**facts):
            raise NotPossible(_("这张已经作废了"))
        pledge.refresh_from_db()
        pledge.save(update_fields=["withdrawn_at"])  # moves the stamp of the pages that show it
        AuditEntry.write(
            actor,
            Verb.PLEDGE_WITHDRAWN,
            pledge,
            pledge.batch.shop.place,
            name=pledge.number,
            reason=reason[:100],
        )
