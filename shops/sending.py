"""How a listing reaches its buyers: with its freight included, by the shop's table, or fetched. One of them must be."""

from __future__ import annotations

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from shops import freight_table
from shops.models import FreightRate, PickUpPoint, Product, Shop


class Sending(models.TextChoices):
    """What the first listing of a shop that has neither table nor point asks."""

    INCLUDED = "included", gettext_lazy("包邮，运费我出")
    TABLE = "table", gettext_lazy("买家出运费，先用常见的运费表")
    FETCHED = "fetched", gettext_lazy("不寄，让人来取")


def is_settled(shop: Shop | None) -> bool:
    """Whether the shop says what sending costs, or where to fetch. Two queries at most."""
    if shop is None:
        return False
    rates = FreightRate.objects.filter(shop=shop, ships=True)
    return rates.exists() or PickUpPoint.objects.filter(shop=shop, is_open=True).exists()


def is_missing(product: Product) -> bool:
    """Whether a buyer could not know what it costs to have it (明码标价和禁止价格欺诈规定 §11)."""
    return not product.freight_included and not is_settled(product.shop)


@transaction.atomic
def settle(shop: Shop, chosen: str, actor: User | None) -> None:
    """Writes what the seller has chosen, unless the shop has it by now."""
    if chosen == Sending.TABLE and not FreightRate.objects.filter(shop=shop).exists():
        freight_table.write(shop, freight_table.START, actor)
    if chosen == Sending.FETCHED and not PickUpPoint.objects.filter(shop=shop).exists():
        PickUpPoint.objects.create(
            shop=shop,
            name=_("自家"),
            address=shop.address or shop.place.full_name(),
            hours=_("先打电话约好"),
        )


def table_in_words() -> str:
    """The usual table as it is offered."""
    parts = [
        _("%(names)s：%(price)s") % {"names": group.names(), "price": group.price.words()}
        for group in freight_table.START
    ]
    return _("；").join(parts) + _("。以后在“运费表”里随时改。")
