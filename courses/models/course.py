"""A course and its modules, in the order they are learnt."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, Place, User
from courses import reserved_slugs
from media.models import Photo
from ui.models import Stamped


class State(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")


class CourseQuerySet(models.QuerySet):
    def published(self) -> CourseQuerySet:
        return self.filter(state=State.PUBLISHED)

    def manageable_by(self, user: User) -> CourseQuerySet:
        return self.filter(place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))

    def visible_to(self, user: User) -> CourseQuerySet:
        """Return all published courses, and the drafts that the user may edit."""
        if not user.is_authenticated:
            return self.published()
        return self.filter(
            Q(state=State.PUBLISHED) | Q(place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))
        )


class Course(Stamped):
    stamp_name = "courses"

    title = models.CharField(_("课程名"), max_length=60)
    slug = models.SlugField(_("网址名"), max_length=60, unique=True)
    language = models.CharField(_("语言"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    twin = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, verbose_name=_("另一种语言的同一门课")
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="courses", verbose_name=_("开课单位"))
    summary = models.TextField(_("简介"), max_length=600)
    audience = models.CharField(_("适合谁"), max_length=200, blank=True)
    cover = models.ForeignKey(
        Photo, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("封面")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(_("版本"), default=1)
    needs = models.ManyToManyField(
        "self", blank=True, symmetrical=False, related_name="opens", verbose_name=_("先学完哪门课")
    )
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "课程")
        verbose_name_plural = pgettext_lazy("many", "课程")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.slug in reserved_slugs.RESERVED:
            raise ValidationError(
                {"slug": _("“%(slug)s”是网站自己的网址，课程换一个网址名。") % {"slug": self.slug}}
            )

    def get_absolute_url(self) -> str:
        return reverse("courses:course", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED


class Module(Stamped):
    stamp_name = "courses"

    course = models.ForeignKey(Course, models.CASCADE, related_name="modules", verbose_name=_("课程"))
    position = models.PositiveIntegerField(_("顺序"), default=0)
    number = models.PositiveSmallIntegerField(_("单元号"), default=1)
    title = models.CharField(_("单元名"), max_length=60)
    summary = models.CharField(_("简介"), max_length=300, blank=True)
    hours = models.PositiveSmallIntegerField(_("学时"), default=1)
    proof = models.CharField(_("拿什么证明学会了"), max_length=200, blank=True)
    needs = models.ManyToManyField(
        "self", blank=True, symmetrical=False, related_name="opens", verbose_name=_("先学完哪个单元")
    )
    needs_quiz = models.ManyToManyField(
        "courses.Quiz", blank=True, related_name="opens", verbose_name=_("先考过哪个测验")
    )
    # Nobody is offered to skip it, whatever a placement test shows.
    always_taught = models.BooleanField(_("摸底也不能跳过"), default=False)
    # For everybody; a class may have its own days (Opening).
    opens_on = models.DateField(_("哪天开放"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "单元")
        verbose_name_plural = pgettext_lazy("many", "单元")
        ordering = ["course", "position", "id"]
        indexes = [models.Index(fields=["course", "position"], name="modules_in_order")]

    def __str__(self) -> str:
        return self.title


class CourseVersion(models.Model):
    """One publication of a course; every record of learning names its number."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="versions", verbose_name=_("课程"))
    number = models.PositiveIntegerField(_("版本"))
    note = models.TextField(_("改了什么"), max_length=600, blank=True)
    # {lesson pk: hash of what a learner reads in it}: comparing two versions shows what is new.
    lessons = models.JSONField(default=dict)
    published_at = models.DateTimeField(_("发布时间"), default=timezone.now)
    published_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("发布人")
    )

    class Meta:
        verbose_name = pgettext_lazy("one", "课程版本")
        verbose_name_plural = pgettext_lazy("many", "课程版本")
        ordering = ["course", "-number"]
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="course_version_once")]

    def __str__(self) -> str:
        return f"{self.course} · {self.number}"
