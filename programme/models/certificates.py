"""Certificates: what a course asks for one, and each one that was issued."""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, Place, User
from courses.models import Cohort, Course
from courses.models.cohort import CODE_LETTERS

if TYPE_CHECKING:
    from programme.models.credentials import Credential

CODE_LENGTH = 12


def make_code() -> str:
    """Return a code that nobody guesses: 30¹² are possible."""
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))


class CertificateRuleQuerySet(models.QuerySet):
    def manageable_by(self, user: User) -> CertificateRuleQuerySet:
        return self.filter(course__place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))

    def at(self, day: date) -> CertificateRuleQuerySet:
        """Return the rules that were in force on a day, the newest first."""
        return self.filter(valid_from__lte=day).order_by("-valid_from")


class CertificateRule(models.Model):
    """What a course asks for its certificate, from a day on; the next rule replaces it, and it stays for those it was used for.

    `rehearsals` counts rehearsals to which a trainer gave at least `rehearsal_points` of 100, `tasks` those of the course's
    tasks that a trainer accepted; `hours` is printed.
    """

    course = models.ForeignKey(
        Course, models.CASCADE, related_name="certificate_rules", verbose_name=_("课程")
    )
    title = models.CharField(_("证书名称"), max_length=40)
    hours = models.PositiveSmallIntegerField(
        _("印多少学时"), default=43, validators=[MaxValueValidator(2000)]
    )
    needs_lessons = models.BooleanField(_("每一课都要学完"), default=True)
    needs_quizzes = models.BooleanField(_("每个测验都要通过（学前测不算）"), default=True)
    # Known by the placement test, and the module's test passed.
    waives_known = models.BooleanField(_("摸底已会、小测也过了的单元，课可以不学"), default=False)
    needs_theory = models.BooleanField(_("结业理论要通过"), default=False)
    needs_practical = models.BooleanField(_("结业实操要通过"), default=False)
    rehearsals = models.PositiveSmallIntegerField(
        _("几遍彩排要过线"), default=1, validators=[MaxValueValidator(50)]
    )
    rehearsal_points = models.PositiveSmallIntegerField(
        _("彩排多少分算过线"), default=60, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    tasks = models.PositiveSmallIntegerField(
        _("几样练习任务要通过"),
        default=0,
        help_text=_("0 就是不看练习任务"),
        validators=[MaxValueValidator(200)],
    )
    attendance_hours = models.PositiveSmallIntegerField(
        _("到课要满几小时"), default=0, help_text=_("0 就是不看到课"), validators=[MaxValueValidator(2000)]
    )
    valid_from = models.DateField(_("从哪天起用"), default=timezone.localdate)

    objects = CertificateRuleQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "发证条件")
        verbose_name_plural = pgettext_lazy("many", "发证条件")
        ordering = ["course", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["course", "valid_from"], name="one_certificate_rule_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.course} · {self.valid_from}"

    @property
    def content(self) -> dict:
        """Return what the rule asks, as a certificate keeps it."""
        names = (
            "needs_lessons", "needs_quizzes", "rehearsals", "rehearsal_points", "tasks", "attendance_hours",
        )  # fmt: skip
        later = ("waives_known", "needs_theory", "needs_practical")
        found = {name: getattr(self, name) for name in names}
        found |= {name: True for name in later if getattr(self, name)}
        return found | {"valid_from": self.valid_from.isoformat()}


class CertificateQuerySet(models.QuerySet):
    def valid(self) -> CertificateQuerySet:
        return self.filter(revoked_at__isnull=True)

    def printable(self) -> CertificateQuerySet:
        """Return those that can_be_printed."""
        return self.valid().exclude(name="")

    def visible_to(self, user: User) -> CertificateQuerySet:
        """Return one's own, and those of the classes that one leads."""
        if not user.is_authenticated:
            return self.none()
        led = Cohort.objects.manageable_by(user).order_by().values("pk")
        return self.filter(Q(user=user) | Q(cohort__in=led))


class Certificate(models.Model):
    """A certificate as it was issued: its words never change; it can be revoked, and another issued in its place.

    `evidence`: {"lessons": how many, "quizzes": [attempt keys], "rehearsals": [submission keys], "tasks": [assignment ids],
    "minutes": present in class, "rule": the rule's content}; older ones have no tasks.
    `shows_name`, `shows_course` and `shows_credential`: what its holder lets /verify/ tell whoever has the code.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="certificates", verbose_name=_("学员"))
    course = models.ForeignKey(Course, models.PROTECT, related_name="certificates", verbose_name=_("课程"))
    course_version = models.PositiveIntegerField(_("课程版本"), default=1)
    cohort = models.ForeignKey(
        Cohort, models.SET_NULL, null=True, related_name="certificates", verbose_name=_("班")
    )
    # In words as printed.
    name = models.CharField(_("姓名"), max_length=60)
    title = models.CharField(_("证书名称"), max_length=40)
    course_title = models.CharField(_("课程名"), max_length=60)
    class_name = models.CharField(_("班名"), max_length=40, blank=True)
    place_name = models.CharField(_("发证单位"), max_length=120)
    hours = models.PositiveSmallIntegerField(_("学时"))
    serial = models.CharField(_("证书编号"), max_length=20, unique=True)
    code = models.CharField(_("查验码"), max_length=CODE_LENGTH, unique=True, default=make_code)
    evidence = models.JSONField(_("依据"), default=dict)
    issued_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁发的")
    )
    issued_at = models.DateTimeField(_("发证时间"), default=timezone.now)
    shows_name = models.BooleanField(_("查验时显示全名"), default=False)
    shows_course = models.BooleanField(_("查验时显示学了什么"), default=True)
    shows_credential = models.BooleanField(_("查验时可以下载电子证书"), default=False)
    replaces = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="successor", verbose_name=_("换下了哪张")
    )
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁作废的")
    )
    revoked_because = models.CharField(_("为什么作废"), max_length=200, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "结业证书")
        verbose_name_plural = pgettext_lazy("many", "结业证书")
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "course", "course_version"],
                condition=Q(revoked_at__isnull=True),
                name="one_valid_certificate_a_course",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("issued_at")),
                name="certificate_revoked_after_issue",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_because=""),
                name="certificate_revoked_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["cohort", "-issued_at"], name="certificates_of_class"),
            models.Index(fields=["id"], condition=Q(revoked_at__isnull=False), name="certificates_revoked"),
        ]

    def __str__(self) -> str:
        return f"{self.serial} · {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("programme:certificate", args=[self.key])

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None

    @property
    def can_be_printed(self) -> bool:
        """Return whether it is valid and names somebody: who was erased has no name on it any more."""
        return self.is_valid and bool(self.name)

    @property
    def masked_name(self) -> str:
        """Return the name as strangers see it: the first character, then stars."""
        return self.name if self.shows_name else self.name[:1] + "*" * max(1, len(self.name) - 1)

    @property
    def shown_credential(self) -> Credential | None:
        """Return the signed file that verifying offers: only where the holder lets everybody see all that it says."""
        made: Credential | None = getattr(self, "credential", None)
        if made is None or not (self.shows_credential and self.shows_course):
            return None
        return made if self.shows_name or not made.names_holder else None

    @property
    def verify_path(self) -> str:
        return reverse("programme:verify", args=[self.code])
