"""Admin of orders, their events, damage claims and payment codes, for those who answer complaints. Everything is read-only."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import phones
from accounts.backoffice.object_actions import ObjectActionsMixin, ask_reason
from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin
from accounts.models import AuditEntry, Membership, User
from accounts.worklist.items import WorkItem, register_work
from shops.audit import Verb
from shops.models import Claim, Order, OrderEvent, PayCode, Shop
from shops.orders import departure
from shops.sellers import payment_codes
from ui import formats

ORGANISER = (Membership.Role.ORGANISER,)


class HistoryAdmin(ReadOnlyMixin, ScopedAdmin):
    """Rows of a history, limited to shops in the user's places."""

    view_roles = ORGANISER
    ordering = ("-id",)


class SteppedHistoryAdmin(ObjectActionsMixin, HistoryAdmin):
    """A history whose rows are never edited by hand; actions on them check the rules of their services."""

    def found(self, request, object_id, to_change=False):
        """Refuse any change by hand."""
        return super().found(request, object_id)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.found(request, object_id)
        buttons = [
            {"url": reverse(f"admin:{self.step_name(step)}", args=[row.pk]), "words": words, "look": look}
            for step, words, look in self.steps_for(request, row)
        ]
        return super().change_view(request, object_id, form_url, {"steps": buttons} | (extra_context or {}))


@register_work(in_admin=True)
def codes_to_decide(user: User) -> list[WorkItem]:
    """List payment codes to decide about, of sellers whose password somebody else has just reset."""
    if not user.is_superuser and not user.places_with_role(*ORGANISER):
        return []
    n = payment_codes.list_to_decide(user).count()
    sentence = ngettext("%(n)s 张收款码等你同意", "%(n)s 张收款码等你同意", n) % {"n": n}
    url = f"{reverse('admin:shops_paycode_changelist')}?status__exact=waiting"
    return [WorkItem("paycode_waiting", n, sentence, url, "qr", "me", admin_url=url)]


class Stranded(admin.SimpleListFilter):
    """Open orders of shops whose seller's role has ended; an organiser tells the buyers."""

    title = gettext_lazy("卖家")
    parameter_name = "stranded"

    def lookups(self, request, model_admin):
        return [("1", gettext_lazy("身份结束了，单没办完"))]

    def queryset(self, request, queryset):
        if self.value() != "1":
            return None
        return queryset.filter(pk__in=departure.find_unsettled().order_by().values("pk"))


@register_work(in_admin=True)
def orders_without_seller(user: User) -> list[WorkItem]:
    if not user.is_superuser and not user.places_with_role(*ORGANISER):
        return []
    n = (
        departure.find_unsettled()
        .filter(shop__in=Shop.objects.manageable_by(user).order_by().values("pk"))
        .count()
    )
    sentence = ngettext("%(n)s 单没办完，卖家的身份已经结束", "%(n)s 单没办完，卖家的身份已经结束", n) % {
        "n": n
    }
    url = f"{reverse('admin:shops_order_changelist')}?stranded=1"
    return [WorkItem("order_stranded", n, sentence, url, "list", "me", admin_url=url)]


@admin.register(Order)
class OrderAdmin(SteppedHistoryAdmin):
    """Orders, without the buyer's secret link, which gives access to the order."""

    within = "shop"
    view_on_site = False
    steps = ("see_to",)
    list_display = ("number", "shop", "state", "buyer", "phone_number", "total", "placed_at")
    list_filter = ("status", Stranded)
    list_select_related = ("shop",)
    search_fields = ("number", "buyer", "phone", "shop__name")
    search_help_text = gettext_lazy("订单号、买家、手机号或店名")
    fields = ("number", "shop", "state", "goods", "total", "refunded", "weights", "buyer", "phone_number", "region",
              "address", "point", "note", "courier", "parcel", "placed_at", "expires_at", "accepted_at", "received_at",
              "trail")  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("shop", "point")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Record in the audit trail who opened a buyer's name, phone and address; once an hour for each order."""
        order = self.found(request, object_id)
        answer = super().change_view(request, object_id, form_url, extra_context)
        subject, since = f"order {order.pk}", timezone.now() - datetime.timedelta(hours=1)
        seen = AuditEntry.objects.filter(
            subject=subject, verb=Verb.ORDER_OPENED, actor=request.user, at__gt=since
        )
        if answer.status_code == 200 and not seen.exists():
            AuditEntry.write(request.user, Verb.ORDER_OPENED, order, order.shop.place, name=order.number)
        return answer

    def steps_for(self, request, obj):
        waits = departure.find_unsettled().filter(pk=obj.pk).exists()
        return [("see_to", _("跟买家说清楚了"), "main")] if waits else []

    def see_to(self, request, queryset):
        waiting = departure.find_unsettled().order_by().values("pk")
        for order in queryset.filter(pk__in=waiting).select_related("shop__place"):
            departure.record_seen_to(order, request.user)
            messages.success(request, _("记下了，这一单不再排在“等你办的”里。"))

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, obj: Order) -> str:
        return str(obj.state.label)

    @admin.display(description=gettext_lazy("手机号"))
    def phone_number(self, obj: Order) -> str:
        return phones.format_local(obj.phone)

    @admin.display(description=gettext_lazy("合计"), ordering="total_fen")
    def total(self, obj: Order) -> str:
        return f"¥{formats.yuan(obj.total_fen)}"

    @admin.display(description=gettext_lazy("退了"))
    def refunded(self, obj: Order) -> str:
        return f"¥{formats.yuan(obj.refunded_fen)}"

    @admin.display(description=gettext_lazy("重量"))
    def weights(self, obj: Order) -> str:
        weights = {
            "net": formats.kg(obj.net_grams),
            "gross": formats.kg(obj.gross_grams),
            "packed": formats.kg(obj.packed_grams) or "—",
        }
        return _("净重 %(net)s · 毛重 %(gross)s · 装箱实重 %(packed)s") % weights

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
        return f"¥{formats.yuan(obj.fen)}" if obj.fen else "—"

    @admin.display(description=gettext_lazy("重量"), ordering="grams")
    def weight(self, obj: OrderEvent) -> str:
        return formats.kg(obj.grams) if obj.grams else "—"

    @admin.display(description=gettext_lazy("详情"))
    def words(self, obj: OrderEvent) -> str:
        details = [
            str(obj.detail[name])
            for name in ("reason", "answer", "courier", "parcel")
            if obj.detail.get(name)
        ]
        return " · ".join(details) or "—"


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
        return f"¥{formats.yuan(obj.refund_fen)}" if obj.refund_fen else "—"


@admin.register(PayCode)
class PayCodeAdmin(SteppedHistoryAdmin):
    """The history of payment codes: when each was changed and by whom.

    Only the shop's sellers, its buyers, and whoever decides about a code after a password reset
    (shops.sellers.payment_codes) may see the picture.
    """

    within = "shop"
    list_display = ("shop", "is_there", "status", "set_by", "at")
    list_filter = ("status",)
    list_select_related = ("shop", "set_by")
    search_fields = ("shop__name", "set_by__name")
    search_help_text = gettext_lazy("店名或更换人")
    fields = (
        "shop",
        "is_there",
        "status",
        "picture_shown",
        "owner",
        "given_by",
        "set_by",
        "at",
        "decided_by",
        "decided_at",
    )
    steps = ("approve", "decline")

    def get_object(self, request, object_id, from_field=None):
        obj = super().get_object(request, object_id, from_field)
        if obj:
            obj.looked_at_by = request.user
        return obj

    def steps_for(self, request, obj):
        if obj.status != PayCode.Status.WAITING or not payment_codes.can_decide(request.user, obj):
            return []
        return [("approve", _("同意，就用这张"), "main"), ("decline", _("不同意"), "stop")]

    def approve(self, request, queryset):
        self.decide(
            request,
            queryset,
            lambda row: payment_codes.approve(row, request.user),
            _("同意了，买家现在看到新的收款码。"),
        )

    def decline(self, request, queryset):
        def then(reason: str) -> None:
            step = lambda row: payment_codes.decline(row, request.user, reason)  # noqa: E731
            self.decide(request, queryset, step, _("没同意，买家看到的还是原来的收款码。"))

        if not all(self.steps_for(request, row) for row in queryset):
            raise PermissionDenied
        return ask_reason(self, request, queryset, title=_("不同意这张收款码"), button=_("不同意"), then=then)

    def decide(self, request, rows, step, message: str) -> None:
        for row in rows.select_related("shop__owner", "shop__place"):
            if not payment_codes.can_decide(request.user, row):
                raise PermissionDenied
            try:
                step(row)
                messages.success(request, message)
            except payment_codes.AlreadyDecided:
                messages.warning(request, _("这张收款码已经有人决定过了。"))

    @admin.display(description=gettext_lazy("图片"))
    def picture_shown(self, obj: Any) -> str:
        if obj.status != PayCode.Status.WAITING or not obj.picture_id:
            return "—"
        if not payment_codes.can_decide(obj.looked_at_by, obj):
            return _("你给店主换过密码，或者是你自己放的：要另一位管理员来看。")
        url = reverse("shops:paycode_picture", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', url, _("看图：上面的名字对得上卖家吗？"))

    @admin.display(description=gettext_lazy("店主"))
    def owner(self, obj: PayCode) -> str:
        """Show the owner and their phone, because the organiser must call them before approving."""
        return f"{obj.shop.owner.name} {phones.format_local(obj.shop.owner.phone)}"

    @admin.display(description=gettext_lazy("谁给店主换过密码"))
    def given_by(self, obj: PayCode) -> str:
        people = {obj.reset_by, obj.shop.owner.password_reset_by}
        return _("、").join(sorted(person.name for person in people if person)) or "—"

    @admin.display(description=gettext_lazy("有图"), boolean=True)
    def is_there(self, obj: PayCode) -> bool:
        return obj.picture_id is not None
