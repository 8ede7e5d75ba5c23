"""Verbs of the audit trail about lives, and the sentences in which organisers read them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.audit import register_verbs


@register_verbs
class Verb(models.TextChoices):
    """Values of AuditEntry.verb. A verb is never renamed, so that old rows keep their meaning."""

    GUARDIAN_AGREED = "guardian_agreed", _("交了监护人同意书")
    GUARDIAN_WITHDREW = "guardian_withdrew", _("撤回监护人同意书")
    BIRTH_MONTH_SAID = "birth_month_said", _("填了出生年月")
