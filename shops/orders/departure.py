"""What of a shop ends with its owner's role or account, and what buyers still wait for then.

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
from shops.models import Claim, Order, Shop
from shops.orders.seller import queue

# Somebody waits: a request that still runs, and what was accepted, paid or packed and has not been sent.
OWED = (Order.Status.ACCEPTED, Order.Status.PAID, Order.Status.PACKED)


def open_orders() -> QuerySet[Order]:
    """Orders in which a buyer waits for the shop, damage that was not answered among them; oldest first."""
    claimed = Exists(Claim.objects.filter(order=OuterRef("pk"), status=Claim.Status.OPEN))
    waits = queue.is_waiting_request(timezone.now()) | Q(status__in=OWED) | Q(claimed)
    return Order.objects.filter(waits).order_by("placed_at", "pk")


def stranded_orders() -> QuerySet[Order]:
    """Open orders of shops whose owner is no seller there any more: only an organiser can see to them."""
    sells = Membership.objects.granted().filter(
        user=OuterRef("shop__owner"), place=OuterRef("shop__place"), role=Membership.Role.SELLER
    )
    return open_orders().filter(~Exists(sells))


def orders_to_see_to() -> QuerySet[Order]:
    """Those of which no organiser has said yet that the buyer knows."""
    subject = Concat(Value("order "), Cast(OuterRef("pk"), TextField()))
    seen_to = AuditEntry.objects.filter(verb=Verb.ORDER_SEEN_TO, subject=subject)
    return stranded_orders().filter(~Exists(seen_to))


def see_to(order: Order, actor: User) -> None:
    """The organiser has told the buyer; the order itself stays as it stands, for a seller who comes back."""
    AuditEntry.write(actor, Verb.ORDER_SEEN_TO, order, order.shop.place, name=order.number)


def is_stranded(order: Order) -> bool:
    """Whether this is such an order, seen to or not: its buyer must not pay, and waits for an organiser."""
    return stranded_orders().filter(pk=order.pk).exists()


def unfinished(user: User, place: Place | None = None) -> list[Unfinished]:
    """Each open order of the shops that this person owns, in this place or anywhere, with the units it holds."""
    shops = Shop.objects.filter(owner=user, **({"place": place} if place else {}))
    held = Coalesce(Sum("lines__quantity"), 0)
    rows = open_orders().filter(shop__in=shops.order_by().values("pk")).annotate(units=held)
    return [waiting_order(order) for order in rows.select_related("shop")]


def waiting_order(order: Order) -> Unfinished:
    facts = {"number": order.number, "state": order.state.label, "n": order.units}
    sentence = (
        _("订单 %(number)s（%(state)s），占着 %(n)s 份货")
        if is_holding(order)
        else _("订单 %(number)s：报了坏果，没答复")
    )
    url = reverse("shops:my_order", args=[order.number])
    return Unfinished(sentence % facts, url, reverse("admin:shops_order_change", args=[order.pk]))


def is_holding(order: Order) -> bool:
    return order.status in (Order.Status.REQUESTED, *OWED)


def end_role(actor: User | None, membership: Membership) -> None:
    """Closes the shops that the person owns there, in the transaction that ends the role."""
    if membership.role != Membership.Role.SELLER:
        return
    close_shops(actor, Shop.objects.filter(owner=membership.user_id, place=membership.place_id))


def close_shops(actor: User | None, shops: QuerySet[Shop]) -> None:
    for shop in shops.open().select_for_update():
        shop.is_open = False
        shop.save(update_fields=["is_open"])
        AuditEntry.write(actor, Verb.SHOP_CLOSED, shop, shop.place, by="role_ended")


def erase(user: User) -> None:
    """Closes the person's shops; what goes off them is said in config/personal/terms.toml. The card (name, address, licence)
    is kept for three years after the seller has left (who sold: 网络交易监督管理办法 §31 para. 1; what was sold: 电子商务法
    §31, three years from the deal), and is shown to nobody while the shop is closed."""
    close_shops(user, Shop.objects.filter(owner=user))
