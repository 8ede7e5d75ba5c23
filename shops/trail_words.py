"""An order's trail as its seller reads it: what, who, when, with the figures of each step."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from media.models import Document
from shops.models import Order, OrderEvent, Product, StockMove
from ui import amounts

Verb, By = OrderEvent.Verb, OrderEvent.By


@dataclass(frozen=True)
class Line:
    what: str | Promise
    who: str | Promise
    at: datetime.datetime
    figures: list[str]
    said: str = ""
    photo: Document | None = None


def of(order: Order) -> list[Line]:
    """Its events, and each box that was sent again; two queries."""
    events = [line(event) for event in order.events.select_related("actor", "photo")]
    moves = order.moves.filter(reason=StockMove.Reason.RESENT).select_related("actor", "product")
    return sorted([*events, *(resent(move) for move in moves)], key=lambda one: one.at)


def line(event: OrderEvent) -> Line:
    who = event.actor.name if event.actor else event.get_by_display()
    return Line(event.get_verb_display(), who, event.at, figures(event), said(event), event.photo)


def figures(event: OrderEvent) -> list[str]:
    found = []
    if event.verb in (Verb.PLACED, Verb.PAID, Verb.REFUNDED) or event.fen:
        found.append(f"¥{amounts.yuan(event.fen)}")
    if event.verb == Verb.PACKED:
        found.append(amounts.both(event.grams))
    if event.detail.get("parcel"):
        found.append(f"{event.detail.get('courier', '')} {event.detail['parcel']}".strip())
    return found


def said(event: OrderEvent) -> str:
    return event.detail.get("reason") or event.detail.get("answer") or ""


def resent(move: StockMove) -> Line:
    unit = Product.Unit(move.product.unit).after(-move.delta)
    told = {"name": move.product.name, "count": -move.delta, "unit": unit}
    what = _("补发：%(name)s %(count)s %(unit)s") % told
    return Line(what, move.actor.name if move.actor else "", move.at, [])
