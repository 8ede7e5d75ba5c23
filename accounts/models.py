"""Who people are and where they act. A role is a membership in a place, never a kind of user."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterable
from functools import cached_property

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from accounts.clearance import Clearance, ClearanceQuerySet  # noqa: F401 - what a person may do
from accounts.data_export import DataExport  # noqa: F401 - copies made for them
from accounts.limits import Limit  # noqa: F401 - how often anybody has tried
from accounts.news import ReadNews  # noqa: F401 - what they have read
from accounts.notice import Notice, PushSubscription  # noqa: F401 - told to phones
from accounts.places import Place, PlaceQuerySet  # noqa: F401 - the app's other half

GIVEN_PASSWORD_LASTS = datetime.timedelta(days=1)


class UserQuerySet(models.QuerySet):
    def belonging_to(self, places: PlaceQuerySet) -> UserQuerySet:
        """People with any membership, asked for or granted, in these places."""
        return self.filter(pk__in=Membership.objects.filter(place__in=places).values("user"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, phone: str, password: str | None = None, **fields) -> User:
        user = self.model(phone=phone, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, phone: str, password: str | None = None, **fields) -> User:
        return self.create_user(phone, password, is_superuser=True, is_staff=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Signs in by mainland mobile number (E.164). Inactive while nobody has said yes to the sign-up."""

    # Empty once the account is closed: the number belongs to whoever gets it next.
    phone = PhoneNumberField(_("手机号"), unique=True, null=True, region="CN")
    phone_verified = models.BooleanField(_("手机号已验证"), default=False)
    name = models.CharField(_("姓名"), max_length=40)
    # First day of the month of birth: only as much as the age rules need.
    birth_month = models.DateField(_("出生年月"), null=True, blank=True)
    is_active = models.BooleanField(_("已开通"), default=True)
    is_staff = models.BooleanField(_("系统管理员"), default=False)
    password_change_due = models.BooleanField(_("下次登录要改密码"), default=False)
    # When somebody else last chose the password, and who: what moves money is slow to change after it.
    password_reset_at = models.DateTimeField(_("别人重置密码的时间"), null=True, blank=True)
    password_reset_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁重置的密码")
    )
    privacy_version = models.CharField(_("同意的隐私说明"), max_length=20, blank=True)
    privacy_at = models.DateTimeField(_("同意时间"), null=True, blank=True)
    joined_at = models.DateTimeField(_("注册时间"), default=timezone.now)
    # From then on the terms run of what is kept without the person (config.personal.terms).
    erased_at = models.DateTimeField(_("注销时间"), null=True, blank=True, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = pgettext_lazy("one", "人")
        verbose_name_plural = pgettext_lazy("many", "人")
        ordering = ["-joined_at", "-id"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def granted(self) -> list[Membership]:
        """This person's granted memberships with their places; one query a request."""
        return list(self.memberships.filter(status=Membership.Status.GRANTED).select_related("place"))

    @property
    def given_password_is_over(self) -> bool:
        """Whether the password that somebody else gave was never changed and its day has passed.

        Who has no password at all was given none that could be over: they came in by code.
        """
        given = self.password_reset_at
        is_given = self.password_change_due and given is not None and self.has_usable_password()
        return is_given and timezone.now() - given > GIVEN_PASSWORD_LASTS

    def holds(self, *roles: str) -> list[Place]:
        """The places where this person has one of these roles (not those below them)."""
        return [membership.place for membership in self.granted if membership.role in roles]

    @property
    def works_in_the_admin(self) -> bool:
        return self.is_active and (self.is_superuser or bool(self.holds(*Membership.STAFF_ROLES)))

    @property
    def runs_the_site(self) -> bool:
        """The system's administrator, or an organiser of a place that nothing lies above."""
        tops = (place.parent_id is None for place in self.holds("organiser"))
        return self.is_active and (self.is_superuser or any(tops))

    @cached_property
    def has_a_staff_role(self) -> bool:
        """The same for the tabs of every page: a small query, none where the places are known already."""
        if "granted" in self.__dict__:
            return bool(self.holds(*Membership.STAFF_ROLES))
        roles = self.memberships.filter(status=Membership.Status.GRANTED).order_by()
        return any(role in Membership.STAFF_ROLES for role in roles.values_list("role", flat=True))

    def asked_to_join(self) -> list[Membership]:
        return list(self.memberships.filter(status=Membership.Status.ASKED).select_related("place"))


class MembershipQuerySet(models.QuerySet):
    def granted(self) -> MembershipQuerySet:
        return self.filter(status=Membership.Status.GRANTED)

    def asked(self) -> MembershipQuerySet:
        return self.filter(status=Membership.Status.ASKED)

    def manageable_by(self, user: User) -> MembershipQuerySet:
        return self.filter(place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))

    def visible_to(self, user: User) -> MembershipQuerySet:
        return self.filter(Q(user=user) | Q(place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES)))


class Membership(models.Model):
    """A role in a place: asked for and granted by who holds the place above, or by a class's join code."""

    class Role(models.TextChoices):
        TRAINEE = "trainee", _("学员")
        SELLER = "seller", _("卖家")
        MENTOR = "mentor", _("带徒师傅")
        TRAINER = "trainer", _("培训老师")
        ORGANISER = "organiser", _("管理员")

    class Status(models.TextChoices):
        ASKED = "asked", _("等同意")
        GRANTED = "granted", _("已同意")
        DECLINED = "declined", _("没同意")
        ENDED = "ended", _("已结束")

    STAFF_ROLES = (Role.TRAINER, Role.ORGANISER)
    VILLAGE_ROLES = (Role.TRAINEE, Role.SELLER, Role.MENTOR)

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("人"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="memberships", verbose_name=_("地区"))
    role = models.CharField(_("身份"), max_length=12, choices=Role)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.ASKED)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁决定的")
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "身份")
        verbose_name_plural = pgettext_lazy("many", "身份")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "place", "role"], name="one_role_once_per_place")
        ]
        indexes = [models.Index(fields=["status", "-asked_at"], name="membership_waiting")]

    def __str__(self) -> str:
        return f"{self.user} · {self.place} · {self.get_role_display()}"


class SetupCode(models.Model):
    """What somebody with a staff role types once to set up the second factor (accounts.setup_codes): a keyed hash of it."""

    user = models.OneToOneField(User, models.CASCADE, related_name="setup_code")
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "开通码")
        verbose_name_plural = pgettext_lazy("many", "开通码")

    def __str__(self) -> str:
        return f"{self.user} {timezone.localdate(self.made_at)}"


class Consent(models.Model):
    """One agreement of one person, withdrawn by a date, never deleted (个人信息保护法 §14–15)."""

    class Kind(models.TextChoices):
        PRIVACY = "privacy", _("隐私说明")
        PUBLIC_CONTACT = "public_contact", _("公开联系电话")
        PUBLIC_STORY = "public_story", _("公开名字和故事")
        PUSH = "push", _("手机通知")

    user = models.ForeignKey(User, models.CASCADE, related_name="consents", verbose_name=_("人"))
    kind = models.CharField(_("同意什么"), max_length=20, choices=Kind)
    version = models.CharField(_("版本"), max_length=20)
    given_at = models.DateTimeField(_("同意时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "同意记录")
        verbose_name_plural = pgettext_lazy("many", "同意记录")
        ordering = ["-given_at", "-id"]
        indexes = [models.Index(fields=["user", "kind", "-given_at"], name="consent_of_user")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()} {self.version}"


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> AuditEntryQuerySet:
        return self.filter(place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))


class AuditEntry(models.Model):
    """Who did what to whom, when: append-only. `subject` names the row ("user 12"), `detail` what changed."""

    at = models.DateTimeField(_("时间"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁"))
    verb = models.CharField(_("做了什么"), max_length=40)
    subject = models.CharField(_("对谁"), max_length=60)
    place = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, verbose_name=_("地区"))
    detail = models.JSONField(_("细节"), default=dict, blank=True)
    # From where, and under which number the request stands in both logs; empty for what the worker did.
    address = models.CharField(_("网络地址"), max_length=45, blank=True, default="")
    request_id = models.CharField(_("请求号"), max_length=36, blank=True, default="")

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "操作记录")
        verbose_name_plural = pgettext_lazy("many", "操作记录")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["place", "-at", "-id"], name="trail_of_place"),
            models.Index(fields=["subject", "-id"], name="trail_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"

    @classmethod
    def write(
        cls, actor: User | None, verb: str, row: models.Model, place: Place | None = None, **detail
    ) -> AuditEntry:
        return cls.write_about(actor, verb, f"{row._meta.model_name} {row.pk}", place, **detail)

    @classmethod
    def write_about(
        cls, actor: User | None, verb: str, subject: str, place: Place | None = None, **detail
    ) -> AuditEntry:
        facts = {"actor": actor, "verb": verb, "subject": subject, "place": place, "detail": detail}
        return cls.objects.create(**facts, **where_from())


def where_from() -> dict[str, str]:
    """The address and the number of the request that is being answered; none outside of one."""
    request = context.request
    if request is None:
        return {}
    address = request.META.get("REMOTE_ADDR", "")
    with contextlib.suppress(PermissionDenied):
        address = get_adapter(request).get_client_ip(request) or address
    return {"address": address[:45], "request_id": getattr(request, "request_id", "")}


def holders(places: Iterable[Place], *roles: str) -> Q:
    """A filter on User: those who hold one of these roles at or above one of these places."""
    above = Q()
    for place in places:
        above |= Q(memberships__place__path__in=place.paths_upwards())
    return above & Q(memberships__role__in=roles, memberships__status=Membership.Status.GRANTED)
