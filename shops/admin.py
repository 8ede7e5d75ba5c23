"""Shops, village pages and kinds of produce. Listings have a module of their own."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import phones
from accounts.admin.memberships import PlaceAdmin
from accounts.admin.people import fields_of
from accounts.audit import changed_values
from accounts.backoffice.filters import by_place
from accounts.backoffice.object_actions import ObjectActionsMixin
from accounts.backoffice.scoped import ScopedAdmin
from accounts.backoffice.slugs import free_slug
from accounts.models import AuditEntry, Membership, Place, User
from accounts.worklist.items import WorkItem, register_work
from media.admin_forms import CoverForm, Uploading
from media.photos.html import thumbnail
from shops import identity, site_mode
from shops.audit import Verb
from shops.exceptions import ActionNotAllowed
from shops.listings.admin import ProductAdmin  # noqa: F401 - registers itself
from shops.models import Category, Product, Shop, Village
from shops.orders.admin import OrderAdmin  # noqa: F401 - registers itself
from shops.products import search
from shops.traceability.admin import BatchAdmin, PaperAdmin  # noqa: F401 - they register themselves
from ui.forms import FarmModelForm

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
        return queryset.filter(site_mode.to_verify()) if self.value() == "due" else queryset


@register_work(on_phone=False, in_admin=True)
def sellers_to_look_at(user: User) -> list[WorkItem]:
    """Only a platform must know its sellers anew every six months, and report them in January and July."""
    if not site_mode.verifies_sellers():
        return []
    shops = Shop.objects.manageable_by(user).open()
    url = reverse("admin:shops_shop_changelist")
    n = shops.filter(site_mode.to_verify()).count()
    sentence = ngettext("%(n)s 家小店该核验了", "%(n)s 家小店该核验了", n) % {"n": n}
    found = [WorkItem("shop_to_verify", n, sentence, admin_url=f"{url}?verify=due", icon="shop")]
    if site_mode.is_reporting_month():
        n = shops.count()
        sentence = ngettext(
            "%(n)s 家小店，这个月要报给市场监管部门", "%(n)s 家小店，这个月要报给市场监管部门", n
        ) % {"n": n}
        found.append(WorkItem("shops_to_report", n, sentence, admin_url=url, icon="sheet"))
    return found


@admin.register(Shop)
class ShopAdmin(ObjectActionsMixin, Uploading, ScopedAdmin):
    """Contact and helpers are the owner's own choice, so they are only shown."""

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
            obj.slug = free_slug(Shop, obj.name, "shop")
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            search.index_many(Product.objects.filter(shop=obj))
        verb = Verb.SHOP_CHANGED if change else Verb.SHOP_OPENED
        if change and "is_open" in form.changed_data:
            verb = Verb.SHOP_REOPENED if obj.is_open else Verb.SHOP_CLOSED
        changed = [name for name in fields_of(form) if name in form.initial]
        changes = (
            changed_values(form.initial, {name: form.cleaned_data.get(name) for name in changed})
            if change
            else {}
        )
        more = {"changes": changes} if changes else {}
        AuditEntry.write(request.user, verb, obj, obj.place, name=obj.name, fields=fields_of(form), **more)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and site_mode.may_open_another()

    def steps_for(self, request, obj):
        return [("verify", _("核验过了"), "main")] if site_mode.verifies_sellers() else []

    @admin.action(description=gettext_lazy("核验过了"), permissions=["change"])
    def verify(self, request, queryset):
        """The card beside the papers: name, licence number, address and number are the seller's."""
        for shop in queryset.select_related("place"):
            try:
                identity.verify(shop, request.user)
                messages.success(request, _("“%(shop)s”今天核验过了。") % {"shop": shop})
            except ActionNotAllowed as problem:
                said = {"product": shop, "why": _("；").join(problem.reasons)}
                messages.error(request, _("“%(product)s”：%(why)s。") % said)

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


class CategoryForm(FarmModelForm):
    def clean_parent(self) -> Category | None:
        parent = self.cleaned_data["parent"]
        if parent and self.instance.pk and (parent == self.instance or self.instance.kinds.exists()):
            raise ValidationError(_("它自己是大类，下面有种类，不能再挂到别的大类下面。"))
        return parent


@admin.register(Category)
class CategoryAdmin(ScopedAdmin):
    """The same for all counties, so only who runs the site changes them; organisers choose from them."""

    view_roles = ORGANISER
    change_roles = delete_roles = ()
    kept_by = ("products", "kinds")
    form = CategoryForm
    fields = ("name", "name_en", "slug", "parent", "needs", "is_perishable", "hints", "position")
    list_display = ("name", "parent", "needs", "is_perishable", "hints", "position")
    list_select_related = ("parent",)
    list_filter = ("needs", "is_perishable")
    search_fields = ("name", "name_en", "hints")
    search_help_text = gettext_lazy("种类名")
    ordering = ("position", "id")

    def choices(self, request, field):
        """Two levels: a branch hangs on no other, and none hangs on what is sold already."""
        found = super().choices(request, field)
        return found.filter(parent=None, products=None) if field.name == "parent" else found

    def rows(self, user):
        found = Category.objects.all()
        return found if user.is_superuser or user.places_with_role(*self.view_roles) else found.none()

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            search.index_category.enqueue(obj.pk)


admin.site.unregister(Place)


@admin.register(Place)
class PlaceWithProductsAdmin(PlaceAdmin):
    """A village or township called otherwise: its products must be found by the new name."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and {"name", "parent"} & set(form.changed_data):
            search.index_place.enqueue(obj.pk)
