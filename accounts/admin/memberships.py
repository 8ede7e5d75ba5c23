"""Admin of places and of the roles in them."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import phones, second_factor
from accounts.audit import AuditVerb
from accounts.backoffice.filters import WaitingFilter, by_place
from accounts.backoffice.object_actions import SHOWN, ObjectActionsMixin, ask_reason, list_page
from accounts.backoffice.scoped import ScopedAdmin
from accounts.models import AuditEntry, Membership, Place, User
from accounts.models.membership import MembershipQuerySet
from accounts.people import closure, memberships
from accounts.permissions import can_decide
from accounts.requests import get_person
from ui.forms import FarmModelForm

ORGANISER = (Membership.Role.ORGANISER,)
LEVELS: list[str] = list(Place.Kind)


class PlaceForm(FarmModelForm):
    """Check the levels: provinces contain cities and counties, and so on; only the site's administrator adds a province."""

    asker: User

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "parent" in self.fields:
            self.fields["parent"].required = not self.asker.is_superuser

    def clean(self) -> dict:
        cleaned = super().clean()
        parent = cleaned.get("parent", self.instance.parent if self.instance.pk else None)
        kind = cleaned.get("kind", self.instance.kind)
        if parent and kind and LEVELS.index(parent.kind) >= LEVELS.index(kind):
            field = "kind" if "kind" in self.fields else "name"
            self.add_error(field, _("%(place)s 下面放不了这一级。") % {"place": parent})
        if parent and self.instance.pk and parent.path.startswith(self.instance.path):
            self.add_error("parent", _("一个地区不能放到它自己下面。"))
        return cleaned


@admin.register(Place)
class PlaceAdmin(ScopedAdmin):
    view_roles = change_roles = ORGANISER
    delete_roles = ()
    used_by = ("children", "memberships", "courses", "cohorts", "shops", "products")
    form = PlaceForm
    fields = ("parent", "kind", "name", "name_en")
    autocomplete_fields = ("parent",)
    list_display = ("indented", "kind", "parent", "name_en")
    list_select_related = ("parent",)
    list_filter = ("kind", by_place("pk"))
    search_fields = ("name", "name_en")
    search_help_text = gettext_lazy("地区名")

    def rows(self, user):
        return Place.objects.held_by(user, *self.view_roles)

    def ready_to_name(self, rows):
        return rows.select_related("parent")

    def name_of(self, obj):
        return f"{obj.name} · {obj.parent.name}" if obj.parent_id else obj.name

    def get_readonly_fields(self, request, obj=None):
        """Let only the site's administrator move a place, because its position decides who may act in it."""
        return () if obj is None or request.user.is_superuser else ("parent", "kind")

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        verb = AuditVerb.PLACE_CHANGED if change else AuditVerb.PLACE_ADDED
        AuditEntry.write(request.user, verb, obj, obj, name=obj.name, fields=form.changed_data)

    @admin.display(description=gettext_lazy("名字"), ordering="path")
    def indented(self, obj: Place) -> str:
        return "　" * LEVELS.index(obj.kind) + obj.name


class MembershipForm(FarmModelForm):
    def clean(self) -> dict:
        cleaned = super().clean()
        place, role = cleaned.get("place"), cleaned.get("role")
        if place and role in Membership.VILLAGE_ROLES and place.kind != Place.Kind.VILLAGE:
            raise ValidationError({"place": _("学员、卖家和带教师傅要选到村。")})
        self.take_up(Membership.objects.filter(user=cleaned.get("user"), place=place, role=role))
        return cleaned

    def take_up(self, same: QuerySet) -> None:
        """Use the existing row of a role that ended or was declined: a person has a role in a place once."""
        over = same.exclude(status__in=memberships.OPEN).first()
        if over and not self.instance.pk:
            self.instance.pk, self.instance._state.adding = over.pk, False


def hand_out_code(request: HttpRequest, membership: Membership) -> None:
    """Show the organiser who has just made somebody staff the code for the second factor, unless the person has one."""
    if membership.status != Membership.Status.GRANTED or membership.role not in Membership.STAFF_ROLES:
        return
    if not settings.DEMO and not second_factor.is_set_up(membership.user):
        code = second_factor.give_setup_code(membership.user, get_person(request))
        messages.warning(request, second_factor.make_setup_code_message(membership.user, code))


@admin.register(Membership)
class MembershipAdmin(ObjectActionsMixin, ScopedAdmin):
    """Roles, which people ask for and organisers answer; only the site's administrator gives one that nobody asked for."""

    view_roles = change_roles = ORGANISER
    form = MembershipForm
    autocomplete_fields = ("user", "place")
    list_display = ("user", "phone", "role", "where", "status", "note", "asked_at")
    list_select_related = ("user", "place__parent")
    list_filter = (
        WaitingFilter.of(Membership.Status, Membership.Status.ASKED),
        "role",
        by_place("place"),
    )
    search_fields = ("user__name", "user__phone", "place__name")
    search_help_text = gettext_lazy("姓名、手机号或村名")
    actions = ("grant", "decline", "end")
    steps = (*actions, "grant_after_all")
    shown = ("user", "phone", "role", "place", "status", "note", "asked_at", "decided_at", "decided_by")

    def has_add_permission(self, request):
        return request.user.is_superuser

    def ready_to_name(self, rows):
        return rows.select_related("user", "place")

    def get_fields(self, request, obj=None):
        return self.shown if obj else ("user", "role", "place", "note")

    def get_readonly_fields(self, request, obj=None):
        return self.shown if obj else ()

    def save_model(self, request, obj, form, change):
        if not change:
            super().save_model(request, obj, form, change)
            memberships.grant_role(request.user, obj)
            hand_out_code(request, obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        nothing_to_save = {"show_save": False, "show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, nothing_to_save | (extra_context or {}))

    def steps_for(self, request: HttpRequest, obj: Membership) -> list[tuple[str, str, str]]:
        if not can_decide(get_person(request), obj):
            return []
        if obj.status == Membership.Status.ASKED:
            return [("grant", _("同意"), "main"), ("decline", _("不同意"), "")]
        if obj.status == Membership.Status.DECLINED:
            return [("grant_after_all", _("同意"), "main")]
        return [("end", _("取消身份"), "stop")] if obj.status == Membership.Status.GRANTED else []

    @admin.action(description=gettext_lazy("同意"), permissions=["change"])
    def grant(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.say_granted(request, self.each(request, queryset, memberships.grant_role))

    def grant_after_all(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.say_granted(request, self.each(request, queryset, memberships.grant_declined_role))

    def say_granted(self, request: HttpRequest, done: int) -> None:
        if done:
            message = ngettext("同意了 %(n)d 个申请。", "同意了 %(n)d 个申请。", done) % {"n": done}
            messages.success(request, message)

    @admin.action(description=gettext_lazy("不同意"), permissions=["change"])
    def decline(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        def then(reason: str) -> None:
            done = self.each(
                request, queryset, lambda actor, row: memberships.decline_role(actor, row, reason)
            )
            if done:
                message = ngettext("回绝了 %(n)d 个申请。", "回绝了 %(n)d 个申请。", done) % {"n": done}
                messages.success(request, message)

        return ask_reason(self, request, queryset, title=_("不同意这些申请"), button=_("不同意"), then=then)

    @admin.action(description=gettext_lazy("取消身份"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: MembershipQuerySet) -> HttpResponse | None:
        """End a seller's role after a page that lists what is closed with it and who still waits."""
        selling = queryset.granted().filter(role=Membership.Role.SELLER).select_related("user", "place")
        if "confirmed" not in request.POST and selling.exists():
            return self.confirm_end(request, queryset, list(selling[:SHOWN]))
        done = self.each(request, queryset, memberships.end_role)
        if done:
            messages.success(
                request, ngettext("取消了 %(n)d 个身份。", "取消了 %(n)d 个身份。", done) % {"n": done}
            )
        return None

    def confirm_end(self, request: HttpRequest, rows: QuerySet, selling: list[Membership]) -> HttpResponse:
        sellers = [(row, closure.list_unfinished(row.user, row.place)) for row in selling]
        count = rows.count()
        title = _("取消这个身份？") if count == 1 else _("取消这 %(n)d 个身份？") % {"n": count}
        words = {"title": title, "button": _("取消身份"), "sellers": sellers}
        return TemplateResponse(request, "admin/end_roles.html", list_page(self, request, rows) | words)

    def each(self, request: HttpRequest, rows: QuerySet, step) -> int:
        """Decide the rows and return how many were decided; name the others in a message."""
        done = 0
        for row in rows.select_related("user", "place"):
            if not can_decide(get_person(request), row):
                messages.error(request, _("%(row)s：自己的身份要由别人决定。") % {"row": row})
                continue
            try:
                step(request.user, row)
                hand_out_code(request, row)
                done += 1
            except memberships.AlreadyDecided:
                messages.warning(request, _("%(row)s：已经有人决定过了。") % {"row": row})
        return done

    @admin.display(description=gettext_lazy("手机号"))
    def phone(self, obj: Membership) -> str:
        return phones.format_local(obj.user.phone)

    @admin.display(description=gettext_lazy("地区"), ordering="place__path")
    def where(self, obj: Membership) -> str:
        return f"{obj.place.parent or ''} {obj.place}".strip()
