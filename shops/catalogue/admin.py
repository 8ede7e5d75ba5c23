"""The admin of the villages' pages."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.backoffice.filters import by_place
from accounts.backoffice.scoped import ScopedAdmin
from accounts.backoffice.slugs import find_free_slug
from accounts.models import Membership, Place
from media.admin_forms import CoverForm, EarlyStorageMixin
from media.photos.html import render_thumbnail
from shops.models import Village

ORGANISER = (Membership.Role.ORGANISER,)


@admin.register(Village)
class VillageAdmin(EarlyStorageMixin, ScopedAdmin):
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
        """Offer only villages that have no page yet."""
        found = super().choices(request, field)
        if field.name != "place":
            return found
        return found.filter(kind=Place.Kind.VILLAGE, village__isnull=True)

    def get_readonly_fields(self, request, obj=None):
        return ("place",) if obj else ()

    def save_model(self, request, obj, form, change):
        if not change:
            obj.slug = find_free_slug(Village, obj.place.name, "village")
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("封面"))
    def picture(self, obj: Village) -> str:
        return render_thumbnail(obj.cover)

    @admin.display(description=gettext_lazy("有故事"), boolean=True)
    def has_story(self, obj: Village) -> bool:
        return bool(obj.story)
