"""What the audit trail says of the talk in a class."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import doings


class Told(models.TextChoices):
    """Stored in AuditEntry.verb; never renamed."""

    ASK_REMOVED = "ask_removed", _("撤下学员的问题")
    ANNOUNCED = "announced", _("发了班级通知")
    ANNOUNCEMENT_REMOVED = "announcement_removed", _("撤下班级通知")


doings.know(Told)
