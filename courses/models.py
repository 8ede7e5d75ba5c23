"""What trainers author: courses of modules of lessons, and the classes that follow them."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, User
from accounts.places import Place
from courses.markdown import rendered
from media.models import Photo
from ui.models import Stamped

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without those that look alike


class State(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")


class CourseQuerySet(models.QuerySet):
    def published(self) -> CourseQuerySet:
        return self.filter(state=State.PUBLISHED)

    def manageable_by(self, user: User) -> CourseQuerySet:
        return self.filter(place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))

    def visible_to(self, user: User) -> CourseQuerySet:
        """Published to all; drafts to those who may edit them."""
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
    place = models.ForeignKey(Place, models.PROTECT, related_name="courses", verbose_name=_("谁开的课"))
    summary = models.TextField(_("简介"), max_length=600)
    audience = models.CharField(_("适合谁"), max_length=200, blank=True)
    cover = models.ForeignKey(
        Photo, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("封面")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(_("版本"), default=1)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "课程")
        verbose_name_plural = pgettext_lazy("many", "课程")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

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

    class Meta:
        verbose_name = pgettext_lazy("one", "单元")
        verbose_name_plural = pgettext_lazy("many", "单元")
        ordering = ["course", "position", "id"]
        indexes = [models.Index(fields=["course", "position"], name="modules_in_order")]

    def __str__(self) -> str:
        return self.title


class LessonQuerySet(models.QuerySet):
    def published(self) -> LessonQuerySet:
        return self.filter(state=State.PUBLISHED, module__course__state=State.PUBLISHED)

    def in_order(self) -> LessonQuerySet:
        return self.order_by("module__position", "module_id", "position", "id")

    def manageable_by(self, user: User) -> LessonQuerySet:
        return self.filter(module__course__place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))

    def visible_to(self, user: User) -> LessonQuerySet:
        return self.published() if not user.is_authenticated else self.published() | self.manageable_by(user)


class Lesson(Stamped):
    """`html` is the Markdown of `body`, rendered and sanitised when saved, so that reading costs nothing."""

    stamp_name = "courses"

    module = models.ForeignKey(Module, models.CASCADE, related_name="lessons", verbose_name=_("单元"))
    position = models.PositiveIntegerField(_("顺序"), default=0)
    title = models.CharField(_("课名"), max_length=80)
    # The title's parts that must not be broken across lines, one a line.
    phrases = models.CharField(_("课名怎么断行"), max_length=120, blank=True, help_text=_("用 | 隔开"))
    body = models.TextField(_("正文"), max_length=20000)
    html = models.TextField(editable=False, blank=True)
    do_now = models.TextField(_("动手做"), max_length=600, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("大约几分钟"), default=5, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "课")
        verbose_name_plural = pgettext_lazy("many", "课")
        ordering = ["module", "position", "id"]
        indexes = [models.Index(fields=["module", "position"], name="lessons_in_order")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.render()
        super().save(*args, **kwargs)

    def render(self) -> None:
        pictures = (
            {picture.name: picture for picture in self.pictures.select_related("photo")} if self.pk else {}
        )
        self.html = rendered(self.body, pictures)

    @property
    def is_out(self) -> bool:
        """Published, in a course that is published; reads the module and its course."""
        return self.state == State.PUBLISHED and self.module.course.is_published

    @property
    def title_phrases(self) -> list[str]:
        return [part for part in self.phrases.split("|") if part] or [self.title]

    def get_absolute_url(self) -> str:
        return reverse("progress:lesson", args=[self.pk])


class LessonPicture(models.Model):
    """A photo of a lesson, put into its text as ![](picture:name)."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="pictures", verbose_name=_("课"))
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="+", verbose_name=_("照片"))
    name = models.SlugField(_("图名"), max_length=40)
    alt = models.CharField(_("图上有什么（给看不见的人听）"), max_length=200)
    position = models.PositiveIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("one", "插图")
        verbose_name_plural = pgettext_lazy("many", "插图")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["lesson", "name"], name="picture_name_once_a_lesson")]

    def __str__(self) -> str:
        return self.name


def new_join_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(6))


class CohortQuerySet(models.QuerySet):
    def taught_by(self, user: User) -> CohortQuerySet:
        """The classes this person stands in as a trainer, as long as they are one anywhere."""
        is_staff = user.is_superuser or user.holds(*Membership.STAFF_ROLES)
        return self.filter(trainers=user.pk) if is_staff else self.none()

    def manageable_by(self, user: User) -> CohortQuerySet:
        """A trainer's own classes, and all classes of the places an organiser or trainer holds."""
        held = Q(place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))
        return self.filter(Q(pk__in=Cohort.objects.taught_by(user).order_by().values("pk")) | held)

    def open_with(self, code: str) -> CohortQuerySet:
        """The class that a typed join code opens today; letters in any case, spaces and hyphens ignored."""
        typed = "".join(letter for letter in code.upper() if letter.isalnum())
        today = timezone.localdate()
        return self.filter(join_code=typed, is_open=True).exclude(ends_on__lt=today)


class Cohort(models.Model):
    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts", verbose_name=_("课程"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="cohorts", verbose_name=_("在哪儿办"))
    name = models.CharField(_("班名"), max_length=40)
    trainers = models.ManyToManyField(User, blank=True, related_name="cohorts_taught", verbose_name=_("老师"))
    starts_on = models.DateField(_("开班"))
    ends_on = models.DateField(_("结业"))
    join_code = models.CharField(_("进班码"), max_length=8, unique=True, default=new_join_code)
    is_open = models.BooleanField(_("还收人"), default=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "班")
        verbose_name_plural = pgettext_lazy("many", "班")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="class_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("progress:class", args=[self.pk])
