"""Admin of enrolments, of lessons done, and of events that phones sent. Nothing that was done can be changed here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import phones
from accounts.backoffice.export import ExportMixin
from accounts.backoffice.filters import by_place
from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin
from courses.models import Lesson, State
from outbox import descriptions
from outbox.models import Event
from progress.models import Enrolment, LessonDone

# noqa: F401 - registers itself


def count_rows(rows: QuerySet, by: str) -> Coalesce:
    """Return a subquery that counts these rows for each row of another query, 0 where there are none."""
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def annotate_progress(rows: QuerySet) -> QuerySet:
    """Annotate each enrolment with `done` and `lessons`: published lessons of its course, done and in all."""
    done = LessonDone.objects.filter(
        user=OuterRef("user"), lesson__module__course=OuterRef("course"), lesson__state=State.PUBLISHED
    )
    lessons = Lesson.objects.filter(module__course=OuterRef("course"), state=State.PUBLISHED)
    return rows.annotate(done=count_rows(done, "user"), lessons=count_rows(lessons, "module__course"))


def get_number(enrolment: Enrolment) -> str:
    """Return the phone number of a person who is in the class now, "" for one who has left it."""
    return "" if enrolment.left_at else str(enrolment.user.phone or "")


@admin.register(Enrolment)
class EnrolmentAdmin(ExportMixin, ScopedAdmin):
    """Enrolments are made by the learners; a trainer may move somebody into another class of the course."""

    fields = ("user", "phone", "course", "cohort", "course_version", "enrolled_at", "left_at", "progress")
    readonly_fields = ("user", "phone", "course", "course_version", "enrolled_at", "left_at", "progress")
    list_display = ("user", "phone", "course", "cohort", "progress", "enrolled_at", "left_at")
    list_select_related = ("user", "course", "cohort")
    list_filter = ("course", "cohort", by_place("cohort__place"), ("left_at", admin.EmptyFieldListFilter))
    search_fields = ("user__name", "user__phone", "cohort__name")
    search_help_text = gettext_lazy("姓名、手机号或班名")
    ordering = ("-id",)

    def rows(self, user):
        if user.is_superuser:
            return Enrolment.objects.all()
        return (
            Enrolment.objects.visible_to(user)
            if user.places_with_role(*self.view_roles)
            else Enrolment.objects.none()
        )

    def get_queryset(self, request):
        return annotate_progress(super().get_queryset(request).select_related("user", "course", "cohort"))

    def has_add_permission(self, request):
        return False

    def choices(self, request, field):
        """Offer the other classes of the same course."""
        found = super().choices(request, field)
        edited = getattr(request, "edited", None)
        return found.filter(course=edited.course_id) if field.name == "cohort" and edited else found

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Require a class: without one the trainer would no longer see the learner."""
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        formfield.required = not request.user.is_superuser
        return formfield

    @admin.display(description=gettext_lazy("手机号"))
    def phone(self, obj: Enrolment) -> str:
        return phones.format_local(get_number(obj))

    @admin.display(description=gettext_lazy("学完几节课"))
    def progress(self, obj: Any) -> str:
        return _("%(done)d / %(all)d") % {"done": obj.done, "all": obj.lessons}

    def export_rows(self, queryset):
        return annotate_progress(queryset.select_related("user", "course", "cohort__place"))

    def export_columns(self):
        return [
            (_("姓名"), lambda row: row.user.name),
            (_("手机号"), lambda row: get_number(row).removeprefix("+86")),
            (_("课程"), lambda row: row.course.title),
            (_("班"), lambda row: row.cohort.name if row.cohort else ""),
            (_("在哪儿办"), lambda row: row.cohort.place.name if row.cohort else ""),
            (_("报名时间"), lambda row: f"{row.enrolled_at:%Y-%m-%d}"),
            (_("退出时间"), lambda row: f"{row.left_at:%Y-%m-%d}" if row.left_at else ""),
            (_("学完"), lambda row: row.done),
            (_("一共"), lambda row: row.lessons),
        ]


@admin.register(LessonDone)
class LessonDoneAdmin(ReadOnlyMixin, ScopedAdmin):
    list_display = ("user", "lesson", "happened_at", "received_at")
    list_select_related = ("user", "lesson")
    search_fields = ("user__name", "user__phone", "lesson__title")
    search_help_text = gettext_lazy("姓名、手机号或课名")
    ordering = ("-id",)
    fields = ("user", "lesson", "course_version", "happened_at", "received_at")

    def rows(self, user):
        """List what was done in the courses of the enrolments this person sees; a learner's other courses are not shown."""
        if user.is_superuser:
            return LessonDone.objects.all()
        if not user.places_with_role(*self.view_roles):
            return LessonDone.objects.none()
        seen = Enrolment.objects.visible_to(user)
        same = seen.filter(user=OuterRef("user"), course=OuterRef("lesson__module__course"))
        return LessonDone.objects.filter(Exists(same))


# --- events that phones sent; settled on the trainer's page, not here ---


@admin.register(Event)
class EventAdmin(ReadOnlyMixin, ScopedAdmin):
    list_display = ("user", "what", "state", "why", "happened_at", "received_at")
    list_select_related = ("user",)
    list_filter = ("state",)
    search_fields = ("user__name", "user__phone")
    search_help_text = gettext_lazy("姓名或手机号")
    ordering = ("-id",)
    fields = ("user", "what", "state", "why", "event_id", "happened_at", "received_at")

    def rows(self, user):
        """List the events of people in the classes this person sees, without the contents of what they sent."""
        if user.is_superuser:
            return Event.objects.defer("body")
        if not user.places_with_role(*self.view_roles):
            return Event.objects.none()
        people = Enrolment.objects.active().visible_to(user).order_by().values("user")
        return Event.objects.filter(user__in=people).defer("body")

    @admin.display(description=gettext_lazy("什么事"))
    def what(self, obj: Event) -> str:
        return descriptions.describe_kind(obj.kind)

    @admin.display(description=gettext_lazy("原因"))
    def why(self, obj: Event) -> str:
        return descriptions.describe_reason(obj.reason) if obj.reason else ""
