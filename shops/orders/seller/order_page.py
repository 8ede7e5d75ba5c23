"""Contents of a seller's page of one order: the next steps, and the history with each step's figures."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media.models import Document
from shops.models import Order, OrderEvent, Product, StockMove
from shops.orders import transitions
from shops.orders.seller.forms import STEPS, CancelForm, DeclineForm
from shops.shipping import couriers
from ui import formats

Status = Order.Status
Verb = OrderEvent.Verb
By = OrderEvent.By
NEXT = {
    Status.REQUESTED: "accept",
    Status.ACCEPTED: "paid",
    Status.PAID: "pack",
    Status.PACKED: "ship",
    Status.SHIPPED: "receive",
}
AT_THE_POINT = gettext_lazy("放到自提点了")
FETCHED = gettext_lazy("买家取走了")
# Steps that ask for nothing and do no harm: one tap on the order's page.
AT_ONCE = ("accept",)
# Steps that the page offers in a sentence of their own, with the time until which they are possible.
APART = ("reopen",)


@dataclass(frozen=True)
class Step:
    """Hold a step as a button: `name` is its key in STEPS; `at_once` ones need no page of their own."""

    name: str
    label: str | Promise
    icon: str
    danger: bool
    at_once: bool


@dataclass(frozen=True)
class NextSteps:
    """Hold the usual next step, if any, and the other possible ones."""

    big: Step | None
    small: list[Step]


def find_next_steps(order: Order) -> NextSteps:
    """Find the steps that the seller can take now."""
    possible = set(transitions.list_possible(order, By.SELLER))
    # For the seller declining does the same as cancelling: the units go back, and the buyer reads why.
    if DeclineForm.verb in possible:
        possible.discard(CancelForm.verb)
    names = [name for name, form in STEPS.items() if form.verb in possible]
    first = "receive" if order.point_id and order.state == Status.PACKED else NEXT.get(order.state)
    big = build_step(first, order) if first in names else None
    return NextSteps(big, [build_step(name, order) for name in names if name not in (first, *APART)])


def build_step(name: str, order: Order) -> Step:
    form = STEPS[name]
    return Step(name, get_step_label(name, order), form.icon, form.danger, name in AT_ONCE)


def get_step_label(name: str, order: Order) -> str | Promise:
    if name == "paid":
        return _("收到 ¥%(fen)s 了") % {"fen": formats.yuan(order.total_fen)}
    if order.point_id and name == "ship":
        return AT_THE_POINT
    if order.point_id and name == "receive":
        return FETCHED
    if name in ("pack", "ship"):
        return STEPS[name].title
    return STEPS[name].button


def list_initial_values(name: str, order: Order) -> dict:
    """Return a step form's initial values: to correct a parcel its present number, to send one the shop's last courier."""
    if name == "renumber":
        known = order.courier in couriers.COURIERS
        other = {} if known else {"other": order.courier}
        return {"courier": order.courier if known else couriers.OTHER, "parcel": order.parcel, **other}
    if name != "ship" or order.point_id:
        return {}
    rows = Order.objects.filter(shop=order.shop_id, status=Status.SHIPPED).exclude(courier="")
    last = rows.order_by("-placed_at", "-id").values_list("courier", flat=True).first()
    return {"courier": last if last in couriers.COURIERS else couriers.COURIERS[0]}


def describe_lateness(order: Order) -> str:
    facts = {"state": order.state.for_seller}
    return _("这一单已经是“%(state)s”了，这一步做不了。下面是现在的样子。") % facts


@dataclass(frozen=True)
class HistoryLine:
    """Hold one line of the history: `what` was done by `who`, its figures, and the text written with it (`words`)."""

    what: str | Promise
    who: str | Promise
    at: datetime.datetime
    figures: list[str]
    words: str = ""
    photo: Document | None = None


def list_history(order: Order) -> list[HistoryLine]:
    """List the order's events and the units sent again, by time; two queries."""
    events = [describe_event(event) for event in order.events.select_related("actor", "photo")]
    moves = order.moves.filter(reason=StockMove.Reason.RESENT).select_related("actor", "product")
    return sorted([*events, *(describe_resent(move) for move in moves)], key=lambda one: one.at)


def describe_event(event: OrderEvent) -> HistoryLine:
    who = event.actor.name if event.actor else event.get_by_display()
    return HistoryLine(
        event.get_verb_display(),
        who,
        event.at,
        list_event_figures(event),
        write_event_text(event),
        event.photo,
    )


def list_event_figures(event: OrderEvent) -> list[str]:
    found = []
    if event.verb in (Verb.PLACED, Verb.PAID, Verb.REFUNDED) or event.fen:
        found.append(f"¥{formats.yuan(event.fen)}")
    if event.verb == Verb.PACKED:
        found.append(formats.jin_and_kg(event.grams))
    if event.detail.get("parcel"):
        found.append(f"{event.detail.get('courier', '')} {event.detail['parcel']}".strip())
    return found


def write_event_text(event: OrderEvent) -> str:
    return event.detail.get("reason") or event.detail.get("answer") or ""


def describe_resent(move: StockMove) -> HistoryLine:
    unit = Product.Unit(move.product.unit).after(-move.delta)
    params = {"name": move.product.name, "count": -move.delta, "unit": unit}
    what = _("补发：%(name)s %(count)s %(unit)s") % params
    return HistoryLine(what, move.actor.name if move.actor else "", move.at, [])
