"""Admin of a lesson: its text in Markdown, its pictures, and a preview."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.backoffice.scoped import ScopedAdmin, ScopedStack
from accounts.requests import get_person
from courses.admin.languages import LanguageFirst
from courses.admin.lesson_draft import DraftPages
from courses.admin.lesson_questions import WritingPages
from courses.authoring import checks, publication
from courses.authoring.banks import count_held_back
from courses.authoring.outline_order import place_at_end
from courses.models import Lesson, LessonPicture, State
from media.admin_forms import (
    CaptionsField,
    EarlyStorageMixin,
    OnePhotoField,
    PhotoForm,
    VideoField,
    VideoForm,
)


class UnitsByCourse(forms.models.ModelChoiceIterator):
    """Group the choices by course, in the order of the rows."""

    def __iter__(self) -> Iterator:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for course, modules in groupby(self.queryset, key=lambda module: module.course):
            yield course.title, [self.choice(module) for module in modules]


class LessonForm(VideoForm):
    video = VideoField(label=gettext_lazy("视频"), required=False)
    captions = CaptionsField(label=gettext_lazy("字幕"), required=False)

    class Meta:
        labels = {
            "module": gettext_lazy("放在哪个单元"),
            "phrases": gettext_lazy("课名太长时，在哪儿换行"),
        }
        help_texts = {
            "phrases": gettext_lazy(
                "课名再写一遍，能换行的地方打 |，比如：把手机拿稳：|手、肘、脚。空着也行。"
            ),
            "do_now": gettext_lazy("学完马上做的一件事，一两句。"),
        }


class PictureForm(PhotoForm):
    """Take a new picture as a file; the text refers to it by its name."""

    photo = OnePhotoField(label=gettext_lazy("照片"))
    name = forms.SlugField(
        label=gettext_lazy("图名"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("小写字母和数字；空着就自动起。"),
    )

    def clean_name(self) -> str:
        return self.cleaned_data["name"] or self.instance.name or find_free_name(self)


class PicturesFormSet(forms.BaseInlineFormSet):
    """Pictures of a lesson; two new ones that get their names automatically at once still get different ones."""

    def clean(self) -> None:
        super().clean()
        names: set[str] = set()
        for form in self.forms:
            name = getattr(form, "cleaned_data", {}).get("name")
            if not name or form.cleaned_data.get("DELETE"):
                continue
            if name in names:
                form.add_error("name", ValidationError(_("这一课已经有同名的图。"), code="unique"))
            names.add(name)


def find_free_name(form: PictureForm) -> str:
    """Return photo-1, photo-2 …: the position of the row in the form, or the next free number."""
    lesson = form.instance.lesson_id
    taken = (
        set(LessonPicture.objects.filter(lesson=lesson).values_list("name", flat=True)) if lesson else set()
    )
    number = int(str(form.prefix).rpartition("-")[2]) + 1
    while f"photo-{number}" in taken:
        number += 100
    return f"photo-{number}"


class PicturesInline(ScopedStack):
    model = LessonPicture
    form = PictureForm
    formset = PicturesFormSet
    verbose_name_plural = gettext_lazy("放过的图：换说明、删图")
    classes = ("collapse",)
    extra = 1
    fields = ("photo", "alt", "name", "snippet")
    readonly_fields = ("snippet",)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("photo")

    @admin.display(description=gettext_lazy("放进正文"))
    def snippet(self, obj: LessonPicture) -> str:
        """Show a button where scripts run, else a line to copy, once the picture has a name."""
        if obj.pk:
            return format_html("<code>![](picture:{})</code>", obj.name)
        return _("存一次，这里就有一行字，抄进正文。")


@admin.register(Lesson)
class LessonAdmin(LanguageFirst, EarlyStorageMixin, DraftPages, WritingPages, ScopedAdmin):
    form = LessonForm
    within = "module"
    to_course = "module__course"
    delete_roles = ScopedAdmin.change_roles
    used_by = ("done_by", "quizzes__attempts")
    markdown_fields = ("body",)
    fieldsets = (
        (None, {"fields": ("module", "title", "body", "do_now"), "classes": ("roomy",)}),
        (gettext_lazy("视频和字幕"), {"fields": ("video", "captions"), "classes": ("roomy", "collapse")}),
        (
            gettext_lazy("更多：几分钟、发布状态"),
            {"fields": ("minutes", "phrases", "state"), "classes": ("collapse",)},
        ),
    )
    list_display = ("title", "course", "module", "cost", "state", "updated_at", "preview_link")
    list_select_related = ("module__course", "video")
    list_filter = ("state", "module__course")
    search_fields = ("title", "body")
    search_help_text = gettext_lazy("课名或正文里的字")
    ordering = ("module__course", "module__position", "position", "id")
    inlines = (PicturesInline,)
    actions = ("publish", "withdraw")
    change_form_template = "admin/courses/lesson_form.html"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "body":
            kwargs["widget"] = forms.Textarea(
                attrs={
                    "rows": 24,
                    "class": "vLargeTextField",
                    "data-markdown": "",
                    "placeholder": _("一段一段写，空一行就是新的一段。"),
                }
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_view_on_site_url(self, obj=None):
        return None

    # --- saving: the text is rendered once its pictures are stored ---

    def save_model(self, request, obj, form, change):
        if not change or "module" in form.changed_data:
            place_at_end(obj)
        super().save_model(request, obj, form, change)
        if change and "state" in form.changed_data and obj.state == State.DRAFT:
            publication.record_withdrawal(obj, request.user)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.save(update_fields=["html", "updated_at"])
        if "_publish" in request.POST:
            self.publish_one(request, form.instance)
        else:
            self.tell_what_is_amiss(request, form.instance)

    def publish_one(self, request: HttpRequest, lesson: Lesson) -> None:
        """Publish the lesson as it was just stored, or leave it a draft if it has errors."""
        self.publish(request, Lesson.objects.filter(pk=lesson.pk))
        lesson.refresh_from_db(fields=["state"])
        course = lesson.module.course
        if lesson.state != State.PUBLISHED:
            return
        if not course.is_published:
            words = {"course": course.title}
            messages.warning(request, _("“%(course)s”还没发布，学员要等它发布了才看得到。") % words)
        if n := count_held_back(lesson):
            message = ngettext("还有 %(n)d 道题先放着，没考。", "还有 %(n)d 道题先放着，没考。", n) % {"n": n}
            url = reverse("admin:courses_lesson_questions", args=[lesson.pk])
            messages.info(request, format_html('{} <a href="{}">{}</a>', message, url, _("去看这些题")))

    def tell_what_is_amiss(self, request: HttpRequest, lesson: Lesson) -> None:
        """List the problems of the lesson next to the message "saved"; the text is stored in any case."""
        for one in checks.check_lessons([lesson.pk])[lesson.pk]:
            messages.warning(request, one.message)

    def response_add(self, request, obj, post_url_continue=None):
        return self.stay(request, obj)

    def response_change(self, request, obj):
        return self.stay(request, obj)

    def stay(self, request: HttpRequest, obj: Lesson) -> HttpResponse:
        """Return to the lesson after saving, where the next steps are shown."""
        messages.success(request, _("“%(lesson)s”保存好了。") % {"lesson": obj.title})
        if "_preview" in request.POST:
            return redirect("courses:preview", obj.pk)
        return redirect("admin:courses_lesson_change", obj.pk)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Group the modules by course, because two courses have a module 1 each."""
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "module":
            formfield.iterator = UnitsByCourse
            formfield.widget.choices = formfield.choices
            formfield.label_from_instance = lambda module: f"{module.number} {module.title}"
        return formfield

    # --- lists ---

    @admin.action(description=gettext_lazy("发布"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet) -> None:
        stuck = self.tell_what_blocks(request, queryset)
        n = publication.set_lesson_state(
            load_texts(queryset.exclude(pk__in=stuck)), State.PUBLISHED, get_person(request)
        )
        messages.success(request, ngettext("发布了 %(n)d 节课。", "发布了 %(n)d 节课。", n) % {"n": n})

    def tell_what_blocks(self, request: HttpRequest, queryset: QuerySet) -> set[int]:
        """Show a message for each lesson with errors; return their ids."""
        found = checks.check_lessons(queryset.order_by().values("pk"))
        blocked = {pk: [one for one in findings if one.blocks] for pk, findings in found.items()}
        for findings in filter(None, blocked.values()):
            why = _("；").join(one.message for one in findings)
            words = {"lesson": findings[0].where, "why": why}
            messages.error(request, _("“%(lesson)s”发布不了：%(why)s。") % words)
        return {pk for pk, findings in blocked.items() if findings}

    @admin.action(description=gettext_lazy("收回，改成草稿"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet) -> None:
        n = publication.set_lesson_state(load_texts(queryset), State.DRAFT, get_person(request))
        messages.success(request, ngettext("收回了 %(n)d 节课。", "收回了 %(n)d 节课。", n) % {"n": n})

    @admin.display(description=gettext_lazy("课程"), ordering="module__course__title")
    def course(self, obj: Lesson) -> str:
        return obj.module.course.title

    @admin.display(description=gettext_lazy("预览"))
    def preview_link(self, obj: Lesson) -> str:
        return format_html('<a href="{}">{}</a>', reverse("courses:preview", args=[obj.pk]), _("预览"))


def load_texts(rows: QuerySet) -> QuerySet:
    """Load the texts that a list leaves out."""
    return Lesson.objects.filter(pk__in=rows.order_by().values("pk")).select_related("module__course__place")
