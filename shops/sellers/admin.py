"""The admin of shops: who owns them, and whether their sellers were verified."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import phones
from accounts.admin.people import list_changed_fields
from accounts.audit import list_changed_values
from accounts.backoffice.filters import by_place
from accounts.backoffice.object_actions import ObjectActionsMixin
from accounts.backoffice.scoped import ScopedAdmin
from accounts.backoffice.slugs import find_free_slug
from accounts.models import AuditEntry, Membership
from media.admin_forms import CoverForm, EarlyStorageMixin
from media.photos.html import render_thumbnail
from shops import identity, site_mode
from shops.audit import Verb
from shops.exceptions import ActionNotAllowed
from shops.models import Product, Shop
from shops.products import search

ORGANISER = (Membership.Role.ORGANISER,)


class ShopAdminForm(CoverForm):
    def clean(self) -> dict:
        cleaned = super().clean()
        owner, place = cleaned.get("owner"), cleaned.get("place")
        if owner and place and not self.instance.pk:
            sells = owner.memberships.granted().filter(role=Membership.Role.SELLER, place=place)
            if not sells.exists():
                self.add_error("owner", _("%(name)s 还不是这个村的卖家，先同意卖家身份。") % {"name": owner})
            elif owner.shops_owned.filter(place=place).exists():
                self.add_error("owner", _("%(name)s 在这个村已经有小店。") % {"name": owner})
        return cleaned


class ToVerify(admin.SimpleListFilter):
    title = gettext_lazy("核验")
    parameter_name = "verify"

    def lookups(self, request, model_admin):
        return [("due", _("该核验了"))]

    def queryset(self, request, queryset):
        return queryset.filter(site_mode.filter_to_verify()) if self.value() == "due" else queryset


@admin.register(Shop)
class ShopAdmin(ObjectActionsMixin, EarlyStorageMixin, ScopedAdmin):
    """Manage shops; contact and helpers are the owner's choice and read-only here."""

    view_roles = change_roles = ORGANISER
    form = ShopAdminForm
    CARD = ("seller", "legal_name", "licence_no", "sources", "exemption", "verified_on", "verified_by")
    fields = ("name", "owner", "owner_phone", "place", *CARD, "story", "address", "contact", "helper_names", "cover",
              "is_open", "created_at")  # fmt: skip
    steps = actions = ("verify",)
    autocomplete_fields = ("owner", "place")
    list_display = ("picture", "name", "owner", "owner_phone", "place", "on_sale", "waiting", "is_open",
                    "verified_on")  # fmt: skip
    list_display_links = ("name",)
    list_select_related = ("owner", "place", "cover")
    list_filter = (ToVerify, "is_open", by_place("place"))
    search_fields = ("name", "owner__name", "owner__phone")
    search_help_text = gettext_lazy("店名、店主或手机号")
    ordering = ("-id",)

    def get_queryset(self, request):
        selling = Count("products", Q(products__status=Product.Status.PUBLISHED))
        waiting = Count("products", Q(products__status=Product.Status.SUBMITTED))
        return super().get_queryset(request).annotate(selling=selling, in_line=waiting)

    def get_fields(self, request, obj=None):
        return self.fields if obj else ("name", "owner", "place", "story", "address")

    def get_readonly_fields(self, request, obj=None):
        always = ("owner_phone", "contact", "helper_names", "created_at", *self.CARD)
        return (*always, "owner", "place") if obj else always

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        if not change:
            obj.slug = find_free_slug(Shop, obj.name, "shop")
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            search.index_many(Product.objects.filter(shop=obj))
        verb = Verb.SHOP_CHANGED if change else Verb.SHOP_OPENED
        if change and "is_open" in form.changed_data:
            verb = Verb.SHOP_REOPENED if obj.is_open else Verb.SHOP_CLOSED
        changed = [name for name in list_changed_fields(form) if name in form.initial]
        changes = (
            list_changed_values(form.initial, {name: form.cleaned_data.get(name) for name in changed})
            if change
            else {}
        )
        more = {"changes": changes} if changes else {}
        AuditEntry.write(
            request.user, verb, obj, obj.place, name=obj.name, fields=list_changed_fields(form), **more
        )

    def has_add_permission(self, request):
        return super().has_add_permission(request) and site_mode.can_open_another()

    def steps_for(self, request, obj):
        return [("verify", _("核验过了"), "main")] if site_mode.verifies_sellers() else []

    @admin.action(description=gettext_lazy("核验过了"), permissions=["change"])
    def verify(self, request, queryset):
        """Record that the seller's name, licence number, address and phone were checked against documents."""
        for shop in queryset.select_related("place"):
            try:
                identity.verify(shop, request.user)
                messages.success(request, _("“%(shop)s”今天核验过了。") % {"shop": shop})
            except ActionNotAllowed as problem:
                params = {"product": shop, "why": _("；").join(problem.reasons)}
                messages.error(request, _("“%(product)s”：%(why)s。") % params)

    @admin.display(description=gettext_lazy("封面"))
    def picture(self, obj: Shop) -> str:
        return render_thumbnail(obj.cover)

    @admin.display(description=gettext_lazy("店主手机号"))
    def owner_phone(self, obj: Shop) -> str:
        return phones.format_local(obj.owner.phone)

    @admin.display(description=gettext_lazy("帮手"))
    def helper_names(self, obj: Shop) -> str:
        return _("、").join(helper.name for helper in obj.helpers.all()) or "—"

    @admin.display(description=gettext_lazy("在卖"), ordering="selling")
    def on_sale(self, obj: Any) -> int:
        return obj.selling

    @admin.display(description=gettext_lazy("等审核"), ordering="in_line")
    def waiting(self, obj: Any) -> int:
        return obj.in_line
