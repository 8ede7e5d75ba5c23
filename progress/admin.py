"""Who learns what in which class, and what they have done. What is done is never changed here."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import phones
from accounts.choosing import by_place
from accounts.exporting import Exporting
from accounts.scoping import ReadOnly, ScopedAdmin
from courses.models import Lesson, State
from progress.models import Enrolment, LessonDone
from progress.outbox_admin import EventAdmin  # noqa: F401 - registers itself
from progress.review_admin import ReviewAdmin, SubmissionAdmin  # noqa: F401 - register themselves


def how_many(rows: QuerySet, by: str) -> Coalesce:
    """A count of these rows beside each row of another query, 0 where there are none."""
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def with_progress(rows: QuerySet) -> QuerySet:
    """Each enrolment with how many of its course's published lessons are done."""
    done = LessonDone.objects.filter(
        user=OuterRef("user"), lesson__module__course=OuterRef("course"), lesson__state=State.PUBLISHED
    )
    lessons = Lesson.objects.filter(module__course=OuterRef("course"), state=State.PUBLISHED)
    return rows.annotate(done=how_many(done, "user"), lessons=how_many(lessons, "module__course"))


def number_of(enrolment: Enrolment) -> str:
    """Of who is in the class now: who has left it has taken their number along."""
    return "" if enrolment.left_at else str(enrolment.user.phone or "")


@admin.register(Enrolment)
class EnrolmentAdmin(Exporting, ScopedAdmin):
    """Enrolling is the learner's own doing; a trainer may put somebody into another class of the course."""

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
            Enrolment.objects.visible_to(user) if user.holds(*self.view_roles) else Enrolment.objects.none()
        )

    def get_queryset(self, request):
        return with_progress(super().get_queryset(request).select_related("user", "course", "cohort"))

    def has_add_permission(self, request):
        return False

    def choices(self, request, field):
        """Another class, but of the same course."""
        found = super().choices(request, field)
        edited = getattr(request, "edited", None)
        return found.filter(course=edited.course_id) if field.name == "cohort" and edited else found

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Out of every class, a learner would be out of the trainer's sight."""
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        formfield.required = not request.user.is_superuser
        return formfield

    @admin.display(description=gettext_lazy("手机号"))
    def phone(self, obj: Enrolment) -> str:
        return phones.local(number_of(obj))

    @admin.display(description=gettext_lazy("学完几课"))
    def progress(self, obj: Enrolment) -> str:
        return _("%(done)d / %(all)d") % {"done": obj.done, "all": obj.lessons}

    def export_rows(self, queryset):
        return with_progress(queryset.select_related("user", "course", "cohort__place"))

    def export_columns(self):
        return [
            (_("姓名"), lambda row: row.user.name),
            (_("手机号"), lambda row: number_of(row).removeprefix("+86")),
            (_("课程"), lambda row: row.course.title),
            (_("班"), lambda row: row.cohort.name if row.cohort else ""),
            (_("在哪儿办"), lambda row: row.cohort.place.name if row.cohort else ""),
            (_("报名时间"), lambda row: f"{row.enrolled_at:%Y-%m-%d}"),
            (_("退出时间"), lambda row: f"{row.left_at:%Y-%m-%d}" if row.left_at else ""),
            (_("学完"), lambda row: row.done),
            (_("一共"), lambda row: row.lessons),
        ]


@admin.register(LessonDone)
class LessonDoneAdmin(ReadOnly, ScopedAdmin):
    list_display = ("user", "lesson", "happened_at", "received_at")
    list_select_related = ("user", "lesson")
    search_fields = ("user__name", "user__phone", "lesson__title")
    search_help_text = gettext_lazy("姓名、手机号或课名")
    ordering = ("-id",)
    fields = ("user", "lesson", "course_version", "happened_at", "received_at")

    def rows(self, user):
        """Of the enrolments one sees: a learner's other courses are not this trainer's business."""
        if user.is_superuser:
            return LessonDone.objects.all()
        if not user.holds(*self.view_roles):
            return LessonDone.objects.none()
        seen = Enrolment.objects.visible_to(user)
        same = seen.filter(user=OuterRef("user"), course=OuterRef("lesson__module__course"))
        return LessonDone.objects.filter(Exists(same))
