"""Admin of what a course asks for its certificate, and of the ladder. Certificates themselves are issued on the class's page."""

from __future__ import annotations

from django.contrib import admin

from accounts.backoffice.scoped import ScopedAdmin
from programme.ladder.admin import StepRuleAdmin, TeachingAdmin
from programme.models import CertificateRule
from programme.outcomes.admin import OutcomeTargetAdmin

__all__ = ["CertificateRuleAdmin", "OutcomeTargetAdmin", "StepRuleAdmin", "TeachingAdmin"]


@admin.register(CertificateRule)
class CertificateRuleAdmin(ScopedAdmin):
    delete_roles = ScopedAdmin.change_roles
    list_display = ("course", "title", "valid_from", "rehearsals", "rehearsal_points", "tasks")
    list_select_related = ("course",)
    list_filter = ("course",)
    ordering = ("course", "-valid_from")

    def rows(self, user):
        if user.is_superuser:
            return CertificateRule.objects.all()
        return CertificateRule.objects.manageable_by(user)
