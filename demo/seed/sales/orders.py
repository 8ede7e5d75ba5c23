"""Seed orders: one in every state and a season of completed ones, each step at its own hour."""

from __future__ import annotations

import datetime
import io
import uuid
from dataclasses import dataclass
from functools import partial

import segno
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.notifications import delivery
from demo.seed.timeline import Timeline
from media.documents.services import store_document
from shops.inventory import stock
from shops.models import Order, OrderEvent, Shop, StockMove
from shops.orders import damage_claims, expiry, transitions
from shops.orders.placement import place_order
from shops.orders.request import OrderRequest
from shops.sellers import payment_codes
from shops.shipping import regions

By = OrderEvent.By
NAMES = uuid.UUID("1b7c9c2e-3c1d-4f53-9d0c-6a4a8a1f0d11")
NOT_A_CODE = "这是示范用的图，不是收款码，付不了钱。"
CANNOT_PICK = "连着下雨，这两天没法采。天晴了给您打电话。"
# Hours after the request at which each step was taken: (hours, step, its arguments).
Steps = tuple[tuple[float, str, tuple], ...]


@dataclass(frozen=True)
class DemoOrder:
    """One order. `when`: hours ago, or days ago with the hour. `goods`: names of products with quantities.

    `county`: a GB/T 2260 code, "" for an order fetched at the shop's pick-up point.
    """

    buyer: str
    phone: str
    county: str
    address: str
    when: float | tuple[int, str]
    goods: tuple[tuple[str, int], ...]
    steps: Steps = ()
    note: str = ""
    shop: str = "meiyi"
    came_from: str = ""


def steps(*taken: tuple) -> Steps:
    return tuple((hours, name, rest) for hours, name, *rest in taken)


def settled(accepted: float, paid: float, packed: float, shipped: float, received: float) -> Steps:
    return steps(
        (accepted, "accept"), (paid, "pay"), (packed, "pack"), (shipped, "ship"), (received, "receive")
    )  # fmt: skip


ORANGE, SMALL, LEMON, NAVEL = "冰糖橙", "冰糖橙小果", "柠檬", "脐橙"
DAMAGE = "箱子角压扁了，底下一层坏了三个，照片在这里。"
BOUGHT = (
    # Completed orders of a season.
    DemoOrder("彭玉兰", "13700100021", "430104", "潇湘北路 3 号", (82, "19:20"), ((LEMON, 2),), settled(1, 2, 20, 22, 70)),
    DemoOrder("李素芬", "13700100002", "430302", "广场街道 6 号", (74, "12:10"), ((LEMON, 1),), settled(2, 9, 21, 22, 75)),
    DemoOrder("韩冬梅", "13700100022", "110105", "望京西园 4 区 12 号", (66, "21:05"), ((LEMON, 3),),
           settled(10, 12, 36, 38, 120), "包里别放冰袋"),
    DemoOrder("曹志刚", "13700100023", "430702", "柳叶大道 55 号", (58, "08:40"), ((LEMON, 2),), settled(1, 3, 9, 24, 80)),
    DemoOrder("何小军", "13700100008", "430104", "湘春路 17 号", (47, "20:15"), ((ORANGE, 1),), settled(1, 1.5, 14, 20, 66)),
    DemoOrder("周晓梅", "13700100005", "430104", "新民路 5 号", (39, "18:30"), ((ORANGE, 2), (SMALL, 1)),
           settled(2, 3, 16, 21, 69)),
    DemoOrder("方婷", "13700100024", "440304", "福强路 1007 号", (31, "22:20"), ((SMALL, 3),), settled(10, 11, 34, 36, 110)),
    DemoOrder("谢长明", "13700100004", "430602", "洞庭北路 9 号", (24, "13:00"), ((ORANGE, 3),), settled(1, 4, 8, 26, 74)),
    DemoOrder("龚雪", "13700100025", "430104", "含光路 22 号 6 栋", (19, "19:45"), ((ORANGE, 1), (SMALL, 2)),
           settled(1, 2, 13, 19, 70), came_from="card"),
    DemoOrder("马建华", "13700100026", "320106", "中山北路 8 号", (15, "09:30"), ((SMALL, 2),), settled(3, 4, 9, 27, 98)),
    DemoOrder("吴丽", "13700100007", "440106", "体育西路 3 号", (12, "20:30"), ((ORANGE, 4),), settled(1, 2, 15, 20, 92)),
    # Damage claims that were answered: part of the money refunded, and one refused.
    DemoOrder("文秀英", "13700100009", "430104", "枫林路 31 号", (9, "10:15"), ((ORANGE, 2),),
           settled(1, 2, 8, 24, 78) + steps(
               (80, "claim", "damage", "压坏了四个，照片在这里。"),
               (86, "settle", "damage", 800, False, "对不住，退您四个的钱。下回箱子里多垫一层。"))),
    DemoOrder("曾庆华", "13700100010", "430302", "韶山中路 12 号", (8, "16:20"), ((SMALL, 1),),
           settled(2, 3, 17, 22, 70) + steps(
               (72, "claim", "spots", "皮上好多麻点，是不是打了药？"),
               (75, "refuse", "spots", "麻点是树上风磨的，小店介绍里写了“皮上有点花”，里头是好的。您切开看，不好再找我。"))),
    # Sent, one of them with an open damage claim; and just received.
    DemoOrder("黄建国", "13700100006", "430702", "建设路 210 号", (5, "11:40"), ((ORANGE, 2), (SMALL, 1)),
           steps((1, "accept"), (2, "pay"), (20, "pack"), (22, "ship"), (70, "claim", "corner", DAMAGE))),
    DemoOrder("许文静", "13700100011", "430104", "书院路 9 号", (6, "19:10"), ((ORANGE, 3),),
           steps((1, "accept"), (2, "pay"), (15, "pack"), (21, "ship"), (90, "receive"))),
    DemoOrder("陶红", "13700100012", "420106", "中北路 77 号", (3, "20:05"), ((SMALL, 2),),
           steps((1, "accept"), (2, "pay"), (14, "pack"), (20, "ship"), (21, "renumber"))),
    # Not sent yet.
    DemoOrder("周晓梅", "13700100005", "430104", "新民路 5 号", (2, "09:20"), ((ORANGE, 4),),
           steps((1, "accept"), (2, "pay"), (10, "pack")), "送给老人，轻放"),
    DemoOrder("唐小英", "13700100013", "", "", (2, "12:30"), ((SMALL, 1),),
           steps((1, "accept"), (3, "pay"), (8, "pack")), "周末去镇上，自己取"),
    DemoOrder("谢长明", "13700100004", "430602", "洞庭北路 9 号", 27, ((ORANGE, 2), (SMALL, 2)),
           steps((1, "accept"), (5, "pay"))),
    DemoOrder("聂爱华", "13700100014", "430104", "芙蓉中路 201 号", (4, "21:00"), ((NAVEL, 2),),
           steps((11, "accept"), (12, "pay")), "等红了再发，不急"),
    DemoOrder("阿依努尔·艾合买提", "13700100003", "440106", "天河路 88 号 21 楼", 15, ((ORANGE, 3),),
           steps((2, "accept")), "工作日送，打电话说一声就行"),
    DemoOrder("陈小禾", "13700100001", "430104", "麓山南路 18 号 3 栋 402", 3, ((ORANGE, 2),), (),
           "要个头匀一点的，谢谢", came_from="poster"),
    DemoOrder("李素芬", "13700100002", "430302", "广场街道 6 号", 41, ((ORANGE, 1), (SMALL, 1)),
           steps((1, "accept"), (1.05, "reopen"))),
    # Cancelled, declined or expired.
    DemoOrder("罗敏", "13700100015", "430302", "韶山西路 40 号", (7, "08:05"), ((ORANGE, 1),),
           steps((5, "decline", CANNOT_PICK)), "要甜的"),
    DemoOrder("邓桂香", "13700100016", "430104", "五一大道 1 号", (10, "14:00"), ((ORANGE, 1),), steps((48.1, "expire"))),
    DemoOrder("蒋文", "13700100017", "430104", "解放西路 66 号", (4, "18:50"), ((SMALL, 1),), steps((0.4, "withdraw"))),
    DemoOrder("孙丽华", "13700100018", "430602", "巴陵中路 5 号", (6, "20:40"), ((ORANGE, 2),),
           steps((1, "accept"), (74, "cancel", "三天没收到钱，先取消了。还要的话再下一单。"))),
    DemoOrder("郭志强", "13700100019", "430104", "城南西路 3 号", (8, "19:00"), ((ORANGE, 1),),
           steps((1, "accept"), (2, "pay"), (38, "refund", CANNOT_PICK))),
    # Orders of the neighbours.
    DemoOrder("梁会计", "13700100031", "430104", "韶山北路 10 号工会", (11, "10:00"), (("冰糖橙", 5),),
           settled(1, 5, 24, 26, 74), "单位团购，要收据", "shiliu-coop"),
    DemoOrder("苏敏", "13700100032", "430702", "朗州路 18 号", (3, "20:10"), (("椪柑", 1),),
           steps((2, "accept"), (3, "pay")), shop="shiliu-coop"),
    DemoOrder("袁丽", "13700100033", "430302", "河东大道 2 号", (9, "19:30"), (("椪柑", 1), ("冰糖橙", 1)),
           settled(2, 3, 15, 22, 72), shop="qiaoyun"),
    DemoOrder("程强", "13700100034", "430104", "雨花路 9 号", 5, (("鸭蛋", 1),), shop="qiaoyun"),
)  # fmt: skip
# Stock added after picking: days ago, product, units.
PICKED = (
    (40, ORANGE, 20),
    (26, ORANGE, 20),
    (26, SMALL, 15),
    (13, ORANGE, 40),
    (13, SMALL, 20),
    (6, ORANGE, 40),
    (1, SMALL, 12),
)

# Days ago on which sellers marked their notices as read, the last time the evening before yesterday.
READ = range(2, 90, 6)


def seed_orders(timeline: Timeline, shops: list[Shop]) -> None:
    by_slug = {shop.slug: shop for shop in shops}
    first = by_slug["meiyi"]
    timeline.add(timeline.at(84, "20:10"), show_pay_code, first)
    for number, bought in enumerate(BOUGHT):
        seed_order(timeline, by_slug[bought.shop], uuid.uuid5(NAMES, f"{number}"), bought)
    for days, name, count in PICKED:
        timeline.add(timeline.at(days, "17:40"), pick, first, name, count)
    for shop in (by_slug[slug] for slug in sorted({bought.shop for bought in BOUGHT})):
        for days in READ:
            timeline.add(timeline.at(days, "21:50"), read_news, shop)


def seed_order(timeline: Timeline, shop: Shop, key: uuid.UUID, bought: DemoOrder) -> None:
    began = (
        timeline.ago(hours=bought.when) if isinstance(bought.when, int | float) else timeline.at(*bought.when)
    )
    timeline.add(began, place_demo_order, shop, key, bought)
    for hours, name, rest in bought.steps:
        moment = began + datetime.timedelta(hours=hours, minutes=len(bought.address) * 3 % 17)
        timeline.add(moment, apply_step, key, shop.owner, name, *rest)


def place_demo_order(shop: Shop, key: uuid.UUID, bought: DemoOrder) -> None:
    """Place an order by the buyer's form, at the prices of that hour."""
    found = {product.name: product for product in shop.products.all()}
    lines = [(found[name], count, found[name].price_fen) for name, count in bought.goods]
    county = bought.county
    codes = (f"{county[:2]}0000", f"{county[:4]}00", county) if county else ("", "", "")
    wish = OrderRequest(
        shop=shop,
        lines=lines,
        buyer=bought.buyer,
        phone=f"+86{bought.phone}",
        phone_verified=True,
        province=codes[0],
        city=codes[1],
        county=codes[2],
        region=regions.format_region(*codes) if county else "",
        address=bought.address,
        point=None if county else shop.points.get(),
        note=bought.note,
        perishable_ok=True,
        came_from=bought.came_from,
    )
    place_order(wish, key)


def apply_step(order_key: uuid.UUID, seller: User, name: str, *rest) -> None:
    order = Order.objects.get(key=order_key)
    key = uuid.uuid5(order_key, name)
    ways = {
        "accept": lambda: transitions.accept(order, seller, key),
        "decline": lambda: transitions.decline(order, seller, key, *rest),
        "withdraw": lambda: transitions.cancel(order, By.BUYER, None, key),
        "cancel": lambda: transitions.cancel(order, By.SELLER, seller, key, *rest),
        "expire": lambda: expiry.expire_due(),
        "pay": lambda: transitions.mark_paid(order, seller, key, order.total_fen),
        "pack": lambda: transitions.pack(order, seller, key, order.gross_grams + 120),
        "reopen": lambda: transitions.reopen(order, seller, key),
        "ship": lambda: transitions.ship(
            order, seller, key, "邮政", make_parcel_number(order), sent_for(order)
        ),
        "renumber": lambda: transitions.renumber(
            order, seller, key, "邮政", make_parcel_number(order)[:-2] + "81"
        ),
        "receive": lambda: transitions.receive(order, By.BUYER, None, key),
        "refund": lambda: transitions.refund_all(order, seller, key, *rest),
        "claim": partial(report_damage, order, *rest),
        "settle": partial(answer_damage, order, seller, damage_claims.settle, *rest),
        "refuse": partial(answer_damage, order, seller, damage_claims.refuse, *rest),
    }
    ways[name]()


def make_parcel_number(order: Order) -> str:
    return f"98{order.pk:04d}{order.gross_grams:07d}"


def sent_for(order: Order) -> int:
    """Return what the courier charged, in fen: a little less than the freight table."""
    return 380 + 110 * -(-order.gross_grams // 1000)


def report_damage(order: Order, which: str, text: str) -> None:
    damage_claims.claim_damage(
        order, uuid.uuid5(order.key, which), text, [store_document(make_photo(order), None)]
    )


def answer_damage(order: Order, seller: User, answer, which: str, *rest) -> None:
    claim = order.claims.get(key=uuid.uuid5(order.key, which))
    answer(claim, seller, uuid.uuid5(claim.key, "answer"), *rest)


def make_photo(order: Order) -> SimpleUploadedFile:
    cover = order.lines.select_related("product__cover").first().product.cover
    with default_storage.open(cover.name_at(cover.widths()[-1])) as file:
        return SimpleUploadedFile("photo.webp", file.read(), "image/webp")


def show_pay_code(shop: Shop) -> None:
    """Set a payment code that pays nobody, and mark the notice of its change as read."""
    drawn = io.BytesIO()
    segno.make(NOT_A_CODE, error="m").save(drawn, kind="png", scale=12, border=4)
    picture = SimpleUploadedFile("code.png", drawn.getvalue(), "image/png")
    payment_codes.change_code(shop, store_document(picture, shop.owner), shop.owner)
    delivery.mark_seen(delivery.find_unseen_notices(shop.owner.phone).filter(template="paycode_changed"))


def pick(shop: Shop, name: str, count: int) -> None:
    stock.change_stock(
        shop.products.get(name=name), count, StockMove.Reason.HARVEST, shop.owner, note="今天采的"
    )


def read_news(shop: Shop) -> None:
    delivery.mark_seen(delivery.find_unseen_notices(shop.owner.phone))
