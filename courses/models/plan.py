"""The plan by which a trainer teaches a lesson in a room."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models.lesson import Lesson
from courses.plans.parts import MOST, find_kit_problems, find_plan_problems


class LessonPlan(models.Model):
    """How a lesson is taught to a room of people; trainees do not see it.

    `parts`: [{"stage": "intro", "minutes": 6, "do": Markdown, "say": what is said word for word}], in the order of
    `courses.plans.parts.ORDERS`; `faults`: three of {"see", "do"}.
    """

    lesson = models.OneToOneField(Lesson, models.CASCADE, related_name="plan", verbose_name=_("课"))
    goal = models.TextField(_("下课时做得出什么"), max_length=MOST["goal"])
    kit = models.TextField(_("要备的东西"), max_length=MOST["kit"], help_text=_("一行一样，写上几个。"))
    safety = models.TextField(_("安全"), max_length=MOST["safety"])
    simple = models.TextField(_("不识字的怎么带"), max_length=MOST["simple"])
    parts = models.JSONField(_("四步"), default=list)
    faults = models.JSONField(_("常见的错"), default=list)
    check_ask = models.TextField(_("问一句，看懂没懂"), max_length=MOST["ask"])
    check_answer = models.TextField(_("答什么算懂"), max_length=MOST["answer"])
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "教案")
        verbose_name_plural = pgettext_lazy("many", "教案")
        ordering = ["lesson"]

    def __str__(self) -> str:
        return self.lesson.title

    def get_absolute_url(self) -> str:
        return reverse("courses:plan", args=[self.lesson.module.course.slug, self.lesson_id])

    def clean(self) -> None:
        super().clean()
        minutes = self.lesson.minutes if self.lesson_id else None
        problems = [
            *find_kit_problems(self.list_kit()),
            *find_plan_problems(self.parts, self.faults, minutes),
        ]
        if problems:
            raise ValidationError(problems)

    def list_kit(self) -> list[str]:
        return [line.strip() for line in self.kit.splitlines() if line.strip()]
