"""A lesson: its text, its pictures, its video."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, Place, User
from courses.models.course import Module, State
from courses.rendering import add_addresses, render_markdown
from media.models import Photo, Video
from ui.models import Stamped
from ui.pages import build_page_url

# The mark of media.photos.html for a photo that the worker has not made yet.
UNREADY_PHOTO = "<span data-waiting"


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
    """A lesson. `html` is the Markdown of `body`, rendered and sanitised when saved, so that reading needs no rendering.

    A page shows `shown_html`: `html` does not contain the URLs of its pictures.
    """

    stamp_name = "courses"

    module = models.ForeignKey(Module, models.CASCADE, related_name="lessons", verbose_name=_("单元"))
    position = models.PositiveIntegerField(_("顺序"), default=0)
    title = models.CharField(_("课名"), max_length=80)
    # The title's phrases, one a line, inside which no line may break.
    phrases = models.CharField(_("课名怎么断行"), max_length=120, blank=True, help_text=_("用 | 隔开"))
    body = models.TextField(_("正文"), max_length=20000)
    html = models.TextField(editable=False, blank=True)
    do_now = models.TextField(_("动手做"), max_length=600, blank=True)
    # The lesson's code in a written course, so that importing it again finds the same row.
    code = models.SlugField(_("编号"), max_length=60, blank=True)
    video = models.ForeignKey(
        Video, models.PROTECT, null=True, blank=True, related_name="lessons", verbose_name=_("视频")
    )
    # WebVTT, in the language of the course.
    captions = models.TextField(_("字幕"), max_length=200_000, blank=True)
    watch_share = models.PositiveSmallIntegerField(
        _("看到百分之几算看完"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    minutes = models.PositiveSmallIntegerField(
        _("大约几分钟"), default=5, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    # Whether it is or was published: somebody may have read it, and what they did counts though it was withdrawn.
    was_out = models.BooleanField(default=False, editable=False)
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
        if self.state == State.PUBLISHED and not self.was_out:
            self.was_out = True
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "was_out"}
        super().save(*args, **kwargs)

    def render(self) -> None:
        pictures = (
            {picture.name: picture for picture in self.pictures.select_related("photo")} if self.pk else {}
        )
        self.html = render_markdown(self.body, pictures)

    def refresh_html(self) -> Lesson:
        """Render the text again if its photos were not ready when it was last rendered (1 query then); return self."""
        if UNREADY_PHOTO in self.html:
            self.render()
        return self

    @property
    def shown_html(self) -> str:
        return add_addresses(self.html)

    @property
    def is_out(self) -> bool:
        """Return whether it is published in a published course; reads the module and its course."""
        return self.state == State.PUBLISHED and self.module.course.is_published

    def get_absolute_url(self) -> str:
        return build_page_url("courses.lesson", self.pk)


class LessonPicture(models.Model):
    """A photo of a lesson, included in its text as ![](picture:name)."""

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
