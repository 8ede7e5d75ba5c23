"""Reasons why an order or a step of it is refused, each with a sentence to show."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from shops.exceptions import ActionNotAllowed
from shops.models import Order, Product
from ui import formats


class OrderRefused(Exception):
    """Raised when no order was placed; nothing has changed."""

    @property
    def sentence(self) -> str:
        return _("没下成单，再试一次。")


class Short(NamedTuple):
    """A product of which fewer units are left than were ordered."""

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


class SoldOut(OrderRefused):
    """Raised when stock does not suffice. `lines`: the products that are short, with the units left."""

    def __init__(self, lines: list[Short]) -> None:
        super().__init__(lines)
        self.lines = lines

    @property
    def sentence(self) -> str:
        return " ".join(line.sentence for line in self.lines)


class PriceMoved(OrderRefused):
    """Raised when a price differs from the one the buyer saw: `old` and `new` in fen, for one unit of `product` or, without
    a product, for the whole order."""

    def __init__(self, old: int, new: int, product: Product | None = None) -> None:
        super().__init__(old, new)
        self.old, self.new, self.product = old, new, product

    @property
    def sentence(self) -> str:
        facts = {"old": formats.yuan(self.old), "new": formats.yuan(self.new)}
        if self.product is None:
            return _("合计变了：刚才是 ¥%(old)s，现在是 ¥%(new)s。") % facts
        facts["name"] = self.product.name
        return _("“%(name)s”的价钱刚改过：刚才是 ¥%(old)s，现在是 ¥%(new)s。") % facts


class NotShipped(OrderRefused):
    """Raised when the shop does not send to the province."""

    def __init__(self, province: str) -> None:
        super().__init__(province)
        self.province = province

    @property
    def sentence(self) -> str:
        return _("这家店不往这个省发货。")


class TooMuchHeld(OrderRefused):
    """Raised when the phone or IP would reserve more than it may. `why` is a sentence for the buyer."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def sentence(self) -> str:
        return self.why


class Closed(OrderRefused):
    """Raised when the product is not on sale or, without a product, when the shop is closed."""

    def __init__(self, product: Product | None = None) -> None:
        super().__init__(product)
        self.product = product

    @property
    def sentence(self) -> str:
        if self.product is None:
            return _("这家店现在关着，下不了单。")
        return _("“%(name)s”已经下架了。") % {"name": self.product.name}


class CannotBeOrdered(OrderRefused):
    """Raised for any other obstacle of `shops.orders.obstacles`. `why` is its sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def sentence(self) -> str:
        return self.why


class TwoShops(OrderRefused):
    """Raised when the products belong to more than one shop."""

    @property
    def sentence(self) -> str:
        return _("一张订单只能买一家店的东西。")


class NotConfirmed(OrderRefused):
    """Raised when the buyer has not confirmed that the goods are perishable (消费者权益保护法实施条例 §19)."""

    @property
    def sentence(self) -> str:
        return _("先勾上“我知道这是鲜活易腐的东西”。")


class TransitionNotAllowed(ActionNotAllowed):
    """Raised when the order's state does not allow the step. `sentence` names the state."""


class Overtaken(TransitionNotAllowed):
    """Raised when the order's state allowed the step when the page was rendered, but has changed since."""


def describe_state(order: Order) -> str:
    """Return the sentence that names the order's state and says that it does not allow the step."""
    return _("这一单现在是“%(state)s”，做不了这一步。") % {"state": order.state.label}
