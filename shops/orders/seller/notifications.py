"""What was told to a seller's phone, as it reads on the screen: with a gateway or without one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Notice, User
from accounts.notifications import delivery

SENTENCES = {
    "shop_order_placed": gettext_lazy("来了新订单 %(number)s，去看看接不接。"),
    "shop_order_cancelled": gettext_lazy("买家取消了订单 %(number)s。"),
    "shop_order_expired": gettext_lazy("订单 %(number)s 到时间没接，作废了。"),
    "shop_order_received": gettext_lazy("买家说订单 %(number)s 收到了。"),
    "shop_order_claimed": gettext_lazy("订单 %(number)s 报了坏果，去看看照片。"),
    "stock_low": gettext_lazy("“%(name)s”只剩 %(left)s %(unit)s了。"),
    "paycode_asked": gettext_lazy(
        "有人要换“%(shop)s”的收款码，等管理员同意。不是您，马上改密码，再找管理员。"
    ),
    "paycode_declined": gettext_lazy("“%(shop)s”换收款码，管理员没同意：%(reason)s"),
    "paycode_changed": gettext_lazy("“%(shop)s”的收款码换过了。不是您换的，马上改密码，再把收款码换回来。"),
}
CODES = ("paycode_changed", "paycode_asked", "paycode_declined")
URGENT = (*CODES, "shop_order_claimed")
MOST = 5
# What the block of what waits says as well, by the kind of its row (shops.worklist).
WAITS = {"order_request": "shop_order_placed", "claim": "shop_order_claimed", "stock_low": "stock_low"}


@dataclass(frozen=True)
class SellerNotification:
    notice: Notice
    sentence: str
    url: str
    urgent: bool


def to(user: User, waits: Iterable[str] = ()) -> list[SellerNotification]:
    """The newest that this person has not put away, without what the rows of these kinds say on the same page; one query."""
    once = {WAITS[kind] for kind in waits if kind in WAITS}
    rows = delivery.unseen_notices(user.phone).filter(template__in=SENTENCES.keys() - once)[:MOST]
    return [SellerNotification(row, sentence(row), url_of(row), row.template in URGENT) for row in rows]


def sentence(notice: Notice) -> str:
    try:
        return str(SENTENCES[notice.template]) % notice.params
    except KeyError:  # an older release wrote other facts
        return ""


def url_of(notice: Notice) -> str:
    if number := notice.params.get("number"):
        return reverse("shops:my_order", args=[number])
    ways: dict[str, Callable[[], str]] = {
        **dict.fromkeys(CODES, lambda: reverse("shops:paycode")),
        "stock_low": lambda: reverse("shops:mine"),
    }
    return ways.get(notice.template, lambda: "")()


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """For the owner's phone: the sentence and the address of its page."""
    return (sentence(notice), url_of(notice)) if notice.template in SENTENCES else None


def put_away(user: User, read: Iterable[int]) -> None:
    """Those that stood on the page: what came since, or stood below them, was read by nobody."""
    delivery.mark_seen(delivery.unseen_notices(user.phone).filter(template__in=SENTENCES, pk__in=read))


def warnings(user: User) -> list[str]:
    """What is said at the next sign-in, whatever page it leads to."""
    rows = delivery.unseen_notices(user.phone).filter(template__in=CODES)[:1]
    return [sentence(row) for row in rows]


def how_it_went(notice: Notice) -> str:
    """Why a message has not reached a buyer, for the seller who may have to call instead."""
    if settings.SMS_SENDER == "none":
        return _("这个网站不发短信，买家要自己打开订单页才知道。")
    return _(notice.problem) if notice.problem else _("给买家的短信排着队，马上发。")
