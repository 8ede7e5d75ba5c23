"""Checked texts and the decisions about them. Stored for three years (直播电商监督管理办法 §29–31)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CheckQuerySet(models.QuerySet):
    def about(self, subject: str) -> CheckQuerySet:
        return self.filter(subject=subject)

    def waiting(self) -> CheckQuerySet:
        """Return undecided appeals, the oldest first."""
        return self.filter(appealed_at__isnull=False, decision="").order_by("appealed_at", "id")


class Check(models.Model):
    """One text checked by the rules of one day. `subject` says what it belongs to: "shops.product:12"."""

    class Kind(models.TextChoices):
        LISTING = "listing", _("商品文字")
        SCRIPT = "script", _("直播脚本")
        COURSE_PAGE = "course_page", _("课程页面")

    class Decision(models.TextChoices):
        PASSED = "passed", _("申诉通过")
        KEPT = "kept", _("申诉驳回")

    kind = models.CharField(_("哪种文字"), max_length=12, choices=Kind)
    text = models.TextField(_("查过的文字"))
    text_hash = models.CharField(_("文字指纹"), max_length=64, editable=False)
    rules_date = models.DateField(_("规则日期"))
    facts = models.JSONField(_("当时的商品资料"), default=dict, blank=True)
    findings = models.JSONField(_("查出什么"), default=list, blank=True)
    # A hash of text, rules, facts and subject: the same check is stored once.
    once = models.CharField(max_length=64, unique=True, editable=False)
    subject = models.CharField(_("关于什么"), max_length=80, db_index=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("检查人")
    )
    made_at = models.DateTimeField(_("检查时间"), default=timezone.now)

    appeal = models.TextField(_("申诉理由"), blank=True)
    appealed_at = models.DateTimeField(_("申诉时间"), null=True, blank=True)
    decision = models.CharField(_("处理结果"), max_length=6, choices=Decision, blank=True)
    decision_reason = models.TextField(_("处理理由"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("处理人"),
    )
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "用语检查记录")
        verbose_name_plural = pgettext_lazy("many", "用语检查记录")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="decision_has_reason_and_who",
                condition=Q(decision="", decided_at__isnull=True)
                | (
                    ~Q(decision="")
                    & ~Q(decision_reason="")
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["appealed_at"],
                condition=Q(decision="", appealed_at__isnull=False),
                name="wording_appeals_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.subject} · {self.rules_date}"

    @property
    def blocks(self) -> bool:
        """Return whether a rule forbids publishing this, and nobody has allowed it."""
        return self.decision != self.Decision.PASSED and any(
            one["severity"] == "block" for one in self.findings
        )
