"""Close a shop when its owner's role or account ends, and list the orders that buyers still wait for then.

`accounts.people.memberships` and `accounts.people.closure` call these by the names in the settings (ROLE_ENDED, UNFINISHED,
ERASERS).
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Membership, Place, User
from accounts.people.closure import Unfinished
from shops.audit import Verb
from shops.models import Claim, Order, Shop, ShopQuerySet
from shops.orders.seller import queue

# States in which an accepted order has not been sent yet.
UNSENT = (Order.Status.ACCEPTED, Order.Status.PAID, Order.Status.PACKED)


def open_orders() -> QuerySet[Order]:
    """Return the orders whose buyer waits for the shop, also for the answer to a damage claim; the oldest first."""
    claimed = Exists(Claim.objects.filter(order=OuterRef("pk"), status=Claim.Status.OPEN))
    waits = queue.is_waiting_request(timezone.now()) | Q(status__in=UNSENT) | Q(claimed)
    return Order.objects.filter(waits).order_by("placed_at", "pk")


def find_stranded_orders() -> QuerySet[Order]:
    """Return the open orders of shops whose owner is no longer a seller there; only an organiser can handle them."""
    sells = Membership.objects.granted().filter(
        user=OuterRef("shop__owner"), place=OuterRef("shop__place"), role=Membership.Role.SELLER
    )
    return open_orders().filter(~Exists(sells))


def find_unsettled() -> QuerySet[Order]:
    """Return the stranded orders for which no organiser has recorded that the buyer was informed."""
    subject = Concat(Value("order "), Cast(OuterRef("pk"), TextField()))
    seen_to = AuditEntry.objects.filter(verb=Verb.ORDER_SEEN_TO, subject=subject)
    return find_stranded_orders().filter(~Exists(seen_to))


def record_seen_to(order: Order, actor: User) -> None:
    """Record that an organiser has informed the buyer; the order keeps its state, in case the seller returns."""
    AuditEntry.write(actor, Verb.ORDER_SEEN_TO, order, order.shop.place, name=order.number)


def is_stranded(order: Order) -> bool:
    """Return whether the order is stranded, so that its buyer must not pay."""
    return find_stranded_orders().filter(pk=order.pk).exists()


def list_unfinished(user: User, place: Place | None = None) -> list[Unfinished]:
    """List the open orders of the shops that this person owns, in this place or anywhere, with the units they hold."""
    shops = Shop.objects.filter(owner=user, **({"place": place} if place else {}))
    held = Coalesce(Sum("lines__quantity"), 0)
    rows = open_orders().filter(shop__in=shops.order_by().values("pk")).annotate(units=held)
    return [describe_open_order(order, order.units) for order in rows.select_related("shop")]


def describe_open_order(order: Order, units: int) -> Unfinished:
    facts = {"number": order.number, "state": order.state.label, "n": units}
    sentence = (
        _("订单 %(number)s（%(state)s），占着 %(n)s 份货")
        if is_holding(order)
        else _("订单 %(number)s：报了坏果，没答复")
    )
    url = reverse("shops:my_order", args=[order.number])
    return Unfinished(sentence % facts, url, reverse("admin:shops_order_change", args=[order.pk]))


def is_holding(order: Order) -> bool:
    return order.status in (Order.Status.REQUESTED, *UNSENT)


def end_role(actor: User | None, membership: Membership) -> None:
    """Close the shops that the person owns there, in the transaction that ends the role."""
    if membership.role != Membership.Role.SELLER:
        return
    close_shops(actor, Shop.objects.filter(owner=membership.user_id, place=membership.place_id))


def close_shops(actor: User | None, shops: ShopQuerySet) -> None:
    for shop in shops.open().select_for_update():
        shop.is_open = False
        shop.save(update_fields=["is_open"])
        AuditEntry.write(actor, Verb.SHOP_CLOSED, shop, shop.place, by="role_ended")


def erase(user: User) -> None:
    """Close the person's shops; config/personal/terms.toml lists which of their data is erased.

    The identity (name, address, licence) is stored for three years after the seller has left (网络交易监督管理办法 §31 para. 1;
    for what was sold, 电子商务法 §31: three years from the deal), and is not shown while the shop is closed.
    """
    close_shops(user, Shop.objects.filter(owner=user))
