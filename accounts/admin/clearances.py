"""Admin of clearances: what a person may do until when. Other apps grant them; an organiser may withdraw one with a reason."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import AuditVerb
from accounts.backoffice.choices import list_rows
from accounts.backoffice.object_actions import ObjectActionsMixin, ask_reason
from accounts.backoffice.scoped import ScopedAdmin
from accounts.models import AuditEntry, Clearance, Membership, User

FIELDS = ("user", "kind", "words", "given_at", "valid_until", "withdrawn_at", "withdrawn_by")


class InForce(admin.SimpleListFilter):
    title = gettext_lazy("有效")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("now", _("现在有效"))]

    def queryset(self, request, queryset):
        return queryset.in_force() if self.value() == "now" else queryset


@admin.register(Clearance)
class ClearanceAdmin(ObjectActionsMixin, ScopedAdmin):
    view_roles = change_roles = (Membership.Role.ORGANISER,)
    fields = readonly_fields = FIELDS
    steps = asking_steps = ("withdraw",)
    list_display = ("user", "kind", "words", "given_at", "valid_until", "withdrawn_at")
    list_select_related = ("user",)
    list_filter = (InForce, "kind")
    search_fields = ("user__name", "user__phone", "words")
    search_help_text = gettext_lazy("姓名或手机号")
    ordering = ("-id",)

    def has_add_permission(self, request):
        return False

    def rows(self, user):
        """Return the clearances of the people the user may see."""
        found = Clearance.objects.all()
        if user.is_superuser:
            return found
        people = list_rows(self.admin_site, User, user).order_by().values("pk")
        return found.filter(user__in=people) if user.places_with_role(*self.view_roles) else found.none()

    def steps_for(self, request, obj):
        return [] if obj.withdrawn_at else [("withdraw", _("收回"), "stop")]

    def withdraw(self, request, queryset):
        """End the clearances now; what was done with them stays valid."""

        def take_back(reason: str) -> None:
            with transaction.atomic():
                for row in queryset.filter(withdrawn_at__isnull=True).select_for_update():
                    row.withdrawn_at, row.withdrawn_by = timezone.now(), request.user
                    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
                    place = next(iter(request.user.places_with_role(*self.change_roles)), None)
                    AuditEntry.write(request.user, AuditVerb.CLEARANCE_WITHDRAWN, row, place, reason=reason)
            messages.success(request, _("收回了，从现在起不能再开真直播。"))

        return ask_reason(self, request, queryset, title=_("收回上岗许可"), button=_("收回"), then=take_back)
