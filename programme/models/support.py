"""Who helps somebody of a class who is stuck, and what was done.

Who is stuck is computed from other rows when it is read (programme.support.causes); a case is made only when somebody acts.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Cohort

LONGEST_TITLE = 120
LONGEST_NOTE = 300


class SupportCaseQuerySet(models.QuerySet):
    def open(self) -> SupportCaseQuerySet:
        return self.filter(closed_at__isnull=True)


class SupportCase(models.Model):
    """One thing with which a person of a class is stuck, from when somebody took it until its cause was gone.

    `subject` is the id of the quiz, lesson, session, submission, rehearsal, task or certificate, 0 where the cause has none;
    `title` says what it was in words. Once closed it is never opened again: the same cause later is another row.
    """

    class Cause(models.TextChoices):
        QUIZ = "quiz", _("测验几次没过")
        PHONE = "phone", _("手机里没送来")
        ABSENT = "absent", _("连着缺课")
        RETAKE = "retake", _("请重录，没重录")
        TASK = "task", _("任务退回，没再交")
        LESSON = "lesson", _("停在一课")
        CERTIFICATE = "cert", _("离证书差一样")
        LISTING = "listing", _("结业了没上架")

    cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="support_cases", verbose_name=pgettext_lazy("one", "班")
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="support_cases", verbose_name=_("学员"))
    cause = models.CharField(_("卡在哪儿"), max_length=8, choices=Cause)
    subject = models.BigIntegerField(default=0, editable=False)
    title = models.CharField(_("哪一样"), max_length=LONGEST_TITLE, blank=True)
    opened_at = models.DateTimeField(_("什么时候接的"), default=timezone.now)
    taken_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁在管")
    )
    # Not shown among those who wait before this day.
    snoozed_until = models.DateField(_("到哪天再看"), null=True, blank=True)
    closed_at = models.DateTimeField(_("什么时候了结的"), null=True, blank=True)
    # Closed because it was done; else the class was over, or the person left it.
    is_solved = models.BooleanField(_("解决了"), default=False)

    objects = SupportCaseQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "帮扶")
        verbose_name_plural = pgettext_lazy("many", "帮扶")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "user", "cause", "subject"],
                condition=Q(closed_at__isnull=True),
                name="one_open_support_case",
            ),
            models.CheckConstraint(
                condition=Q(is_solved=False) | Q(closed_at__isnull=False),
                name="solved_support_case_is_closed",
            ),
        ]
        indexes = [models.Index(fields=["cohort", "-closed_at"], name="support_cases_of_class")]

    def __str__(self) -> str:
        """Name the cause alone: who did something about it finds it in the copy of their own data, without the person."""
        return " · ".join(filter(None, [self.get_cause_display(), self.title]))

    @property
    def is_snoozed(self) -> bool:
        return self.snoozed_until is not None and self.snoozed_until > timezone.localdate()


class SupportAct(models.Model):
    """One thing that somebody did about a case, and what came of it; append-only. `key` was made with the empty form.

    `peer` is who of the class helps; both had agreed.
    """

    class Act(models.TextChoices):
        TAKEN = "taken", pgettext_lazy("support", "接了")
        CALL = "call", _("打了电话")
        MET = "met", _("当面谈了")
        MESSAGE = "message", _("发了消息")
        PAIR = "pair", _("请同学带一带")
        OTHER = "other", pgettext_lazy("support", "别的")

    class Outcome(models.TextChoices):
        AGREED = "agreed", _("说好了去做")
        UNREACHED = "unmet", _("没联系上")
        OBSTACLE = "hard", _("有难处")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        SupportCase, models.CASCADE, related_name="acts", verbose_name=pgettext_lazy("one", "帮扶")
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁做的"))
    act = models.CharField(_("做了什么"), max_length=8, choices=Act)
    outcome = models.CharField(_("结果怎样"), max_length=8, choices=Outcome, blank=True)
    peer = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("请谁带")
    )
    note = models.CharField(_("记一句"), max_length=LONGEST_NOTE, blank=True)
    at = models.DateTimeField(_("什么时候"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "帮扶记录")
        verbose_name_plural = pgettext_lazy("many", "帮扶记录")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.act}"
