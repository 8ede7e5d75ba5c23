"""Admin of classes: who teaches which course where, the join code, opening days and announcements."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.admin.people import list_changed_fields
from accounts.backoffice.filters import by_place
from accounts.backoffice.object_actions import ObjectActionsMixin
from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin, ScopedInline
from accounts.models import AuditEntry, Membership, Place, User
from accounts.requests import get_person
from accounts.worklist.items import WorkItem, register_work
from courses.audit import Verb
from courses.models import Announcement, Cohort, Course, Module, Opening, make_join_code
from ui.forms import FarmModelForm


class OpeningsFormSet(forms.BaseInlineFormSet):
    """Opening days of a class; when it gets another course, the days of the old course's modules are dropped."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            cleaned = getattr(form, "cleaned_data", {})
            module = cleaned.get("module")
            if module and not cleaned.get("DELETE") and module.course_id != self.instance.course_id:
                form.add_error("module", _("这个单元不是这门课的，去掉这一行。"))


class OpeningsInline(ScopedInline):
    model = Opening
    formset = OpeningsFormSet
    verbose_name_plural = pgettext_lazy("many", "开放日期")
    extra = 1
    fields = ("module", "opens_on")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("cohort", "module").order_by("opens_on", "id")

    def choices(self, request, field):
        """Offer the modules of the class's own course, also to an invited trainer who sees nothing else of it."""
        edited = getattr(request, "edited", None)
        own = Module.objects.filter(course=edited.course_id) if edited else Module.objects.none()
        return own.order_by("position", "id")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Read the choices once for all rows of the page."""
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        units = [(module.pk, f"{module.number} {module.title}") for module in formfield.queryset]
        formfield.choices = [("", _("选一个")), *units]
        return formfield


SOON = datetime.timedelta(days=7)


class CohortForm(FarmModelForm):
    def clean(self) -> dict:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("结业不能早于开班。"))
        return cleaned


@admin.register(Cohort)
class CohortAdmin(ObjectActionsMixin, ScopedAdmin):
    form = CohortForm
    delete_roles = ScopedAdmin.change_roles
    used_by = ("enrolments", "certificates", "costs")
    fields = (
        "course",
        "place",
        "name",
        "trainers",
        "starts_on",
        "ends_on",
        "is_open",
        "most_people",
        "audience",
        "from_places",
        "join_code",
    )
    readonly_fields = ("join_code",)
    autocomplete_fields = ("course", "place", "trainers", "from_places")
    list_display = (
        "name",
        "course",
        "place",
        "starts_on",
        "ends_on",
        "is_open",
        "join_code",
        "people",
        "class_link",
    )
    list_select_related = ("course", "place")
    linked_lookups = ("starts_on__gte", "starts_on__lte")
    list_filter = ("is_open", by_place("place"), "course")
    search_fields = ("name", "course__title", "join_code")
    search_help_text = gettext_lazy("班名、课程名或进班码")
    date_hierarchy = "starts_on"
    ordering = ("-starts_on", "-id")
    inlines = (OpeningsInline,)
    steps = ("renew_code",)

    def get_queryset(self, request):
        rows = Cohort.objects.filter(pk__in=self.rows(request.user).order_by().values("pk"))
        inside = Count("enrolments", Q(enrolments__left_at__isnull=True))
        return rows.annotate(people_inside=inside).order_by(*self.ordering)

    def choices(self, request, field):
        """Offer courses of the trainer's places, and published ones of places above: a township teaches its county's."""
        user = request.user
        if field.name == "trainers":
            return find_trainers(user)
        found = super().choices(request, field)
        if field.name == "course" and not user.is_superuser:
            paths = [
                path for place in user.places_with_role(*self.change_roles) for path in place.paths_upwards()
            ]
            above = Course.objects.published().filter(place__path__in=paths)
            found = Course.objects.filter(
                Q(pk__in=found.order_by().values("pk")) | Q(pk__in=above.values("pk"))
            )
        return found

    def get_fields(self, request, obj=None):
        """Hide the code of an unsaved class, because each view of the empty form would show another one."""
        return self.fields if obj else [name for name in self.fields if name != "join_code"]

    def get_readonly_fields(self, request, obj=None):
        """Make the course read-only once somebody is in the class, because they are enrolled in it."""
        return (*self.readonly_fields, "course") if obj and self.is_kept(obj) else self.readonly_fields

    def get_inline_instances(self, request, obj=None):
        """Show opening days once the class is saved, because they need its course."""
        return super().get_inline_instances(request, obj) if obj else []

    @transaction.atomic
    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if formset.has_changed():
            obj, detail = form.instance, {"name": form.instance.name, "fields": [formset.prefix]}
            AuditEntry.write(request.user, Verb.CLASS_CHANGED, obj, obj.place, **detail)

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change:
            fields = list_changed_fields(form)
            AuditEntry.write(request.user, Verb.CLASS_CHANGED, obj, obj.place, name=obj.name, fields=fields)

    def get_changeform_initial_data(self, request):
        return {"trainers": [request.user.pk]} | super().get_changeform_initial_data(request)

    def steps_for(self, request, obj):
        return [("renew_code", _("换一个进班码"), "")]

    def renew_code(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Replace a code that has spread; those who are in the class stay in it."""
        for cohort in queryset.select_related("place"):
            cohort.join_code = make_join_code()
            with transaction.atomic():
                cohort.save(update_fields=["join_code"])
                AuditEntry.write(
                    get_person(request), Verb.JOIN_CODE_RENEWED, cohort, cohort.place, name=cohort.name
                )
            message = _("新的进班码是 %(code)s，旧的不能用了。") % {"code": cohort.join_code}
            messages.success(request, message)

    @admin.display(description=gettext_lazy("几个人"), ordering="people_inside")
    def people(self, obj: Any) -> int:
        return obj.people_inside

    @admin.display(description=gettext_lazy("班级页"))
    def class_link(self, obj: Cohort) -> str:
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), _("打开"))


def find_trainers(user: User) -> QuerySet:
    """Return who may teach a class of this person's places: those who are trainers there."""
    held = Place.objects.held_by(user, *Membership.STAFF_ROLES).order_by()
    training = Membership.objects.granted().filter(role=Membership.Role.TRAINER, place__in=held.values("pk"))
    return User.objects.filter(pk__in=training.values("user"), is_active=True)


@register_work(on_phone=False, in_admin=True)
def starting_soon(user: User) -> list[WorkItem]:
    today = timezone.localdate()
    soon = Cohort.objects.manageable_by(user).filter(starts_on__range=(today, today + SOON)).count()
    url = reverse("admin:courses_cohort_changelist")
    sentence = ngettext("%(n)s 个班 7 天内开班", "%(n)s 个班 7 天内开班", soon) % {"n": soon}
    url = f"{url}?starts_on__gte={today}&starts_on__lte={today + SOON}"
    return [WorkItem("class_starting", soon, sentence, admin_url=url, icon="cal")]


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyMixin, ScopedAdmin):
    within = "cohort"
    fields = ("cohort", "author", "text", "created_at", "removed_at")
    list_display = ("said", "cohort", "author", "created_at", "removed_at")
    list_select_related = ("cohort", "author")
    list_filter = (by_place("cohort__place"), ("removed_at", admin.EmptyFieldListFilter))
    search_fields = ("text", "cohort__name")
    search_help_text = gettext_lazy("通知里的字或班名")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-id")

    @admin.display(description=gettext_lazy("通知"))
    def said(self, obj: Announcement) -> str:
        return Truncator(obj.text).chars(40)
