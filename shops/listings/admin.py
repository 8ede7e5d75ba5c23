"""Admin of products and of the log of decisions on them."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import phones
from accounts.backoffice.export import ExportMixin
from accounts.backoffice.filters import WaitingFilter, by_place
from accounts.backoffice.object_actions import ObjectActionsMixin, ask_reason
from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin
from accounts.models import AuditEntry, Membership
from accounts.requests import get_person
from media.photos.html import render_large_photo, render_thumbnail
from shops.audit import Verb
from shops.exceptions import ActionNotAllowed
from shops.listings import review
from shops.models import PriceChange, Product, ProductQuerySet, StockMove
from shops.products import search
from ui import formats

ORGANISER = (Membership.Role.ORGANISER,)


class Figures:
    """Columns of money and weight, formatted for reading."""

    @admin.display(description=gettext_lazy("价钱"), ordering="price_fen")
    def price(self, obj) -> str:
        return _("¥%(yuan)s / %(unit)s") % {
            "yuan": formats.yuan(obj.price_fen),
            "unit": obj.get_unit_display(),
        }

    @admin.display(description=gettext_lazy("净重"), ordering="net_grams")
    def weight(self, obj) -> str:
        return f"{formats.jin(obj.net_grams)} · {formats.kg(obj.net_grams)}"

    @admin.display(description=gettext_lazy("每斤 · 每公斤"))
    def per_weight(self, obj) -> str:
        jin, kg = formats.per_jin(obj.price_fen, obj.net_grams), formats.per_kg(obj.price_fen, obj.net_grams)
        return f"¥{jin} · ¥{kg}"


class LogAdmin(ReadOnlyMixin, ScopedAdmin):
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


Status = Product.Status
SEEN = "seen-"


@admin.register(Product)
class ProductAdmin(Figures, ExportMixin, ObjectActionsMixin, ScopedAdmin):
    view_roles = change_roles = ORGANISER
    list_display = (
        "picture",
        "called",
        "shop",
        "place",
        "category",
        "prices",
        "stock",
        "status",
        "submitted",
    )
    list_display_links = ("called",)
    list_select_related = ("shop", "place", "category", "cover")
    list_filter = (WaitingFilter.of(Status, Status.SUBMITTED), by_place("place"), "category", "grower")
    search_fields = ("search_text",)
    search_help_text = gettext_lazy("名称、品种、小店或村，拼音也行")
    steps = ("publish", "send_back", "withdraw")
    actions = (*steps, "export")
    fieldsets = (
        (None, {"fields": ("missing", "photos", "status", "return_reason")}),
        (gettext_lazy("卖什么"), {"fields": ("name", "variety", "category", "description", "grower", "origin",
                                             "harvest")}),
        (gettext_lazy("价钱和库存"), {"fields": ("price", "weight", "per_weight", "stock", "logs")}),
        (gettext_lazy("谁卖"), {"fields": ("shop_link", "seller", "place", "created_by")}),
        (gettext_lazy("经过"), {"fields": ("created_at", "submitted_at", "listed_at", "decided_by")}),
    )  # fmt: skip

    def has_add_permission(self, request):
        return False

    def ready_to_name(self, rows):
        return rows.select_related("shop")

    def name_of(self, obj):
        return f"{obj.name} · {obj.shop}"

    def get_readonly_fields(self, request, obj=None):
        """Make the seller's text, price and stock read-only; only the category can be corrected here."""
        every = [name for _title, part in self.fieldsets for name in part["fields"]]
        return [name for name in every if name != "category"]

    def get_ordering(self, request):
        """List waiting products by the time they have waited, all others newest first."""
        waits_only = request.GET.get("status", Status.SUBMITTED) == Status.SUBMITTED and not request.GET.get(
            "q"
        )
        return ("submitted_at", "id") if waits_only else ("-id",)

    def get_search_results(self, request, queryset, search_term):
        return search.filter_by_words(queryset, search_term), False

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        """Save only the category: saving the whole row would undo a sale made meanwhile."""
        if "category" in form.changed_data:
            obj.save(update_fields=["category"])
            search.index_products([obj])
            AuditEntry.write(request.user, Verb.PRODUCT_FILED, obj, obj.place, kind=str(obj.category))

    def get_view_on_site_url(self, obj=None):
        return super().get_view_on_site_url(obj) if obj and obj.is_published else None

    def step_fields(self, obj):
        return {f"{SEEN}{obj.pk}": review.compute_version(obj)}

    def steps_for(self, request, obj):
        labels = {
            "publish": (_("发布"), "main"),
            "send_back": (_("退回"), ""),
            "withdraw": (_("下架"), "stop"),
        }
        open_to = {
            Status.SUBMITTED: ("publish", "send_back"),
            Status.PUBLISHED: ("send_back", "withdraw"),
            Status.RETURNED: ("withdraw",),
        }
        return [(step, *labels[step]) for step in open_to.get(obj.status, ())]

    @admin.action(description=gettext_lazy("发布"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: ProductQuerySet) -> None:
        """Publish the listings as the page showed them; one that its seller has changed since is left out."""
        seen = {
            name.removeprefix(SEEN): value
            for name, value in request.POST.dict().items()
            if name.startswith(SEEN)
        }
        done, refused = review.publish_many(queryset, get_person(request), seen)
        if done:
            n = len(done)
            messages.success(request, ngettext("发布了 %(n)d 款。", "发布了 %(n)d 款。", n) % {"n": n})
        for product, reasons in refused:
            self.refused(request, product, reasons)

    @admin.action(description=gettext_lazy("退回"), permissions=["change"])
    def send_back(self, request: HttpRequest, queryset: QuerySet):
        def then(reason: str) -> None:
            n = self.each(
                request, queryset, lambda row: review.return_to_seller(row, reason, get_person(request))
            )
            if n:
                messages.success(request, ngettext("退回了 %(n)d 款。", "退回了 %(n)d 款。", n) % {"n": n})

        return ask_reason(self, request, queryset, title=_("退回给卖家修改"), button=_("退回"), then=then)

    @admin.action(description=gettext_lazy("下架"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet) -> None:
        n = self.each(request, queryset, lambda row: review.withdraw(row, get_person(request)))
        if n:
            messages.success(request, ngettext("下架了 %(n)d 款。", "下架了 %(n)d 款。", n) % {"n": n})

    def each(self, request: HttpRequest, rows: QuerySet, step) -> int:
        done = 0
        for product in rows.select_related("shop", "place").order_by("id"):
            try:
                step(product)
                done += 1
            except ActionNotAllowed as problem:
                self.refused(request, product, problem.reasons)
        return done

    def refused(self, request: HttpRequest, product: Product, reasons: list[str]) -> None:
        names = {"product": product, "why": _("；").join(reasons)}
        messages.error(request, _("“%(product)s”：%(why)s。") % names)

    # --- columns and read-only fields ---

    @admin.display(description=gettext_lazy("照片"))
    def picture(self, obj: Product) -> str:
        return render_thumbnail(obj.cover)

    @admin.display(description=gettext_lazy("名称"), ordering="name")
    def called(self, obj: Product) -> str:
        return f"{obj.name} {obj.variety}".strip()

    @admin.display(description=gettext_lazy("价钱"), ordering="millifen_per_jin")
    def prices(self, obj: Product) -> str:
        """Show the price of a unit and the price by weight."""
        return format_html(
            '<span class="nowrap">{}</span><br><span class="nowrap quiet">{}</span>',
            self.price(obj),
            self.per_weight(obj),
        )

    @admin.display(description=gettext_lazy("提交时间"), ordering="submitted_at")
    def submitted(self, obj: Product) -> str:
        """Show since when it waits, with a hidden field that the list's button posts."""
        when = localize(localtime(obj.submitted_at)) if obj.submitted_at else "—"
        hidden = '{}<input type="hidden" name="{}{}" value="{}">'
        return format_html(hidden, when, SEEN, obj.pk, review.compute_version(obj))

    @admin.display(description=gettext_lazy("照片"))
    def photos(self, obj: Product) -> str:
        shown = [(render_large_photo(row.photo),) for row in review.load_photos(obj)]
        return (
            format_html('<div class="photos">{}</div>', format_html_join("", "{}", shown)) if shown else "—"
        )

    @admin.display(description=gettext_lazy("还缺什么"))
    def missing(self, obj: Product) -> str:
        reasons = review.list_missing(obj)
        if not reasons:
            return _("不缺什么，可以发布。")
        return format_html(
            '<ul class="missing">{}</ul>', format_html_join("", "<li>{}</li>", ((r,) for r in reasons))
        )

    @admin.display(description=gettext_lazy("什么时候采"))
    def harvest(self, obj: Product) -> str:
        return f"{obj.harvest_from:%Y-%m-%d} — {obj.harvest_until:%Y-%m-%d}"

    @admin.display(description=gettext_lazy("小店"))
    def shop_link(self, obj: Product) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:shops_shop_change", args=[obj.shop_id]), obj.shop
        )

    @admin.display(description=gettext_lazy("店主"))
    def seller(self, obj: Product) -> str:
        return f"{obj.shop.owner.name} · {phones.format_local(obj.shop.owner.phone)}"

    @admin.display(description=gettext_lazy("流水"))
    def logs(self, obj: Product) -> str:
        lists = (("shops_pricechange", _("价格流水")), ("shops_stockmove", _("库存流水")))
        urls = ((f"{reverse(f'admin:{name}_changelist')}?product={obj.pk}", words) for name, words in lists)
        return format_html_join(" · ", '<a href="{}">{}</a>', urls)

    def export_rows(self, queryset):
        return queryset.select_related("shop", "place", "category").defer("search_text")

    def export_columns(self):
        return [
            (_("名称"), lambda row: row.name),
            (_("品种"), lambda row: row.variety),
            (_("种类"), lambda row: row.category.name),
            (_("小店"), lambda row: row.shop.name),
            (_("村"), lambda row: row.place.name),
            (_("按什么卖"), lambda row: row.get_unit_display()),
            (_("净重（斤）"), lambda row: formats.figure(row.net_grams, formats.JIN)),
            (_("价钱（元）"), lambda row: formats.yuan(row.price_fen)),
            (_("每斤（元）"), lambda row: formats.per_jin(row.price_fen, row.net_grams)),
            (_("库存"), lambda row: row.stock),
            (_("状态"), lambda row: row.get_status_display()),
            (_("上架时间"), lambda row: f"{row.listed_at:%Y-%m-%d}" if row.listed_at else ""),
        ]
