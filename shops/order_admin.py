"""Orders, their trail, damage and payment codes for who answers complaints: looked at, never changed here."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import phones
from accounts.models import Membership
from accounts.scoping import ReadOnly, ScopedAdmin
from shops.models import Claim, Order, OrderEvent, PayCode
from ui import amounts

ORGANISER = (Membership.Role.ORGANISER,)


class HistoryAdmin(ReadOnly, ScopedAdmin):
    """Rows that say what happened, of the shops in the places a person holds."""

    view_roles = ORGANISER
    ordering = ("-id",)


@admin.register(Order)
class OrderAdmin(HistoryAdmin):
    """The buyer's link is not shown: it is the buyer's key to the order."""

    within = "shop"
    view_on_site = False
    list_display = ("number", "shop", "state", "buyer", "phone_number", "total", "placed_at")
    list_filter = ("status",)
    list_select_related = ("shop",)
    search_fields = ("number", "buyer", "phone", "shop__name")
    search_help_text = gettext_lazy("订单号、买家、手机号或店名")
    fields = ("number", "shop", "state", "goods", "total", "refunded", "weights", "buyer", "phone_number", "region",
              "address", "point", "note", "courier", "parcel", "placed_at", "expires_at", "accepted_at", "received_at",
              "trail")  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("shop", "point")

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, obj: Order) -> str:
        return str(obj.state.label)

    @admin.display(description=gettext_lazy("手机号"))
    def phone_number(self, obj: Order) -> str:
        return phones.local(obj.phone)

    @admin.display(description=gettext_lazy("合计"), ordering="total_fen")
    def total(self, obj: Order) -> str:
        return f"¥{amounts.yuan(obj.total_fen)}"

    @admin.display(description=gettext_lazy("退了"))
    def refunded(self, obj: Order) -> str:
        return f"¥{amounts.yuan(obj.refunded_fen)}"

    @admin.display(description=gettext_lazy("重量"))
    def weights(self, obj: Order) -> str:
        told = {
            "net": amounts.kg(obj.net_grams),
            "gross": amounts.kg(obj.gross_grams),
            "packed": amounts.kg(obj.packed_grams) or "—",
        }
        return _("净重 %(net)s · 毛重 %(gross)s · 装箱实重 %(packed)s") % told

    @admin.display(description=gettext_lazy("要了什么"))
    def goods(self, obj: Order) -> str:
        rows = ((line.name, line.words) for line in obj.lines.all())
        return format_html_join("", "<div>{} {}</div>", rows)

    @admin.display(description=gettext_lazy("一步一步"))
    def trail(self, obj: Order) -> str:
        url = f"{reverse('admin:shops_orderevent_changelist')}?q={obj.number}"
        return format_html('<a href="{}">{}</a>', url, _("看流水"))


@admin.register(OrderEvent)
class OrderEventAdmin(HistoryAdmin):
    within = "order"
    list_display = ("order", "verb", "by", "actor", "figure", "weight", "at")
    list_filter = ("verb", "by")
    list_select_related = ("order", "actor")
    search_fields = ("order__number",)
    search_help_text = gettext_lazy("订单号")
    fields = ("order", "claim", "verb", "by", "actor", "figure", "weight", "words", "at")

    @admin.display(description=gettext_lazy("金额"), ordering="fen")
    def figure(self, obj: OrderEvent) -> str:
        return f"¥{amounts.yuan(obj.fen)}" if obj.fen else "—"

    @admin.display(description=gettext_lazy("重量"), ordering="grams")
    def weight(self, obj: OrderEvent) -> str:
        return amounts.kg(obj.grams) if obj.grams else "—"

    @admin.display(description=gettext_lazy("细节"))
    def words(self, obj: OrderEvent) -> str:
        said = [
            str(obj.detail[name])
            for name in ("reason", "answer", "courier", "parcel")
            if obj.detail.get(name)
        ]
        return " · ".join(said) or "—"


@admin.register(Claim)
class ClaimAdmin(HistoryAdmin):
    within = "order"
    list_display = ("order", "status", "refund", "resend", "answered_by", "at", "answered_at")
    list_filter = ("status",)
    list_select_related = ("order", "answered_by")
    search_fields = ("order__number", "text")
    search_help_text = gettext_lazy("订单号或买家写的话")
    fields = ("order", "text", "status", "refund", "resend", "answer", "answered_by", "at", "answered_at")

    @admin.display(description=gettext_lazy("退多少"), ordering="refund_fen")
    def refund(self, obj: Claim) -> str:
        return f"¥{amounts.yuan(obj.refund_fen)}" if obj.refund_fen else "—"


@admin.register(PayCode)
class PayCodeAdmin(HistoryAdmin):
    """When it was changed and by whom; the picture itself is for the shop's sellers and its buyers."""

    within = "shop"
    list_display = ("shop", "is_there", "set_by", "at")
    list_select_related = ("shop", "set_by")
    search_fields = ("shop__name", "set_by__name")
    search_help_text = gettext_lazy("店名或谁换的")
    fields = ("shop", "is_there", "set_by", "at")

    @admin.display(description=gettext_lazy("有图"), boolean=True)
    def is_there(self, obj: PayCode) -> bool:
        return obj.picture_id is not None
