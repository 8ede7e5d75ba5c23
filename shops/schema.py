"""What machines read of an offer, in the words of schema.org: only what the page itself says."""

from __future__ import annotations

from typing import NamedTuple

from shops import site_role
from shops.models import GRAMS_PER_JIN, Presale, Product
from ui import amounts


class Offer(NamedTuple):
    """Prices in yuan with a point: of one unit, and of a 斤 (0.5 kg)."""

    price: str
    per_jin: str
    availability: str


def offer(product: Product, presale: Presale | None) -> Offer | None:
    """None where nothing is offered: on a training ground, and for what is not on sale. How long a price holds is not
    said, because nobody promises it."""
    if site_role.is_practice() or not product.is_published or not product.shop.is_open:
        return None
    per_jin = amounts.fen_per(product.price_fen, product.net_grams, GRAMS_PER_JIN)
    return Offer(plain(product.price_fen), plain(per_jin), f"https://schema.org/{state(product, presale)}")


def state(product: Product, presale: Presale | None) -> str:
    if presale:
        return "PreOrder" if presale.left else "OutOfStock"
    return "InStock" if product.stock else "OutOfStock"


def plain(fen: int) -> str:
    """1234550 → "12345.50"."""
    return f"{fen // 100}.{fen % 100:02d}"
