"""The page "写课", where a trainer begins to write, and the questions of a lesson's module, linked both ways."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.backoffice.choices import list_rows
from accounts.backoffice.scoped import ScopedAdmin
from accounts.requests import get_person
from courses.admin.languages import rank_language
from courses.admin.lesson_draft import find_last_stored
from courses.authoring.banks import list_quizzes
from courses.models import Course, Lesson, Question, Quiz, State
from ui.parameters import read_id

# So many are listed; a link leads to all.
DRAFTS, QUESTIONS = 5, 30


class WritingPages(ScopedAdmin):
    """Mixin of the lesson's admin page that adds these pages."""

    def get_urls(self) -> list:
        guard = self.admin_site.admin_view
        return [
            path("write/", guard(require_safe(self.write_view)), name="courses_lesson_write"),
            path("<path:object_id>/questions/", guard(self.unit_view), name="courses_lesson_questions"),
            *super().get_urls(),
        ]

    def write_view(self, request: HttpRequest) -> HttpResponse:
        """List what was begun, and the courses to write in, those in the page's language first."""
        if not self.has_view_permission(request):
            return redirect("admin:index")
        lessons = (
            self.rows(get_person(request)).select_related("module__course").defer("body", "html", "captions")
        )
        drafts = lessons.filter(state=State.DRAFT).order_by("-updated_at", "-pk")
        courses = list_rows(self.admin_site, Course, get_person(request))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("写课"),
            "drafts": drafts[:DRAFTS],
            "draft_count": drafts.count(),
            "drafts_url": f"{reverse('admin:courses_lesson_changelist')}?state__exact={State.DRAFT}",
            "courses": courses.order_by(rank_language(), "-updated_at", "-pk").annotate(
                units=Count("modules", distinct=True), written=Count("modules__lessons")
            ),
            "module": find_last_module(request.user, lessons),
        }
        return TemplateResponse(request, "admin/courses/write.html", context)

    def unit_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the quizzes of the lesson and its module with their questions; a POST publishes a quiz or releases a
        question.
        """
        lesson = self.found(request, object_id, to_change=request.method == "POST")
        quizzes = list_quizzes(lesson)
        if request.method == "POST":
            do = self.start_question if "question" in request.POST else self.publish_quiz
            return do(request, lesson, quizzes)
        shown = []
        for quiz in quizzes.annotate(
            asked=Count("bank__questions", Q(bank__questions__is_retired=False))
        ).select_related("bank"):
            questions = (
                Question.objects.filter(bank=quiz.bank_id)
                .order_by("position", "pk")
                .defer("content", "explain")
            )
            asked, held = questions.filter(is_retired=False), questions.filter(is_retired=True)
            shown.append((quiz, list(asked[:QUESTIONS]), list(held[:QUESTIONS])))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("本单元的题"),
            "original": lesson,
            "quizzes": shown,
            "is_course_out": lesson.module.course.is_published,
            "can_change": self.has_change_permission(request, lesson),
        }
        return TemplateResponse(request, "admin/courses/unit_questions.html", context)

    def publish_quiz(self, request: HttpRequest, lesson: Lesson, quizzes: QuerySet[Quiz]) -> HttpResponse:
        pk = request.POST.get("quiz", "")
        if not read_id(pk):
            return HttpResponseBadRequest()
        quiz = get_object_or_404(quizzes.select_related("bank"), pk=pk)
        if not quiz.list_questions().exists():
            messages.error(request, _("题库里还没有题，先出题再发布。"))
        elif quiz.state != State.PUBLISHED:
            quiz.state = State.PUBLISHED
            quiz.save(update_fields=["state"])
            self.log_change(request, quiz, [{"changed": {"fields": [_("状态")]}}])
            messages.success(request, _("“%(quiz)s”发布了。") % {"quiz": quiz.title})
        return redirect("admin:courses_lesson_questions", lesson.pk)

    def start_question(self, request: HttpRequest, lesson: Lesson, quizzes: QuerySet[Quiz]) -> HttpResponse:
        pk = request.POST.get("question", "")
        if not read_id(pk):
            return HttpResponseBadRequest()
        question = get_object_or_404(Question.objects.filter(bank__quizzes__in=quizzes).distinct(), pk=pk)
        if question.is_retired:
            question.is_retired = False
            question.save(update_fields=["is_retired"])
            changed = [{"changed": {"fields": [_("先放着，不考")]}}]
            self.log_change(request, question, changed)
            messages.success(request, _("“%(question)s”开始考了。") % {"question": question})
        return redirect("admin:courses_lesson_questions", lesson.pk)


def find_last_module(user, lessons: QuerySet[Lesson]) -> int | None:
    """Return the module of the lesson that this person stored last, while they may still write in it."""
    entry = find_last_stored(user, Lesson)
    pk = read_id(entry.object_id or "") if entry else None
    rows = lessons.filter(pk=pk) if pk else lessons.none()
    return rows.values_list("module", flat=True).first()
