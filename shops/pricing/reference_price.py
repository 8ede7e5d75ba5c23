"""Find the reference price (划线价): the earlier price that may be shown struck through after a price cut.

明码标价和禁止价格欺诈规定 §16: it must not be higher than the lowest price at which the product was sold in the seven days
before the cut, or, if nothing was sold in them, than the last price at which it was sold. Prices are compared by weight
(fen per gram), because a box may hold less than it did.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import F, FloatField, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from shops.models import GRAMS_PER_JIN, Deal, PriceChange, Product
from ui import formats
from ui.database.orm import PRESENT, PreparedQuery
from ui.formats import day as spoken

WEEK = datetime.timedelta(days=7)
FEN_PER_GRAM = Cast("price_fen", FloatField()) / F("net_grams")


@dataclass(frozen=True)
class ReferencePrice:
    """`fen` is the price of one unit of today's weight at the earlier price per gram, and `per_jin_fen` that of 500 g, both
    rounded down. `day` is the day of the sale, `cut_on` that of the cut; `in_week` whether the sale was in the seven days
    before the cut."""

    fen: int
    per_jin_fen: int
    day: datetime.date
    cut_on: datetime.date
    in_week: bool

    @property
    def per_jin(self) -> str:
        return formats.yuan(self.per_jin_fen)

    @property
    def basis(self) -> str:
        """Return the sentence that is printed wherever the price is struck through."""
        facts = {"price": self.per_jin, "day": spoken(self.day), "cut": spoken(self.cut_on)}
        if self.in_week:
            return _("%(cut)s降的价。划掉的每斤 ¥%(price)s，是降价前 7 天里最低的成交价（%(day)s）。") % facts
        return (
            _("%(cut)s降的价。降价前 7 天没有成交，划掉的每斤 ¥%(price)s 是最后一次成交价（%(day)s）。")
            % facts
        )


def find_reference_price(product: Product, now: datetime.datetime | None = None) -> ReferencePrice | None:
    """Return the reference price at `now`, or None; at most three queries.

    None if the newest price is no cut, if nothing was sold before it, or if the earlier price, as displayed, is not higher
    than today's. The caller checks the seller's own switch, `Product.shows_earlier`.
    """
    cut = find_cut(product, now or timezone.now())
    if cut is None:
        return None
    sold = Deal.objects.standing().filter(product=product, at__lt=cut.at)
    lowest_of_week = sold.filter(at__gte=cut.at - WEEK).order_by(FEN_PER_GRAM, "-at").first()
    deal = lowest_of_week or sold.order_by("-at", "-id").first()
    if deal is None:
        return None

    fen = deal.price_fen * product.net_grams // deal.net_grams
    per_jin_fen = deal.price_fen * GRAMS_PER_JIN // deal.net_grams
    per_jin_today = formats.fen_per(product.price_fen, product.net_grams, GRAMS_PER_JIN)
    if fen <= product.price_fen or per_jin_fen <= per_jin_today:
        return None
    return ReferencePrice(
        fen, per_jin_fen, get_local_day(deal.at), get_local_day(cut.at), in_week=lowest_of_week is not None
    )


def find_last_changes(product: int) -> QuerySet[PriceChange]:
    return PriceChange.objects.filter(product=product, at__lte=PRESENT).order_by("-at", "-id")[:2]


LAST_CHANGES = PreparedQuery(find_last_changes, 1)


def find_cut(product: Product, now: datetime.datetime) -> PriceChange | None:
    """Return the newest price change if it made the same weight cheaper than the price before it."""
    match LAST_CHANGES.instances(product.pk, now=now):
        case [newest, before] if newest.price_fen * before.net_grams < before.price_fen * newest.net_grams:
            return newest
    return None


def get_local_day(at: datetime.datetime) -> datetime.date:
    return timezone.localtime(at).date()
