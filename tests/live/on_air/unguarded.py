"""Control: the same site without the lock of the live and without the stock's condition.

It reads the count, waits, and writes what it computed. It is served by one process, to three helpers who wait for each other
after each sale has read.
"""

import threading

from tests.shops.orders.served import application  # isort: skip - it sets Django up

from django.db import transaction

from live.models import RundownItem
from live.on_air import quota, sales
from shops.models import Product

__all__ = ["application"]

sold = transaction.atomic(sales.write_sale)
thought = {}
read = threading.Barrier(3, timeout=20)


def read_first(item, *args):
    """Read outside of any transaction, as a site would that checks before it acts."""
    left = RundownItem.objects.values_list("left", flat=True).get(pk=item.pk)
    stock = Product.objects.values_list("stock", flat=True).get(pk=item.product_id)
    read.wait()
    thought[id(item)] = left, stock
    return sold(item, *args)


def draw(item, quantity, by, event):
    left, stock = thought.pop(id(item))
    from_quota = min(left, quantity)
    from_stock = min(stock, quantity - from_quota)
    RundownItem.objects.filter(pk=item.pk).update(left=left - from_quota)
    Product.objects.filter(pk=item.product_id).update(stock=stock - from_stock)
    return quota.Split(from_quota, from_stock, quantity - from_quota - from_stock)


class Outside:
    """Replaces the transaction around a sale."""

    def atomic(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        return False


sales.write_sale = read_first
sales.transaction = Outside()
quota.consume = draw
