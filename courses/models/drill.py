"""Drills in their order, what viewers ask in them, and phrases that reviewers often use."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models.course import Course
from ui.models import Stamped
from ui.text import HAN, is_page_chinese


class Drill(Stamped):
    """A drill. `template` is the script with which a new rundown item of this drill begins.

    {"title", "talking_points", "parts": {"who", "what", "proof", "price", "promise"}}, with placeholders as in live.scripts.
    "first": parts that the first item has instead. "goods": [{"name", "net_grams", "price_fen"}], shown by people who have
    none of their own.
    """

    stamp_name = "courses"  # its minutes stand on the course's page

    course = models.ForeignKey(Course, models.CASCADE, related_name="drills", verbose_name=_("课程"))
    code = models.SlugField(_("编号"), max_length=30)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    title = models.CharField(_("练什么"), max_length=40)
    # The title of the twin in the other language, for people who learn in one language and read pages in the other.
    other_title = models.CharField(_("另一种语言叫什么"), max_length=40, blank=True)
    text = models.TextField(_("怎么练"), max_length=1000, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("讲几分钟"), default=3, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    # A recording ends after this time: the planned minutes and some more.
    most_minutes = models.PositiveSmallIntegerField(
        _("最多录几分钟"), default=5, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    products = models.PositiveSmallIntegerField(_("几款货"), default=1)
    questions = models.PositiveSmallIntegerField(_("问几个问题"), default=2)
    # The first real live is not a recording to be scored: a mentor attends it.
    is_real = models.BooleanField(_("是真直播"), default=False)
    # The examination before the first real live: it is scored by the long form of the rubric.
    is_exam = models.BooleanField(_("算考核"), default=False)
    template = models.JSONField(_("脚本样子"), default=dict, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "练法")
        verbose_name_plural = pgettext_lazy("many", "练法")
        ordering = ["course", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "code"], name="drill_code_once"),
            models.CheckConstraint(
                condition=models.Q(most_minutes__gte=models.F("minutes")), name="drill_minutes_fit"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """Return the title in the page's language, if it has one."""
        return pick_title(self.title, self.other_title)


def pick_title(title: str, other: str) -> str:
    """Return the title in the page's language, if it has one."""
    is_other = is_page_chinese() != bool(HAN.search(title))
    return other if other and is_other else title


class ViewerComment(models.Model):
    """A viewer's question in a drill, and what a good answer says.

    It is asked only where it fits: about one kind of `goods` if it has one, and if it has `only_if`, only where the script
    or the talking points contain that word.
    """

    class Goods(models.TextChoices):
        FRUIT = "fruit", _("水果")
        EGG = "egg", _("鸡鸭蛋")
        TEA = "tea", _("茶叶")
        RICE = "rice", _("大米")
        VEGETABLE = "vegetable", _("蔬菜山货")

    drill = models.ForeignKey(Drill, models.CASCADE, related_name="comments", verbose_name=_("练法"))
    code = models.SlugField(_("编号"), max_length=40)
    name = models.CharField(_("谁问的"), max_length=20)
    text = models.CharField(_("问什么"), max_length=80)
    wants = models.CharField(_("好的回答要说到什么"), max_length=200)
    goods = models.CharField(_("问哪类货"), max_length=10, choices=Goods, blank=True)
    only_if = models.CharField(_("脚本里有这个词才问"), max_length=20, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "观众的问题")
        verbose_name_plural = pgettext_lazy("many", "观众的问题")
        ordering = ["drill", "id"]
        constraints = [models.UniqueConstraint(fields=["drill", "code"], name="comment_code_once")]

    def __str__(self) -> str:
        return self.text


class QuickPhrase(models.Model):
    """A remark that reviewers make often: one tap instead of typing."""

    class Tone(models.TextChoices):
        KEEP = "keep", _("保持")
        CHANGE = "change", _("要改")
        STOP = "stop", _("不能说")

    course = models.ForeignKey(Course, models.CASCADE, related_name="phrases", verbose_name=_("课程"))
    code = models.SlugField(_("编号"), max_length=40)
    tone = models.CharField(_("是哪一种"), max_length=6, choices=Tone)
    # A code of the course's rubric, if it belongs to one criterion.
    criterion = models.CharField(_("哪一条"), max_length=30, blank=True)
    text = models.CharField(_("话"), max_length=80)

    class Meta:
        verbose_name = pgettext_lazy("one", "常用点评")
        verbose_name_plural = pgettext_lazy("many", "常用点评")
        ordering = ["course", "id"]
        constraints = [models.UniqueConstraint(fields=["course", "code"], name="phrase_code_once")]

    def __str__(self) -> str:
        return self.text
