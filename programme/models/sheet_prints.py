"""A sheet of the course as it is printed for all people of a class, by the worker."""

from __future__ import annotations

import uuid

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Cohort


class SheetPrintQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> SheetPrintQuerySet:
        """Return those that the person asked for: what is filled in is what that person may see."""
        return self.filter(made_by=user.pk)


class SheetPrint(models.Model):
    """One PDF of one sheet for each person of a class, in the private storage under `file_name`; deleted after a day.

    `sheet` is its code in sheets.toml; `site` is the address that its codes begin with.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("正在做")
        READY = "ready", _("做好了")
        FAILED = "failed", _("没做成")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="sheet_prints", verbose_name=pgettext_lazy("one", "班")
    )
    sheet = models.SlugField(_("印哪一张"), max_length=30)
    language = models.CharField(max_length=10)
    site = models.CharField(max_length=200)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    # Until then one worker has reserved it.
    leased_until = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("谁做的"))
    asked_at = models.DateTimeField(_("什么时候要的"), default=timezone.now)

    objects = SheetPrintQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "全班的单子")
        verbose_name_plural = pgettext_lazy("many", "全班的单子")
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.sheet}"

    def get_absolute_url(self) -> str:
        return reverse("programme:class_sheet_print", args=[self.cohort_id, self.key])

    @property
    def file_name(self) -> str:
        return f"sheet-prints/{self.key.hex[:2]}/{self.key.hex}.pdf"

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY
