"""Admin of people, limited to those in an organiser's places. Passwords are neither shown nor set here."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts import phones, second_factor
from accounts.audit import AuditVerb, list_changed_values
from accounts.auth.password_reset import can_reset, is_protected
from accounts.backoffice.export import ExportMixin
from accounts.backoffice.filters import PlaceFilter
from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin, ScopedInline
from accounts.fields import BirthMonthField, PasswordField, PersonNameField, PhoneField
from accounts.models import AuditEntry, Membership, Place, User
from accounts.people import memberships
from accounts.requests import get_person
from ui.forms import FarmModelForm

ORGANISER = (Membership.Role.ORGANISER,)
TAKEN = gettext_lazy("这个手机号已经有人用了。")


class PersonForm(FarmModelForm):
    phone = PhoneField(error_messages={"unique": TAKEN})
    name = PersonNameField()
    birth_month = BirthMonthField(required=False)

    class Meta:
        labels = {"is_superuser": gettext_lazy("系统管理员：所有地区都能看、能改")}
        help_texts = {"is_superuser": ""}


class NewPersonForm(PersonForm):
    password = PasswordField(new=True, help_text=gettext_lazy("只用一次，第一次登录时本人要改。"))

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"], User(phone=self.cleaned_data.get("phone", "")))
        return self.cleaned_data["password"]


class RolesInline(ReadOnlyMixin, ScopedInline):
    """The person's roles in the places of the organiser; roles elsewhere are not shown."""

    model = Membership
    fk_name = "user"
    can_delete = False
    verbose_name_plural = pgettext_lazy("many", "身份")
    fields = readonly_fields = ("role", "place", "status", "asked_at", "decided_at")

    def get_queryset(self, request):
        rows: Any = super().get_queryset(request)
        return rows.visible_to(request.user).select_related("place", "user")


class RoleFilter(admin.SimpleListFilter):
    title = gettext_lazy("身份")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Membership.Role.choices

    def queryset(self, request, queryset):
        if not self.value():
            return None
        granted = Membership.objects.visible_to(request.user).granted().filter(role=self.value())
        return queryset.filter(pk__in=granted.values("user"))


class LivesIn(PlaceFilter):
    def queryset(self, request, queryset):
        if not self.value():
            return None
        chosen = self.chosen()
        inside = Place.objects.within(chosen) if chosen else Place.objects.none()
        return queryset.filter(pk__in=find_open_memberships(inside).values("user"))


def find_open_memberships(places: QuerySet) -> QuerySet:
    return Membership.objects.filter(place__in=places.order_by().values("pk"), status__in=memberships.OPEN)


@admin.register(User)
class PersonAdmin(ExportMixin, ScopedAdmin):
    view_roles = change_roles = ORGANISER
    form = PersonForm
    list_display = ("name", "shown_phone", "roles", "is_active", "joined_at")
    list_filter = (RoleFilter, LivesIn, "is_active")
    search_fields = ("name", "phone")
    search_help_text = gettext_lazy("姓名或手机号")
    date_hierarchy = "joined_at"
    ordering = ("-id",)
    inlines = (RolesInline,)
    actions = ("export", "remove_second_factor", "give_setup_code")
    for_organisers = ("name", "shown_phone", "birth_month", "is_active", "joined_at", "password_reset")
    for_superusers = (
        "name",
        "phone",
        "birth_month",
        "is_active",
        "is_superuser",
        "joined_at",
        "password_reset",
    )

    def rows(self, user):
        if user.is_superuser:
            return User.objects.all()
        return User.objects.filter(
            pk__in=find_open_memberships(Place.objects.held_by(user, *ORGANISER)).values("user")
        )

    def get_queryset(self, request):
        shown = Membership.objects.visible_to(request.user).granted().select_related("place")
        return super().get_queryset(request).prefetch_related(Prefetch("memberships", shown, to_attr="held"))

    def name_of(self, obj):
        return f"{obj.name} · {str(obj.phone or '')[-4:] or '—'}"

    # --- permissions ---

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        """Refuse changes of staff and of the site's administrators."""
        if not super().has_change_permission(request, obj):
            return False
        return request.user.is_superuser or obj is None or not is_protected(obj)

    def has_superuser_permission(self, request):
        return request.user.is_superuser

    # --- the page ---

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def get_fields(self, request, obj=None):
        if obj is None:
            return ("name", "phone", "password", "birth_month", "is_superuser")
        request.edited = obj
        return self.for_superusers if request.user.is_superuser else self.for_organisers

    def get_readonly_fields(self, request, obj=None):
        always = ("joined_at", "password_reset", "shown_phone")
        if request.user.is_superuser:
            return always if obj != request.user else (*always, "is_superuser", "is_active")
        return (*always, "phone", "is_active", "is_superuser")

    def get_object(self, request, object_id, from_field=None):
        """Remember the viewer for the page's own columns."""
        obj = super().get_object(request, object_id, from_field)
        if obj:
            obj.looked_at_by = request.user
        return obj

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **({} if obj else {"form": NewPersonForm}) | kwargs)

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        """Also set `is_staff`: it permits nothing here, but libraries read it."""
        obj.is_staff = obj.is_superuser
        if not change:
            obj.set_password(form.cleaned_data["password"])
            obj.password_change_due = True
            obj.password_reset_at, obj.password_reset_by = timezone.now(), request.user
        super().save_model(request, obj, form, change)
        place = next((held.place for held in obj.granted), None)
        verb = AuditVerb.PERSON_CHANGED if change else AuditVerb.PERSON_ADDED
        changes = (
            list_changed_values(
                form.initial, {name: getattr(obj, name) for name in list_changed_fields(form)}
            )
            if change
            else {}
        )
        more = {"changes": changes} if changes else {}
        AuditEntry.write(request.user, verb, obj, place, fields=list_changed_fields(form), **more)
        if obj.is_superuser and not second_factor.is_set_up(obj):
            self.hand_out_code(request, obj)

    # --- columns ---

    @admin.display(description=gettext_lazy("手机号"), ordering="phone")
    def shown_phone(self, obj: User) -> str:
        return phones.format_local(obj.phone)

    @admin.display(description=gettext_lazy("身份"))
    def roles(self, obj: Any) -> str:
        return _("、").join(f"{held.place} {held.get_role_display()}" for held in obj.held)

    @admin.display(description=gettext_lazy("忘了密码"))
    def password_reset(self, obj: Any) -> str:
        if not can_reset(obj.looked_at_by, obj):
            return _("你不能给这个人重置密码。")
        return format_html('<a href="{}">{}</a>', reverse("accounts:reset", args=[obj.pk]), _("给一个新密码"))

    def export_columns(self):
        return [
            (_("姓名"), lambda person: person.name),
            (_("手机号"), lambda person: str(person.phone or "").removeprefix("+86")),
            (_("身份"), self.roles),
            (_("注册时间"), lambda person: str(timezone.localdate(person.joined_at))),
        ]

    @admin.action(description=gettext_lazy("取消二次验证（换了手机）"), permissions=["superuser"])
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Remove it for a person who has lost phone and recovery codes; the next visit to the admin asks to set it up again."""
        done = 0
        for person in queryset:
            if Authenticator.objects.filter(user=person).delete()[0]:
                AuditEntry.write(get_person(request), AuditVerb.SECOND_FACTOR_REMOVED, person)
                self.hand_out_code(request, person)
                done += 1
        message = ngettext("取消了 %(n)d 个人的二次验证。", "取消了 %(n)d 个人的二次验证。", done) % {
            "n": done
        }
        messages.success(request, message)

    @admin.action(description=gettext_lazy("给一个两步登录的开通码"), permissions=["superuser"])
    def give_setup_code(self, request: HttpRequest, queryset: QuerySet) -> None:
        for person in queryset:
            if second_factor.is_set_up(person):
                messages.info(request, _("%(name)s已经开通了两步登录。") % {"name": person.name})
            else:
                self.hand_out_code(request, person)

    def hand_out_code(self, request: HttpRequest, person: User) -> None:
        if person.works_in_the_admin and not settings.DEMO:
            messages.warning(
                request,
                second_factor.make_setup_code_message(
                    person, second_factor.give_setup_code(person, get_person(request))
                ),
            )


def list_changed_fields(form: forms.ModelForm) -> list[str]:
    """Return the names of the changed fields; never a password or a number."""
    return [name for name in form.changed_data if name != "password"]
