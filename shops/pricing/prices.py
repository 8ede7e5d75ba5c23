"""Set what one unit costs and weighs; every change writes a PriceChange together with the product's fields."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.models import User
from shops.inventory import stock as stocks
from shops.models import GRAMS_PER_JIN, PriceChange, Product

FIELDS = ("price_fen", "net_grams", "unit")
UNIT_GRAMS: dict[str, int] = {Product.Unit.JIN: 500, Product.Unit.KG: 1000}


def get_grams(unit: str | None, box_grams: int | None) -> int | None:
    """Return the net grams of one unit: fixed for 斤 and 公斤, `box_grams` for a box."""
    return UNIT_GRAMS.get(unit or "", box_grams)


def can_be_shown(price_fen: int, net_grams: int) -> bool:
    """Return whether a 斤 (500 g) costs at least one fen; a page would show ¥0.00 for less."""
    return price_fen * GRAMS_PER_JIN >= net_grams


class CountNeeded(Exception):
    """Raised when the unit changes and the stock was not counted in the new unit."""


class PresaleRuns(Exception):
    """Raised while a presale runs whose quota is counted in the present unit: it must be ended first."""

    sentence = gettext_lazy("预售还没停，数量是照现在的单位订的。先停预售，再换单位")


def set_price(
    product: Product, price_fen: int, net_grams: int, unit: str, actor: User | None, stock: int | None = None
) -> PriceChange | None:
    """Set price (fen) and net weight (grams) per unit; return the row, or None when nothing changes.

    With another unit the stock must be counted anew, because 12 boxes are not 12 斤: raises CountNeeded without `stock`,
    and PresaleRuns while a presale is counted in the present unit.
    """
    new = (price_fen, net_grams, unit)
    with transaction.atomic():
        # Of two simultaneous calls the second waits here (on SQLite at BEGIN IMMEDIATE) and compares with the first one's
        # price.
        now = Product.objects.select_for_update().values_list(*FIELDS).get(pk=product.pk)
        if now[-1] != unit and stock is None:
            raise CountNeeded
        if now[-1] != unit and product.presales.filter(ended_at=None).exists():
            raise PresaleRuns
        for field, value in zip(FIELDS, new, strict=True):
            setattr(product, field, value)
        if now == new:
            return None
        weighed = now[1:] == new[1:]
        if not weighed:
            # With another net weight the gross weight is not known any more.
            product.gross_grams = None
        product.save(update_fields=[*FIELDS, "millifen_per_jin", *([] if weighed else ["gross_grams"])])
        if stock is not None and now[-1] != unit:
            stocks.recount_stock(product, stock, actor)
        product.mark_edited()
        return log_price(product, actor)


def show_earlier(product: Product, shows: bool) -> bool:
    """Set whether the earlier price may be shown struck through; return whether that changed."""
    if product.shows_earlier == shows:
        return False
    product.shows_earlier = shows
    product.save(update_fields=["shows_earlier"])
    product.mark_edited()
    return True


def log_price(product: Product, actor: User | None) -> PriceChange:
    """Write the row of the product's present price; the first is written when it is listed."""
    return PriceChange.objects.create(
        product=product,
        price_fen=product.price_fen,
        net_grams=product.net_grams,
        unit=product.unit,
        actor=actor,
    )
