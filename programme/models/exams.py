"""Practical examinations: a live session of half an hour before two examiners, neither of whom sees the other's score."""

from __future__ import annotations

import datetime
import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Cohort, Course, Drill
from rehearsals.models import Submission

MOST_SEATS = 40
# The first time, and one more.
MOST_TRIES = 2


class PracticalExamQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> PracticalExamQuerySet:
        """Return those of the classes one leads, those one examines, and those in which one has a seat."""
        led = Cohort.objects.manageable_by(user).order_by().values("pk")
        scored = ExamScore.objects.filter(examiner=user).order_by().values("seat__exam")
        seats = ExamSeat.objects.filter(user=user).order_by().values("exam")
        return self.filter(Q(cohort__in=led) | Q(pk__in=scored) | Q(pk__in=seats))


class PracticalExam(models.Model):
    """One morning or afternoon on which people of a class go live one after another; each has a slot of the same length.

    The rubric is copied into it with its hash, so that a changed rubric changes no old score. A cancelled one stays with its
    reason, and its seats are no tries.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(
        Cohort,
        models.PROTECT,
        related_name="practical_exams",
        verbose_name=pgettext_lazy("one", "班"),
    )
    drill = models.ForeignKey(Drill, models.SET_NULL, null=True, related_name="+", verbose_name=_("练法"))
    title = models.CharField(_("考什么"), max_length=40)
    rubric_content = models.JSONField(_("当时的评分表"), default=dict)
    rubric_hash = models.CharField(_("评分表指纹"), max_length=64)
    starts_at = models.DateTimeField(_("什么时候"))
    minutes = models.PositiveSmallIntegerField(
        _("播几分钟"), default=30, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    slot_minutes = models.PositiveSmallIntegerField(
        _("每人占几分钟"), default=45, validators=[MinValueValidator(1), MaxValueValidator(300)]
    )
    place = models.CharField(_("在哪儿考"), max_length=60)
    pass_points = models.PositiveSmallIntegerField(
        _("几分算过"), default=60, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁排的")
    )
    created_at = models.DateTimeField(_("什么时候排的"), default=timezone.now)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁取消的")
    )
    cancel_reason = models.CharField(_("为什么取消"), max_length=200, blank=True)

    objects = PracticalExamQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "结业实操")
        verbose_name_plural = pgettext_lazy("many", "结业实操")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=F("minutes")), name="exam_slot_holds_the_live_session"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancel_reason=""),
                name="exam_cancelled_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["cohort", "-starts_at"], name="exams_of_class")]

    def __str__(self) -> str:
        return f"{self.title} · {self.cohort}"

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None


class ExamSeat(models.Model):
    """One person's turn; `number` is 1, or 2 for the one repetition. The total is set once the scores agree (`way`)."""

    class Way(models.TextChoices):
        MEAN = "mean", _("两位考官的平均分")
        THIRD = "third", _("三位考官的中间分")
        TALK = "talk", _("两位考官商量定的")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    exam = models.ForeignKey(PracticalExam, models.PROTECT, related_name="seats", verbose_name=_("结业实操"))
    user = models.ForeignKey(User, models.CASCADE, related_name="exam_seats", verbose_name=_("考生"))
    # The class's, copied, so that tries are counted by course.
    course = models.ForeignKey(Course, models.PROTECT, related_name="+", verbose_name=_("课程"))
    position = models.PositiveSmallIntegerField(_("第几个"))
    number = models.PositiveSmallIntegerField(_("第几次考"), default=1)
    total = models.PositiveSmallIntegerField(_("总分"), null=True, blank=True)
    passed = models.BooleanField(_("通过"), default=False)
    way = models.CharField(_("总分怎么来的"), max_length=5, choices=Way, blank=True)
    settled_at = models.DateTimeField(_("出分时间"), null=True, blank=True)
    # The person's own rehearsal in which the half hour was recorded (programme.exams.recordings).
    recording = models.ForeignKey(
        Submission, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("录像")
    )
    # Of a cancelled examination, or who was taken off the list before any score was signed.
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "实操考位")
        verbose_name_plural = pgettext_lazy("many", "实操考位")
        ordering = ["exam", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["exam", "user"], condition=Q(withdrawn_at__isnull=True), name="exam_seat_once"
            ),
            models.UniqueConstraint(
                fields=["user", "course", "number"],
                condition=Q(withdrawn_at__isnull=True),
                name="exam_try_once",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_TRIES), name="exam_tries_are_two"
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True, settled_at__isnull=True)
                | Q(total__lte=100, settled_at__isnull=False),
                name="exam_seat_settled_with_a_total",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.exam}"

    @property
    def starts_at(self) -> datetime.datetime:
        """Return when the person's turn begins; reads the examination."""
        return self.exam.starts_at + datetime.timedelta(minutes=self.exam.slot_minutes * (self.position - 1))


class ExamScore(models.Model):
    """One examiner's score of one seat by the long form; `signed_at` is empty while it is a draft, which only its author sees.

    `agreed`: the total that this examiner has agreed to after talking with the other one.
    """

    class Part(models.TextChoices):
        FIRST = "first", _("第一位考官")
        SECOND = "second", _("第二位考官")
        THIRD = "third", _("第三位考官")

    seat = models.ForeignKey(ExamSeat, models.PROTECT, related_name="scores", verbose_name=_("实操考位"))
    # Kept when an examiner's account is closed: the score stays one of two.
    examiner = models.ForeignKey(User, models.PROTECT, related_name="exam_scores", verbose_name=_("考官"))
    part = models.CharField(_("第几位"), max_length=6, choices=Part)
    # {criterion code: "none" | "half" | "full"}
    marks = models.JSONField(_("分数"), default=dict)
    slips_fixed = models.PositiveSmallIntegerField(_("当场更正几处"), default=0)
    slips_left = models.PositiveSmallIntegerField(_("没更正几处"), default=0)
    words = models.CharField(_("一句话"), max_length=200, blank=True)
    total = models.PositiveSmallIntegerField(_("总分"), null=True, blank=True)
    capped = models.BooleanField(_("违规话没更正"), default=False)
    agreed = models.PositiveSmallIntegerField(_("商量定的分"), null=True, blank=True)
    saved_at = models.DateTimeField(_("草稿存的时间"), default=timezone.now)
    signed_at = models.DateTimeField(_("交分时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "实操评分")
        verbose_name_plural = pgettext_lazy("many", "实操评分")
        ordering = ["seat", "part"]
        constraints = [
            models.UniqueConstraint(fields=["seat", "examiner"], name="one_score_an_examiner"),
            models.UniqueConstraint(fields=["seat", "part"], name="one_score_a_part"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(total__isnull=False, total__lte=100),
                name="signed_exam_score_has_a_total",
            ),
        ]
        indexes = [models.Index(fields=["examiner", "signed_at"], name="exam_scores_of_examiner")]

    def __str__(self) -> str:
        return f"{self.seat_id} · {self.part}"
