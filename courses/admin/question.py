"""Admin of questions: choose a kind, fill in its form, see a preview of the question."""

from __future__ import annotations

import re
from random import Random
from urllib.parse import parse_qsl, urlsplit

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.backoffice.choices import list_rows
from accounts.backoffice.scoped import ScopedAdmin
from accounts.requests import get_person
from courses import questions
from courses.admin.languages import LanguageFirst
from courses.admin.lesson_draft import find_last_stored
from courses.admin.question_form import LATER, lay_out, make_form_class
from courses.authoring.banks import find_bank, find_free_question_code, is_in_use, open_bank
from courses.models import Bank, Course, Lesson, Question, Quiz
from media.admin_forms import EarlyStorageMixin
from ui.parameters import read_id

MOST = {"single": 1, "picture": 1}


@admin.register(Question)
class QuestionAdmin(LanguageFirst, EarlyStorageMixin, ScopedAdmin):
    within = "bank"
    to_course = "bank__course"
    delete_roles = ScopedAdmin.change_roles
    used_by = ("answers",)
    autocomplete_fields = ("bank", "objective")
    list_display = ("text_start", "bank", "kind", "form", "objective", "is_retired")
    list_select_related = ("bank", "objective")
    list_filter = ("kind", "form", "is_retired", "bank")
    search_fields = ("text", "code")
    search_help_text = gettext_lazy("题目里的字或编号")
    ordering = ("bank", "position", "id")
    change_form_template = "admin/courses/question_form.html"

    # --- one form for each kind ---

    def kind_of(self, request: HttpRequest, obj: Question | None) -> str:
        kind = obj.kind if obj else request.POST.get("kind") or request.GET.get("kind", "")
        return kind if kind in questions.KINDS else ""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(
            request, obj, change, form=make_form_class(self.kind_of(request, obj)), **kwargs
        )
        form.lesson = self.lesson_of(request) if obj is None else None
        return form

    def get_fieldsets(self, request, obj=None):
        """Show the question and its answers first; fold what is rarely needed."""
        kind, bank = self.kind_of(request, obj), self.bank_to_be(request, obj)
        is_coming = bank and not (obj and str(obj.bank_id) == bank)
        head = ["start"] if is_coming and is_in_use(bank) else []
        rest: list = ["objective", ("form", "code"), "is_retired"]
        if bank:
            rest.insert(0, "bank")
        else:
            head.append("bank")
        open_rows, more_rows, whys = lay_out(kind, count_rows_used(request, obj))
        folded = [
            (gettext_lazy("不够？这里还能加"), more_rows, "question-rows"),
            (gettext_lazy("每个选项为什么对、为什么错（不写也行）"), whys, "question-whys"),
            (
                gettext_lazy("更多：题库、学习目标、编号") if bank else gettext_lazy("更多：学习目标、编号"),
                rest,
                "",
            ),
        ]
        return [
            (None, {"fields": [*head, "text"]}),
            (Question.Kind(kind).label, {"fields": [*open_rows], "classes": ["question-rows"]}),
            *[
                (name, {"fields": fields, "classes": ["collapse", style]})
                for name, fields, style in folded[:1]
                if fields
            ],
            (None, {"fields": ["explain"]}),
            *[
                (name, {"fields": fields, "classes": ["collapse", style]})
                for name, fields, style in folded[1:]
                if fields
            ],
        ]

    def bank_to_be(self, request: HttpRequest, obj: Question | None) -> str:
        """Return the key of the bank that the form begins with or was posted with; "" if it is not known yet."""
        if request.method == "POST":
            bank = request.POST.get("bank", "")
            lesson = None if bank or obj else self.lesson_of(request)
            bank = bank or str(getattr(lesson and find_bank(lesson), "pk", ""))
        else:
            bank = str(obj.bank_id if obj else self.get_changeform_initial_data(request).get("bank", ""))
        return bank if read_id(bank) else ""

    def add_view(self, request: HttpRequest, form_url="", extra_context=None) -> HttpResponse:
        """Show the kinds to choose from if none is given; the bank in the URL is passed on."""
        if self.has_add_permission(request) and not self.kind_of(request, None):
            bank = request.GET.get("bank", "")
            context = self.admin_site.each_context(request) | {
                "opts": self.opts,
                "title": _("出什么题"),
                "kinds": [(kind.value, kind.label, HINTS[kind]) for kind in Question.Kind],
                "bank": bank if read_id(bank) else "",
                "lesson": self.lesson_of(request),
            }
            return TemplateResponse(request, "admin/courses/question_kinds.html", context)
        return super().add_view(request, form_url, extra_context)

    def get_changeform_initial_data(self, request):
        """Begin with the bank in the URL or that of the lesson's module, else the one this trainer used last."""
        first = super().get_changeform_initial_data(request)
        if not first.get("bank"):
            lesson = self.lesson_of(request)
            last = find_bank(lesson) if lesson else self.last_bank(request)
            if last:
                first["bank"] = str(last.pk)
        return first

    def last_bank(self, request: HttpRequest) -> Bank | None:
        """Return the bank of the last question this person stored, if both exist and the person may edit them."""
        last = find_last_stored(get_person(request), Question)
        rows = self.rows(get_person(request)).filter(
            pk=last.object_id if last and read_id(last.object_id or "") else 0
        )
        return Bank.objects.filter(questions__in=rows).first()

    # --- from a lesson and back to it ---

    def lesson_of(self, request: HttpRequest) -> Lesson | None:
        """Return the lesson in the URL, for whose module the question is written; None without one."""
        pk = request.POST.get("lesson") or request.GET.get("lesson", "")
        lessons = list_rows(self.admin_site, Lesson, get_person(request)).select_related("module")
        return lessons.filter(pk=pk).first() if read_id(pk) else None

    def back_to_lesson(self, request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        """Redirect after saving, with the lesson and, for one more question, the bank."""
        names = ("lesson", "bank") if "_addanother" in request.POST else ("lesson",)
        given = {name: request.POST.get(name, "") for name in names}
        given = {name: pk for name, pk in given.items() if read_id(pk)}
        if given and isinstance(answer, HttpResponseRedirect):
            there = urlsplit(answer.url)
            query = urlencode(dict(parse_qsl(there.query)) | given)
            answer["Location"] = there._replace(query=query).geturl()
        return answer

    def response_add(self, request, obj, post_url_continue=None):
        answer = super().response_add(request, obj, post_url_continue)
        return self.back_to_lesson(request, answer) if is_going_on(request) else answer

    def response_change(self, request, obj):
        answer = super().response_change(request, obj)
        return self.back_to_lesson(request, answer) if is_going_on(request) else answer

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["kind"] = self.kind_of(request, obj)
        context["lesson"] = self.lesson_of(request)
        context["unit"] = find_quiz(obj) if obj and not context["lesson"] else None
        banks = list_rows(self.admin_site, Bank, request.user).select_related("course")
        context["into"] = banks.filter(pk=self.bank_to_be(request, obj) or 0).first()
        # The form of a new question asks whether to hold it back; for an old one a message says so.
        context["is_live"] = bool(obj) and not obj.is_retired and is_in_use(obj.bank_id)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        obj.kind = form.kind
        if obj.bank_id is None:
            obj.bank = open_bank(form.lesson)
            if obj.bank.questions.filter(code=obj.code).exists():  # two first questions at the same time
                obj.code = find_free_question_code(obj.bank)
        if not change:
            last = Question.objects.filter(bank=obj.bank).order_by("-position").first()
            obj.position = last.position + 1 if last else 1
        super().save_model(request, obj, form, change)
        form.save_pictures()
        if (
            obj.is_retired
            and "is_retired" not in form.changed_data
            and form.cleaned_data.get("start") == LATER
        ):
            messages.info(request, _("这道题先放着，学员看不到。"))

    # --- preview ---

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("preview/", wrap(require_POST(self.preview_typed)), name="courses_question_preview_typed"),
            path(
                "<path:object_id>/preview/", wrap(require_safe(self.preview)), name="courses_question_preview"
            ),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        question = self.found(request, object_id)
        problems = questions.find_problems(question.kind, question.content)
        photos = {row.name: row.photo for row in question.pictures.select_related("photo")}
        up, lesson = reverse("admin:courses_question_change", args=[question.pk]), self.lesson_of(request)
        context = build_context(question, problems, photos) | {
            "up": f"{up}?lesson={lesson.pk}" if lesson else up
        }
        return TemplateResponse(request, "courses/question_preview.html", context)

    def preview_typed(self, request: HttpRequest) -> HttpResponse:
        """Show what is typed in the form now, without storing it; errors are shown instead of what is wrong."""
        number = request.POST.get("question", "")
        obj = self.found(request, number, to_change=True) if read_id(number) else None
        if not self.kind_of(request, obj) or not self.has_add_permission(request):
            return HttpResponse(status=400)
        form = self.get_form(request, obj, change=bool(obj))(request.POST, instance=obj)
        form.is_valid()
        question, problems = form.instance, [str(error) for error in form.non_field_errors()]
        question.text, question.explain = (form.cleaned_data.get(name, "") for name in ("text", "explain"))
        if "bank" not in form.cleaned_data:
            question.bank = None
        photos = {
            name.replace("_", "-"): value for name, value in form.cleaned_data.items() if name[:6] == "photo_"
        }
        context = build_context(question, problems, photos) | {"is_typed": True}
        return TemplateResponse(request, "courses/question_preview.html", context)

    def response_post_save_add(self, request, obj):
        return self.to_preview(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request, obj):
        return self.to_preview(request, obj) or super().response_post_save_change(request, obj)

    def to_preview(self, request: HttpRequest, obj: Question) -> HttpResponse | None:
        if "_preview" in request.POST:
            return redirect("admin:courses_question_preview", obj.pk)
        lesson = self.lesson_of(request)
        return redirect("admin:courses_lesson_questions", lesson.pk) if lesson else None

    @admin.display(description=pgettext_lazy("one", "题"), ordering="text")
    def text_start(self, obj: Question) -> str:
        return obj.text[:40]


def is_going_on(request: HttpRequest) -> bool:
    """Return whether saving is followed by the same question, its preview or one more."""
    return not {"_preview", "_continue", "_addanother"}.isdisjoint(request.POST)


def find_quiz(question: Question) -> Quiz | None:
    """Return a quiz that asks the question, with its module or lesson."""
    quizzes = Quiz.objects.filter(bank=question.bank_id).select_related("module", "lesson__module")
    return quizzes.exclude(module=None, lesson=None).order_by("pk").first()


def count_rows_used(request: HttpRequest, obj: Question | None) -> int:
    """Return how many rows are filled in, as stored or as typed."""
    content = (obj.content or {}) if obj else {}
    stored = max((len(content.get(name, [])) for name in ("choices", "steps", "wrong")), default=0)
    typed = [
        int(match[1])
        for name in request.POST
        if (match := ROW_NAME.match(name)) and request.POST[name].strip()
    ]
    return max([stored, *typed])


ROW_NAME = re.compile(r"(?:text|photo|alt)_([1-9])\Z")
HINTS = {
    Question.Kind.SINGLE: gettext_lazy("几个选项，一个对"),
    Question.Kind.MULTIPLE: gettext_lazy("几个选项，对的不止一个"),
    Question.Kind.TRUE_FALSE: gettext_lazy("一句话，对还是错"),
    Question.Kind.ORDER: gettext_lazy("几步，排出先后"),
    Question.Kind.NUMBER: gettext_lazy("算一算，填个数"),
    Question.Kind.PICTURE: gettext_lazy("几张图，选一张"),
    Question.Kind.SPOT: gettext_lazy("一段话术，点出违规的话"),
}


def build_context(question: Question, problems: list[str], photos: dict) -> dict:
    """Return the context of a question's page; shuffled the same way each time, so that a preview does not change its order."""
    context = {"question": question, "problems": problems, "course": find_course(question)}
    if problems:
        return context
    shown, key = questions.freeze(question.kind, question.content, Random(7))
    for choice in shown.get("choices", []):
        if photo := photos.get(choice.get("picture")):
            names = ("key", "width", "height", "status")
            choice["photo"] = {name: getattr(photo, name) for name in names}
    item = {"kind": question.kind, "text": question.text, "explain": question.explain, "shown": shown}
    solution = key["right"][0] if question.kind in MOST else key["right"]
    after = questions.build_feedback(question.kind, shown, key, solution)
    question_result = {"item": item, "right": True, "after": after}
    return context | {
        "item": item,
        "steps": shown.get("steps"),
        "question_result": question_result,
        "picked": [],
    }


def find_course(question: Question) -> Course:
    """Return the course of the question's bank; before a bank is chosen, an empty course in the page's language."""
    bank = Bank.objects.select_related("course").filter(pk=question.bank_id).first()
    return bank.course if bank else Course(language=get_language())
