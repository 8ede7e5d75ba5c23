"""Count the orders that came from a printed QR code; the order form carries the source, no visitor is tracked."""

from __future__ import annotations

from shops.models import Order, Product, Shop

GONE = (Order.Status.CANCELLED, Order.Status.REFUNDED)


def source_of(value: str) -> str:
    """Return `value` if it is an Order.Source, else an empty string."""
    return value if value in Order.Source.values else ""


def count_orders(source: Order.Source, shop: Shop, product: Product | None = None) -> int:
    """Count the accepted orders, neither cancelled nor refunded, of the shop or with this product. One query."""
    rows = Order.objects.filter(shop=shop, came_from=source, accepted_at__isnull=False).exclude(
        status__in=GONE
    )
    return (rows.filter(lines__product=product) if product else rows).count()
