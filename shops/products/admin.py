"""The admin of categories, and of places, by whose names products are also found."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.memberships import PlaceAdmin
from accounts.backoffice.scoped import ScopedAdmin
from accounts.models import Membership, Place
from shops.models import Category
from shops.products import search
from ui.forms import FarmModelForm

ORGANISER = (Membership.Role.ORGANISER,)


class CategoryForm(FarmModelForm):
    def clean_parent(self) -> Category | None:
        parent = self.cleaned_data["parent"]
        if parent and self.instance.pk and (parent == self.instance or self.instance.kinds.exists()):
            raise ValidationError(_("它自己是大类，下面有种类，不能再挂到别的大类下面。"))
        return parent


@admin.register(Category)
class CategoryAdmin(ScopedAdmin):
    """Categories are the same for all counties, so only the site's administrators change them; organisers choose from them."""

    view_roles = ORGANISER
    change_roles = delete_roles = ()
    used_by = ("products", "kinds")
    form = CategoryForm
    fields = ("name", "name_en", "slug", "parent", "needs", "is_perishable", "hints", "position")
    list_display = ("name", "parent", "needs", "is_perishable", "hints", "position")
    list_select_related = ("parent",)
    list_filter = ("needs", "is_perishable")
    search_fields = ("name", "name_en", "hints")
    search_help_text = gettext_lazy("种类名")
    ordering = ("position", "id")

    def choices(self, request, field):
        """Limit the parents to two levels: a branch has no parent, and a category of products is no parent."""
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
    """Index products again when their village or township is renamed."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and {"name", "parent"} & set(form.changed_data):
            search.index_place.enqueue(obj.pk)
