"""Limit what the admin's forms offer in each field to what the person may choose, in suitable widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.db import models
from django.db.models import Q, QuerySet
from django.forms.widgets import ChoiceWidget
from django.http import HttpRequest

from accounts.models import Place, User
from accounts.requests import get_person
from ui.fields import CleanCharField, DayField

if TYPE_CHECKING:
    from accounts.backoffice.scoped import ScopedAdmin


class NumericKeysMixin(ChoiceWidget):
    """Ignore a value that is no row's number; Django's widget would query the database with it and fail."""

    def optgroups(self, name, value, attr=None):
        keys = [one for one in value if (text := str(one)).isascii() and text.isdecimal() and len(text) < 19]
        return super().optgroups(name, keys, attr)


class OneChoice(NumericKeysMixin, AutocompleteSelect):
    pass


class ManyChoices(NumericKeysMixin, AutocompleteSelectMultiple):
    """Select several; each is removed by its own ×, because select2's button that removes all would be invalid inside its
    list.
    """

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


class ScopedChoicesMixin(BaseModelAdmin):
    """Let foreign keys offer what the person may see in the other model's list, and the present value."""

    admin_site: admin.AdminSite
    markdown_fields: tuple[str, ...] = ()

    @property
    def change_roles(self) -> tuple[str, ...]:
        raise NotImplementedError

    def choices(self, request: HttpRequest, field: Any) -> QuerySet:
        """Return what may be newly chosen in this foreign key or many-to-many field."""
        model = field.remote_field.model
        if model is Place:
            return Place.objects.held_by(get_person(request), *self.change_roles)
        return list_rows(self.admin_site, model, get_person(request))

    def offered(self, request: HttpRequest, field: Any) -> QuerySet:
        """Return the choices and the row's present value, so that saving it unchanged is no error."""
        chosen, now = self.choices(request, field), get_current_keys(getattr(request, "edited", None), field)
        if not now:
            return chosen
        both = Q(pk__in=chosen.order_by().values("pk")) | Q(pk__in=now)
        return field.remote_field.model._default_manager.filter(both)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", OneChoice(db_field, self.admin_site))
        kwargs.setdefault("queryset", self.offered(request, db_field))
        return self.named(super().formfield_for_foreignkey(db_field, request, **kwargs), db_field)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ManyChoices(db_field, self.admin_site))
        kwargs.setdefault("queryset", self.offered(request, db_field))
        return self.named(super().formfield_for_manytomany(db_field, request, **kwargs), db_field)

    def named(self, formfield: Any, db_field: Any) -> Any:
        related = find_admin(self.admin_site, db_field.remote_field.model)
        if related:
            formfield.queryset = related.ready_to_name(formfield.queryset)
            formfield.label_from_instance = related.name_of
        return formfield

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Clean text of invisible characters, use the browser's date picker, and open no pop-up windows."""
        if not db_field.choices and db_field.name not in self.markdown_fields:
            if type(db_field) is models.CharField:
                kwargs.setdefault("form_class", CleanCharField)
            elif type(db_field) is models.TextField:
                kwargs.setdefault("form_class", CleanCharField)
                kwargs.setdefault("lines", True)
                kwargs.setdefault("widget", AdminTextareaWidget(attrs={"rows": 5}))
            elif type(db_field) is models.DateField:
                kwargs.setdefault("form_class", DayField)
                kwargs.setdefault("widget", DayField.widget)
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield and isinstance(formfield.widget, RelatedFieldWidgetWrapper):
            formfield.widget = formfield.widget.widget
        return formfield


def find_admin(site: admin.AdminSite, model: type[models.Model]) -> ScopedAdmin | None:
    page: Any = site.get_model_admin(model) if site.is_registered(model) else None
    return page


def list_rows(site: admin.AdminSite, model: type[models.Model], user: User) -> QuerySet:
    """Return the rows of a model that this person sees in the admin; none of a model without a page there."""
    page = find_admin(site, model)
    return page.rows(user) if page else model._default_manager.none()


def get_current_keys(obj: models.Model | None, field: models.Field) -> list:
    """Return the keys that the row of the page has in this field now."""
    if obj is None or not isinstance(obj, field.model) or obj.pk is None:
        return []
    if field.many_to_many:
        return [row.pk for row in field.value_from_object(obj)]
    return [key] if (key := field.value_from_object(obj)) is not None else []
