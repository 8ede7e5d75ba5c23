"""Admin of courses and their modules, with the pages for the outline and for publishing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.backoffice.filters import by_place
from accounts.backoffice.object_actions import ObjectActionsMixin, ask_reason
from accounts.backoffice.scoped import ScopedAdmin, ScopedInline
from accounts.backoffice.slugs import find_free_slug
from accounts.models import User
from accounts.requests import get_person
from accounts.worklist.items import WorkItem, register_work
from courses import reserved_slugs
from courses.admin.course_archive import ExchangePages
from courses.admin.languages import LanguageFirst
from courses.admin.question_import import QuestionPages
from courses.authoring import checks, outline_order, publication
from courses.authoring.outline_order import place_at_end
from courses.authoring.prerequisites import (
    find_circular,
    find_modules_of_quizzes,
    list_course_edges,
    list_module_edges,
)
from courses.models import Course, Lesson, Module, Quiz, State
from media.admin_forms import CoverForm, EarlyStorageMixin
from media.photos.html import render_thumbnail
from ui.forms import FarmModelForm


class CourseNeeds(forms.BaseModelForm):
    """Mixin of the course's form that checks what must be learnt first."""

    def clean_needs(self):
        needed = self.cleaned_data["needs"]
        if self.instance.pk:
            waiting = find_circular(self.instance.pk, [course.pk for course in needed], list_course_edges)
            for course in needed:
                if course.pk in waiting:
                    self.add_error("needs", is_in_circle(course, self.instance))
        return needed


class ModuleForm(FarmModelForm):
    def clean(self) -> dict:
        cleaned = super().clean()
        course = cleaned.get("course") or getattr(self.instance, "course", None)
        for name in ("needs", "needs_quiz"):
            if course and any(row.course_id != course.pk for row in cleaned.get(name) or ()):
                self.add_error(name, _("只能选同一门课里的。"))
        if self.instance.pk:
            self.refuse_to_leave()
            self.refuse_circles(list(cleaned.get("needs") or ()), list(cleaned.get("needs_quiz") or ()))
        return cleaned

    def refuse_to_leave(self) -> None:
        """Refuse to move a module to another course while rows of its course refer to it."""
        if "course" not in self.changed_data:
            return
        module = Module.objects.get(pk=self.instance.pk)
        if module.opens.exists() or module.openings.exists():
            self.add_error(
                "course", _("有别的单元要先学完它，或者有班级定了它的开放日期。先去掉，再搬到别的课。")
            )

    def refuse_circles(self, modules: list[Module], quizzes: list[Quiz]) -> None:
        start, placed = self.instance.pk, find_modules_of_quizzes(quizzes)
        waiting = find_circular(start, {module.pk for module in modules} | placed.keys(), list_module_edges)
        for module in modules:
            if module.pk in waiting:
                self.add_error("needs", is_in_circle(module, self.instance))
        for at, quiz in placed.items():
            if at in waiting:
                sentence = _("要学了“%(this)s”才考得了“%(quiz)s”，不能拿它当门槛。")
                self.add_error("needs_quiz", sentence % {"this": self.instance, "quiz": quiz})


def is_in_circle(other: Course | Module, this: Course | Module) -> str:
    text = _("“%(other)s”自己要先学完“%(this)s”，两边互相等，谁都学不了。")
    return text % {"other": other, "this": this}


class OutlinePages(ScopedAdmin):
    """Mixin of the course's admin page that adds the outline."""

    change_form_template = "admin/courses/course_form.html"

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.outline_view)
        return [path("<path:object_id>/outline/", view, name="courses_course_outline"), *super().get_urls()]

    def outline_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the tree; a POST moves one row (`move=l10:up`) or sets the whole order (`order=m1 l10 …`)."""
        course = self.found(request, object_id, to_change=request.method == "POST")
        if request.method == "POST":
            return self.reorder(request, course)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("目录"),
            "original": course,
            "units": list_units(course),
            "can_change": self.has_change_permission(request, course),
            "report": checks.check_course(course),
        }
        return TemplateResponse(request, "admin/courses/outline.html", context)

    def reorder(self, request: HttpRequest, course: Course) -> HttpResponse:
        """Store the order; a script gets 204 or 409, a form the page again."""
        by_script = "order" in request.POST
        try:
            if by_script:
                tree = outline_order.parse_tree(request.POST["order"])
            else:
                mark, _colon, way = request.POST.get("move", "").partition(":")
                tree = outline_order.move_row(outline_order.load_tree(course), mark, up=way == "up")
            outline_order.save_tree(course, tree)
        except ValueError:
            return HttpResponseBadRequest()
        except outline_order.OutlineChanged:
            if by_script:
                return HttpResponse(status=409)
            messages.warning(request, _("刚才有人改过目录，这是现在的样子。"))
        return HttpResponse(status=204) if by_script else redirect("admin:courses_course_outline", course.pk)


def list_units(course: Course) -> list[tuple]:
    """Return [(module, lessons, number of questions in its quizzes)] in order; three queries."""
    lessons: dict[int, list[Lesson]] = {}
    for lesson in Lesson.objects.filter(module__course=course).in_order().defer("body", "html"):
        lessons.setdefault(lesson.module_id, []).append(lesson)
    asked = Count("bank__questions", Q(bank__questions__is_retired=False))
    quizzes = course.quizzes.filter(kind=Quiz.Kind.MODULE).order_by("module")
    questions = dict(quizzes.values("module").annotate(n=asked).values_list("module", "n"))
    modules = course.modules.order_by("position", "id")
    return [(module, lessons.get(module.pk, []), questions.get(module.pk, 0)) for module in modules]


class PublishPages(ScopedAdmin):
    """Mixin of the course's admin page that adds the action `publish`."""

    @admin.action(description=gettext_lazy("发布"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Publish at once if nothing is wrong, else after a confirmation (`sure`); nine queries a course."""
        courses = list(queryset.select_related("place"))
        if "sure" not in request.POST:
            checked = [(one, checks.check_course(one)) for one in courses if not one.is_published]
            if any(report.errors or report.warnings for _course, report in checked):
                return self.ask(request, checked)
        for course in courses:
            try:
                publication.publish_course(course, get_person(request))
                messages.success(request, _("“%(course)s”发布了。") % {"course": course})
            except publication.NotReady as problem:
                why = _("；").join(problem.reasons)
                messages.error(request, _("“%(course)s”发布不了：%(why)s。") % {"course": course, "why": why})
        return None

    def ask(self, request: HttpRequest, checked: list[tuple[Course, checks.Report]]) -> HttpResponse:
        ready = [course for course, report in checked if not report.errors]
        one = checked[0][0] if len(checked) == 1 else None
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("发布前看一看"),
            "checked": [(course, report) for course, report in checked if report.errors or report.warnings],
            "button": (_("能发的先发布") if len(ready) < len(checked) else _("知道了，照样发布"))
            if ready
            else "",
            "action": request.POST.get("action", ""),
            "across": "0",
            "selected": [course.pk for course in ready],
            "checkbox": ACTION_CHECKBOX_NAME,
            "back_url": reverse("admin:courses_course_outline", args=[one.pk])
            if one
            else reverse("admin:courses_course_changelist"),
        }
        return TemplateResponse(request, "admin/courses/publish.html", page)


class CourseForm(CourseNeeds, CoverForm):
    slug = forms.SlugField(
        label=gettext_lazy("网址名"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("空着就按课程名的拼音起。定了以后别改，改了旧链接就打不开。"),
    )

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"] or find_free_slug(
            Course, self.data.get("title", ""), "course", reserved_slugs.RESERVED
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
    EarlyStorageMixin,
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
    used_by = ("enrolments", "cohorts", "modules__lessons__done_by", "quizzes__attempts")
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
        """Offer only other courses of the trainer as twin and as courses that must be learnt first."""
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
                    row = publication.publish_changes(course, get_person(request), note)
                except publication.NotReady as problem:
                    why = _("；").join(problem.reasons)
                    messages.error(
                        request, _("“%(course)s”发布不了：%(why)s。") % {"course": course, "why": why}
                    )
                    continue
                sentence = _("“%(course)s”发布了第 %(n)s 版，学员打开就能看到改了什么。")
                messages.success(request, sentence % {"course": course, "n": row.number})

        return ask_reason(
            self,
            request,
            queryset,
            title=_("发布新版本"),
            button=_("发布新版本"),
            label=_("改了什么（学员会看到）"),
            missing=_("写一句改了什么，学员会看到"),
            then=then,
        )

    @admin.action(description=gettext_lazy("收回，改成草稿"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet) -> None:
        for course in queryset.select_related("place"):
            publication.withdraw_course(course, get_person(request))
            messages.success(request, _("“%(course)s”收回了，现在是草稿。") % {"course": course})

    @admin.display(description=gettext_lazy("封面"))
    def picture(self, obj: Course) -> str:
        return render_thumbnail(obj.cover)

    @admin.display(description=gettext_lazy("发布了几节课"), ordering="out")
    def lessons_out(self, obj: Any) -> str:
        return _("%(out)d / %(all)d") % {"out": obj.out, "all": obj.written}

    @admin.display(description=gettext_lazy("目录"))
    def outline_link(self, obj: Course) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:courses_course_outline", args=[obj.pk]), _("调整目录")
        )


@admin.register(Module)
class ModuleAdmin(LanguageFirst, ScopedAdmin):
    within = "course"
    delete_roles = ScopedAdmin.change_roles
    form = ModuleForm
    used_by = ("lessons__done_by", "quizzes__attempts", "lessons__quizzes__attempts")
    fields = ("course", "number", "title", "summary", "hours", "proof", "opens_on", "always_taught")
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
        """Show what must be learnt first once the module is in a course, in which it is chosen."""
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

    @admin.display(description=gettext_lazy("几节课"), ordering="lesson_count")
    def lesson_count(self, obj: Any) -> int:
        return obj.lesson_count


@register_work(on_phone=False, in_admin=True)
def unfinished(user: User) -> list[WorkItem]:
    url = reverse("admin:courses_lesson_changelist")
    drafts = Lesson.objects.manageable_by(user).filter(state=State.DRAFT).count()
    sentence = ngettext("%(n)s 节课还是草稿", "%(n)s 节课还是草稿", drafts) % {"n": drafts}
    url = f"{url}?state__exact={State.DRAFT}"
    return [WorkItem("lesson_draft", drafts, sentence, admin_url=url, icon="edit")]
