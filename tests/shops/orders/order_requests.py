"""Orders that buyers place in tests."""

import itertools
import uuid

from django.db.models import Sum

from shops.models import LedgerEntry, Order, Presale, Product
from shops.orders.placement import place_order
from shops.orders.request import OrderRequest

HUNAN, GUANGDONG, TIBET = "430000", "440000", "540000"
phones = itertools.count(1)


def make_request(*lines: tuple[Product, int], **fields) -> OrderRequest:
    """Return the request of a new buyer in 长沙 who has seen the present prices."""
    return OrderRequest(
        **{
            "shop": lines[0][0].shop,
            "lines": [(product, quantity, product.price_fen) for product, quantity in lines],
            "buyer": "陈小禾",
            "phone": f"+86137{next(phones):08d}",
            "province": HUNAN,
            "city": "430100",
            "county": "430104",
            "region": "湖南省长沙市岳麓区",
            "address": "麓山路 1 号",
            "perishable_ok": True,
        }
        | fields
    )


def make_order(*lines: tuple[Product, int], now=None, **fields) -> Order:
    return place_order(make_request(*lines, **fields), uuid.uuid4(), now)


def in_hand(product: Product) -> int:
    """Return the stock, after checking that it is the sum of its moves."""
    stock = Product.objects.values_list("stock", flat=True).get(pk=product.pk)
    assert stock == (product.moves.filter(presale=None).aggregate(sum=Sum("delta"))["sum"] or 0)
    return stock


def quota_left(presale: Presale) -> int:
    left = Presale.objects.values_list("left", flat=True).get(pk=presale.pk)
    assert left == (presale.moves.aggregate(sum=Sum("delta"))["sum"] or 0)
    return left


def ledger(order: Order) -> list[tuple[str, int, int]]:
    """Return kind, fen and grams of the order's ledger rows."""
    rows = LedgerEntry.objects.filter(order=order).order_by("id")
    return list(rows.values_list("kind", "fen", "grams"))
