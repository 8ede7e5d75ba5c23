"""A video: its upload, and the renditions that the worker makes of it. All of it is private."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from media.models.processed import ProcessedQuerySet, make_key


class Video(models.Model):
    """A video. The same bytes are one Video, whoever sends them (`sha256`), unless the first failed.

    `renditions`: {"480": {"bytes", "width", "height"}, "240": {…}, "listen": {"bytes"}}.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("等着处理")
        READY = "ready", _("好了")
        FAILED = "failed", _("没做成")

    key = models.CharField(max_length=32, unique=True, default=make_key, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("上传人")
    )
    name = models.CharField(_("文件名"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveBigIntegerField(_("大小"), default=0)
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.WAITING)
    percent = models.PositiveSmallIntegerField(_("做到百分之几"), default=0)
    # Why it failed, in words for the person who sent it (a msgid, translated when shown).
    problem = models.CharField(_("原因"), max_length=200, blank=True)
    duration_ms = models.PositiveIntegerField(_("时长"), default=0)
    width = models.PositiveIntegerField(_("宽"), default=0)
    height = models.PositiveIntegerField(_("高"), default=0)
    has_sound = models.BooleanField(_("有声音"), default=True)
    renditions = models.JSONField(default=dict)
    # Whether it is analysed for a reviewer, before its loudness is evened out; see media.videos.analysis.
    wants_measures = models.BooleanField(default=False, editable=False)
    # {"loudness_lufs", "silences": [[from_ms, to_ms]], "brightness": [[at_ms, 0–255]], …}
    measures = models.JSONField(default=dict, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    objects = ProcessedQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "视频")
        verbose_name_plural = pgettext_lazy("many", "视频")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=~Q(sha256="") & ~Q(status="failed"),
                name="same_video_once",
            )
        ]
        indexes = [models.Index(fields=["status", "leased_until"], name="video_due")]

    def __str__(self) -> str:
        return self.name or self.key[:8]

    @property
    def is_ready(self) -> bool:
        return self.status == self.Status.READY

    def bytes_of(self, rendition: str) -> int:
        """Return the bytes of a rendition; 0 for one that does not exist."""
        return self.renditions.get(rendition, {}).get("bytes", 0)

    def name_of(self, part: str) -> str:
        """Return the name of a file in the private storage: part is "480.mp4", "240.mp4", "listen.m4a" or "poster.webp"."""
        return f"videos/{self.key[:2]}/{self.key}-{part}"

    # --- descriptions for the pages that manage it ---

    def describe(self) -> str:
        """Name, length, state and sizes in one line."""
        return " · ".join(
            filter(None, [str(self), self.length, self.describe_state(), self.describe_sizes()])
        )

    def describe_state(self) -> str:
        """Describe the state: “做到 40%”, “好了” or why it failed."""
        if self.status == self.Status.FAILED:
            return gettext("没做成：%(problem)s") % {"problem": gettext(self.problem)}
        if not self.is_ready:
            return gettext("正在处理，做到 %(percent)s%%") % {"percent": self.percent}
        return gettext("好了") if self.has_sound else gettext("好了。没有声音，所以不能只听")

    @property
    def length(self) -> str:
        """Format the length: “3:20”, “1:02:05”; empty while it is unknown."""
        if not self.duration_ms:
            return ""
        minutes, seconds = divmod(round(self.duration_ms / 1000), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    def describe_sizes(self) -> str:
        """Describe the sizes: “480p 4.1 MB · 240p 1.3 MB · 只听 0.2 MB”."""
        names = {"480": "480p", "240": "240p", "listen": gettext("只听")}
        return " · ".join(
            f"{name} {self.bytes_of(rendition) / 1e6:.1f}\N{NO-BREAK SPACE}MB"
            for rendition, name in names.items()
            if self.bytes_of(rendition)
        )


class VideoPart(models.Model):
    """One of several recordings that are joined into a video, in this order: an upload, all of it or a part.

    The part is in milliseconds of that recording; None: to its end.
    """

    video = models.ForeignKey(Video, models.CASCADE, related_name="parts", verbose_name=_("视频"))
    upload = models.ForeignKey("media.Upload", models.PROTECT, related_name="parts", verbose_name=_("上传"))
    position = models.PositiveSmallIntegerField(_("顺序"))
    from_ms = models.PositiveIntegerField(_("从"), default=0)
    until_ms = models.PositiveIntegerField(_("到"), null=True, blank=True)
    # Its position in the joined video, known once that is made.
    starts_ms = models.PositiveIntegerField(null=True, editable=False)
    lasts_ms = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("one", "视频的一段")
        verbose_name_plural = pgettext_lazy("many", "视频的一段")
        ordering = ["video", "position"]
        constraints = [
            models.UniqueConstraint(fields=["video", "position"], name="part_position_once"),
            models.CheckConstraint(
                condition=Q(until_ms__isnull=True) | Q(until_ms__gt=models.F("from_ms")), name="part_lasts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.video} · {self.position}"
