"""Little is left: the owner is told once each time the stock falls to `Product.low_stock` or below it."""

from __future__ import annotations

from accounts import noticing
from shops.models import Order, Product, StockMove


def tell_of_order(order: Order) -> None:
    """After its units are held and in the same transaction, so that the stock read here is what it has left; one query.
    A presale's quota is no shelf."""
    for line in order.lines.filter(presale=None).select_related("product"):
        tell(line.product, line.product.stock, line.quantity, f"low-{order.pk}-{line.product_id}", order.shop)


def tell_of_move(product: Product, move: StockMove) -> None:
    """`product.stock` is what the move has left; the owner's own hands are not told what they did."""
    if move.delta < 0 and move.actor_id != product.shop.owner_id:
        tell(product, product.stock, -move.delta, f"low-move-{move.pk}", product.shop)


def tell(product: Product, left: int, taken: int, key: str, shop) -> None:
    if not left <= product.low_stock < left + taken:
        return
    unit = str(Product.Unit(product.unit).after(left))
    facts = {"name": product.name, "left": left, "unit": unit, "shop": shop.name}
    noticing.write(key, shop.owner.phone, "stock_low", **facts)
