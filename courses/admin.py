"""Where trainers write: courses, their units and lessons. Classes have a module of their own."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.backoffice.filters import by_place
from accounts.backoffice.object_actions import ObjectActionsMixin, ask_reason
from accounts.backoffice.scoped import ScopedAdmin, ScopedInline
from accounts.backoffice.slugs import free_slug
from accounts.models import User
from accounts.worklist.items import WorkItem, register_work
from courses import addresses, publishing
from courses.announcement_admin import AnnouncementAdmin  # noqa: F401 - registers itself
from courses.cohort_admin import CohortAdmin  # noqa: F401 - registers itself
from courses.drill_admin import DrillAdmin  # noqa: F401 - registers itself
from courses.exchange_admin import ExchangePages
from courses.languages import LanguageFirst
from courses.lesson_admin import LessonAdmin  # noqa: F401 - registers itself
from courses.models import Course, Lesson, Module, Quiz, State
from courses.needs_admin import CourseNeeds, ModuleForm
from courses.ordering import place_at_end
from courses.outline_admin import OutlinePages
from courses.publish_admin import PublishPages
from courses.questions_admin import QuestionPages
from courses.quiz_admin import QuizAdmin  # noqa: F401 - registers itself
from media.admin_forms import CoverForm, Uploading
from media.thumbnails import thumbnail

DONE = "lessons__done_by"


class CourseForm(CourseNeeds, CoverForm):
    slug = forms.SlugField(
        label=gettext_lazy("网址名"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("空着就按课程名的拼音起。定了以后别改，改了旧链接就打不开。"),
    )

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"] or free_slug(
            Course, self.data.get("title", ""), "course", addresses.TAKEN
        )

    def clean_twin(self) -> Course | None:
        twin = self.cleaned_data["twin"]
        if twin and twin.language == self.cleaned_data.get("language", self.instance.language):
            raise forms.ValidationError(_("两门课语言一样，不能互为另一种语言。"))
        return twin


class ModulesInline(ScopedInline):
    model = Module
    can_delete = False
    verbose_name_plural = pgettext_lazy("many", "单元")
    fields = ("number", "title", "hours")
    show_change_link = True


@admin.register(Course)
class CourseAdmin(
    LanguageFirst,
    Uploading,
    OutlinePages,
    ExchangePages,
    QuestionPages,
    PublishPages,
    ObjectActionsMixin,
    ScopedAdmin,
):
    form = CourseForm
    to_course = ""
    delete_roles = ScopedAdmin.change_roles
    kept_by = ("enrolments", "cohorts", "modules__lessons__done_by", "quizzes__attempts")
    fields = ("title", "language", "twin", "place", "summary", "audience", "cover", "slug",
              "needs", "state", "version", "updated_at")  # fmt: skip
    readonly_fields = ("state", "version", "updated_at")
    autocomplete_fields = ("place", "needs")
    list_display = (
        "picture",
        "title",
        "language",
        "place",
        "state",
        "lessons_out",
        "updated_at",
        "outline_link",
    )
    list_display_links = ("title",)
    list_select_related = ("place", "cover")
    list_filter = ("state", "language", by_place("place"))
    search_fields = ("title", "summary")
    search_help_text = gettext_lazy("课程名或简介")
    ordering = ("-updated_at", "-id")
    inlines = (ModulesInline,)
    actions = ("publish", "withdraw")
    steps = (*actions, "publish_changes", "duplicate")
    asking_steps = ("publish_changes",)

    def get_queryset(self, request):
        out = Count("modules__lessons", Q(modules__lessons__state=State.PUBLISHED))
        return super().get_queryset(request).annotate(out=out, written=Count("modules__lessons"))

    def choices(self, request, field):
        """A twin, and what must be learnt first, is another course of one's own."""
        found = super().choices(request, field)
        edited = getattr(request, "edited", None)
        return found.exclude(pk=edited.pk) if field.name in ("twin", "needs") and edited else found

    def get_view_on_site_url(self, obj=None):
        return super().get_view_on_site_url(obj) if obj and obj.is_published else None

    def save_formset(self, request, form, formset, change):
        for module in formset.save(commit=False):
            if not module.pk:
                place_at_end(module)
            module.save()
        formset.save_m2m()

    def steps_for(self, request, obj):
        copy = ("duplicate", _("复制一份"), "")
        if obj.is_published:
            news = ("publish_changes", _("发布新版本"), "main")
            return [news, copy, ("withdraw", _("收回，改成草稿"), "stop")]
        return [("publish", _("发布课程"), "main"), copy]

    def publish_changes(self, request: HttpRequest, queryset: QuerySet):
        def then(note: str) -> None:
            for course in queryset.filter(state=State.PUBLISHED):
                try:
                    row = publishing.publish_changes(course, request.user, note)
                except publishing.NotReady as problem:
                    why = _("；").join(problem.reasons)
                    messages.error(
                        request, _("“%(course)s”发布不了：%(why)s。") % {"course": course, "why": why}
                    )
                    continue
                said = _("“%(course)s”发布了第 %(n)s 版，学员打开就能看到改了什么。")
                messages.success(request, said % {"course": course, "n": row.number})

        return ask_reason(
            self,
            request,
            queryset,
            title=_("发布新版本"),
            button=_("发布新版本"),
            label=_("改了什么（学员会看到）"),
            lacks=_("写一句改了什么，学员会看到"),
            then=then,
        )

    @admin.action(description=gettext_lazy("收回，改成草稿"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet) -> None:
        for course in queryset.select_related("place"):
            publishing.withdraw(course, request.user)
            messages.success(request, _("“%(course)s”收回了，现在是草稿。") % {"course": course})

    @admin.display(description=gettext_lazy("封面"))
    def picture(self, obj: Course) -> str:
        return thumbnail(obj.cover)

    @admin.display(description=gettext_lazy("发布了几课"), ordering="out")
    def lessons_out(self, obj: Course) -> str:
        return _("%(out)d / %(all)d") % {"out": obj.out, "all": obj.written}

    @admin.display(description=gettext_lazy("目录"))
    def outline_link(self, obj: Course) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:courses_course_outline", args=[obj.pk]), _("排课")
        )


@admin.register(Module)
class ModuleAdmin(LanguageFirst, ScopedAdmin):
    within = "course"
    delete_roles = ScopedAdmin.change_roles
    form = ModuleForm
    kept_by = ("lessons__done_by", "quizzes__attempts", "lessons__quizzes__attempts")
    fields = ("course", "number", "title", "summary", "hours", "proof", "opens_on")
    autocomplete_fields = ("course",)
    list_display = ("title", "course", "number", "hours", "lesson_count")
    list_select_related = ("course",)
    list_filter = ("course",)
    search_fields = ("title", "course__title")
    search_help_text = gettext_lazy("单元名或课程名")
    ordering = ("course", "position", "id")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(lesson_count=Count("lessons"))

    def get_fields(self, request, obj=None):
        """What comes first is chosen in a course: once the unit is in one."""
        return (*self.fields, "needs", "needs_quiz") if obj else self.fields

    def choices(self, request, field):
        edited = getattr(request, "edited", None)
        if field.name not in ("needs", "needs_quiz") or edited is None:
            return super().choices(request, field)
        if field.name == "needs":
            others = Module.objects.filter(course=edited.course_id).exclude(pk=edited.pk)
            return others.order_by("position", "id")
        return Quiz.objects.filter(course=edited.course_id).order_by("module__position", "id")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        formfield = super().formfield_for_manytomany(
            db_field, request, widget=forms.CheckboxSelectMultiple, **kwargs
        )
        if db_field.name == "needs":
            formfield.label_from_instance = lambda module: f"{module.number} {module.title}"
        return formfield

    def ready_to_name(self, rows):
        rows = rows.select_related("course").order_by("course__title", "course", "position", "id")
        return super().ready_to_name(rows)

    def name_of(self, obj):
        return f"{obj.course.title} · {obj.number} {obj.title}"

    def save_model(self, request, obj, form, change):
        if not change or "course" in form.changed_data:
            place_at_end(obj)
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("几课"), ordering="lesson_count")
    def lesson_count(self, obj: Module) -> int:
        return obj.lesson_count


@register_work(on_phone=False, in_admin=True)
def unfinished(user: User) -> list[WorkItem]:
    url = reverse("admin:courses_lesson_changelist")
    drafts = Lesson.objects.manageable_by(user).filter(state=State.DRAFT).count()
    sentence = ngettext("%(n)s 课还是草稿", "%(n)s 课还是草稿", drafts) % {"n": drafts}
    url = f"{url}?state__exact={State.DRAFT}"
    return [WorkItem("lesson_draft", drafts, sentence, admin_url=url, icon="edit")]
