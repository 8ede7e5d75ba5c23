"""Admin of cases: a box for each of the three questions, and what the checker finds said when it is stored."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.backoffice.scoped import ScopedAdmin
from courses.admin.languages import LanguageFirst
from courses.authoring.checks import check_case_wording
from courses.cases.parts import MOST, QUESTIONS
from courses.models import Case
from ui.fields import CleanCharField
from ui.forms import FarmModelForm

ASKS = tuple(f"ask_{number}" for number in range(1, QUESTIONS + 1))


def make_box(label: Any, most: int, rows: int, *, required: bool = True) -> CleanCharField:
    field = CleanCharField(label=label, lines=True, max_length=most, required=required)
    field.widget.attrs["rows"] = rows
    return field


class CaseForm(FarmModelForm):
    """Take the three questions in boxes instead of JSON."""

    source = make_box(gettext_lazy("出处"), MOST["source"], 3, required=False)
    body = make_box(gettext_lazy("正文"), MOST["body"], 16)
    ask_1 = make_box(gettext_lazy("第一个问题"), MOST["ask"], 2)
    ask_2 = make_box(gettext_lazy("第二个问题"), MOST["ask"], 2)
    ask_3 = make_box(gettext_lazy("第三个问题"), MOST["ask"], 2)

    class Meta:
        error_messages = {
            NON_FIELD_ERRORS: {"unique_together": gettext_lazy("这门课已经有这个编号的案例，换一个编号。")}
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].help_text = _("哪个单位、哪天、哪里登的、哪天读的。编的就空着，勾下面一格。")
        ask = self.instance.ask if isinstance(self.instance.ask, list) else []
        for name, text in zip(ASKS, ask, strict=False):
            self.initial[name] = text

    def clean(self) -> dict[str, Any]:
        """Refuse modules of another course: their lessons would lead to a case that is not there."""
        cleaned: dict[str, Any] = super().clean()
        course = cleaned["course"].pk if cleaned.get("course") else self.instance.course_id
        if course and any(module.course_id != course for module in cleaned.get("modules") or ()):
            self.add_error("modules", _("有的单元不是这门课的。"))
        return cleaned

    def _post_clean(self) -> None:
        """Check the case as a whole (`Case.clean`) once every box is filled."""
        if self.errors:
            return
        self.instance.ask = [self.cleaned_data[name] for name in ASKS]
        super()._post_clean()  # type: ignore[misc]  # not in the stubs


@admin.register(Case)
class CaseAdmin(LanguageFirst, ScopedAdmin):
    form = CaseForm
    within = "course"
    delete_roles = ScopedAdmin.change_roles
    autocomplete_fields = ("course", "modules")
    fieldsets = (
        (None, {"fields": ("course", "kind", "title", "code", "position", "modules"), "classes": ("roomy",)}),
        (None, {"fields": ("source", "is_made_up", "body"), "classes": ("roomy",)}),
        (gettext_lazy("三个问题，上课一起说"), {"fields": ASKS, "classes": ("roomy",)}),
    )
    list_display = ("title", "kind", "course", "is_made_up", "updated_at")
    list_select_related = ("course",)
    list_filter = ("kind", "course")
    search_fields = ("title", "code")
    search_help_text = gettext_lazy("标题里的字")
    ordering = ("course", "position", "code")

    def get_readonly_fields(self, request, obj=None):
        """A case stays with its course."""
        return ("course",) if obj else ()

    def save_model(self, request, obj, form, change):
        """Store the case, and list what the checker finds in its words."""
        super().save_model(request, obj, form, change)
        for message in check_case_wording(obj):
            messages.warning(request, message)
