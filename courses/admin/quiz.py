"""Admin of banks and quizzes, learning objectives and tasks, in the trainer's places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.backoffice.scoped import ScopedAdmin
from courses.admin.languages import LanguageFirst
from courses.authoring.quiz_rules import check_quiz_rule
from courses.models import Assignment, Bank, Objective, Quiz, State
from courses.task_criteria import MOST_CRITERIA, MOST_TEXT, format_lines, parse_lines
from ui.forms import FarmModelForm
from ui.pages import build_page_url


@admin.register(Objective)
class ObjectiveAdmin(LanguageFirst, ScopedAdmin):
    within = "course"
    delete_roles = ScopedAdmin.change_roles
    used_by = ("answers",)
    fields = ("course", "module", "code", "text", "is_key", "weight")
    autocomplete_fields = ("course", "module")
    list_display = ("code", "text", "course", "module")
    list_select_related = ("course", "module")
    list_filter = ("course",)
    search_fields = ("code", "text")
    search_help_text = gettext_lazy("编号或目标里的字")
    ordering = ("course", "code")


class CodedForm(FarmModelForm):
    """A row whose code, unique in its course, is made if the trainer gives none."""

    stem = ""
    code = forms.SlugField(
        label=gettext_lazy("编号"), max_length=60, required=False, help_text=gettext_lazy("空着就自动起。")
    )

    def clean_code(self) -> str:
        rows = self._meta.model._default_manager.filter(course=self.cleaned_data.get("course"))
        taken = set(rows.values_list("code", flat=True))
        free = (f"{self.stem}-{n}" for n in range(1, len(taken) + 2))
        return (
            self.cleaned_data["code"]
            or self.instance.code
            or next(code for code in free if code not in taken)
        )


class BankForm(CodedForm):
    stem = "bank"


@admin.register(Bank)
class BankAdmin(LanguageFirst, ScopedAdmin):
    form = BankForm
    within = "course"
    delete_roles = ScopedAdmin.change_roles
    used_by = ("quizzes__attempts", "questions__answers")
    fieldsets = (
        (None, {"fields": ("course", "title")}),
        (gettext_lazy("更多：编号"), {"fields": ("code",), "classes": ("collapse",)}),
    )
    autocomplete_fields = ("course",)
    list_display = ("title", "course", "question_count", "questions_link", "figures_link")
    list_select_related = ("course",)
    list_filter = ("course",)
    search_fields = ("title", "code", "course__title")
    search_help_text = gettext_lazy("题库名、编号或课程名")
    ordering = ("course", "code")
    change_form_template = "admin/courses/bank_form.html"

    def get_queryset(self, request):
        return (
            super().get_queryset(request).annotate(asked=Count("questions", Q(questions__is_retired=False)))
        )

    def ready_to_name(self, rows):
        return super().ready_to_name(
            rows.select_related("course").order_by("course__title", "course", "code")
        )

    def name_of(self, obj):
        return f"{obj.course.title} · {obj.title}"

    @admin.display(description=gettext_lazy("几道题"), ordering="asked")
    def question_count(self, obj: Any) -> int:
        return obj.asked

    @admin.display(description=gettext_lazy("题目"))
    def questions_link(self, obj: Bank) -> str:
        url = reverse("admin:courses_question_changelist")
        return format_html('<a href="{}?bank__id__exact={}">{}</a>', url, obj.pk, _("看题、出题"))

    @admin.display(description=gettext_lazy("试题分析"))
    def figures_link(self, obj: Bank) -> str:
        return format_html('<a href="{}">{}</a>', build_page_url("courses.bank_figures", obj.pk), _("打开"))


class QuizForm(CodedForm):
    stem = "quiz"
    floor_percent = forms.IntegerField(
        label=gettext_lazy("这个单元的题答对百分之几"), min_value=0, max_value=100, required=False
    )

    def clean_floor_percent(self) -> int:
        return self.cleaned_data["floor_percent"] or 0

    def clean(self) -> dict:
        cleaned = super().clean()
        course, kind = cleaned.get("course"), cleaned.get("kind")
        if kind in (Quiz.Kind.MODULE, Quiz.Kind.LESSON) and not cleaned.get(kind):
            self.add_error(str(kind), _("选一下这个小测放在哪儿。"))
        if kind in Quiz.OF_WHOLE_COURSE:
            cleaned["bank"] = None
        elif not cleaned.get("bank") and "bank" not in self.errors:
            self.add_error("bank", _("选一个题库。"))
        if bool(cleaned.get("floor_module")) != bool(cleaned.get("floor_percent")):
            name = "floor_percent" if cleaned.get("floor_module") else "floor_module"
            self.add_error(name, _("哪个单元、百分之几，要一起填，或者都空着。"))
        for name in ("bank", "module", "lesson", "floor_module"):
            row = cleaned.get(name)
            if course and row and find_course_id(row) != course.pk:
                self.add_error(name, _("这是另一门课的。"))
        self.clean_mastery(cleaned)
        self.clean_rule(cleaned)
        bank = cleaned.get("bank")
        if (
            bank
            and cleaned.get("state") == State.PUBLISHED
            and not bank.questions.filter(is_retired=False).exists()
        ):
            self.add_error("state", _("题库里还没有题，先出题再发布。"))
        return cleaned

    def clean_rule(self, cleaned: dict) -> None:
        """Refuse a rule for which the bank has too few questions; a draft may be set before its questions are written."""
        bank, course = cleaned.get("bank"), cleaned.get("course")
        minimum = cleaned.get("objective_minimum") or 0
        if minimum and cleaned.get("master_right") is not None:
            self.add_error(
                "objective_minimum",
                _("“答到会为止”的测验每道题都会轮到，这里填 0；要定每个目标几题，就别填“答到会为止”。"),
            )
        elif course and cleaned.get("state") == State.PUBLISHED and "draw" in cleaned:
            quiz = Quiz(
                course=course, bank=bank,
                kind=cleaned.get("kind") or "", module=cleaned.get("module"), draw=cleaned["draw"],
                objective_minimum=minimum, master_right=cleaned.get("master_right"),
            )  # fmt: skip
            asked = list(quiz.list_questions())
            objectives = list(Objective.objects.filter(course=course))
            for message in check_quiz_rule(quiz, asked, objectives) if asked else ():
                self.add_error("objective_minimum" if minimum else "draw", message)

    def clean_mastery(self, cleaned: dict) -> None:
        right, of = cleaned.get("master_right"), cleaned.get("master_of")
        if (right is None) != (of is None):
            self.add_error("master_of" if of is None else "master_right", _("两个数要一起填，或者都空着。"))
        elif right is not None and not 1 <= right <= of:
            self.add_error("master_right", _("答对的题数要在 1 和“最近几题”之间。"))
        elif of is not None and of > 20:
            self.add_error("master_of", _("最多看最近 20 题。"))


def find_course_id(row: Any) -> int:
    return row.module.course_id if hasattr(row, "module") and hasattr(row, "body") else row.course_id


@admin.register(Quiz)
class QuizAdmin(LanguageFirst, ScopedAdmin):
    form = QuizForm
    delete_roles = ScopedAdmin.change_roles
    used_by = ("attempts", "opens")
    autocomplete_fields = ("course", "module", "lesson", "bank", "floor_module")
    fieldsets = (
        (None, {"fields": ("course", "title", "kind", "module", "lesson", "bank", "state")}),
        (
            gettext_lazy("怎么考"),
            {"fields": ("draw", "objective_minimum", "pass_percent", "tries", "talk_after", "minutes")},
        ),
        (
            gettext_lazy("一个单元另外划线"),
            {"fields": (("floor_module", "floor_percent"),), "classes": ("collapse",)},
        ),
        (
            gettext_lazy("答到会为止（不填就按及格线算）"),
            {"fields": (("master_right", "master_of"),), "classes": ("collapse",)},
        ),
        (gettext_lazy("更多：许可、编号"), {"fields": ("clears", "code"), "classes": ("collapse",)}),
    )
    list_display = (
        "title",
        "course",
        "module",
        "kind",
        "state",
        "draw",
        "pass_percent",
        "tries",
        "figures_link",
    )
    list_select_related = ("course", "module")
    list_filter = ("state", "kind", "course")
    search_fields = ("title", "code")
    search_help_text = gettext_lazy("测验名或编号")
    ordering = ("course", "module__position", "id")
    change_form_template = "admin/courses/quiz_form.html"

    def get_view_on_site_url(self, obj=None):
        return build_page_url("courses.quiz", obj.pk) if obj else None

    @admin.display(description=gettext_lazy("试题分析"))
    def figures_link(self, obj: Quiz) -> str:
        return format_html('<a href="{}">{}</a>', build_page_url("courses.quiz_figures", obj.pk), _("打开"))


class TaskForm(FarmModelForm):
    """A task with its criteria, a line each."""

    criteria = forms.CharField(
        label=gettext_lazy("看哪几条"),
        required=False,
        max_length=MOST_CRITERIA * (MOST_TEXT + 2),
        widget=forms.Textarea(attrs={"rows": MOST_CRITERIA}),
        help_text=gettext_lazy("一行一条，三到六条最好：学员自己先勾，老师也照它看。写看得见、数得出的。"),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.before = self.instance.criteria if isinstance(self.instance.criteria, list) else []
        self.initial["criteria"] = format_lines(self.before)

    def clean_criteria(self) -> list[dict[str, str]]:
        return parse_lines(self.cleaned_data["criteria"], self.before)


@admin.register(Assignment)
class TaskAdmin(LanguageFirst, ScopedAdmin):
    form = TaskForm
    within = "module"
    to_course = "module__course"
    delete_roles = ScopedAdmin.change_roles
    fields = ("module", "title", "text", "hand_in", "criteria", "minutes", "position", "code")
    autocomplete_fields = ("module",)
    list_display = ("title", "module", "hand_in", "minutes")
    list_select_related = ("module",)
    list_filter = ("hand_in", "module__course")
    search_fields = ("title", "text")
    search_help_text = gettext_lazy("任务名或里面的字")
    ordering = ("module__course", "module__position", "position", "id")
