"""Consents: what a person agreed to, and until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Consent(models.Model):
    """One agreement of one person, withdrawn by a date, never deleted (个人信息保护法 §14–15)."""

    class Kind(models.TextChoices):
        PRIVACY = "privacy", _("隐私说明")
        PUBLIC_CONTACT = "public_contact", _("公开联系电话")
        PUBLIC_STORY = "public_story", _("公开名字和故事")
        PUSH = "push", _("手机通知")
        LEDGER_FIGURES = "ledger_figures", _("回访时用小店的账填数")
        ID_NUMBER = "id_number", _("上报身份证号")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents", verbose_name=_("人")
    )
    kind = models.CharField(_("同意什么"), max_length=20, choices=Kind)
    version = models.CharField(_("版本"), max_length=20)
    given_at = models.DateTimeField(_("同意时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "同意记录")
        verbose_name_plural = pgettext_lazy("many", "同意记录")
        ordering = ["-given_at", "-id"]
        indexes = [models.Index(fields=["user", "kind", "-given_at"], name="consent_of_user")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()} {self.version}"
