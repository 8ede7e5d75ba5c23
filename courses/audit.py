"""Verbs of the audit trail about courses and classes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.audit import register_verbs


@register_verbs
class Verb(models.TextChoices):
    """Values stored in AuditEntry.verb; never rename one, so that old rows keep their meaning."""

    COURSE_PUBLISHED = "course_published", pgettext_lazy("trail", "发布课程")
    COURSE_VERSION = "course_version", pgettext_lazy("trail", "发布课程新版本")
    COURSE_WITHDRAWN = "course_withdrawn", _("收回课程")
    LESSON_WITHDRAWN = "lesson_withdrawn", _("收回一课")
    JOIN_CODE_RENEWED = "join_code_renewed", _("换了进班码")
    CLASS_CHANGED = "class_changed", _("改了班")
