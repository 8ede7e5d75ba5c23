"""What the training came to: follow-ups of graduates with their answers, the target of a year, and what classes cost.

Money in fen, weight in grams.
"""

from __future__ import annotations

import datetime
import uuid

from django.core import signing
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, Place, User
from courses.models import Cohort
from programme.models.steps import Step, find_people_below

# Days after graduation on which people are asked how it goes.
DAYS = (30, 90, 180)
# 900,000 kg a year, what Song Chunjiao's village sells.
TARGET_GRAMS = 900_000_000
MOST_FEN, MOST_GRAMS = 10**12, 10**12


class FollowUpQuerySet(models.QuerySet):
    def counting(self) -> FollowUpQuerySet:
        """Return those of people whose graduation still stands; of others only what was answered."""
        stands = Step.objects.valid().filter(user=OuterRef("user"), step=Step.Name.GRADUATE)
        return self.filter(Exists(stands))

    def due(self, today: datetime.date | None = None) -> FollowUpQuerySet:
        return self.counting().filter(due_on__lte=today or timezone.localdate())

    def open(self) -> FollowUpQuerySet:
        """Return those without an answer."""
        return self.filter(~Exists(FollowUpAnswer.objects.filter(follow_up=OuterRef("pk"))))

    def visible_to(self, user: User) -> FollowUpQuerySet:
        """Return one's own, and those of the people below one's place or in classes one leads."""
        return self.filter(Q(user=user.pk) | Q(user__in=find_people_below(user).values("pk")))


class FollowUp(models.Model):
    """One question to one graduate: how it goes so many days after graduation.

    Written when the graduation is recorded; from `due_on` on it is due, whether a task ran or not.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="follow_ups", verbose_name=_("谁"))
    days = models.PositiveSmallIntegerField(_("结业后几天"))
    due_on = models.DateField(_("哪天问"))
    reminded_at = models.DateTimeField(_("什么时候提醒的"), null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "回访")
        verbose_name_plural = pgettext_lazy("many", "回访")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "days"], name="one_follow_up_a_day"),
            models.CheckConstraint(condition=Q(days__in=DAYS), name="follow_up_days"),
        ]
        indexes = [models.Index(fields=["due_on", "id"], name="follow_ups_due")]

    def __str__(self) -> str:
        return f"{self.user} · {self.days}"

    def get_absolute_url(self) -> str:
        return reverse("programme:follow_up", args=[self.pk])

    @property
    def is_due(self) -> bool:
        return self.due_on <= timezone.localdate()

    @property
    def token(self) -> str:
        """Return what the link on the phone carries: it opens this form alone, until another reminder is sent
        (programme.outcomes.follow_ups.services).
        """
        return signing.dumps([self.pk, self.link_number], salt="programme.follow_up")

    @property
    def link_number(self) -> int:
        """Return a number that is another one for each reminder: when it was sent, in microseconds."""
        return round(self.reminded_at.timestamp() * 1_000_000) if self.reminded_at else 0


class FollowUpAnswer(models.Model):
    """One answer to a follow-up; append-only, the newest counts. `grams` and `fen` are of `month`, the month before it.

    `mark` says how the figures are known: from the ledger, from the person, or guessed by the trainer for a reason.
    """

    class Mark(models.TextChoices):
        MEASURED = "measured", pgettext_lazy("figure", "测得")
        STATED = "stated", pgettext_lazy("figure", "自报")
        ESTIMATED = "estimated", pgettext_lazy("figure", "估计")

    class Known(models.TextChoices):
        BOOKS = "books", _("自己记了账")
        PLATFORM = "platform", _("看了平台上的数")
        MEMORY = "memory", _("凭记性，大概的数")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    follow_up = models.ForeignKey(
        FollowUp, models.CASCADE, related_name="answers", verbose_name=pgettext_lazy("one", "回访")
    )
    mark = models.CharField(_("数怎么来的"), max_length=9, choices=Mark)
    is_selling = models.BooleanField(_("还在卖吗"))
    by_live = models.BooleanField(_("用直播卖吗"), default=False)
    month = models.DateField(_("哪个月的数"))
    grams = models.PositiveBigIntegerField(_("卖了多少（克）"), null=True, blank=True)
    fen = models.PositiveBigIntegerField(_("卖了多少钱（分）"), null=True, blank=True)
    known = models.CharField(_("数从哪儿知道的"), max_length=8, choices=Known, blank=True)
    obstacle = models.CharField(_("有什么难处"), max_length=200, blank=True)
    reason = models.CharField(_("凭什么这么估"), max_length=200, blank=True)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁填的")
    )
    at = models.DateTimeField(_("什么时候填的"), default=timezone.now)
    is_newest = models.BooleanField(_("最近一次"), default=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "回访的回答")
        verbose_name_plural = pgettext_lazy("many", "回访的回答")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["follow_up"], condition=Q(is_newest=True), name="one_newest_answer"
            ),
            models.CheckConstraint(
                condition=~Q(mark="estimated") | ~Q(reason=""), name="estimate_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(grams__isnull=True) | Q(grams__lte=MOST_GRAMS), name="answer_weighs_so_much"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up} · {self.get_mark_display()}"


class OutcomeTarget(models.Model):
    """How many kilograms a year the villages are to sell, from one day on, until the next target begins."""

    valid_from = models.DateField(_("从哪天起"), unique=True)
    year_grams = models.PositiveBigIntegerField(
        _("一年卖多少（克）"), default=TARGET_GRAMS, validators=[MinValueValidator(1)]
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁定的")
    )
    made_at = models.DateTimeField(_("什么时候定的"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "全年目标")
        verbose_name_plural = pgettext_lazy("many", "全年目标")
        ordering = ["-valid_from"]
        constraints = [models.CheckConstraint(condition=Q(year_grams__gte=1), name="target_weighs")]

    def __str__(self) -> str:
        return f"{self.valid_from}"

    @property
    def has_begun(self) -> bool:
        return self.valid_from <= timezone.localdate()


class TrainingCostQuerySet(models.QuerySet):
    def counting(self) -> TrainingCostQuerySet:
        return self.filter(cancelled_at__isnull=True)

    def visible_to(self, user: User) -> TrainingCostQuerySet:
        """Return the costs of classes in places that this person holds as an organiser."""
        return self.filter(cohort__place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))


class TrainingCost(models.Model):
    """One thing that a class cost, in fen. A wrong one is cancelled and entered again."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="costs", verbose_name=_("班"))
    on = models.DateField(_("哪天"))
    what = models.CharField(_("花在什么上"), max_length=60)
    fen = models.PositiveBigIntegerField(_("多少钱（分）"), validators=[MinValueValidator(1)])
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁记的"))
    made_at = models.DateTimeField(_("什么时候记的"), default=timezone.now)
    cancelled_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁作废的")
    )

    objects = TrainingCostQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "办班花费")
        verbose_name_plural = pgettext_lazy("many", "办班花费")
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(fen__gte=1), name="cost_is_money")]

    def __str__(self) -> str:
        return f"{self.on} {self.what}"
