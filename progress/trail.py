"""What the audit trail says about learning, in words an organiser reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verb(models.TextChoices):
    """Stored in AuditEntry.verb; never renamed, so that old rows keep their meaning."""

    ASIDE_APPLIED = "aside_applied", _("记上了手机交来的")
    ASIDE_DISMISSED = "aside_dismissed", _("手机交来的不记")
