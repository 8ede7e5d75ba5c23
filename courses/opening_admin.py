"""The days on which modules open for one class, on the class's own page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.backoffice.scoped import ScopedInline
from courses.models import Module, Opening


class OpeningsFormSet(forms.BaseInlineFormSet):
    """A class that is given another course keeps no days of the old one's modules."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            cleaned = getattr(form, "cleaned_data", {})
            module = cleaned.get("module")
            if module and not cleaned.get("DELETE") and module.course_id != self.instance.course_id:
                form.add_error("module", _("这个单元不是这门课的，去掉这一行。"))


class OpeningsInline(ScopedInline):
    model = Opening
    formset = OpeningsFormSet
    verbose_name_plural = pgettext_lazy("many", "开放日期")
    extra = 1
    fields = ("module", "opens_on")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("cohort", "module").order_by("opens_on", "id")

    def choices(self, request, field):
        """Of the class's own course, also where a trainer was invited and sees nothing else of it."""
        edited = getattr(request, "edited", None)
        own = Module.objects.filter(course=edited.course_id) if edited else Module.objects.none()
        return own.order_by("position", "id")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """The choices are read once for all rows of the page."""
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        units = [(module.pk, f"{module.number} {module.title}") for module in formfield.queryset]
        formfield.choices = [("", _("选一个")), *units]
        return formfield
