"""Rosters of a class that are read from a file, row by row, and written once somebody has confirmed them."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Place, User
from courses.models import Cohort

# So long the rows stay to be looked at (terms.toml deletes them).
LASTS = datetime.timedelta(days=30)


class RosterQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> RosterQuerySet:
        """Return the rosters of the classes this person leads."""
        return self.filter(cohort__in=Cohort.objects.manageable_by(user).order_by().values("pk"))


class Roster(models.Model):
    """One file with people for a class. `key` was made with the empty form, so that one form is one roster."""

    class State(models.TextChoices):
        READING = "reading", pgettext_lazy("roster", "正在读")
        READY = "ready", pgettext_lazy("roster", "等你确认")
        WRITING = "writing", pgettext_lazy("roster", "正在加人")
        DONE = "done", pgettext_lazy("roster", "加好了")
        FAILED = "failed", pgettext_lazy("roster", "没读成")
        DROPPED = "dropped", pgettext_lazy("roster", "不要了")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="rosters", verbose_name=pgettext_lazy("one", "班")
    )
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁传的"))
    made_at = models.DateTimeField(_("什么时候传的"), default=timezone.now)
    file_name = models.CharField(_("文件名"), max_length=60)
    # In the intake until it has been read.
    stored_name = models.CharField(max_length=80, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.READING)
    problem = models.CharField(_("为什么没成"), max_length=200, blank=True)
    # What the file holds beside its rows: {"sheet", "left_out", "columns"}.
    facts = models.JSONField(_("读出来的"), default=dict, blank=True)
    # Rows by what happens to them, for lists.
    counts = models.JSONField(_("各有几行"), default=dict, blank=True)
    total = models.PositiveIntegerField(_("一共几行"), default=0)
    handled = models.PositiveIntegerField(_("办了几行"), default=0)
    # Until then one process works on it.
    leased_until = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁确认的")
    )
    confirmed_at = models.DateTimeField(_("什么时候确认的"), null=True, blank=True)

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "名单")
        verbose_name_plural = pgettext_lazy("many", "名单")
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["cohort", "-made_at", "-id"], name="rosters_of_class")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        return self.state in (self.State.READING, self.State.WRITING)

    @property
    def percent(self) -> int:
        return self.handled * 100 // self.total if self.total else 0

    @property
    def is_past(self) -> bool:
        """Return whether its rows are deleted."""
        return self.made_at < timezone.now() - LASTS


class RosterRow(models.Model):
    """One row of the file: what it says, what would happen, and after the confirmation what happened.

    `was` is what had been shown where something else happened in the end. `phone` is E.164, empty where it is none.
    """

    class Outcome(models.TextChoices):
        NEW = "new", _("新开账号，进班")
        ADD = "add", _("已经有账号，加进班")
        HERE = "here", _("已经在班里")
        REPEAT = "repeat", _("和前面重复")
        CLASH = "clash", _("名字对不上，等你定")
        ERROR = "error", _("加不了，要改")

    class Choice(models.TextChoices):
        OPEN = "", _("还没定")
        LINK = "link", _("是同一个人，加进班，名字不改")
        SKIP = "skip", _("不是，跳过这一行")

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="rows", verbose_name=_("名单"))
    number = models.PositiveIntegerField(_("第几行"))
    name = models.CharField(_("姓名"), max_length=40, blank=True)
    phone = models.CharField(_("手机号"), max_length=16, blank=True)
    village = models.CharField(_("村"), max_length=60, blank=True)
    place = models.ForeignKey(
        Place, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("认出来的村")
    )
    note = models.CharField(_("备注"), max_length=200, blank=True)
    outcome = models.CharField(_("会怎样"), max_length=8, choices=Outcome)
    was = models.CharField(_("原来会怎样"), max_length=8, choices=Outcome, blank=True)
    problem = models.CharField(_("为什么"), max_length=24, blank=True)
    facts: Any = models.JSONField(_("说明"), default=dict, blank=True)
    # The name of the account with this number, where it is another one and may be seen.
    known_name = models.CharField(_("账号上的名字"), max_length=40, blank=True)
    choice = models.CharField(_("你定的"), max_length=4, choices=Choice, blank=True)
    read_at = models.DateTimeField(_("什么时候读的"), default=timezone.now)
    written_at = models.DateTimeField(_("什么时候办的"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "名单里的一行")
        verbose_name_plural = pgettext_lazy("many", "名单里的行")
        ordering = ["roster", "number"]
        constraints = [
            models.UniqueConstraint(fields=["roster", "number"], name="row_once_a_roster"),
        ]
        indexes = [
            models.Index(fields=["roster", "outcome", "number"], name="roster_rows_by_outcome"),
            models.Index(fields=["roster", "number"], condition=Q(written_at=None), name="roster_rows_left"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
