"""Limit the admin's autocompletes and side filters to the page's own choices."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, TextChoices
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.backoffice.choices import find_admin, list_rows
from accounts.backoffice.scoped import ScopedAdmin
from accounts.models import Place
from ui.parameters import read_id

LONGEST_TERM = 60


class ScopedAutocomplete(AutocompleteJsonView):
    """Answer only for a field that is an autocomplete on a page that this person may edit."""

    admin_site: Any
    page: Any
    model_admin: Any

    def process_request(self, request):
        term, model_admin, field, to_field = super().process_request(request)
        self.page = find_admin(self.admin_site, field.model)
        if self.page is None or field.name not in self.page.get_autocomplete_fields(request):
            raise PermissionDenied
        return term[:LONGEST_TERM], model_admin, field, to_field

    def has_perm(self, request, obj=None):
        return self.page.has_add_permission(request) or self.page.has_change_permission(request)

    def get_queryset(self):
        rows = self.page.choices(self.request, self.source_field)
        found, repeats = self.model_admin.get_search_results(self.request, rows, self.term)
        found = self.model_admin.ready_to_name(found)
        if not found.ordered:
            found = found.order_by("pk")
        return found.distinct() if repeats else found

    def serialize_result(self, obj, to_field_name):
        return {"id": str(getattr(obj, to_field_name)), "text": self.model_admin.name_of(obj)}


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """Filter by a foreign key, among the rows this person sees in their own list."""

    def field_choices(self, field, request, model_admin):
        if not isinstance(model_admin, ScopedAdmin):
            return super().field_choices(field, request, model_admin)
        model = field.remote_field.model
        page, rows = (
            find_admin(model_admin.admin_site, model),
            list_rows(model_admin.admin_site, model, request.user),
        )
        if page is None:
            return []
        return [(row.pk, page.name_of(row)) for row in page.ready_to_name(rows)]


admin.FieldListFilter.register(
    lambda field: bool(field.remote_field), ScopedRelatedFilter, take_priority=True
)


class PlaceFilter(admin.SimpleListFilter):
    """Filter by place, from the person's places downwards: a county, its townships, their villages.

    Choosing a place includes everything below it. `path` is the lookup from the row to its place.
    """

    title = _("地区")
    parameter_name = "place"
    path = "place"

    def __init__(self, request, params, model, model_admin):
        self.held = Place.objects.held_by(request.user, *model_admin.view_roles)
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        chosen = self.chosen()
        if chosen:
            above = list(self.held.filter(path__in=chosen.paths_upwards()))
            below = list(self.held.filter(parent=chosen))
        else:
            above, below = [], list(self.held.exclude(parent__in=self.held.order_by().values("pk")))
        return [(str(place.pk), "　" * depth + place.name) for depth, place in enumerate(above)] + [
            (str(place.pk), "　" * len(above) + place.name) for place in below
        ]

    def chosen(self) -> Place | None:
        pk = read_id(self.value())
        return self.held.filter(pk=pk).first() if pk else None

    def has_output(self) -> bool:
        return bool(self.lookup_choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        if not self.value():
            return None
        chosen = self.chosen()
        if chosen is None:
            return queryset.none()
        inside = Place.objects.within(chosen).order_by().values("pk")
        return queryset.filter(**{f"{self.path}__in": inside})


def by_place(path: str) -> type[PlaceFilter]:
    """Return a place filter for rows whose place is at the end of this lookup."""
    return type("PlaceFilter", (PlaceFilter,), {"path": path})


class WaitingFilter(admin.SimpleListFilter):
    """Filter by status; without a choice and without a search it shows the rows that wait for a decision."""

    title = _("状态")
    parameter_name = "status"
    everything = "all"
    statuses: type[TextChoices]
    waiting: str

    @classmethod
    def of(cls, statuses: type[TextChoices], waiting: str) -> type[WaitingFilter]:
        return type("WaitingFilter", (cls,), {"statuses": statuses, "waiting": waiting})

    def __init__(self, request, params, model, model_admin):
        self.searching = bool(request.GET.get("q"))
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [(self.everything, _("全部")), *self.statuses.choices]

    def value(self) -> str:
        return super().value() or (self.everything if self.searching else self.waiting)

    def choices(self, changelist):
        for value, words in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": words,
            }

    def queryset(self, request, queryset):
        return queryset if self.value() == self.everything else queryset.filter(status=self.value())
