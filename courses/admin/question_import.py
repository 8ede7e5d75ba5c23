"""Import questions from a file in the admin: choose it, see row by row what it would do, then import it."""

from __future__ import annotations

import re

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.backoffice.scoped import ScopedAdmin
from accounts.requests import get_person
from courses.admin.course_archive import A_DAY
from courses.authoring.banks import is_in_use
from courses.import_export import foreign_formats, gift, xlsx
from courses.import_export.document import UnreadableFile
from courses.import_export.question_import import ImportPlan, ParsedQuestion, import_questions, plan_import
from courses.models import Bank, Course
from media import received_files, spreadsheets
from ui.fields import CleanCharField
from ui.forms import FarmForm
from ui.parameters import read_id

SALT, FOLDER = "questions-import", "questions"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Files whose bytes are text, but which are not GIFT.
NO_TEXT = ("csv", "tsv", "json")
# So many of each kind are listed; the counts are of all.
SHOWN = 100


class QuestionsForm(FarmForm):
    bank = forms.ModelChoiceField(
        Bank.objects.none(),
        label=gettext_lazy("放进哪个题库"),
        required=False,
        empty_label=gettext_lazy("新建一个题库"),
    )
    title = CleanCharField(label=gettext_lazy("新题库叫什么"), required=False, max_length=80)
    file = forms.FileField(
        label=gettext_lazy("题目文件"),
        help_text=gettext_lazy(
            "Excel 表格（.xlsx，照模板填）或 GIFT 文本（.txt，从 Moodle 导出）。先给你看会改什么。"
        ),
        error_messages={"required": gettext_lazy("选一个 .xlsx 或 .txt 文件")},
    )

    def __init__(self, *args, course: Course, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        bank = self.fields["bank"]
        bank.queryset = course.banks.all()
        bank.choices = [("", bank.empty_label), *((row.pk, str(row)) for row in sort_by_code(course))]

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("bank") and not cleaned.get("title"):
            self.add_error("title", _("给新题库起个名，或者在上面选一个"))
        return cleaned

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > spreadsheets.MOST_BYTES:
            raise ValidationError(_("文件太大了，最多 5 MB"))
        return file


def parse_file(file: File, name: str = "") -> list[ParsedQuestion]:
    """Parse a file by its content; one with a table's extension that is none is not read as text. Raises UnreadableFile."""
    start = file.read(4)
    file.seek(0)
    kind = str(name).rpartition(".")[2].lower()
    if kind in ("xlsx", "xlsm", "zip") and not start.startswith((b"PK", spreadsheets.OLD)):
        sentence = (
            _("这不是 .xlsx 表格，或者没传完整") if kind != "zip" else _("这不是 zip 文件，或者没传完整")
        )
        raise UnreadableFile(sentence)
    if start.startswith((b"PK", foreign_formats.GZIP)):
        found = foreign_formats.identify_file(file)
        if found and found != foreign_formats.SHEET:
            raise UnreadableFile(foreign_formats.describe_question_refusal(found))
    if start.startswith((b"PK", spreadsheets.OLD)):
        return xlsx.read_sheet(file, file.size)
    if kind in NO_TEXT:
        raise UnreadableFile(
            _("这里不收 .%(kind)s。用 Excel 或 WPS 打开，照模板填好，另存为 .xlsx 再传") % {"kind": kind}
        )
    return gift.read(file.read(gift.MOST_BYTES + 1))


class QuestionPages(ScopedAdmin):
    """Mixin of the course's admin page that adds the import and export of questions."""

    def get_urls(self) -> list:
        guard = self.admin_site.admin_view
        bring, fetch = guard(self.questions_view), guard(self.sheet_view)
        return [
            path("<path:object_id>/questions/import/", bring, name="courses_course_questions_import"),
            path("<path:object_id>/questions/sheet/", fetch, name="courses_course_questions_sheet"),
            *super().get_urls(),
        ]

    def sheet_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Download the template, or with ?bank= the questions of that bank."""
        course = self.found(request, object_id)
        pk = request.GET.get("bank", "")
        bank = get_object_or_404(course.banks, pk=pk if read_id(pk) else 0) if pk else None
        content = xlsx.write_template()
        if bank:
            rows = (
                bank.questions.filter(is_retired=False).select_related("objective").order_by("position", "pk")
            )
            content = xlsx.write_bank(rows)
        answer = HttpResponse(content, content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{bank.code if bank else "questions"}.xlsx"'
        return answer

    def questions_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        course = self.found(request, object_id)
        if not self.has_change_permission(request, course):
            raise PermissionDenied
        if "token" in request.POST:
            return self.fill_in(request, course)
        first = {"bank": request.GET.get("bank")}
        form = QuestionsForm(request.POST or None, request.FILES or None, course=course, initial=first)
        if request.method == "POST" and form.is_valid():
            chosen = form.cleaned_data
            bank = chosen["bank"]
            try:
                name = received_files.store_pending(chosen["file"], get_person(request), FOLDER)
                plan = plan_file(name, course, bank, chosen["file"].name)
            except received_files.NotStored as away:
                form.add_error("file", away)
            except UnreadableFile as problem:
                storages["intake"].delete(name)
                for reason in problem.reasons:
                    form.add_error("file", reason)
            else:
                facts = [request.user.pk, course.pk, name, bank.pk if bank else 0, chosen["title"]]
                token = signing.dumps(facts, salt=SALT)
                shown = {"plan": plan, "token": token, "bank": bank or chosen["title"], "shown": SHOWN}
                shown["is_live"] = bool(bank) and is_in_use(bank.pk)
                return self.questions_page(request, course, shown)
        return self.questions_page(request, course, {"form": form})

    def fill_in(self, request: HttpRequest, course: Course) -> HttpResponse:
        try:
            user, of, name, pk, title = signing.loads(request.POST["token"], salt=SALT, max_age=A_DAY)
            if (user, of) != (request.user.pk, course.pk):
                raise signing.BadSignature
            bank = course.banks.get(pk=pk) if pk else None
            with storages["intake"].open(name) as file:
                found = parse_file(file)
            bank, plan = import_once(course, bank, title, found, name)
        except (signing.BadSignature, Bank.DoesNotExist, FileNotFoundError):
            messages.warning(request, _("这个文件放得太久，或者已经导入过了。重新选一次。"))
            return redirect("admin:courses_course_questions_import", course.pk)
        report_import(request, bank, plan)
        return redirect(make_questions_url(course, bank))

    def questions_page(self, request: HttpRequest, course: Course, context: dict) -> HttpResponse:
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("导入题目"),
            "original": course,
            "banks": sort_by_code(course),
        }
        return TemplateResponse(request, "admin/courses/questions_import.html", page | context)


def plan_file(name: str, course: Course, bank: Bank | None, called: str) -> ImportPlan:
    with storages["intake"].open(name) as file:
        return plan_import(course, bank, parse_file(file, called))


def sort_by_code(course: Course) -> list[Bank]:
    """Return the banks in the natural order of their codes."""
    return sorted(course.banks.all(), key=lambda bank: sort_naturally(bank.code))


def sort_naturally(code: str) -> list[tuple[int, str]]:
    """Return a sort key that puts q-2 before q-10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]{1,9})", code)]


@transaction.atomic
def import_once(
    course: Course, bank: Bank | None, title: str, found: list[ParsedQuestion], name: str
) -> tuple[Bank, ImportPlan]:
    """Import the file; a second tap on the same confirmation finds the file gone and makes no second bank of it."""
    Course.objects.select_for_update().get(pk=course.pk)
    if not storages["intake"].exists(name):
        raise FileNotFoundError(name)
    filled = import_questions(course, bank, title, found)
    storages["intake"].delete(name)
    return filled


def report_import(request: HttpRequest, bank: Bank, plan: ImportPlan) -> None:
    facts = {"bank": bank, "new": len(plan.new), "changed": len(plan.changed)}
    messages.success(request, _("“%(bank)s”导入好了：加了 %(new)d 道，改了 %(changed)d 道。") % facts)
    if plan.wrong:
        n = len(plan.wrong)
        sentence = ngettext(
            "有 %(n)d 道没导入，改好再传一次就行。", "有 %(n)d 道没导入，改好再传一次就行。", n
        )
        messages.warning(request, sentence % {"n": n})


def make_questions_url(course: Course, bank: Bank) -> str:
    try:
        return reverse("admin:courses_question_changelist") + f"?bank__id__exact={bank.pk}"
    except NoReverseMatch:
        return reverse("admin:courses_course_outline", args=[course.pk])
