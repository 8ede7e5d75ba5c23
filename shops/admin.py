"""Shops, village pages and kinds of produce. Listings have a module of their own."""

from __future__ import annotations

from django.contrib import admin
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import doings, phones
from accounts.admin import PlaceAdmin
from accounts.choosing import by_place
from accounts.models import AuditEntry, Membership
from accounts.person_admin import fields_of
from accounts.places import Place
from accounts.scoping import ScopedAdmin
from accounts.slugs import free_slug
from media.admin_forms import CoverForm, Uploading
from media.thumbnails import thumbnail
from shops import search
from shops.models import Category, Product, Shop, Village
from shops.order_admin import OrderAdmin  # noqa: F401 - registers itself
from shops.product_admin import ProductAdmin  # noqa: F401 - registers itself
from shops.trail import Verb

ORGANISER = (Membership.Role.ORGANISER,)
doings.know(Verb)


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


@admin.register(Shop)
class ShopAdmin(Uploading, ScopedAdmin):
    """Contact and helpers are the owner's own choice, so they are only shown."""

    view_roles = change_roles = ORGANISER
    form = ShopAdminForm
    fields = ("name", "owner", "owner_phone", "place", "story", "address", "contact", "helper_names", "cover",
              "is_open", "created_at")  # fmt: skip
    autocomplete_fields = ("owner", "place")
    list_display = ("picture", "name", "owner", "owner_phone", "place", "on_sale", "waiting", "is_open")
    list_display_links = ("name",)
    list_select_related = ("owner", "place", "cover")
    list_filter = ("is_open", by_place("place"))
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
        always = ("owner_phone", "contact", "helper_names", "created_at")
        return (*always, "owner", "place") if obj else always

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        if not change:
            obj.slug = free_slug(Shop, obj.name, "shop")
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            search.index_many(Product.objects.filter(shop=obj))
        verb = Verb.SHOP_CHANGED if change else Verb.SHOP_OPENED
        if change and "is_open" in form.changed_data:
            verb = Verb.SHOP_REOPENED if obj.is_open else Verb.SHOP_CLOSED
        AuditEntry.write(request.user, verb, obj, obj.place, name=obj.name, fields=fields_of(form))

    @admin.display(description=gettext_lazy("封面"))
    def picture(self, obj: Shop) -> str:
        return thumbnail(obj.cover)

    @admin.display(description=gettext_lazy("店主手机号"))
    def owner_phone(self, obj: Shop) -> str:
        return phones.local(obj.owner.phone)

    @admin.display(description=gettext_lazy("帮手"))
    def helper_names(self, obj: Shop) -> str:
        return _("、").join(helper.name for helper in obj.helpers.all()) or "—"

    @admin.display(description=gettext_lazy("在卖"), ordering="selling")
    def on_sale(self, obj: Shop) -> int:
        return obj.selling

    @admin.display(description=gettext_lazy("等审核"), ordering="in_line")
    def waiting(self, obj: Shop) -> int:
        return obj.in_line


@admin.register(Village)
class VillageAdmin(Uploading, ScopedAdmin):
    view_roles = change_roles = ORGANISER
    delete_roles = ()
    form = CoverForm
    fields = ("place", "story", "cover")
    list_display = ("picture", "__str__", "slug", "has_story")
    list_display_links = ("__str__",)
    list_select_related = ("place", "cover")
    list_filter = (by_place("place"),)
    search_fields = ("place__name", "slug")
    search_help_text = gettext_lazy("村名")
    ordering = ("place__path",)

    def choices(self, request, field):
        """Villages that have no page yet."""
        found = super().choices(request, field)
        return found.villages().filter(village__isnull=True) if field.name == "place" else found

    def get_readonly_fields(self, request, obj=None):
        return ("place",) if obj else ()

    def save_model(self, request, obj, form, change):
        if not change:
            obj.slug = free_slug(Village, obj.place.name, "village")
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("封面"))
    def picture(self, obj: Village) -> str:
        return thumbnail(obj.cover)

    @admin.display(description=gettext_lazy("有故事"), boolean=True)
    def has_story(self, obj: Village) -> bool:
        return bool(obj.story)


@admin.register(Category)
class CategoryAdmin(ScopedAdmin):
    """The same for all counties, so only who runs the site changes them; organisers choose from them."""

    view_roles = ORGANISER
    change_roles = delete_roles = ()
    kept_by = ("products",)
    fields = ("name", "name_en", "slug", "hints", "position")
    list_display = ("name", "name_en", "hints", "position")
    search_fields = ("name", "name_en", "hints")
    search_help_text = gettext_lazy("种类名")
    ordering = ("position", "id")

    def rows(self, user):
        found = Category.objects.all()
        return found if user.is_superuser or user.holds(*self.view_roles) else found.none()

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            search.index_many(Product.objects.filter(category=obj))


admin.site.unregister(Place)


@admin.register(Place)
class PlaceWithProductsAdmin(PlaceAdmin):
    """A village or township called otherwise: its products must be found by the new name."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and {"name", "parent"} & set(form.changed_data):
            search.index_many(Product.objects.filter(Q(place=obj) | Q(place__parent=obj)))
