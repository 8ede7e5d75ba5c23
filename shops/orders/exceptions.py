"""Reasons why an order or a step of it is refused, each with a sentence to show."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from shops.exceptions import ActionNotAllowed
from shops.models import Order, Product
from ui import amounts


class Refused(Exception):
    """No order has come to be, and nothing has changed."""

    @property
    def sentence(self) -> str:
        return _("没下成单，再试一次。")


class Short(NamedTuple):
    product: Product
    wanted: int
    left: int

    @property
    def sentence(self) -> str:
        if not self.left:
            return _("“%(name)s”刚卖完。") % {"name": self.product.name}
        facts = {"name": self.product.name, "left": self.left}
        return _("“%(name)s”只剩 %(left)s %(unit)s了。") % {
            **facts,
            "unit": Product.Unit(self.product.unit).after(self.left),
        }


class SoldOut(Refused):
    """`lines`: each that is short, with what is left of it."""

    def __init__(self, lines: list[Short]) -> None:
        super().__init__(lines)
        self.lines = lines

    @property
    def sentence(self) -> str:
        return " ".join(line.sentence for line in self.lines)


class PriceMoved(Refused):
    """What the buyer saw and what holds now, in fen: of one unit of `product`, or of the whole order."""

    def __init__(self, old: int, new: int, product: Product | None = None) -> None:
        super().__init__(old, new)
        self.old, self.new, self.product = old, new, product

    @property
    def sentence(self) -> str:
        facts = {"old": amounts.yuan(self.old), "new": amounts.yuan(self.new)}
        if self.product is None:
            return _("合计变了：刚才是 ¥%(old)s，现在是 ¥%(new)s。") % facts
        facts["name"] = self.product.name
        return _("“%(name)s”的价钱刚改过：刚才是 ¥%(old)s，现在是 ¥%(new)s。") % facts


class NotShipped(Refused):
    def __init__(self, province: str) -> None:
        super().__init__(province)
        self.province = province

    @property
    def sentence(self) -> str:
        return _("这家店不往这个省发货。")


class TooMuchHeld(Refused):
    """This phone or address holds enough already, or asks for more than a request may hold. `why` is a sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def sentence(self) -> str:
        return self.why


class Closed(Refused):
    """The shop is closed, or the product (when there is one) is not on sale."""

    def __init__(self, product: Product | None = None) -> None:
        super().__init__(product)
        self.product = product

    @property
    def sentence(self) -> str:
        if self.product is None:
            return _("这家店现在关着，下不了单。")
        return _("“%(name)s”已经下架了。") % {"name": self.product.name}


class CannotBeOrdered(Refused):
    """For any other reason of the rule in `obstacles`. `why` is its sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def sentence(self) -> str:
        return self.why


class TwoShops(Refused):
    @property
    def sentence(self) -> str:
        return _("一张订单只能买一家店的东西。")


class NotConfirmed(Refused):
    """消费者权益保护法实施条例 §19: what spoils is sold only to who has confirmed that it does."""

    @property
    def sentence(self) -> str:
        return _("先勾上“我知道这是鲜活易腐的东西”。")


class TransitionNotAllowed(ActionNotAllowed):
    """The order does not stand where this step begins. `sentence` says where it stands."""


class Overtaken(TransitionNotAllowed):
    """It stood there when the page was made, but somebody else, or the clock, was faster."""


def describe_state(order: Order) -> str:
    return _("这一单现在是“%(state)s”，做不了这一步。") % {"state": order.state.label}
