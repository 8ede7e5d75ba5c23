"""Admin pages that list, open, offer and change only rows of the places in which a person may act.

A subclass says which roles may enter (`view_roles`, `change_roles`) and, if the model has no `manageable_by` of its own, how
its rows depend on others (`within`) or which they are (`rows`). Everything else follows: lists, pages, history, actions,
foreign keys, autocompletes and filters.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.backoffice.choices import ScopedChoicesMixin, find_admin, list_rows
from accounts.models import Membership, User
from accounts.requests import get_person
from ui.forms import FarmModelForm

COUNTED = 10_000
# Suffixes that Django's date hierarchy and its filters append to a field's name.
CALENDAR = ("year", "month", "day")
MOST_IN_DATE = 9999
FILTER_ENDINGS = ("exact", "isnull", "isempty", "gte", "lt", "id__exact", "pk__exact")


class CappedPaginator(Paginator):
    """Count only as far as anybody pages: a million rows must not be counted to show a hundred."""

    object_list: Any

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by().values("pk")[: COUNTED + 1].count()


class ScopedAdmin(ScopedChoicesMixin, admin.ModelAdmin):
    view_roles: tuple[str, ...] = Membership.STAFF_ROLES
    change_roles: tuple[str, ...] = Membership.STAFF_ROLES
    # None: nobody may delete; (): only the site's administrator.
    delete_roles: tuple[str, ...] | None = None
    # A foreign key of this model: people who may see its target row may see this row.
    within = ""
    # Lookups to rows that are history: a row that has any of them cannot be deleted.
    used_by: tuple[str, ...] = ()
    # Lookups that the site's own links use in addition to the filters.
    linked_lookups: tuple[str, ...] = ()

    form: type[ModelForm] = FarmModelForm
    paginator = CappedPaginator
    most_counted = COUNTED
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    save_on_top = False

    # --- rows ---

    def rows(self, user: User) -> QuerySet:
        """Return all rows that this person may see here; without permission an empty queryset."""
        found = self.model._default_manager.all()
        if user.is_superuser:
            return found
        if not user.places_with_role(*self.view_roles):
            return found.none()
        if self.within:
            above = self.model._meta.get_field(self.within).remote_field.model
            return found.filter(**{f"{self.within}__in": list_rows(self.admin_site, above, user)})
        return found.manageable_by(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found, order = self.rows(get_person(request)), self.get_ordering(request)
        return found.order_by(*order) if order else found

    def sees(self, request: HttpRequest, obj: models.Model) -> bool:
        """Return whether this person may see the row; computed once a request."""
        known = request.__dict__.setdefault("rows_seen", {})
        key = (self.opts.label, obj.pk)
        if key not in known:
            known[key] = self.rows(get_person(request)).filter(pk=obj.pk).exists()
        return known[key]

    # --- permissions ---

    def may(self, request: HttpRequest, roles: tuple[str, ...], obj: models.Model | None = None) -> bool:
        user = get_person(request)
        if not (user.is_superuser or user.places_with_role(*roles)):
            return False
        return obj is None or self.sees(request, obj)

    def has_module_permission(self, request):
        return self.may(request, self.view_roles)

    def has_view_permission(self, request, obj=None):
        return self.may(request, self.view_roles, obj)

    def has_add_permission(self, request):
        return self.may(request, self.change_roles)

    def has_change_permission(self, request, obj=None):
        return self.may(request, self.change_roles, obj)

    def has_delete_permission(self, request, obj=None):
        if self.delete_roles is None or not self.may(request, self.delete_roles, obj):
            return False
        return obj is None or not self.is_kept(obj)

    def is_kept(self, obj: models.Model) -> bool:
        row = self.model._default_manager.filter(pk=obj.pk)
        return any(row.filter(**{f"{path}__isnull": False}).exists() for path in self.used_by)

    # --- rows of others: 404 ---

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def _changeform_view(self, request, object_id, form_url, extra_context):
        if "_saveasnew" in request.POST and not self.save_as:
            # Django would render the page of an existing row without the row.
            raise BadRequest("No form here saves as new.")
        if object_id is not None:
            self.found(request, object_id)
        return super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]  # not in the stubs

    def get_object(self, request, object_id, from_field=None):
        """Treat an empty `from_field` as none; Django would look for a column of that name."""
        return super().get_object(request, object_id, from_field or None)

    def _delete_view(self, request, object_id, extra_context):
        self.found(request, object_id)
        return super()._delete_view(request, object_id, extra_context)  # type: ignore[misc]  # not in the stubs

    def found(self, request: HttpRequest, object_id: str, to_change: bool = False) -> Any:
        """Return the row, or raise 404; with `to_change`, 403 for a person who may only view it. For every page of our own."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if to_change and not self.has_change_permission(request, obj):
            raise PermissionDenied
        return obj

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Use the row's name as the page's title."""
        name = {"name": self.opts.verbose_name}
        context |= {"title": str(obj) if obj and change else _("新建%(name)s") % name, "subtitle": None}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        request.edited = obj
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.asker = request.user
        return form

    # --- names of rows in other models' choices ---

    def ready_to_name(self, rows: QuerySet) -> QuerySet:
        return rows

    def name_of(self, obj: models.Model) -> str:
        return str(obj)

    # --- lists ---

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow only lookups of the page's own filters and date hierarchy: any other column could be read letter by letter."""
        if self.date_hierarchy and lookup in (f"{self.date_hierarchy}__{part}" for part in CALENDAR):
            return value.isascii() and value.isdecimal() and 0 < int(value[:5]) <= MOST_IN_DATE
        return lookup in self.linked_lookups or lookup in self.lookups_of_filters(request)

    def lookups_of_filters(self, request: HttpRequest) -> set[str]:
        found: set[str] = set()
        filters: Iterable[Any] = self.get_list_filter(request)
        for one in filters:
            if isinstance(one, str | tuple):
                path = one if isinstance(one, str) else one[0]
                found |= {path, *(f"{path}__{ending}" for ending in FILTER_ENDINGS)}
            else:
                found.add(one.parameter_name)
        return found

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_action_choices(self, request, default_choices=None):
        return super().get_action_choices(request, default_choices or [("", _("选一个"))])

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        if ACTION_CHECKBOX_NAME in request.POST:
            # Django looks the chosen keys up as they were sent, and fails on one that no row can have.
            sent = request.POST.copy()
            chosen = sent.getlist(ACTION_CHECKBOX_NAME)
            sent.setlist(ACTION_CHECKBOX_NAME, [key for key in chosen if self.is_key(key)])
            request.POST = sent  # type: ignore[assignment]  # a copy that can be changed
        return super().changelist_view(request, title | (extra_context or {}))

    def is_key(self, text: str) -> bool:
        try:
            return self.opts.pk.to_python(text) is not None and "\0" not in text
        except ValidationError:
            return False

    def get_view_on_site_url(self, obj=None):
        """Link directly to the page: Django's redirect would reveal to anybody which ids exist."""
        if obj is None or not self.view_on_site or not hasattr(obj, "get_absolute_url"):
            return None
        return obj.get_absolute_url()


class ReadOnlyMixin(BaseModelAdmin):
    """Rows that are history: nobody may add, change or delete them."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ScopedInlineMixin(ScopedChoicesMixin, InlineModelAdmin):
    """Rows of the page that contains them: whoever may change the page may change them."""

    form: type[ModelForm] = FarmModelForm
    extra = 0
    can_delete = True

    @property
    def page(self) -> ScopedAdmin:
        page = find_admin(self.admin_site, self.parent_model)
        assert page is not None
        return page

    @property
    def change_roles(self) -> tuple[str, ...]:
        return self.page.change_roles

    def get_formset(self, request, obj=None, **kwargs):
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.asker = request.user
        return formset

    def has_view_permission(self, request, obj=None):
        return self.page.has_view_permission(request, obj)

    def has_add_permission(self, request, obj=None):
        return self.page.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self.page.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.can_delete and self.page.has_change_permission(request, obj)


class ScopedInline(ScopedInlineMixin, admin.TabularInline):
    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Label the cell with its column's header, because a cell has no label of its own."""
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield:
            formfield.widget.attrs.setdefault("aria-label", formfield.label)
        return formfield


class ScopedStack(ScopedInlineMixin, admin.StackedInline):
    pass
