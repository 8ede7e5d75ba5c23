"""Training sessions of a class, who attended them, and walk-ins who had no account yet.

What a person's row says is made of its marks, which are only added: the latest one by the time at which it happened.
"""

from __future__ import annotations

import datetime
import secrets
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import User
from courses.models import Cohort, Module
from courses.models.cohort import CODE_LETTERS

MOST_MINUTES = 720
# The roll is called from so long before a session begins.
OPENS_BEFORE = datetime.timedelta(hours=1)
# A class's attendance is entered and corrected until so many days after the class.
CLOSES_AFTER = datetime.timedelta(days=30)


class Mark(models.TextChoices):
    PRESENT = "present", pgettext_lazy("attendance", "到了")
    LATE = "late", pgettext_lazy("attendance", "迟到")
    ABSENT = "absent", pgettext_lazy("attendance", "缺勤")
    EXCUSED = "excused", pgettext_lazy("attendance", "请假")
    OPEN = "open", pgettext_lazy("attendance", "没点")


# Marks for which the hours of a session are credited.
CREDITED = (Mark.PRESENT, Mark.LATE)


class How(models.TextChoices):
    ROLL = "roll", _("点名")
    # One tap for all who were not called present: it loses against what anybody else has recorded of the person.
    REST = "rest", _("其余算缺勤")
    CODE = "code", _("自己签到")
    PAPER = "paper", _("照纸质表补录")
    MERGED = "merged", _("从临时学员并入")


class TrainingSessionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> TrainingSessionQuerySet:
        """Return the sessions of the classes this person is in now, and of those they guide."""
        mine = Q(cohort__enrolments__user=user, cohort__enrolments__left_at__isnull=True)
        led = Cohort.objects.guided_by(user).order_by().values("pk")
        found = TrainingSession.objects.filter(mine | Q(cohort__in=led)).order_by().values("pk")
        return self.filter(pk__in=found)

    def held(self, now: datetime.datetime | None = None) -> TrainingSessionQuerySet:
        """Return the sessions that have begun and are not cancelled."""
        return self.filter(cancelled_at__isnull=True, starts_at__lte=now or timezone.now())


class TrainingSession(models.Model):
    """One meeting of a class, at a place, for so many minutes; a cancelled one credits no hours and keeps its marks."""

    # Made with the empty form, so that one form makes one session.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="training_sessions", verbose_name=pgettext_lazy("one", "班")
    )
    starts_at = models.DateTimeField(_("什么时候"))
    minutes = models.PositiveSmallIntegerField(_("多少分钟"))
    place = models.CharField(_("在哪儿上"), max_length=60)
    topic = models.CharField(_("讲什么"), max_length=60)
    module = models.ForeignKey(
        Module, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("单元")
    )
    trainer = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("老师")
    )
    created_at = models.DateTimeField(_("什么时候排的"), default=timezone.now)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁排的")
    )
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁取消的")
    )
    cancel_reason = models.CharField(_("为什么取消"), max_length=200, blank=True)
    # How often it was changed, cancelled or reinstated, and when last: calendars replace what they know by it.
    revision = models.PositiveIntegerField(_("改过几次"), default=0, editable=False)
    changed_at = models.DateTimeField(_("什么时候改的"), null=True, blank=True, editable=False)

    objects = TrainingSessionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "培训课")
        verbose_name_plural = pgettext_lazy("many", "培训课")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES), name="session_minutes_in_range"
            )
        ]
        indexes = [models.Index(fields=["cohort", "-starts_at"], name="sessions_of_class")]

    def __str__(self) -> str:
        return self.topic

    @property
    def ends_at(self) -> datetime.datetime:
        return self.starts_at + datetime.timedelta(minutes=self.minutes)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_early(self) -> bool:
        """Return whether it is too early to call the roll."""
        return timezone.now() < self.starts_at - OPENS_BEFORE

    @property
    def is_closed(self) -> bool:
        """Return whether the class has been over for so long that its attendance is final."""
        return timezone.localdate() > self.cohort.ends_on + CLOSES_AFTER

    @property
    def takes_marks(self) -> bool:
        return not (self.is_cancelled or self.is_early or self.is_closed)


class AttendanceQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> AttendanceQuerySet:
        """Return one's own rows, and those of the classes one guides."""
        led = Cohort.objects.guided_by(user).order_by().values("pk")
        return self.filter(Q(user=user) | Q(session__cohort__in=led))


class Attendance(models.Model):
    """What holds of one person at one session now: its latest mark."""

    session = models.ForeignKey(
        TrainingSession, models.PROTECT, related_name="attendance", verbose_name=_("培训课")
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="attendance", verbose_name=_("学员"))
    mark = models.CharField(_("状态"), max_length=8, choices=Mark, default=Mark.OPEN)
    happened_at = models.DateTimeField(_("发生时间"), default=timezone.now)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "签到")
        verbose_name_plural = pgettext_lazy("many", "签到")
        ordering = ["session", "user"]
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="attendance_once_a_session"),
            models.CheckConstraint(condition=Q(mark__in=Mark.values), name="attendance_mark_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.session}"


class WalkIn(models.Model):
    """Somebody who came without being in the class, as written down there; merged later into a person of the class.

    `key` was made on the phone. `attended` is False where the row was a mistake.
    """

    key = models.UUIDField()
    session = models.ForeignKey(
        TrainingSession, models.PROTECT, related_name="walk_ins", verbose_name=_("培训课")
    )
    name = models.CharField(_("姓名"), max_length=40)
    phone = PhoneNumberField(_("手机号"), blank=True, region="CN")
    attended = models.BooleanField(_("来了"), default=True)
    happened_at = models.DateTimeField(_("发生时间"))
    received_at = models.DateTimeField(_("收到时间"), default=timezone.now)
    recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁记的")
    )
    merged_into = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("并入谁")
    )
    merged_at = models.DateTimeField(_("并入时间"), null=True, blank=True)
    merged_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁并的")
    )

    class Meta:
        verbose_name = pgettext_lazy("one", "临时学员")
        verbose_name_plural = pgettext_lazy("many", "临时学员")
        ordering = ["session", "id"]
        constraints = [models.UniqueConstraint(fields=["session", "key"], name="walk_in_once_a_session")]

    def __str__(self) -> str:
        return self.name


class AttendanceMark(models.Model):
    """One mark in the history of a person's attendance; append-only.

    `event_id` is the phone's. `walk_in` is the row that was merged, or taken out again, by this mark.
    """

    event_id = models.UUIDField(default=uuid.uuid4)
    attendance = models.ForeignKey(
        Attendance, models.CASCADE, related_name="marks", verbose_name=pgettext_lazy("one", "签到")
    )
    mark = models.CharField(_("状态"), max_length=8, choices=Mark)
    how = models.CharField(_("怎么记的"), max_length=8, choices=How)
    recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁记的")
    )
    walk_in = models.ForeignKey(
        WalkIn, models.SET_NULL, null=True, blank=True, related_name="marks", verbose_name=_("临时学员")
    )
    happened_at = models.DateTimeField(_("发生时间"))
    received_at = models.DateTimeField(_("收到时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "签到流水")
        verbose_name_plural = pgettext_lazy("many", "签到流水")
        ordering = ["-happened_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["recorded_by", "event_id"], name="attendance_mark_once"),
            models.CheckConstraint(
                condition=Q(mark__in=Mark.values), name="attendance_mark_of_history_known"
            ),
        ]
        indexes = [models.Index(fields=["attendance", "-happened_at", "-id"], name="marks_newest")]

    def __str__(self) -> str:
        return f"{self.attendance_id} {self.mark}"


def make_sheet_key() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(10))


class AttendanceSheet(models.Model):
    """A sheet that was printed: who stands on which line of it, so that a photo of it can be read later."""

    # In the codes in the sheet's corners.
    key = models.CharField(max_length=10, unique=True, default=make_sheet_key, editable=False)
    session = models.ForeignKey(
        TrainingSession, models.CASCADE, related_name="sheets", verbose_name=_("培训课")
    )
    # The ids of the people, line by line.
    people = models.JSONField(default=list)
    printed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁印的")
    )
    printed_at = models.DateTimeField(_("什么时候印的"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "签到表")
        verbose_name_plural = pgettext_lazy("many", "签到表")
        ordering = ["-printed_at", "-id"]

    def __str__(self) -> str:
        return self.key


def make_nonce() -> str:
    return secrets.token_urlsafe(24)


class CalendarAddress(models.Model):
    """The one address of a person's sessions; another nonce is another address, and the old one ends.

    The address carries a seal made of the nonce and the site's secret key (programme.calendar.addresses): who reads the
    database does not know it.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_address", verbose_name=_("谁的"))
    nonce = models.CharField(max_length=40, default=make_nonce, editable=False)
    made_at = models.DateTimeField(_("什么时候开的"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "日历地址")
        verbose_name_plural = pgettext_lazy("many", "日历地址")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return str(self.user)
