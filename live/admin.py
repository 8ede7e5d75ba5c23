"""The admin of lives, read-only: plans, scripts, ticks, corrections, sales, quotas, guardians' consents."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.backoffice.choices import list_rows
from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin, ScopedInline
from accounts.models import Membership, User
from live.models import (
    ChecklistTick,
    GuardianConsent,
    LiveSale,
    Livestream,
    QuotaMove,
    RundownItem,
    ScriptVersion,
    Slip,
)
from ui import formats

ORGANISER = (Membership.Role.ORGANISER,)


class ItemsInline(ReadOnlyMixin, ScopedInline):
    model = RundownItem
    verbose_name_plural = _("排品表")
    can_delete = False
    fields = ("position", "what", "role", "minutes", "price", "quota", "left")
    readonly_fields = ("what", "price", "left")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("product").order_by("position", "id")

    @admin.display(description=gettext_lazy("货"))
    def what(self, obj: RundownItem) -> str:
        return str(obj)

    @admin.display(description=gettext_lazy("价钱"))
    def price(self, obj: RundownItem) -> str:
        fen = obj.unit_price_fen
        return f"¥{formats.yuan(fen)}" if fen else ""


@admin.register(Livestream)
class LivestreamAdmin(ReadOnlyMixin, ScopedAdmin):
    fields = ("title", "kind", "drill", "shop", "place", "host", "mentor", "platform", "platform_url", "starts_at",
              "planned_minutes", "started_at", "started_by", "ended_at", "ended_by", "removed_at", "page")  # fmt: skip
    readonly_fields = ("page",)
    inlines = (ItemsInline,)
    list_display = ("title", "kind", "host", "shop", "place", "starts_at", "started_at", "ended_at")
    list_select_related = ("host", "shop", "place")
    list_filter = ("kind", "platform")
    search_fields = ("title", "host__name", "shop__name")
    search_help_text = gettext_lazy("名字、谁讲或店名")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at", "-id")

    @admin.display(description=gettext_lazy("打开"))
    def page(self, obj: Livestream) -> str:
        if obj.removed_at:
            return ""
        url = reverse("live:plan", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', url, _("看排品表"))


class LiveLog(ReadOnlyMixin, ScopedAdmin):
    """Append-only rows that belong to the lives that the user may see."""

    within = "livestream"
    list_select_related: ClassVar[tuple[str, ...]] = ("livestream", "by")
    search_fields = ("livestream__title",)
    search_help_text = gettext_lazy("直播的名字")
    ordering = ("-id",)


@admin.register(ChecklistTick)
class ChecklistTickAdmin(LiveLog):
    list_display = ("livestream", "code", "is_done", "by", "at")
    fields = ("livestream", "code", "is_done", "by", "at")
    list_filter = ("code", "is_done")


@admin.register(LiveSale)
class LiveSaleAdmin(LiveLog):
    view_roles = ORGANISER
    list_select_related = ("livestream", "item__product", "by")
    list_display = ("livestream", "item", "quantity", "price", "oversold", "by", "happened_at")
    fields = ("livestream", "item", "quantity", "price", "net_grams", "from_quota", "from_stock", "oversold", "undoes",
              "by", "happened_at", "received_at")  # fmt: skip

    @admin.display(description=gettext_lazy("一份多少钱"), ordering="price_fen")
    def price(self, obj: LiveSale) -> str:
        return f"¥{formats.yuan(obj.price_fen)}"


@admin.register(Slip)
class SlipAdmin(LiveLog):
    list_display = ("livestream", "said", "right", "by", "happened_at")
    fields = ("livestream", "item", "said", "right", "by", "happened_at", "received_at")


class ItemLog(ReadOnlyMixin, ScopedAdmin):
    """Append-only rows that belong to items of the lives that the user may see."""

    list_select_related: ClassVar[tuple[str, ...]] = ("item__product", "item__livestream")
    search_fields = ("item__livestream__title", "item__product__name", "item__name")
    search_help_text = gettext_lazy("直播的名字或货")
    ordering = ("-id",)

    def rows(self, user):
        lives = list_rows(self.admin_site, Livestream, user).order_by().values("pk")
        found = self.model._default_manager.filter(item__livestream__in=lives)
        return found if user.is_superuser or user.places_with_role(*self.view_roles) else found.none()

    @admin.display(description=pgettext_lazy("one", "直播"))
    def live(self, obj) -> str:
        return str(obj.item.livestream)


@admin.register(ScriptVersion)
class ScriptVersionAdmin(ItemLog):
    list_display = ("live", "item", "number", "made_by", "made_at")
    list_select_related = ("item__product", "item__livestream", "made_by")
    fields = ("live", "item", "number", "words", "made_by", "made_at")
    readonly_fields = ("words", "live")

    @admin.display(description=gettext_lazy("五段话"))
    def words(self, obj: ScriptVersion) -> str:
        return "\n\n".join(text for part in obj.PARTS if (text := obj.parts.get(part)))


@admin.register(QuotaMove)
class QuotaMoveAdmin(ItemLog):
    view_roles = ORGANISER
    list_display = ("live", "item", "change", "reason", "actor", "at")
    list_select_related = ("item__product", "item__livestream", "actor")
    list_filter = ("reason",)
    fields = ("live", "item", "change", "reason", "actor", "at")
    readonly_fields = ("live", "change")

    @admin.display(description=gettext_lazy("增减"), ordering="delta")
    def change(self, obj: QuotaMove) -> str:
        return f"{obj.delta:+d}"


@admin.register(GuardianConsent)
class GuardianConsentAdmin(ReadOnlyMixin, ScopedAdmin):
    """Guardians' consents; the document is opened on the live's page, which checks its own permission."""

    view_roles = ORGANISER
    list_display = ("user", "guardian", "relation", "given_on", "made_by", "made_at", "withdrawn_at")
    list_select_related = ("user", "made_by")
    fields = ("user", "guardian", "relation", "given_on", "made_by", "made_at", "withdrawn_at")
    search_fields = ("user__name", "guardian")
    search_help_text = gettext_lazy("主播或监护人")
    ordering = ("-id",)

    def rows(self, user):
        """Return the consents of hosts who belong to the user's places."""
        found = GuardianConsent.objects.all()
        if user.is_superuser:
            return found
        people = list_rows(self.admin_site, User, user).order_by().values("pk")
        return found.filter(user__in=people) if user.places_with_role(*self.view_roles) else found.none()
