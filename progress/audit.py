"""Verbs of the audit trail about learning and about what is written in a class."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.audit import register_verbs


@register_verbs
class Verb(models.TextChoices):
    """Values stored in AuditEntry.verb; never rename one, so that old rows keep their meaning."""

    REJECTED_APPLIED = "aside_applied", _("记上了手机交来的")
    REJECTED_DISMISSED = "aside_dismissed", _("手机交来的不记")
    ASK_REMOVED = "ask_removed", _("撤下学员的问题")
    TALK_HELD = "talk_held", _("考前谈过话")
    TALK_NOTE_ADDED = "talk_note_added", _("补记了考前谈话")
    OPENED_EARLY = "theory_opened_early", _("让他提前考结业理论")
    ANNOUNCED = "announced", _("发了班级通知")
    ANNOUNCEMENT_REMOVED = "announcement_removed", _("撤下班级通知")
    WAITING_ADMITTED = "waiting_admitted", _("收了候补的人")
    WAITING_DECLINED = "waiting_declined", _("没收候补的人")
    WAITING_LIFTED = "waiting_lifted", _("让没收的人再报")
    TRANSFERRED = "class_transferred", _("转了班")
    TRANSFER_UNDONE = "class_transfer_undone", _("撤回转班")
    SEATS_SET = "seats_set", _("改了班的名额")
