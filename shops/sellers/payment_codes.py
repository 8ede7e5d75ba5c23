"""Change a shop's payment code (a picture), and decide about changes that need a second person.

Whoever changes the code receives all the shop's money. Staff who reset the owner's password could sign in as the owner: for
LOCKED_FOR after a reset a new code is only used once a second member of staff has approved it.
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
# During this time buyers see that the code has changed.
NEW_FOR = datetime.timedelta(days=7)


class AlreadyDecided(Exception):
    """Raised when somebody else has decided already, or the seller has sent another code since."""


def find_current(shop: Shop) -> PayCode | None:
    """Return the shop's payment code; None if it has none or has removed it."""
    newest = shop.pay_codes.filter(status=Status.SET).select_related("picture").first()
    return newest if newest and newest.picture_id else None


def is_new(code: PayCode) -> bool:
    """Return whether the code replaced another one within NEW_FOR; a shop's first code does not count as new."""
    if timezone.now() - code.at > NEW_FOR:
        return False
    earlier = PayCode.objects.filter(
        shop=code.shop_id, status=Status.SET, picture__isnull=False, at__lt=code.at
    )
    return earlier.exists()


def get_lock_end(owner: User) -> datetime.datetime | None:
    """Return until when a new code of this owner needs a second person's approval; None if it needs none."""
    if owner.password_reset_at is None:
        return None
    until = owner.password_reset_at + LOCKED_FOR
    return until if until > timezone.now() else None


def find_waiting(shop: Shop) -> PayCode | None:
    """Return the code that waits for an organiser's decision."""
    return shop.pay_codes.filter(status=Status.WAITING).first()


def can_decide(user: User, code: PayCode) -> bool:
    """Return whether the user may decide about the code.

    An organiser of the shop's place may, but neither the owner nor who reset the owner's password, before or since.
    """
    owner = code.shop.owner
    if user.pk in (owner.pk, code.set_by_id, code.reset_by_id, owner.password_reset_by_id):
        return False
    return can_act_on(user, code.shop.place, Membership.Role.ORGANISER)


def list_to_decide(user: User) -> QuerySet[PayCode]:
    """Return the codes about which this person may decide; agrees with `can_decide`."""
    rows = PayCode.objects.filter(status=Status.WAITING)
    rows = rows.filter(shop__in=Shop.objects.manageable_by(user).order_by().values("pk"))
    for lookup in ("shop__owner", "set_by", "reset_by", "shop__owner__password_reset_by"):
        rows = rows.exclude(**{lookup: user})
    return rows


@transaction.atomic
def change_code(shop: Shop, picture: Document | None, actor: User) -> PayCode:
    """Store a new code (None removes it), its audit entry and a notice to the owner's phone.

    Until `get_lock_end` the new code waits for approval; removing the code needs none.
    """
    owner = User.objects.select_for_update().get(pk=shop.owner_id)
    waits = picture is not None and get_lock_end(owner) is not None
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
    """Approve a waiting code, which is used from now on. Raises AlreadyDecided."""
    decide(code, actor, Status.SET, Verb.PAYCODE_CHANGED, "paycode_changed", at=timezone.now())


@transaction.atomic
def decline(code: PayCode, actor: User, reason: str) -> None:
    """Decline a waiting code with a reason. Raises AlreadyDecided."""
    decide(code, actor, Status.DECLINED, Verb.PAYCODE_DECLINED, "paycode_declined", reason)


def decide(
    code: PayCode, actor: User, status: str, verb: Verb, template: str, reason: str = "", **fields
) -> None:
    """Write the decision, its audit entry and the notice to the owner. Raises AlreadyDecided."""
    change = {"status": status, "decided_by": actor, "decided_at": timezone.now(), **fields}
    if not PayCode.objects.filter(pk=code.pk, status=Status.WAITING).update(**change):
        raise AlreadyDecided
    # The notice that the code waits is settled.
    delivery.mark_seen(delivery.find_unseen_notices(code.shop.owner.phone).filter(key=f"paycode-{code.pk}"))
    more = {"reason": reason} if reason else {}
    AuditEntry.write(actor, verb, code.shop, code.shop.place, paycode=code.pk, **more)
    facts = {"shop": code.shop.name, **more}
    delivery.write_notice(f"paycode-{code.pk}-{status}", code.shop.owner.phone, template, **facts)
