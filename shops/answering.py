"""A seller answers a claim; what is sent again comes off the shelf like anything else."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from shops.inventory import stock
from shops.models import Claim, OrderEvent, OrderLine, Product, StockMove
from shops.ordering import claiming
from shops.ordering.refusals import NotPossible


def settle(
    claim: Claim, actor: User, key: uuid.UUID, refund_fen: int, units: dict[OrderLine, int], answer: str
) -> OrderEvent:
    """Refund and boxes in one transaction, replayed as one; raises NotPossible, and then nothing has changed."""
    with transaction.atomic():
        event = claiming.settle(claim, actor, key, refund_fen, bool(units), answer)
        for line, count in sorted(units.items(), key=lambda pair: pair[0].product_id):
            take(line, count, actor, uuid.uuid5(key, f"resend {line.pk}"))
    return event


def take(line: OrderLine, count: int, actor: User, event_id: uuid.UUID) -> None:
    """What was sold by the box and is now sold by the 斤 is sent again as so many 斤."""
    product = Product.objects.select_related("shop__owner").get(pk=line.product_id)
    if line.unit != product.unit:
        count = -(-count * line.net_grams // product.net_grams)
    try:
        move = stock.change_stock(product, -count, StockMove.Reason.RESENT, actor, event_id)
    except stock.OutOfRange as short:
        unit = Product.Unit(product.unit).after(short.stock)
        told = {"name": product.name, "left": short.stock, "unit": unit}
        raise NotPossible(_("“%(name)s”只剩 %(left)s %(unit)s，补发不了这么多。") % told) from short
    StockMove.objects.filter(pk=move.pk, order=None).update(order=line.order_id)
