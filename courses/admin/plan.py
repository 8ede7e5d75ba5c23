"""Admin of lesson plans: a box for everything that a plan says, in the order in which it is taught."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.backoffice.scoped import ScopedAdmin
from courses.admin.languages import LanguageFirst
from courses.authoring.checks import check_plan_wording
from courses.models import LessonPlan
from courses.plans.parts import FAULTS, MOST, STAGES, sum_minutes
from ui.fields import CleanCharField, CountField
from ui.forms import FarmModelForm

# The boxes of the stages in their order; the second practice may be left empty.
SLOTS = {"intro": "intro", "show": "show", "practise": "practise", "again": "practise", "review": "review"}
OPTIONAL = "again"
ROOMY = ("roomy",)
TITLES = STAGES | {OPTIONAL: pgettext_lazy("stage", "练第二回（不要就空着）")}


def make_minutes(*, required: bool = True) -> CountField:
    return CountField(label=gettext_lazy("几分钟"), least=1, most=240, required=required)


def make_do(*, required: bool = True) -> CleanCharField:
    return make_box(gettext_lazy("做什么"), MOST["do"], 7, required=required)


def make_say(*, required: bool = True) -> CleanCharField:
    return make_box(gettext_lazy("说什么（照着念）"), MOST["say"], 2, required=required)


def make_see() -> CleanCharField:
    return make_box(gettext_lazy("看见什么"), MOST["see"], 2)


def make_remedy() -> CleanCharField:
    return make_box(gettext_lazy("当场怎么办"), MOST["fault_do"], 2)


def make_box(label: Any, most: int, rows: int = 3, *, required: bool = True) -> CleanCharField:
    field = CleanCharField(label=label, lines=True, max_length=most, required=required)
    field.widget.attrs["rows"] = rows
    return field


class PlanForm(FarmModelForm):
    """Take the four stages and the three faults in boxes instead of JSON."""

    goal = make_box(gettext_lazy("下课时做得出什么"), MOST["goal"], 2)
    kit = make_box(gettext_lazy("要备的东西"), MOST["kit"], 6)
    safety = make_box(gettext_lazy("安全"), MOST["safety"])
    simple = make_box(gettext_lazy("不识字的怎么带"), MOST["simple"])
    intro_minutes = make_minutes()
    intro_do = make_do()
    intro_say = make_say()
    show_minutes = make_minutes()
    show_do = make_do()
    show_say = make_say()
    practise_minutes = make_minutes()
    practise_do = make_do()
    practise_say = make_say()
    again_minutes = make_minutes(required=False)
    again_do = make_do(required=False)
    again_say = make_say(required=False)
    review_minutes = make_minutes()
    review_do = make_do()
    review_say = make_say()
    fault_1_see = make_see()
    fault_1_do = make_remedy()
    fault_2_see = make_see()
    fault_2_do = make_remedy()
    fault_3_see = make_see()
    fault_3_do = make_remedy()
    check_ask = make_box(gettext_lazy("问一句，看懂没懂"), MOST["ask"], 2)
    check_answer = make_box(gettext_lazy("答什么算懂"), MOST["answer"], 2)

    class Meta:
        help_texts = {"lesson": gettext_lazy("一课一份。")}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kit"].help_text = _("一行一样，写上几个。")
        parts = self.instance.parts if isinstance(self.instance.parts, list) else []
        for slot, part in match_slots(parts):
            for name in ("minutes", "do", "say"):
                self.initial[f"{slot}_{name}"] = part.get(name, "")
        faults = self.instance.faults if isinstance(self.instance.faults, list) else []
        for number, fault in enumerate(faults[:FAULTS], 1):
            for name in ("see", "do"):
                self.initial[f"fault_{number}_{name}"] = fault.get(name, "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        names = ("minutes", "do", "say")
        if any(cleaned.get(f"{OPTIONAL}_{name}") for name in names):
            for name in names:
                if not cleaned.get(f"{OPTIONAL}_{name}") and f"{OPTIONAL}_{name}" not in self.errors:
                    self.add_error(f"{OPTIONAL}_{name}", self.fields["goal"].error_messages["required"])
        return cleaned

    def _post_clean(self) -> None:
        """Check the plan as a whole (`LessonPlan.clean`) once every box is filled."""
        if self.errors:
            return
        data = self.cleaned_data
        self.instance.parts = [
            {"stage": stage} | {name: data[f"{slot}_{name}"] for name in ("minutes", "do", "say")}
            for slot, stage in SLOTS.items()
            if data[f"{slot}_do"]
        ]
        self.instance.faults = [
            {name: data[f"fault_{number}_{name}"] for name in ("see", "do")}
            for number in range(1, FAULTS + 1)
        ]
        super()._post_clean()  # type: ignore[misc]  # not in the stubs


def match_slots(parts: list[dict]) -> list[tuple[str, dict]]:
    """Return each part with the box in which it stands: the second practice is `again`."""
    found, slots = [], dict(SLOTS)
    for part in parts:
        slot = next((slot for slot, stage in slots.items() if stage == part.get("stage")), None)
        if slot:
            del slots[slot]
            found.append((slot, part))
    return found


def list_boxes(slot: str) -> tuple[Any, Any]:
    """Return the fieldset of a stage."""
    return TITLES[slot], {
        "fields": tuple(f"{slot}_{name}" for name in ("minutes", "do", "say")),
        "classes": ROOMY,
    }


@admin.register(LessonPlan)
class PlanAdmin(LanguageFirst, ScopedAdmin):
    form = PlanForm
    within = "lesson"
    to_course = "lesson__module__course"
    delete_roles = ScopedAdmin.change_roles
    autocomplete_fields = ("lesson",)
    fieldsets = (
        (None, {"fields": ("lesson", "goal", "kit", "safety", "simple"), "classes": ROOMY}),
        *(list_boxes(slot) for slot in SLOTS),
        (
            gettext_lazy("三个常见的错，最多见的写前面"),
            {
                "fields": tuple(f"fault_{n}_{name}" for n in range(1, FAULTS + 1) for name in ("see", "do")),
                "classes": ROOMY,
            },
        ),
        (gettext_lazy("下课前问一句"), {"fields": ("check_ask", "check_answer"), "classes": ROOMY}),
    )
    list_display = ("lesson", "course", "module", "minutes", "updated_at")
    list_select_related = ("lesson__module__course",)
    list_filter = ("lesson__module__course",)
    search_fields = ("lesson__title", "goal")
    search_help_text = gettext_lazy("课名或目标里的字")
    ordering = ("lesson__module__course", "lesson__module__position", "lesson__position", "id")

    def get_readonly_fields(self, request, obj=None):
        """A plan stays with its lesson."""
        return ("lesson",) if obj else ()

    def save_model(self, request, obj, form, change):
        """Store the plan, and list what the checker finds in its words."""
        super().save_model(request, obj, form, change)
        for message in check_plan_wording(obj):
            messages.warning(request, message)

    @admin.display(description=gettext_lazy("课程"), ordering="lesson__module__course__title")
    def course(self, obj: LessonPlan) -> str:
        return obj.lesson.module.course.title

    @admin.display(description=gettext_lazy("单元"), ordering="lesson__module__position")
    def module(self, obj: LessonPlan) -> str:
        return obj.lesson.module.title

    @admin.display(description=gettext_lazy("几分钟"))
    def minutes(self, obj: LessonPlan) -> int:
        return sum_minutes(obj.parts)
