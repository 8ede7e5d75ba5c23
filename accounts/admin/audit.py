"""Admin of consents and of the audit trail, read-only."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.audit import get_verb_label
from accounts.backoffice.audit_display import VerbFilter, describe_detail, link_to_subject
from accounts.backoffice.filters import by_place
from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin
from accounts.models import AuditEntry, Consent, Membership

ORGANISER = (Membership.Role.ORGANISER,)


@admin.register(Consent)
class ConsentAdmin(ReadOnlyMixin, ScopedAdmin):
    view_roles = ORGANISER
    within = "user"
    list_display = ("user", "kind", "version", "given_at", "withdrawn_at")
    list_select_related = ("user",)
    list_filter = ("kind", ("withdrawn_at", admin.EmptyFieldListFilter))
    search_fields = ("user__name", "user__phone")
    search_help_text = gettext_lazy("姓名或手机号")
    date_hierarchy = "given_at"


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyMixin, ScopedAdmin):
    view_roles = ORGANISER
    list_display = ("at", "actor", "doing", "to_whom", "place", "details", "ip")
    list_select_related = ("actor", "place")
    list_filter = (VerbFilter, by_place("place"))
    search_fields = ("subject", "actor__name")
    search_help_text = gettext_lazy("操作人")
    date_hierarchy = "at"
    fields = ("at", "actor", "doing", "to_whom", "place", "details", "ip", "request_id")

    def rows(self, user):
        return AuditEntry.objects.all() if user.is_superuser else AuditEntry.objects.visible_to(user)

    @admin.display(description=gettext_lazy("操作"), ordering="verb")
    def doing(self, obj: AuditEntry) -> str:
        return get_verb_label(obj.verb)

    @admin.display(description=gettext_lazy("对象"), ordering="subject")
    def to_whom(self, obj: AuditEntry) -> str:
        return link_to_subject(obj.subject)

    @admin.display(description=gettext_lazy("详情"))
    def details(self, obj: AuditEntry) -> str:
        return describe_detail(obj.detail)
