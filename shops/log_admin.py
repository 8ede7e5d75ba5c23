"""The append-only logs of listings: what they cost and how many there were, when, by whom."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.scoping import ReadOnly, ScopedAdmin
from shops.models import PriceChange, StockMove
from ui import amounts

ORGANISER = (Membership.Role.ORGANISER,)


class Figures:
    """Columns of money and weight, as people read them."""

    @admin.display(description=gettext_lazy("价钱"), ordering="price_fen")
    def price(self, obj) -> str:
        return _("¥%(yuan)s / %(unit)s") % {
            "yuan": amounts.yuan(obj.price_fen),
            "unit": obj.get_unit_display(),
        }

    @admin.display(description=gettext_lazy("净重"), ordering="net_grams")
    def weight(self, obj) -> str:
        return f"{amounts.jin(obj.net_grams)} · {amounts.kg(obj.net_grams)}"

    @admin.display(description=gettext_lazy("每斤 · 每公斤"))
    def per_weight(self, obj) -> str:
        jin, kg = amounts.per_jin(obj.price_fen, obj.net_grams), amounts.per_kg(obj.price_fen, obj.net_grams)
        return f"¥{jin} · ¥{kg}"


class LogAdmin(ReadOnly, ScopedAdmin):
    """An append-only log of products."""

    view_roles = ORGANISER
    within = "product"
    linked_lookups = ("product",)
    list_select_related = ("product", "actor")
    search_fields = ("product__name",)
    search_help_text = gettext_lazy("商品名")
    ordering = ("-id",)


@admin.register(PriceChange)
class PriceChangeAdmin(Figures, LogAdmin):
    list_display = ("product", "price", "weight", "per_weight", "actor", "at")
    fields = ("product", "price", "weight", "per_weight", "actor", "at")


@admin.register(StockMove)
class StockMoveAdmin(LogAdmin):
    list_display = ("product", "change", "reason", "actor", "at")
    list_filter = ("reason",)
    fields = ("product", "change", "reason", "actor", "at")

    @admin.display(description=gettext_lazy("增减"), ordering="delta")
    def change(self, obj: StockMove) -> str:
        return f"{obj.delta:+d}"
