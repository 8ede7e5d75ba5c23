"""How many orders a printed code has brought: said by the order form itself, so that nobody had to be followed."""

from __future__ import annotations

from shops.models import Order, Product, Shop

GONE = (Order.Status.CANCELLED, Order.Status.REFUNDED)


def source_of(said: str) -> str:
    """Empty for anything that no code of ours says."""
    return said if said in Order.Source.values else ""


def orders(source: Order.Source, shop: Shop, product: Product | None = None) -> int:
    """Accepted ones that still stand, of the shop or with this product among them. One query."""
    rows = Order.objects.filter(shop=shop, came_from=source, accepted_at__isnull=False).exclude(
        status__in=GONE
    )
    return (rows.filter(lines__product=product) if product else rows).count()
