"""A course as a zip in the admin: export it, preview what an import would change, import it, copy a course."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.backoffice.scoped import ScopedAdmin
from accounts.models import Membership, Place, User
from accounts.requests import get_person
from courses.import_export.archive import open_archive
from courses.import_export.document import UnreadableFile
from courses.import_export.export import write_archive
from courses.import_export.importer import duplicate_course, find_course, import_archive, preview_changes
from courses.models import Course, State
from media import received_files
from ui.fields import get_max_length
from ui.formats import bytes_over
from ui.forms import FarmForm
from ui.responses.downloads import send_download

# The front server accepts no larger form; larger zips are for `manage.py import_course`.
MOST = 110_000_000
A_DAY = 24 * 60 * 60
A_MOMENT = timedelta(seconds=30)
SALT = "course-import"


class PackageForm(FarmForm):
    place = forms.ModelChoiceField(
        Place.objects.none(),
        label=gettext_lazy("新课程归哪儿"),
        help_text=gettext_lazy("已有的课程还归原来的地方。"),
    )
    package = forms.FileField(
        label=gettext_lazy("课程 zip"),
        help_text=gettext_lazy("从新农活导出的课程，110 MB 以内。先给你看会改什么，点了确定才改。"),
        error_messages={"required": gettext_lazy("选一个 zip 文件")},
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        held = (
            Place.objects.all() if user.is_superuser else Place.objects.held_by(user, *Membership.STAFF_ROLES)
        )
        self.fields["place"].queryset = held.order_by("path")
        self.initial.setdefault("place", held.order_by("path").first())

    def clean_package(self):
        package = self.cleaned_data["package"]
        if package.size > MOST:
            raise ValidationError(
                _("这个 zip 有 %(size)s MB，最多收 110 MB。") % {"size": bytes_over(package.size, 10**6)}
            )
        return package


class ExchangePages(ScopedAdmin):
    """Mixin of the course's admin page that adds import, export and copies."""

    def get_urls(self) -> list:
        guard = self.admin_site.admin_view
        return [
            path("import/", guard(self.import_view), name="courses_course_import"),
            path("<path:object_id>/export/", guard(self.export_view), name="courses_course_export"),
            *super().get_urls(),
        ]

    def export_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        course = self.found(request, object_id)
        return send_download(
            lambda file: write_archive(course, file), f"{course.slug}.zip", "application/zip"
        )

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file, show what it would change, then import it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "token" in request.POST:
            return self.bring_in(request)
        form = PackageForm(request.POST or None, request.FILES or None, user=get_person(request))
        if request.method == "POST" and form.is_valid():
            try:
                package = form.cleaned_data["package"]
                name = received_files.store_pending(package, get_person(request), "imports")
            except received_files.NotStored as away:
                form.add_error("package", away)
            else:
                if answer := self.look(request, form, name):
                    return answer
        return self.page_of(request, {"form": form})

    def look(self, request: HttpRequest, form: PackageForm, name: str) -> HttpResponse | None:
        """Show what the file would change; None, with the error on the form, if it is no course."""
        try:
            with storages["intake"].open(name) as file, open_archive(file) as package:
                document = package.document
                plan = preview_changes(document, find_course(document, get_person(request)))
                plan.extras = package.extras
        except UnreadableFile as problem:
            storages["intake"].delete(name)
            for reason in problem.reasons:
                form.add_error("package", reason)
            return None
        place = form.cleaned_data["place"]
        token = signing.dumps([request.user.pk, name, place.pk], salt=SALT)
        return self.page_of(
            request, {"plan": plan, "token": token, "place": place, "document": document["course"]}
        )

    def bring_in(self, request: HttpRequest) -> HttpResponse:
        try:
            user, name, place = signing.loads(request.POST["token"], salt=SALT, max_age=A_DAY)
            if user != request.user.pk:
                raise signing.BadSignature
            place = PackageForm(user=get_person(request)).fields["place"].queryset.get(pk=place)
            with storages["intake"].open(name) as file:
                course = import_archive(file, place, get_person(request))
        except (signing.BadSignature, Place.DoesNotExist, FileNotFoundError):
            messages.warning(request, _("这份 zip 放得太久，或者已经导入过了。重新选一次。"))
            return redirect("admin:courses_course_import")
        except UnreadableFile as problem:
            messages.error(request, _("；").join(problem.reasons))
            return redirect("admin:courses_course_import")
        storages["intake"].delete(name)
        messages.success(request, _("“%(course)s”导入好了。") % {"course": course})
        return redirect("admin:courses_course_outline", course.pk)

    def page_of(self, request: HttpRequest, context: dict) -> HttpResponse:
        page = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("导入课程"), **context}
        return TemplateResponse(request, "admin/courses/import.html", page)

    def duplicate(self, request: HttpRequest, queryset) -> HttpResponse | None:
        """Copy one course and show the copy's page."""
        copies = [copy_course(course) for course in queryset]
        for copy in copies:
            messages.success(request, _("复制好了，新的一份叫“%(course)s”，是草稿。") % {"course": copy})
        return redirect("admin:courses_course_change", copies[0].pk) if len(copies) == 1 else None


@transaction.atomic
def copy_course(course: Course) -> Course:
    """Return a copy of the course; a second tap on the same button gets the copy that the first has made."""
    Course.objects.select_for_update().get(pk=course.pk)
    title, lately = make_copy_title(course.title), timezone.now() - A_MOMENT
    mine = Course.objects.filter(title=title, place=course.place_id, state=State.DRAFT, updated_at__gt=lately)
    return mine.first() or duplicate_course(course, title)


def make_copy_title(title: str) -> str:
    ending = _("（副本）")
    longest = get_max_length(Course, "title") - len(ending)
    return title[:longest] + ending
