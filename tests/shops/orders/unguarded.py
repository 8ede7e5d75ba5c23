"""Control: the same site without the stock's condition. It reads the count, waits, and writes what it computed.

It is served by one process: four requests, as many as its threads, wait for each other after they have read.
"""

import threading

from tests.shops.orders.served import application  # isort: skip - it sets Django up

from shops.inventory import presales, stock
from shops.orders import placement, reservations

__all__ = ["application"]


def as_the_form_read_it(wish):
    return [
        reservations.Wanted(product, presales.find_current(product), n) for product, n, _seen in wish.lines
    ]


def read_then_write(order, product, quantity):
    if product.stock < quantity:
        raise stock.NotEnough(product.stock)
    rows = type(product).objects.filter(pk=product.pk)
    rows.update(stock=product.stock - quantity, free_at=order.expires_at)


place = placement.place_order
read = threading.Barrier(4, timeout=20)


def think_first(*args, **kwargs):
    read.wait()
    return place(*args, **kwargs)


placement.load_wanted = as_the_form_read_it
stock.reserve_units = read_then_write
placement.place_order = think_first
