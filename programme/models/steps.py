"""The ladder: the six steps that people reach, the rules they were judged by, and who taught whom."""

from __future__ import annotations

import bisect
import datetime
from collections.abc import Iterable

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, Place, User
from courses.models import Cohort
from progress.models import Enrolment
from shops.ledger.reports import SETTLES_AFTER, TARGET_FEN


class StepRule(models.Model):
    """The thresholds of the ladder from one day on, until the next rule begins; so two never hold at the same time.

    A rule whose day has come is never changed: what was judged by it stays as it was judged. Money in fen.
    """

    valid_from = models.DateField(_("从哪天起"), unique=True)
    target_fen = models.PositiveBigIntegerField(
        _("增收：一个月净收入（分）"), default=TARGET_FEN, validators=[MinValueValidator(1)]
    )
    settle_days = models.PositiveSmallIntegerField(
        _("成交：直播过几天算结清"),
        default=SETTLES_AFTER.days,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    live_minutes = models.PositiveSmallIntegerField(
        _("主播：真直播最少播几分钟"), default=10, validators=[MinValueValidator(1), MaxValueValidator(480)]
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁定的")
    )
    made_at = models.DateTimeField(_("什么时候定的"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "阶梯的标准")
        verbose_name_plural = pgettext_lazy("many", "阶梯的标准")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target_fen__gte=1, settle_days__gte=1, live_minutes__gte=1),
                name="step_rule_asks_for_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"

    @property
    def has_begun(self) -> bool:
        return self.valid_from <= timezone.localdate()


class TeachingQuerySet(models.QuerySet):
    def counting(self) -> TeachingQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def manageable_by(self, user: User) -> TeachingQuerySet:
        """Return the rows whose pupil belongs to a place that this person holds."""
        return self.filter(pupil__in=find_people_below(user).values("pk"))


class Teaching(models.Model):
    """Who taught whom, from one day on; over it nobody is the teacher of their own teacher, however far removed.

    Written from the classes (programme.ladder.lineage) or by an organiser. A wrong row is withdrawn with its reason.
    """

    teacher = models.ForeignKey(User, models.CASCADE, related_name="teachings", verbose_name=_("师傅"))
    pupil = models.ForeignKey(User, models.CASCADE, related_name="taught_by", verbose_name=_("徒弟"))
    cohort = models.ForeignKey(
        Cohort, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("班")
    )
    since = models.DateField(_("从哪天起"))
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁记的")
    )
    made_at = models.DateTimeField(_("什么时候记的"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁撤回的")
    )
    why_withdrawn = models.CharField(_("为什么撤回"), max_length=200, blank=True)

    objects = TeachingQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "师徒记录")
        verbose_name_plural = pgettext_lazy("many", "师徒记录")
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["teacher", "pupil"], name="one_teaching_a_pair"),
            models.CheckConstraint(condition=~Q(teacher=F("pupil")), name="nobody_teaches_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} → {self.pupil}"


class StepQuerySet(models.QuerySet):
    def valid(self) -> StepQuerySet:
        return self.filter(taken_back_at__isnull=True)

    def visible_to(self, user: User) -> StepQuerySet:
        """Return one's own steps, and those of the people below one's place or in classes one leads."""
        return self.filter(Q(user=user.pk) | Q(user__in=find_people_below(user).values("pk")))


class Step(models.Model):
    """A step that somebody has reached, with the row that shows it: `evidence_kind` and `evidence_id`.

    `reached_at` is the evidence's own time, `facts` are its ids and numbers (programme.ladder.evidence). When the evidence is
    withdrawn the row is taken back with its reason and stays as history; `rule` is empty where no threshold was needed, or
    where the first rule had not begun and the default held.
    """

    class Name(models.TextChoices):
        LEARNER = "learner", pgettext_lazy("step", "学员")
        GRADUATE = "graduate", pgettext_lazy("step", "结业")
        STREAMER = "streamer", pgettext_lazy("step", "主播")
        SELLER = "seller", pgettext_lazy("step", "成交")
        EARNER = "earner", pgettext_lazy("step", "增收")
        MENTOR = "mentor", pgettext_lazy("step", "带教")

    class Evidence(models.TextChoices):
        LESSON = "lesson", _("学完的课")
        CERTIFICATE = "certificate", pgettext_lazy("one", "结业证书")
        LIVE = "live", _("真直播")
        ORDER = "order", pgettext_lazy("one", "订单")
        SALES = "sales", _("结清的直播成交")
        MONTH = "month", _("一个月的账")
        TEACHING = "teaching", pgettext_lazy("one", "师徒记录")

    class Reason(models.TextChoices):
        EARLIER = "earlier", _("找到了更早的依据，换成那一条")
        LESSON = "lesson", _("学完课的记录没有了")
        CERTIFICATE = "certificate", _("结业证书作废了")
        REVIEW = "review", _("彩排的点评撤回了")
        LIVE = "live", _("真直播的记录不全了")
        ORDER = "order", _("这单的钱全退了")
        SALES = "sales", _("直播成交更正了，或者退了款")
        LEDGER = "ledger", _("账更正了，这个月没到标准")
        TEACHING = "teaching", _("师徒记录撤回了")
        PUPIL = "pupil", _("徒弟的成交不算了")

    user = models.ForeignKey(User, models.CASCADE, related_name="steps", verbose_name=_("谁"))
    step = models.CharField(_("哪一级"), max_length=8, choices=Name)
    reached_at = models.DateTimeField(_("什么时候到的"))
    evidence_kind = models.CharField(_("哪种依据"), max_length=12, choices=Evidence)
    evidence_id = models.BigIntegerField(_("依据的编号"))
    facts = models.JSONField(_("依据里的数"), default=dict)
    rule = models.ForeignKey(
        StepRule, models.PROTECT, null=True, blank=True, related_name="steps", verbose_name=_("按哪条标准")
    )
    recorded_at = models.DateTimeField(_("什么时候记的"), default=timezone.now)
    taken_back_at = models.DateTimeField(_("什么时候收回的"), null=True, blank=True)
    why_taken_back = models.CharField(_("为什么收回"), max_length=12, choices=Reason, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "阶梯")
        verbose_name_plural = pgettext_lazy("many", "阶梯")
        ordering = ["reached_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "step"], condition=Q(taken_back_at__isnull=True), name="one_valid_step"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, why_taken_back="")
                | (Q(taken_back_at__isnull=False) & ~Q(why_taken_back="")),
                name="step_taken_back_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["step", "reached_at"],
                condition=Q(taken_back_at__isnull=True),
                name="steps_reached",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_step_display()}"


def find_people_below(user: User) -> models.QuerySet[User]:
    """Return the people who have a role at or below a place where this person is staff, and those in the classes they lead.

    Of a person who has left them all, or whose account is closed, nothing is left to see.
    """
    if user.is_superuser:
        return User.objects.all()
    held = Place.objects.held_by(user, *Membership.STAFF_ROLES)
    there = Membership.objects.granted().filter(place__in=held).order_by()
    led = Cohort.objects.manageable_by(user).order_by().values("pk")
    inside = Enrolment.objects.active().filter(cohort__in=led).order_by()
    return User.objects.filter(Q(pk__in=there.values("user")) | Q(pk__in=inside.values("user")))


class StepRules:
    """The rules by their first day; before the first one the defaults of the model hold."""

    def __init__(self, rules: Iterable[StepRule]) -> None:
        self.rules = sorted(rules, key=lambda rule: rule.valid_from)
        self.starts = [rule.valid_from for rule in self.rules]

    @classmethod
    def load(cls) -> StepRules:
        """Read all rules. One query."""
        return cls(StepRule.objects.order_by())

    def find(self, day: datetime.date) -> StepRule:
        """Return the rule that held on this day: the newest that had begun, else the defaults, which are not stored."""
        place = bisect.bisect_right(self.starts, day)
        return self.rules[place - 1] if place else StepRule(valid_from=datetime.date.min)

    def find_end(self, rule: StepRule) -> datetime.date | None:
        """Return the last day of this rule; None while no later one is known."""
        later = [start for start in self.starts if start > rule.valid_from]
        return later[0] - datetime.timedelta(days=1) if later else None
