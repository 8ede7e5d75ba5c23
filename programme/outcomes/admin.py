"""Admin of the target of a year. What has begun to hold is never changed here."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.backoffice.scoped import ScopedAdmin
from accounts.models import AuditEntry, Membership
from programme.audit import Verb
from programme.models import OutcomeTarget
from ui.fields import KgField
from ui.formats import kg
from ui.forms import FarmModelForm


class OutcomeTargetForm(FarmModelForm):
    year_grams = KgField(label=gettext_lazy("一年卖多少公斤"), most=10**15)

    def clean_valid_from(self):
        first = self.cleaned_data["valid_from"]
        if first <= timezone.localdate():
            raise ValidationError(_("已经过去的日子照旧目标算，最早从明天起。"))
        return first


@admin.register(OutcomeTarget)
class OutcomeTargetAdmin(ScopedAdmin):
    """The targets are the same for all counties of a site, so only its administrators set them; organisers read them."""

    view_roles = (Membership.Role.ORGANISER,)
    change_roles = ()
    form = OutcomeTargetForm
    fields = ("valid_from", "year_grams", "note")
    list_display = ("valid_from", "target", "note")
    ordering = ("-valid_from",)

    def rows(self, user):
        found = OutcomeTarget.objects.all()
        return found if user.is_superuser or user.places_with_role(*self.view_roles) else found.none()

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.has_begun)

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        obj.made_by, obj.made_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)
        facts = {name: str(getattr(obj, name)) for name in self.fields}
        AuditEntry.write(request.user, Verb.OUTCOME_TARGET_SET, obj, None, **facts)

    @admin.display(description=gettext_lazy("一年卖多少公斤"))
    def target(self, obj: OutcomeTarget) -> str:
        return kg(obj.year_grams)
