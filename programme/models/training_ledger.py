"""The training ledger of a class as it was written, and what was decided about it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Cohort


class TrainingLedgerQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> TrainingLedgerQuerySet:
        """Return those of the classes that one leads."""
        return self.filter(cohort__in=Cohort.objects.manageable_by(user).order_by().values("pk"))


class TrainingLedger(models.Model):
    """One ledger as written on one day: a zip in the private storage under `file_name`, which never changes.

    `manifest` is the signed one of the zip (programme.training_ledger.manifest), and until that is written the language that was
    asked for; `digests` says for each of its sheets how many rows it has and their SHA-256, to see what changed since. `site` is
    the address that its links begin with.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("正在做")
        READY = "ready", _("做好了")
        FAILED = "failed", _("没做成")
        GONE = "gone", _("到期删了")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="ledgers", verbose_name=pgettext_lazy("one", "班")
    )
    site = models.CharField(max_length=200)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    # Until then one worker has reserved it.
    leased_until = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁做的"))
    asked_at = models.DateTimeField(_("什么时候要的"), default=timezone.now)
    made_at = models.DateTimeField(_("什么时候做好的"), null=True, blank=True)
    bytes = models.PositiveBigIntegerField(_("大小"), default=0)
    sha256 = models.CharField(_("文件指纹"), max_length=64, blank=True)
    manifest = models.JSONField(_("清单"), default=dict)
    digests = models.JSONField(_("各张表的指纹"), default=dict)

    objects = TrainingLedgerQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "培训台账")
        verbose_name_plural = pgettext_lazy("many", "培训台账")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(state="waiting"), name="one_ledger_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | (Q(made_at__isnull=False) & ~Q(sha256="")),
                name="ready_ledger_has_a_file",
            ),
        ]
        indexes = [models.Index(fields=["cohort", "-asked_at", "-id"], name="ledgers_of_class")]

    def __str__(self) -> str:
        return f"{self.cohort} · {timezone.localdate(self.asked_at)}"

    def get_absolute_url(self) -> str:
        return reverse("programme:ledger", args=[self.cohort_id, self.key])

    @property
    def language(self) -> str:
        """Return the language of its words; of one written before this was recorded, that of the course."""
        return self.manifest.get("language") or self.cohort.course.language

    @property
    def file_name(self) -> str:
        return f"training-ledgers/{self.key.hex[:2]}/{self.key.hex}.zip"

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY


class LedgerApproval(models.Model):
    """One decision about a ledger, append-only; `sha256` is the file about which it was taken."""

    class Act(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("ledger", "交上去了")
        CHECKED = "checked", pgettext_lazy("ledger", "核对过了")
        APPROVED = "approved", pgettext_lazy("ledger", "批准了")
        RETURNED = "returned", pgettext_lazy("ledger", "退回了")

    ledger = models.ForeignKey(
        TrainingLedger,
        models.PROTECT,
        related_name="approvals",
        verbose_name=pgettext_lazy("one", "培训台账"),
    )
    act = models.CharField(_("做了什么"), max_length=10, choices=Act)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    reason = models.CharField(_("为什么"), max_length=200, blank=True)
    sha256 = models.CharField(_("文件指纹"), max_length=64)

    class Meta:
        verbose_name = pgettext_lazy("one", "台账审批")
        verbose_name_plural = pgettext_lazy("many", "台账审批")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(act="returned") | ~Q(reason=""), name="ledger_returned_for_a_reason"
            ),
            models.UniqueConstraint(
                fields=["ledger"], condition=Q(act="approved"), name="ledger_approved_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ledger_id} {self.act}"
