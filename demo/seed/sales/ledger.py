"""Seed three months of the first shop's ledger besides its orders and lives, with one corrected entry."""

from __future__ import annotations

import uuid

from demo.seed.timeline import Timeline
from shops.ledger import deliveries, entries, reports
from shops.models import Batch, LedgerEntry, Shop

Kind = LedgerEntry.Kind
MARK = uuid.UUID("5f0c8a54-6a39-4a6e-9d3c-2a8f5be5d004")
# Days ago, kind, fen, grams, description.
ENTRIES = (
    (88, Kind.INPUTS, 36_000, 0, "有机肥 12 包"),
    (85, Kind.BOXES, 42_000, 0, "纸箱 150 套，网套两捆"),
    (80, Kind.OTHER_IN, 153_600, 128_000, "赶集，柠檬 256 斤，6 元一斤"),
    (71, Kind.HELPERS, 24_000, 0, "两个人帮采一天"),
    (69, Kind.OTHER_IN, 172_000, 172_000, "水果店来拉，344 斤，5 元一斤"),
    (52, Kind.INPUTS, 18_500, 0, "石硫合剂、修枝剪"),
    (49, Kind.OTHER_IN, 231_000, 210_000, "头一批橙子，水果店，420 斤，5.5 元一斤"),
    (44, Kind.HELPERS, 36_000, 0, "三个人帮采一天"),
    (36, Kind.FREIGHT, 13_200, 0, "直播那晚的快递 15 件"),
    (33, Kind.OTHER_IN, 118_800, 99_000, "赶集，198 斤，6 元一斤"),
    (28, Kind.BOXES, 56_000, 0, "纸箱 200 套"),
    (20, Kind.OTHER_IN, 186_000, 155_000, "赶集两回，310 斤，6 元一斤"),
    (17, Kind.HELPERS, 24_000, 0, "两个人帮采一天"),
    (8, Kind.FREIGHT, 15_700, 0, "直播那晚的快递 18 件"),
    (5, Kind.OTHER_OUT, 4_500, 0, "电子秤换电池、买胶带"),
    (1, Kind.FREIGHT, 20_900, 0, "直播那晚的快递 24 件"),
)
# What makes last month a good one: the day of it, kind, fen, grams, description.
LAST_MONTH = (20, Kind.OTHER_IN, 320_000, 320_000, "镇上超市订货，橙子 640 斤，5 元一斤")
SLIP = (14, Kind.HELPERS, 240_000, "两个人帮采一天", 24_000, "多打了一个 0")
# Deliveries of farmers to the company that buys: name, group, kilograms, fen a 斤, whether it is paid.
BROUGHT = (
    ("杨再友", "四组", 310, 210, True),
    ("彭水莲", "三组", 265, 205, True),
    ("向满姑", "一组", 240, 210, True),
    ("滕老二", "二组", 180, 195, False),
    ("石凤英", "二组", 155, 205, False),
)


def seed_ledger(timeline: Timeline, shop: Shop) -> None:
    for number, (days, kind, fen, grams, note) in enumerate(ENTRIES):
        signed = fen if kind in entries.BY_HAND_IN else -fen
        timeline.add(timeline.at(days, "21:30"), write, shop, f"{number}", kind, signed, grams, note)
    day, kind, fen, grams, note = LAST_MONTH
    on = reports.find_month(timeline.today, 1).replace(day=day)
    timeline.add(
        timeline.at((timeline.today - on).days, "20:30"), write, shop, "last month", kind, fen, grams, note
    )
    days, kind, wrong, note, right, why = SLIP
    timeline.add(timeline.at(days, "21:30"), write, shop, "slip", kind, -wrong, 0, note)
    timeline.add(timeline.at(days, "21:41"), put_right, shop, kind, -right, note, why)


def write(shop: Shop, key: str, kind: str, fen: int, grams: int, note: str) -> None:
    entries.write(shop, kind, fen, grams, note=note, actor=shop.owner, key=uuid.uuid5(MARK, key))


def put_right(shop: Shop, kind: str, fen: int, note: str, why: str) -> None:
    slip = LedgerEntry.objects.get(key=uuid.uuid5(MARK, "slip"))
    right = {"kind": kind, "fen": fen, "on": slip.on, "note": note}
    entries.correct(slip, shop.owner, uuid.uuid5(MARK, "right"), why, right)


def seed_deliveries(shop: Shop) -> None:
    """Seed deliveries for the newest batch of a shop that sells for others."""
    batch = Batch.objects.filter(shop=shop).order_by("pk").first()
    for number, (name, group, kilograms, fen, paid) in enumerate(BROUGHT):
        key = uuid.uuid5(MARK, f"supply-{number}")
        facts = {"name": name, "address": f"{shop.place.name}{group}", "contact": f"1390050{number:04d}"}
        facts |= {"on": batch.harvested_on, "grams": kilograms * 1000, "fen_per_jin": fen, "villager": None}
        supply = deliveries.record_delivery(batch, shop.owner, key, **facts)
        if paid:
            deliveries.pay_delivery(supply, shop.owner, uuid.uuid5(key, "paid"))
