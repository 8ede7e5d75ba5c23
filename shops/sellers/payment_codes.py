"""The picture of a shop's own payment code: who may see it, how it is changed, and who must agree.

Whoever changes it takes all the money of the shop. Somebody else who has given the owner's account a password could sign in as
the owner: for LOCKED_FOR after it a new code is in force only when a second person of the staff has agreed.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AuditEntry, Membership, User
from accounts.notifications import delivery
from accounts.permissions import can_act_on
from media.models import Document
from shops.audit import Verb
from shops.models import PayCode, Shop

Status = PayCode.Status
LOCKED_FOR = datetime.timedelta(hours=72)
# So long a buyer reads that the code is another one than before.
NEW_FOR = datetime.timedelta(days=7)


class AlreadyDecided(Exception):
    """Somebody else was first, or the seller has sent another code since."""


def current(shop: Shop) -> PayCode | None:
    """None while the shop has none, and when it was taken away."""
    newest = shop.pay_codes.filter(status=Status.SET).select_related("picture").first()
    return newest if newest and newest.picture_id else None


def is_new(code: PayCode) -> bool:
    """Whether buyers knew another code a few days ago; a shop's first code is nothing new."""
    if timezone.now() - code.at > NEW_FOR:
        return False
    earlier = PayCode.objects.filter(
        shop=code.shop_id, status=Status.SET, picture__isnull=False, at__lt=code.at
    )
    return earlier.exists()


def locked_until(owner: User) -> datetime.datetime | None:
    """Until when a new code of this person needs a second person; None when none does."""
    if owner.password_reset_at is None:
        return None
    until = owner.password_reset_at + LOCKED_FOR
    return until if until > timezone.now() else None


def find_waiting(shop: Shop) -> PayCode | None:
    """The code that waits for an organiser."""
    return shop.pay_codes.filter(status=Status.WAITING).first()


def can_decide(user: User, code: PayCode) -> bool:
    """An organiser of the shop's place, who neither owns the shop nor gave its owner the password, before the code was sent or
    since."""
    owner = code.shop.owner
    if user.pk in (owner.pk, code.set_by_id, code.reset_by_id, owner.password_reset_by_id):
        return False
    return can_act_on(user, code.shop.place, Membership.Role.ORGANISER)


def list_to_decide(user: User) -> QuerySet[PayCode]:
    """The codes about which this person may decide: as can_decide."""
    rows = PayCode.objects.filter(status=Status.WAITING)
    rows = rows.filter(shop__in=Shop.objects.manageable_by(user).order_by().values("pk"))
    for lookup in ("shop__owner", "set_by", "reset_by", "shop__owner__password_reset_by"):
        rows = rows.exclude(**{lookup: user})
    return rows


@transaction.atomic
def change_code(shop: Shop, picture: Document | None, actor: User) -> PayCode:
    """A row more, its audit entry, and word to the owner's phone. In the days after a reset it waits; to take the code away
    needs nobody."""
    owner = User.objects.select_for_update().get(pk=shop.owner_id)
    waits = picture is not None and locked_until(owner) is not None
    shop.pay_codes.filter(status=Status.WAITING).update(status=Status.DROPPED, decided_at=timezone.now())
    status = Status.WAITING if waits else Status.SET
    facts = {"set_by": actor, "reset_by": owner.password_reset_by if waits else None, "status": status}
    row = PayCode.objects.create(shop=shop, picture=picture, at=timezone.now(), **facts)
    verb = Verb.PAYCODE_ASKED if waits else Verb.PAYCODE_CHANGED
    AuditEntry.write(actor, verb, shop, shop.place, paycode=row.pk, taken_away=picture is None)
    template = "paycode_asked" if waits else "paycode_changed"
    delivery.write_notice(f"paycode-{row.pk}", owner.phone, template, shop=shop.name)
    return row


@transaction.atomic
def approve(code: PayCode, actor: User) -> None:
    """The second person's yes: the code is in force from now on. Raises AlreadyDecided."""
    decide(code, actor, Status.SET, Verb.PAYCODE_CHANGED, "paycode_changed", at=timezone.now())


@transaction.atomic
def decline(code: PayCode, actor: User, reason: str) -> None:
    """Raises AlreadyDecided."""
    decide(code, actor, Status.DECLINED, Verb.PAYCODE_DECLINED, "paycode_declined", reason)


def decide(
    code: PayCode, actor: User, status: str, verb: Verb, template: str, reason: str = "", **fields
) -> None:
    change = {"status": status, "decided_by": actor, "decided_at": timezone.now(), **fields}
    if not PayCode.objects.filter(pk=code.pk, status=Status.WAITING).update(**change):
        raise AlreadyDecided
    # What was told when it was sent is no news any more.
    delivery.mark_seen(delivery.unseen_notices(code.shop.owner.phone).filter(key=f"paycode-{code.pk}"))
    more = {"reason": reason} if reason else {}
    AuditEntry.write(actor, verb, code.shop, code.shop.place, paycode=code.pk, **more)
    facts = {"shop": code.shop.name, **more}
    delivery.write_notice(f"paycode-{code.pk}-{status}", code.shop.owner.phone, template, **facts)
