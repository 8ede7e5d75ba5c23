"""Admin of the ladder's rules and of who taught whom. What has begun to hold is never changed here."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.backoffice.object_actions import ObjectActionsMixin, ask_reason
from accounts.backoffice.scoped import ScopedAdmin
from accounts.models import AuditEntry, Membership
from programme.audit import Verb
from programme.ladder import lineage
from programme.ladder.steps import refresh_soon
from programme.models import StepRule, Teaching
from ui.fields import YuanField
from ui.formats import day, yuan
from ui.forms import FarmModelForm

ORGANISER = (Membership.Role.ORGANISER,)


class StepRuleForm(FarmModelForm):
    target_fen = YuanField(
        label=gettext_lazy("增收：一个月净收入"), most=10**12, help_text=gettext_lazy("扣掉成本以后剩多少。")
    )

    class Meta:
        help_texts = {
            "valid_from": gettext_lazy("从明天起都行。开始以后就不能再改，要改就定一条新的。"),
            "settle_days": gettext_lazy("直播卖的货，过了这么多天没退完，才算成交。"),
        }

    def clean_valid_from(self):
        first = self.cleaned_data["valid_from"]
        if first <= timezone.localdate():
            raise ValidationError(_("已经过去的日子照旧标准算，最早从明天起。"))
        return first


@admin.register(StepRule)
class StepRuleAdmin(ScopedAdmin):
    """The rules are the same for all counties of a site, so only its administrators set them; organisers read them."""

    view_roles = ORGANISER
    change_roles = ()
    form = StepRuleForm
    fields = ("valid_from", "target_fen", "settle_days", "live_minutes", "note")
    list_display = ("valid_from", "target", "settle_days", "live_minutes", "note")
    ordering = ("-valid_from",)

    def rows(self, user):
        found = StepRule.objects.all()
        return found if user.is_superuser or user.places_with_role(*self.view_roles) else found.none()

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.has_begun)

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        obj.made_by, obj.made_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)
        facts = {name: str(getattr(obj, name)) for name in self.fields}
        AuditEntry.write(request.user, Verb.STEP_RULE_SET, obj, None, **facts)

    @admin.display(description=gettext_lazy("增收：一个月净收入"))
    def target(self, obj: StepRule) -> str:
        return f"¥{yuan(obj.target_fen)}"


class TeachingForm(FarmModelForm):
    def clean(self) -> dict:
        cleaned = super().clean() or {}
        teacher, pupil, since = (cleaned.get(name) for name in ("teacher", "pupil", "since"))
        if since and since > timezone.localdate():
            self.add_error("since", _("还没到的日子不能记。"))
        if teacher and pupil and lineage.has_taught(lineage.read_pupils(), pupil.pk, teacher.pk):
            self.add_error("pupil", str(lineage.CycleRefused()))
        return cleaned


@admin.register(Teaching)
class TeachingAdmin(ObjectActionsMixin, ScopedAdmin):
    """Classes record their trainers by themselves; here an organiser adds who taught whom elsewhere, or withdraws a row."""

    view_roles = Membership.STAFF_ROLES
    change_roles = ORGANISER
    form = TeachingForm
    fields = ("teacher", "pupil", "since", "cohort", "made_by", "withdrawn_at", "why_withdrawn")
    steps = ("withdraw", "restore")
    asking_steps = ("withdraw",)
    autocomplete_fields = ("teacher", "pupil")
    list_display = ("teacher", "pupil", "since", "cohort", "withdrawn_at")
    list_select_related = ("teacher", "pupil", "cohort")
    list_filter = (("withdrawn_at", admin.EmptyFieldListFilter),)
    search_fields = ("teacher__name", "pupil__name")
    search_help_text = gettext_lazy("师傅或徒弟的姓名")
    ordering = ("-id",)

    def get_fields(self, request, obj=None):
        return self.fields if obj else ("teacher", "pupil", "since")

    def get_readonly_fields(self, request, obj=None):
        return self.fields if obj else ()

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        if change:
            return
        row = lineage.record_teaching(obj.teacher, obj.pupil, obj.since, request.user)
        obj.pk, obj._state.adding = row.pk, False
        place = next(iter(request.user.places_with_role(*self.change_roles)), None)
        AuditEntry.write(request.user, Verb.TEACHING_RECORDED, row, place, since=day(row.since))
        refresh_soon([row.teacher_id])

    def steps_for(self, request, obj):
        return [("restore", _("恢复"), "")] if obj.withdrawn_at else [("withdraw", _("撤回"), "stop")]

    def withdraw(self, request, queryset):
        """Withdraw rows that were wrong; the steps that rest on them are taken back."""

        def take_back(reason: str) -> None:
            for row in queryset.filter(withdrawn_at__isnull=True):
                lineage.withdraw_teaching(row, request.user, reason)
                refresh_soon([row.teacher_id])
            messages.success(request, _("撤回了。靠它到的那一级也跟着收回。"))

        return ask_reason(self, request, queryset, title=_("撤回师徒记录"), button=_("撤回"), then=take_back)

    def restore(self, request, queryset):
        """Let rows count again that were withdrawn by mistake."""
        for row in queryset.filter(withdrawn_at__isnull=False):
            try:
                lineage.restore_teaching(row, request.user)
            except lineage.CycleRefused as error:
                messages.error(request, str(error))
                continue
            refresh_soon([row.teacher_id])
            messages.success(request, _("恢复了，又算数了。"))
