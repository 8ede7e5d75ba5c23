"""A module's task, and the rubric by which a rehearsal is scored."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models.course import Course, Module
from courses.task_criteria import find_criteria_problems
from ui.models import Stamped


class Assignment(Stamped):
    """A task: what is made after a module and handed in. In code it is called a task everywhere but here."""

    stamp_name = "courses"  # its minutes stand on the course's page

    class HandIn(models.TextChoices):
        # Of films and photos there may be several.
        VIDEO = "video", pgettext_lazy("several", "视频")
        PHOTO = "photo", pgettext_lazy("several", "照片")
        TEXT = "text", _("一段文字")
        LISTING = "listing", _("小店里的一款商品")
        RUNDOWN = "rundown", _("一张排品表")
        REHEARSAL = "rehearsal", _("彩排")
        FILE = "file", _("一个文件")

    module = models.ForeignKey(Module, models.CASCADE, related_name="assignments", verbose_name=_("单元"))
    position = models.PositiveIntegerField(_("顺序"), default=0)
    title = models.CharField(_("任务名"), max_length=80)
    text = models.TextField(_("要做什么"), max_length=3000)
    hand_in = models.CharField(_("交什么"), max_length=10, choices=HandIn, default=HandIn.TEXT)
    minutes = models.PositiveSmallIntegerField(_("大约几分钟"), default=60)
    # The task's code: tasks of twin courses with one code are the same task (courses.models.twins).
    code = models.SlugField(
        _("编号"), max_length=60, blank=True, help_text=_("两种语言的课里同一个任务，编号写一样的")
    )
    # [{"code": "c1", "text": "…"}], as `courses.task_criteria` has it.
    criteria = models.JSONField(_("看哪几条"), default=list, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "练习任务")
        verbose_name_plural = pgettext_lazy("many", "练习任务")
        ordering = ["module", "position", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def asked(self) -> str:
        """Return what is handed in, for a page."""
        return self.get_hand_in_display()

    def clean(self) -> None:
        super().clean()
        if problems := list(find_criteria_problems(self.criteria)):
            raise ValidationError({"criteria": problems})


class Rubric(models.Model):
    """A rubric; a changed one changes no old score, because a review copies it.

    `content`: {"grades": [...], "gate": {...}, "criteria": [{"code", "title", "points", "none", "half", "full",
    "prefill"}]}.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="rubrics", verbose_name=_("课程"))
    title = models.CharField(_("评分表名"), max_length=80)
    content = models.JSONField(_("评分项"), default=dict)

    class Meta:
        verbose_name = pgettext_lazy("one", "评分表")
        verbose_name_plural = pgettext_lazy("many", "评分表")
        ordering = ["course", "id"]

    def __str__(self) -> str:
        return self.title
