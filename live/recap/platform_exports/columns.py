"""The labels of platforms' columns and their meanings.

They were collected from exports of 抖音罗盘, 快手小店, 淘宝直播中控 and 视频号. A shop may choose other meanings for its
file, and the choice is stored.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from live.models import Figure

Name = Figure.Name
# Columns that describe a row instead of holding a figure of the whole live.
MINUTE, ORDER_NO, PAID_AT, AMOUNT, REFUND, STATUS = (
    "minute",
    "order_no",
    "paid_at",
    "amount",
    "refund",
    "status",
)
ROW_WORDS = {
    MINUTE: _("时间（每分钟一行）"),
    ORDER_NO: _("订单号"),
    PAID_AT: _("付款时间"),
    AMOUNT: _("这一笔多少钱"),
    REFUND: _("这一笔退了多少"),
    STATUS: _("订单状态"),
}
KNOWN_LABELS: dict[str, tuple[str, ...]] = {
    Name.SEEN: ("曝光人次", "直播间曝光次数", "直播间曝光人数", "曝光次数", "曝光人数", "曝光量", "展现次数", "看到人次"),
    Name.VISITS: (
        "进房人次", "进入直播间人次", "进入直播间人数", "直播间观看次数", "观看次数", "观看人次", "观看人数", "累计观看人数",
        "累计观看人次", "场观", "进房人数", "访问次数", "进入人次", "进入人数",
    ),
    Name.WATCH_SECONDS: (
        "人均观看时长", "平均观看时长", "人均看播时长", "平均停留时长", "人均停留时长", "平均看播时长", "平均在线时长",
    ),
    Name.PEAK: ("最高在线人数", "同时在线人数峰值", "最高同时在线人数", "在线峰值", "在线人数峰值", "最高在线"),
    Name.PRODUCT_SEEN: ("商品曝光人数", "商品曝光次数", "商品展示人数", "商品浏览人数"),
    Name.PRODUCT_TAPS: ("商品点击人数", "商品点击次数", "商品点击人次", "宝贝点击人数", "商品访客数"),
    Name.ORDERS: ("下单笔数", "创建订单数", "下单订单数", "订单创建数", "提交订单数", "下单数"),
    Name.PAID_ORDERS: (
        "成交订单数", "支付订单数", "成交笔数", "支付笔数", "成交单数", "付款笔数", "付款订单数", "支付单量", "订单数",
    ),
    Name.BUYERS: ("成交人数", "支付人数", "购买人数", "付款人数", "买家数", "支付买家数", "成交用户数"),
    Name.SALES_FEN: (
        "成交金额", "支付金额", "直播间成交金额", "直播成交金额", "付款金额", "销售额", "GMV", "支付GMV", "用户支付金额",
    ),
    Name.REFUND_FEN: ("退款金额", "成功退款金额", "退款成功金额", "累计退款金额"),
    Name.REFUND_ORDERS: ("退款订单数", "退款笔数", "退款单数", "成功退款订单数"),
    Name.FOLLOWERS: ("新增粉丝数", "新增粉丝", "涨粉数", "新增关注数", "新增关注", "关注人数"),
    Name.COMMENTS: ("评论次数", "评论条数", "评论数", "评论人数", "互动次数", "弹幕数"),
    MINUTE: ("时间", "分钟", "时间点", "统计时间", "时刻", "时间段"),
    ORDER_NO: ("订单号", "订单编号", "主订单编号", "子订单编号", "交易单号"),
    PAID_AT: ("付款时间", "支付时间", "支付完成时间", "订单付款时间", "成交时间", "下单时间", "订单提交时间"),
    AMOUNT: ("实付金额", "订单实付金额", "订单应付金额", "买家实付金额", "实付款", "订单金额", "付款金额（元）"),
    REFUND: ("退款金额", "已退款金额"),
    STATUS: ("订单状态", "状态", "交易状态"),
}  # fmt: skip
SECONDS, MONEY = {Name.WATCH_SECONDS}, {Name.SALES_FEN, Name.REFUND_FEN, AMOUNT, REFUND}


def normalise_label(label: str) -> str:
    """Reduce a label to its words: 成交金额（元） and 成交金额 (元) become 成交金额."""
    return re.sub(r"[（(\[【].*?[）)\]】]|[\s:：_]", "", label).upper()


MEANINGS = {
    normalise_label(words): name
    for name, known in KNOWN_LABELS.items()
    if name not in (REFUND, AMOUNT, STATUS)
    for words in known
}
OF_ROWS = {
    normalise_label(words): name
    for name in (ORDER_NO, PAID_AT, AMOUNT, REFUND, STATUS)
    for words in KNOWN_LABELS[name]
}


def find_meaning(group: str, label: str, of_orders: bool = False) -> str:
    """Return the meaning of a column by its label, with or without that of the group above; "" if unknown.

    In a list of orders 退款金额 is of the one order, elsewhere of the whole live.
    """
    book = MEANINGS | OF_ROWS if of_orders else MEANINGS
    for name in (normalise_label(group + label), normalise_label(label)):
        if name in book:
            return str(book[name])
    return ""


def hash_labels(labels: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(labels).encode()).hexdigest()


def list_meaning_choices(of_orders: bool) -> list[tuple[str, str | Promise]]:
    """Return the choices for the form in which the meaning of a column is chosen."""
    choices: list[tuple[str, str | Promise]] = [("", _("不用这一列"))]
    choices += [(name, words) for name, words in ROW_WORDS.items() if of_orders or name == MINUTE]
    return choices + ([] if of_orders else [(name.value, name.spoken) for name in Figure.Name])
