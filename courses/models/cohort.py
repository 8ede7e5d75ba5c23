"""A class that follows a course, its opening days and its trainers' announcements."""

from __future__ import annotations

import secrets

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, Place, User
from courses.models.course import Course, Module
from ui.pages import build_page_url

MOST_SEATS = 2000
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without letters that look alike


def make_join_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(6))


class CohortQuerySet(models.QuerySet):
    def taught_by(self, user: User) -> CohortQuerySet:
        """Return the classes of which this person is a trainer, while they have that role anywhere."""
        is_staff = user.is_superuser or user.places_with_role(*Membership.STAFF_ROLES)
        return self.filter(trainers=user.pk) if is_staff else self.none()

    def manageable_by(self, user: User) -> CohortQuerySet:
        """Return a trainer's own classes, and all classes of the places of an organiser or trainer."""
        held = Q(place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))
        return self.filter(Q(pk__in=Cohort.objects.taught_by(user).order_by().values("pk")) | held)

    def mentored_by(self, user: User) -> CohortQuerySet:
        """Return the classes whose mentor this person is, while they have that role in the class's village."""
        villages = user.places_with_role(Membership.Role.MENTOR)
        return self.filter(mentor=user.pk, place__in=villages) if villages else self.none()

    def guided_by(self, user: User) -> CohortQuerySet:
        """Return the classes whose daily work is this person's: those they lead, and those whose mentor they are.

        Leading (`manageable_by`) is more: certificates, examinations, scores, exports. docs/architecture.md has the table.
        """
        led = self.manageable_by(user)
        if not user.places_with_role(Membership.Role.MENTOR):
            return led
        mine = Cohort.objects.mentored_by(user).order_by().values("pk")
        return self.filter(
            Q(pk__in=Cohort.objects.manageable_by(user).order_by().values("pk")) | Q(pk__in=mine)
        )

    def open_with(self, code: str) -> CohortQuerySet:
        """Return the class that a typed join code opens today."""
        return self.with_code(code).filter(is_open=True).exclude(ends_on__lt=timezone.localdate())

    def with_code(self, code: str) -> CohortQuerySet:
        """Return the class of a typed join code, open or not; upper or lower case, spaces and hyphens ignored."""
        return self.filter(join_code="".join(letter for letter in code.upper() if letter.isalnum()))


class Cohort(models.Model):
    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts", verbose_name=_("课程"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="cohorts", verbose_name=_("在哪儿办"))
    name = models.CharField(_("班名"), max_length=40)
    trainers = models.ManyToManyField(User, blank=True, related_name="cohorts_taught", verbose_name=_("老师"))
    # A villager who leads this small class without being staff (programme.mentoring); most classes have none.
    mentor = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="cohorts_mentored",
        verbose_name=_("带教师傅"),
    )
    most_people = models.PositiveSmallIntegerField(
        _("名额"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)],
        help_text=_("最多收多少人，空着就不限。满了的排候补。"),
    )
    starts_on = models.DateField(_("开班"))
    ends_on = models.DateField(_("结业"))
    join_code = models.CharField(_("进班码"), max_length=8, unique=True, default=make_join_code)
    is_open = models.BooleanField(_("还收人"), default=True)
    audience = models.CharField(
        _("招什么人"),
        max_length=60,
        blank=True,
        help_text=_("写给大家看的一句话，比如“家里种橙子、有智能手机的”。"),
    )
    from_places = models.ManyToManyField(
        Place,
        blank=True,
        related_name="+",
        verbose_name=_("招哪些地方的人"),
        help_text=_("空着就哪里的都收。别处的人要老师同意才能进班。"),
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "班")
        verbose_name_plural = pgettext_lazy("many", "班")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="class_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(most_people=None) | Q(most_people__gte=1), name="class_has_a_seat"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return build_page_url("courses.class", self.pk)

    def list_teachers(self) -> list[User]:
        """Return the trainers and then the mentor, as those who are in the class know them."""
        return [*self.trainers.all(), *([self.mentor] if self.mentor else [])]

    @property
    def takes_people(self) -> bool:
        """Return whether its join code works today."""
        return self.is_open and self.ends_on >= timezone.localdate()


class Opening(models.Model):
    """The day on which a module opens for one class; it overrides the module's own day."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="openings", verbose_name=_("班"))
    module = models.ForeignKey(Module, models.CASCADE, related_name="openings", verbose_name=_("单元"))
    opens_on = models.DateField(_("哪天开放"))

    class Meta:
        verbose_name = pgettext_lazy("one", "开放日期")
        verbose_name_plural = pgettext_lazy("many", "开放日期")
        ordering = ["cohort", "opens_on", "id"]
        constraints = [models.UniqueConstraint(fields=["cohort", "module"], name="module_opens_once_a_class")]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.module}"


class Announcement(models.Model):
    """A trainer's announcement to one class; a withdrawn one is stored but no longer shown."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="announcements", verbose_name=_("班"))
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("发布人"))
    text = models.TextField(_("通知"), max_length=600)
    created_at = models.DateTimeField(_("什么时候"), default=timezone.now)
    removed_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "班级通知")
        verbose_name_plural = pgettext_lazy("many", "班级通知")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["cohort", "-created_at"], name="announcements_newest")]

    def __str__(self) -> str:
        return self.text[:20]
