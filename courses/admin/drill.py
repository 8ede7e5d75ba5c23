"""Admin of drills with their viewers' questions, and of the phrases that reviewers tap."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.backoffice.scoped import ScopedAdmin, ScopedInline
from courses.admin.languages import LanguageFirst
from courses.models import Drill, QuickPhrase, ViewerComment
from ui.fields import CleanCharField
from ui.forms import FarmModelForm

PARTS = ("who", "what", "proof", "price", "promise")
HEADS = ("title", "talking_points")
HELP = gettext_lazy(
    "花括号里的会换成商品页上的：{品名}、{净重}、{价钱}、{每斤}、{村}、{产地}、{运费}、{几号链接}、{主播}。"
)


def make_box(label) -> CleanCharField:
    return CleanCharField(label=label, lines=True, max_length=2000, required=False)


class DrillForm(FarmModelForm):
    """Take the script with which a drill begins in text fields instead of JSON."""

    template_title = CleanCharField(label=gettext_lazy("排出来叫什么"), max_length=40, required=False)
    template_talking_points = CleanCharField(
        label=gettext_lazy("要讲到的"), lines=True, max_length=500, required=False
    )
    part_who = make_box(gettext_lazy("我是谁，货从哪儿来"))
    part_what = make_box(gettext_lazy("是什么货"))
    part_proof = make_box(gettext_lazy("拿证据"))
    part_price = make_box(gettext_lazy("报价，怎么下单"))
    part_promise = make_box(gettext_lazy("讲售后：发货，坏了怎么办"))
    first_who = make_box(gettext_lazy("我是谁，货从哪儿来"))
    first_what = make_box(gettext_lazy("是什么货"))
    first_proof = make_box(gettext_lazy("拿证据"))
    first_price = make_box(gettext_lazy("报价，怎么下单"))
    first_promise = make_box(gettext_lazy("讲售后：发货，坏了怎么办"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        template = self.instance.template if isinstance(self.instance.template, dict) else {}
        for name in HEADS:
            self.initial[f"template_{name}"] = template.get(name, "")
        for part in PARTS:
            self.initial[f"part_{part}"] = (template.get("parts") or {}).get(part, "")
            self.initial[f"first_{part}"] = (template.get("first") or {}).get(part, "")

    def clean(self) -> dict:
        cleaned = super().clean()
        minutes, most = cleaned.get("minutes"), cleaned.get("most_minutes")
        if minutes and most and most < minutes:
            self.add_error("most_minutes", _("不能比要讲的时间短。"))
        return cleaned

    def save(self, commit: bool = True) -> Drill:
        data = self.cleaned_data
        parts = {part: data[f"part_{part}"] for part in PARTS if data.get(f"part_{part}")}
        first = {part: data[f"first_{part}"] for part in PARTS if data.get(f"first_{part}")}
        heads = {name: data[f"template_{name}"] for name in HEADS if data.get(f"template_{name}")}
        goods = (self.instance.template or {}).get("goods")  # only set in the written programme
        written = {"parts": parts, "first": first, "goods": goods}
        self.instance.template = heads | {name: value for name, value in written.items() if value}
        return super().save(commit)


class CommentsInline(ScopedInline):
    model = ViewerComment
    fields = ("name", "text", "wants", "goods", "only_if", "code")
    verbose_name_plural = pgettext_lazy("many", "观众的问题")
    extra = 1


@admin.register(Drill)
class DrillAdmin(LanguageFirst, ScopedAdmin):
    form = DrillForm
    within = "course"
    delete_roles = ScopedAdmin.change_roles
    # If it were deleted, rehearsals of it would lose its name.
    used_by = ("livestreams",)
    autocomplete_fields = ("course",)
    fieldsets = (
        (
            None,
            {"fields": ("course", "title", "other_title", "code", "position", "text", "is_exam", "is_real")},
        ),
        (gettext_lazy("多少"), {"fields": (("minutes", "most_minutes"), ("products", "questions"))}),
        (
            gettext_lazy("脚本的样子"),
            {
                "fields": (*(f"template_{name}" for name in HEADS), *(f"part_{part}" for part in PARTS)),
                "description": HELP,
            },
        ),
        (
            gettext_lazy("第一款另有说法"),
            {
                "fields": tuple(f"first_{part}" for part in PARTS),
                "description": gettext_lazy("后面的货要说“刚才那款”时，第一款在这里另写；空着就跟上面一样。"),
                "classes": ("collapse",),
            },
        ),
    )
    inlines = (CommentsInline,)
    list_display = ("title", "course", "minutes", "products", "asked", "is_real")
    list_select_related = ("course",)
    list_filter = ("course", "is_real")
    search_fields = ("title", "code", "text")
    search_help_text = gettext_lazy("练法或编号")
    ordering = ("course", "position", "id")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(bank=Count("comments"))

    @admin.display(description=gettext_lazy("题库里几个问题"), ordering="bank")
    def asked(self, obj: Any) -> int:
        return obj.bank


class PhraseForm(FarmModelForm):
    """Choose the criterion to which the phrase belongs, by the codes of the course's rubric."""

    criterion = forms.CharField(
        label=gettext_lazy("哪一条"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("评分表里那一条的编号，比如 price-unit；不归哪一条就空着。"),
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        course, code = cleaned.get("course"), cleaned.get("criterion")
        if course and code:
            known = {
                one.get("code")
                for rubric in course.rubrics.all()
                for one in rubric.content.get("criteria", [])
            }
            if code not in known:
                self.add_error("criterion", _("这门课的评分表里没有这一条。"))
        return cleaned


@admin.register(QuickPhrase)
class QuickPhraseAdmin(LanguageFirst, ScopedAdmin):
    form = PhraseForm
    within = "course"
    delete_roles = ScopedAdmin.change_roles
    fields = ("course", "tone", "criterion", "text", "code")
    autocomplete_fields = ("course",)
    list_display = ("text", "tone", "criterion", "course")
    list_select_related = ("course",)
    list_filter = ("tone", "course")
    search_fields = ("text", "code")
    search_help_text = gettext_lazy("话里的字")
    ordering = ("course", "id")
