"""Rehearsals, their takes as they arrive, and submissions."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, User
from courses.models import Assignment, Cohort, Drill, Rubric
from live.models import Livestream
from media.models import Upload, Video
from progress.models.enrolment import Enrolment


class RehearsalQuerySet(models.QuerySet):
    def not_dropped(self) -> RehearsalQuerySet:
        return self.filter(dropped_at__isnull=True)

    def visible_to(self, user: User) -> RehearsalQuerySet:
        """Return one's own, and those of the classes one guides."""
        led = Cohort.objects.guided_by(user).order_by().values("pk")
        return self.filter(Q(user=user) | Q(cohort__in=led))


class Rehearsal(models.Model):
    """A rehearsal, begun on a phone under an id made there; `livestream` is the plan it follows, of the kind rehearsal.

    The phone reports it as soon as it is online: from then on the trainer sees what is on the phone and has not arrived yet.
    """

    class Quality(models.TextChoices):
        CLEAR = "clear", _("清楚")
        SAVING = "saving", _("省流量")

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    user = models.ForeignKey(User, models.CASCADE, related_name="rehearsals", verbose_name=_("学员"))
    livestream = models.ForeignKey(
        Livestream, models.PROTECT, related_name="rehearsals", verbose_name=_("照哪张排品表")
    )
    drill = models.ForeignKey(Drill, models.SET_NULL, null=True, related_name="+", verbose_name=_("练法"))
    cohort = models.ForeignKey(
        Cohort, models.SET_NULL, null=True, blank=True, related_name="rehearsals", verbose_name=_("班")
    )
    assignment = models.ForeignKey(
        Assignment,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="rehearsals",
        verbose_name=_("练习任务"),
    )
    quality = models.CharField(_("画质"), max_length=8, choices=Quality, default=Quality.SAVING)
    # The drill's limit when the rehearsal began.
    most_seconds = models.PositiveIntegerField(_("最多录几秒"), default=300)
    # Bytes that the phone reported to hold still, and when it did.
    on_phone_bytes = models.PositiveBigIntegerField(_("还在手机里"), default=0)
    on_phone_at = models.DateTimeField(null=True, blank=True)
    happened_at = models.DateTimeField(_("开始录的时间"), default=timezone.now)
    received_at = models.DateTimeField(_("收到时间"), default=timezone.now)
    dropped_at = models.DateTimeField(_("不要了的时间"), null=True, blank=True)

    objects = RehearsalQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "彩排")
        verbose_name_plural = pgettext_lazy("many", "彩排")
        ordering = ["-happened_at", "-id"]
        indexes = [
            models.Index(fields=["user", "-happened_at", "-id"], name="rehearsals_of_user"),
            models.Index(fields=["cohort", "-happened_at", "-id"], name="rehearsals_of_class"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.livestream}"


class Take(models.Model):
    """One recording, or one file filmed with another device.

    `marks` are its events, in milliseconds from its beginning: [{"kind": "item", "item": 12, "at_ms": 0}, {"kind": "asked",
    "comment": 3, "text", "at_ms"}, {"kind": "answered", …}, {"kind": "said", "item", "part", "line", "at_ms"}, …]. They are
    absolute facts, and are only added.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    rehearsal = models.ForeignKey(Rehearsal, models.CASCADE, related_name="takes", verbose_name=_("彩排"))
    number = models.PositiveSmallIntegerField(_("第几段"))
    upload = models.ForeignKey(
        Upload, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("上传")
    )
    is_upright = models.BooleanField(_("竖着拍的"), default=True)
    marks = models.JSONField(_("里头发生了什么"), default=list)
    happened_at = models.DateTimeField(_("开始录的时间"), default=timezone.now)
    received_at = models.DateTimeField(_("收到时间"), default=timezone.now)
    # Known when the recorder has stopped; milliseconds by the phone's clock.
    lasted_ms = models.PositiveIntegerField(_("录了多久"), null=True, blank=True)
    # It was recorded again, so this one is not part of what is handed in.
    is_left_out = models.BooleanField(_("不算"), default=False)

    class Meta:
        verbose_name = pgettext_lazy("one", "一段录像")
        verbose_name_plural = pgettext_lazy("many", "一段录像")
        ordering = ["rehearsal", "number"]
        constraints = [models.UniqueConstraint(fields=["rehearsal", "number"], name="take_number_once")]

    def __str__(self) -> str:
        return f"{self.rehearsal_id} · {self.number}"


class SubmissionQuerySet(models.QuerySet):
    def queued(self) -> SubmissionQuerySet:
        return self.filter(status=Submission.Status.QUEUED)

    def visible_to(self, user: User) -> SubmissionQuerySet:
        """Return one's own, those of the classes one leads, and those one may comment on."""
        led = Cohort.objects.manageable_by(user).order_by().values("pk")
        given = Submission.objects.given_to(user).order_by().values("pk")
        return self.filter(Q(user=user) | Q(cohort__in=led) | Q(pk__in=given))

    def given_to(self, user: User) -> SubmissionQuerySet:
        """Return those assigned to the person as a peer, as long as they are in its class, and those of pupils in the
        classes whose mentor they are.
        """
        there = Enrolment.objects.active().filter(user=user, cohort__isnull=False).order_by().values("cohort")
        if not user.places_with_role(Membership.Role.MENTOR):
            return self.filter(peers=user, cohort__in=there).exclude(user=user)
        assigned = Submission.objects.filter(peers=user, cohort__in=there).order_by().values("pk")
        mentored = Cohort.objects.mentored_by(user).order_by().values("pk")
        return self.filter(Q(pk__in=assigned) | Q(cohort__in=mentored)).exclude(user=user)

    def reviewable_by(self, user: User) -> SubmissionQuerySet:
        """Return the submissions of the classes that the user leads, never the user's own.

        The user's own submissions are looked up separately: the index of the queue holds all that the other conditions need.
        """
        led = Cohort.objects.manageable_by(user).order_by().values("pk")
        own = Submission.objects.filter(user=user).order_by().values("pk")
        return self.filter(cohort__in=led).exclude(pk__in=own)


class Submission(models.Model):
    """A rehearsal that was handed in, once, with its owner's own score, which was given first.

    The rubric is copied into it with its hash, so that a changed rubric changes no old score. `lease_*`: which trainer has
    it open now.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("等点评")
        REVIEWED = "reviewed", _("点评好了")

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    rehearsal = models.OneToOneField(
        Rehearsal, models.PROTECT, related_name="submission", verbose_name=_("彩排")
    )
    # Copied from the rehearsal, for lists.
    user = models.ForeignKey(User, models.CASCADE, related_name="submissions", verbose_name=_("学员"))
    cohort = models.ForeignKey(
        Cohort, models.SET_NULL, null=True, blank=True, related_name="submissions", verbose_name=_("班")
    )
    drill = models.ForeignKey(Drill, models.SET_NULL, null=True, related_name="+", verbose_name=_("练法"))
    number = models.PositiveSmallIntegerField(_("第几遍"), default=1)
    receipt = models.CharField(_("回执"), max_length=12)
    video = models.ForeignKey(
        Video, models.SET_NULL, null=True, blank=True, related_name="submissions", verbose_name=_("录像")
    )
    rubric = models.ForeignKey(Rubric, models.SET_NULL, null=True, related_name="+", verbose_name=_("评分表"))
    rubric_content = models.JSONField(_("当时的评分表"), default=dict)
    rubric_hash = models.CharField(_("评分表指纹"), max_length=64)
    # {criterion code: "none" | "half" | "full"}
    self_marks = models.JSONField(_("自己打的分"), default=dict)
    self_total = models.PositiveSmallIntegerField(_("自己打了几分"), default=0)
    keep = models.CharField(_("一点保持"), max_length=200, blank=True)
    change_one = models.CharField(_("一处改进"), max_length=200, blank=True)
    change_two = models.CharField(_("第二处改进"), max_length=200, blank=True)
    # What the program measured: silences, loudness, brightness, minutes against the plan, words, delays of answers.
    evidence = models.JSONField(_("程序看到的"), default=dict, blank=True)
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.QUEUED)
    # One in ten is also scored by a second trainer, who does not see the first score.
    needs_second = models.BooleanField(_("要第二个老师打分"), default=False)
    # Its owner allows others of the class to watch it for practice.
    for_peers = models.BooleanField(_("可以给同学看"), default=False)
    peers = models.ManyToManyField(
        User, blank=True, related_name="peer_submissions", verbose_name=_("给谁看")
    )
    lease_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁正在看")
    )
    lease_until = models.DateTimeField(_("看到什么时候"), null=True, blank=True)
    happened_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    received_at = models.DateTimeField(_("收到时间"), default=timezone.now)
    # Practice films are deleted after 90 days (个人信息保护法 §19), after a notice, unless their owner keeps them.
    video_kept = models.BooleanField(_("录像留着"), default=False)
    video_told_at = models.DateTimeField(_("提醒过要删的时间"), null=True, blank=True)
    video_gone_at = models.DateTimeField(_("录像删掉的时间"), null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "提交")
        verbose_name_plural = pgettext_lazy("many", "提交")
        ordering = ["received_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "drill", "number"], name="try_number_once"),
        ]
        indexes = [
            models.Index(fields=["status", "cohort", "received_at", "id"], name="review_queue"),
            models.Index(fields=["user", "-received_at", "-id"], name="submissions_of_user"),
            models.Index(
                fields=["received_at"],
                condition=Q(video__isnull=False, video_kept=False),
                name="videos_that_go",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.number}"
