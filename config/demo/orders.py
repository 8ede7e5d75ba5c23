"""Orders at every step, so that both sides' screens have something true to show."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone

from shops import regions
from shops.models import FreightRate, Order, OrderEvent, Product, Shop
from shops.ordering import claiming, stepping
from shops.ordering.placing import Wish, place

By = OrderEvent.By
# Whom, phone, where, what is said, how many of the first and second product, hours ago, how far it went.
BUYERS = [
    ("陈小禾", "13700100001", "430104", "麓山南路 18 号 3 栋 402", "要个头匀一点的，谢谢", (2, 0), 3, ""),
    ("李素芬", "13700100002", "430302", "广场街道 6 号", "", (1, 1), 9, ""),
    ("阿依古丽·买买提", "13700100003", "440106", "天河路 88 号 21 楼", "工作日送", (3, 0), 20, "accept"),
    ("谢长明", "13700100004", "430602", "洞庭北路 9 号", "", (2, 2), 30, "pay"),
    ("周晓梅", "13700100005", "430104", "新民路 5 号", "送给老人，轻放", (4, 0), 52, "pack"),
    ("黄建国", "13700100006", "430702", "建设路 210 号", "", (2, 1), 75, "ship"),
    ("吴丽", "13700100007", "440106", "体育西路 3 号", "", (5, 0), 120, "receive"),
    ("何小军", "13700100008", "430104", "湘春路 17 号", "", (2, 0), 140, "settle"),
    ("罗敏", "13700100009", "430302", "韶山西路 40 号", "要甜的", (1, 0), 60, "decline"),
    ("邓桂香", "13700100010", "430104", "五一大道 1 号", "", (1, 0), 70, ""),  # nobody accepted in time
]
NAMES = uuid.UUID("1b7c9c2e-3c1d-4f53-9d0c-6a4a8a1f0d11")
ROAD = ("accept", "pay", "pack", "ship", "receive", "settle")


def plant_orders(shops: list[Shop]) -> None:
    """Into the first shop; planted again it is the same ones."""
    shop = shops[0]
    products = list(shop.products.filter(status=Product.Status.PUBLISHED, stock__gte=25).order_by("id")[:2])
    if len(products) < 2:
        return
    for province, first in (("430000", 600), ("440000", 900)):
        facts = {"first_grams": 3000, "first_fen": first, "step_grams": 1000, "step_fen": 150}
        FreightRate.objects.get_or_create(shop=shop, province=province, defaults=facts)
    for number, buyer in enumerate(BUYERS):
        plant_order(shop, products, number, *buyer)


def plant_order(shop, products, number, name, phone, county, address, note, counts, hours, end) -> None:
    codes = f"{county[:2]}0000", f"{county[:4]}00", county
    wish = Wish(
        shop=shop,
        lines=[(one, n, one.price_fen) for one, n in zip(products, counts, strict=True) if n],
        buyer=name,
        phone=f"+86{phone}",
        province=codes[0],
        city=codes[1],
        county=codes[2],
        region=regions.named(*codes),
        address=address,
        note=note,
        perishable_ok=True,
    )
    began = timezone.now() - datetime.timedelta(hours=hours)
    order = place(wish, uuid.uuid5(NAMES, str(number)), began)
    if order.events.count() > 1:
        return
    # While the steps are taken the request is young; afterwards it is as old as it was made.
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now() + datetime.timedelta(hours=1))
    order.refresh_from_db()
    walk(order, shop.owner, end)
    grow_old(order, began)


def walk(order: Order, seller, end: str) -> None:
    def key(name: str) -> uuid.UUID:
        return uuid.uuid5(order.key, name)

    if end == "decline":
        stepping.decline(order, seller, key("decline"), "连着下雨，这两天没法采")
    steps = {
        "accept": lambda: stepping.accept(order, seller, key("accept")),
        "pay": lambda: stepping.mark_paid(order, seller, key("pay"), order.total_fen),
        "pack": lambda: stepping.pack(order, seller, key("pack"), order.gross_grams + 120),
        "ship": lambda: stepping.ship(order, seller, key("ship"), "邮政", f"98{order.number}"),
        "receive": lambda: stepping.receive(order, By.BUYER, None, key("receive")),
        "settle": lambda: settle(order, seller, key),
    }
    for name in ROAD[: ROAD.index(end) + 1] if end in ROAD else ():
        steps[name]()


def settle(order: Order, seller, key) -> None:
    claim = claiming.claim(order, key("claim"), "压坏了四个，照片发微信了")
    claiming.settle(claim, seller, key("settle"), 800, False, "对不住，退您四个的钱")


def grow_old(order: Order, began: datetime.datetime) -> None:
    """Spreads the steps over the time since it was placed."""
    events = list(order.events.order_by("id"))
    gap = (timezone.now() - began) / (len(events) + 1)
    for n, event in enumerate(events):
        event.at = began + n * gap
        event.save(update_fields=["at"])
    Order.objects.filter(pk=order.pk).update(
        expires_at=began + datetime.timedelta(hours=48),
        accepted_at=order.accepted_at and began + gap,
        received_at=order.received_at and events[-1].at,
        changed_at=events[-1].at,
    )
