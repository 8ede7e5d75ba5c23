"""What happened to somebody who sold, on one page, for a class to talk about."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.cases.parts import MOST, find_case_problems
from courses.models.course import Course, Module


class CaseQuerySet(models.QuerySet):
    def in_course(self, course: Course) -> CaseQuerySet:
        """Return the course's cases in order, and those of its twin in the other language that it does not have itself."""
        own: QuerySet = Case.objects.filter(course=course).values("code")
        is_untold = Q(course=course.twin_id) & ~Q(code__in=own)
        return self.filter(Q(course=course) | is_untold).order_by("position", "code", "id")


class Case(models.Model):
    """A case. It has a source, or it was made up for teaching and says so.

    `ask`: the three questions that a class talks about. `modules`: those that it serves.
    """

    class Kind(models.TextChoices):
        FINE = "fine", pgettext_lazy("case", "罚单")
        LIVE = "live", pgettext_lazy("case", "好样子")
        AFTERSALE = "aftersale", pgettext_lazy("case", "售后")
        PACKING = "packing", pgettext_lazy("case", "装箱")
        FAILED = "failed", pgettext_lazy("case", "没做成")

    course = models.ForeignKey(Course, models.CASCADE, related_name="cases", verbose_name=_("课程"))
    code = models.SlugField(_("编号"), max_length=60, help_text=_("网址里的名字：字母、数字、短横"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    kind = models.CharField(_("哪一种"), max_length=10, choices=Kind)
    title = models.CharField(_("标题"), max_length=MOST["title"])
    modules = models.ManyToManyField(Module, related_name="cases", verbose_name=_("用在哪些单元"))
    source = models.TextField(_("出处"), max_length=MOST["source"], blank=True)
    is_made_up = models.BooleanField(_("为教学编的"), default=False)
    body = models.TextField(_("正文"), max_length=MOST["body"])
    ask = models.JSONField(_("三个问题"), default=list)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "案例")
        verbose_name_plural = pgettext_lazy("many", "案例")
        ordering = ["course", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["course", "code"], name="case_code_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:case", args=[self.course.slug, self.code])

    def clean(self) -> None:
        super().clean()
        if problems := list(find_case_problems(self.source, self.is_made_up, self.ask)):
            raise ValidationError(problems)
