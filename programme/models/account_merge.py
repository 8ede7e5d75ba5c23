"""Two accounts of one person that were made into one."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User


class AccountMerge(models.Model):
    """The account `gone` became a part of `keep`; nobody signs in to it any more.

    `dropped` holds the values of each row of `gone`, or of `keep`, in whose place another stands now: {"app.Model": [values]}.
    """

    keep = models.ForeignKey(User, models.CASCADE, related_name="merges", verbose_name=_("留下的账号"))
    gone = models.OneToOneField(User, models.CASCADE, related_name="merged_by", verbose_name=_("并掉的账号"))
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁并的"))
    made_at = models.DateTimeField(_("什么时候并的"), default=timezone.now)
    reason = models.CharField(_("为什么合并"), max_length=200, blank=True)
    dropped = models.JSONField(default=dict)

    class Meta:
        verbose_name = pgettext_lazy("one", "合并的账号")
        verbose_name_plural = pgettext_lazy("many", "合并的账号")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(keep=models.F("gone")), name="nobody_merged_into_themselves"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.keep_id}"
