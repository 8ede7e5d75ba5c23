"""Show the notices sent to a seller's phone on the screen too, also where no text messages can be sent."""

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
        "有人要换“%(shop)s”的收款码，等管理员同意。不是你，马上改密码，再找管理员。"
    ),
    "paycode_declined": gettext_lazy("“%(shop)s”换收款码，管理员没同意：%(reason)s"),
    "paycode_changed": gettext_lazy("“%(shop)s”的收款码换过了。不是你换的，马上改密码，再把收款码换回来。"),
}
CODES = ("paycode_changed", "paycode_asked", "paycode_declined")
URGENT = (*CODES, "shop_order_claimed")
MOST = 5
# The notices that repeat a row of the work list (shops.worklist), by the row's kind.
WAITS = {"order_request": "shop_order_placed", "claim": "shop_order_claimed", "stock_low": "stock_low"}


@dataclass(frozen=True)
class SellerNotification:
    """Hold a notice with its sentence and the URL of its page (empty if it has none)."""

    notice: Notice
    sentence: str
    url: str
    urgent: bool


def list_notifications(user: User, waits: Iterable[str] = ()) -> list[SellerNotification]:
    """List the newest unread notices, at most MOST; one query.

    `waits`: kinds of work list rows on the same page, whose notices are left out.
    """
    once = {WAITS[kind] for kind in waits if kind in WAITS}
    rows = delivery.find_unseen_notices(user.phone).filter(template__in=SENTENCES.keys() - once)[:MOST]
    return [
        SellerNotification(row, write_sentence(row), find_url(row), row.template in URGENT) for row in rows
    ]


def write_sentence(notice: Notice) -> str:
    """Return the notice as a sentence; empty if its parameters are those of an older release."""
    try:
        return str(SENTENCES[notice.template]) % notice.params
    except KeyError:
        return ""


def find_url(notice: Notice) -> str:
    """Return the URL of the page that the notice is about; empty if there is none."""
    if number := notice.params.get("number"):
        return reverse("shops:my_order", args=[number])
    ways: dict[str, Callable[[], str]] = {
        **dict.fromkeys(CODES, lambda: reverse("shops:paycode")),
        "stock_low": lambda: reverse("shops:mine"),
    }
    return ways.get(notice.template, lambda: "")()


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the sentence and URL of a notice for a push message; None if it is no notice of this module."""
    return (write_sentence(notice), find_url(notice)) if notice.template in SENTENCES else None


def mark_read(user: User, read: Iterable[int]) -> None:
    """Mark the notices that the page showed (`read`, ids) as seen; later and hidden ones stay unread."""
    delivery.mark_seen(delivery.find_unseen_notices(user.phone).filter(template__in=SENTENCES, pk__in=read))


def list_warnings(user: User) -> list[str]:
    """Return the warning to show after the next sign-in, on any page: the newest about the payment code."""
    rows = delivery.find_unseen_notices(user.phone).filter(template__in=CODES)[:1]
    return [write_sentence(row) for row in rows]


def describe_delivery(notice: Notice) -> str:
    """Explain why a message has not reached the buyer, to a seller who may have to call instead."""
    if settings.SMS_SENDER == "none":
        return _("这个网站不发短信，买家要自己打开订单页才知道。")
    return _(notice.problem) if notice.problem else _("给买家的短信排着队，马上发。")
