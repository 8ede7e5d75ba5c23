"""Users, who sign in by phone, and the code with which staff set up a second factor."""

from __future__ import annotations

import datetime
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models.membership import Membership
from accounts.models.place import Place, PlaceQuerySet
from ui.database.orm import PreparedQuery

GIVEN_PASSWORD_LASTS = datetime.timedelta(days=1)


class UserQuerySet(models.QuerySet):
    def belonging_to(self, places: PlaceQuerySet) -> UserQuerySet:
        """Return people with a membership, asked for or granted, in these places; not with a declined or an ended one."""
        held = Membership.objects.filter(
            place__in=places, status__in=(Membership.Status.ASKED, Membership.Status.GRANTED)
        )
        return self.filter(pk__in=held.values("user"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # a made base
    def create_user(self, phone: str, password: str | None = None, **fields) -> User:
        user = self.model(phone=phone, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, phone: str, password: str | None = None, **fields) -> User:
        return self.create_user(phone, password, is_superuser=True, is_staff=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by a mainland mobile number (E.164). Inactive after a sign-up without a class's code or an
    SMS code, until an organiser approves it."""

    # Empty once the account is closed, because the number may get another owner.
    phone = PhoneNumberField(_("手机号"), unique=True, null=True, region="CN")
    phone_verified = models.BooleanField(_("手机号已验证"), default=False)
    name = models.CharField(_("姓名"), max_length=40)
    # The first day of the month of birth: only as much as the age rules need.
    birth_month = models.DateField(_("出生年月"), null=True, blank=True)
    is_active = models.BooleanField(_("已开通"), default=True)
    is_staff = models.BooleanField(_("系统管理员"), default=False)
    password_change_due = models.BooleanField(_("下次登录要改密码"), default=False)
    # When somebody else last set the password, and who: some changes that concern money must wait after that.
    password_reset_at = models.DateTimeField(_("别人重置密码的时间"), null=True, blank=True)
    password_reset_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("重置密码的人")
    )
    privacy_version = models.CharField(_("同意的隐私说明"), max_length=20, blank=True)
    privacy_at = models.DateTimeField(_("同意时间"), null=True, blank=True)
    joined_at = models.DateTimeField(_("注册时间"), default=timezone.now)
    # When the terms begin of data that stays without the person (config.personal.terms).
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
        """Return this person's granted memberships with their places; one query a request."""
        memberships = GRANTED.instances(self.pk)
        for membership in memberships:
            membership.user = self
        return memberships

    @property
    def given_password_is_over(self) -> bool:
        """Return whether a password set by somebody else was never changed and its day has passed.

        False for a person without a password, who signed in by a code.
        """
        given = self.password_reset_at
        if not self.password_change_due or given is None or not self.has_usable_password():
            return False
        return timezone.now() - given > GIVEN_PASSWORD_LASTS

    @property
    def is_dormant(self) -> bool:
        """Return whether nobody has signed in for QUIET_ACCOUNT_DAYS.

        Operators give old numbers to new owners, so that a code sent to the number alone must not open the account any more.
        """
        last_seen = self.last_login or self.joined_at
        return timezone.now() - last_seen > datetime.timedelta(days=settings.QUIET_ACCOUNT_DAYS)

    def places_with_role(self, *roles: str) -> list[Place]:
        """Return the places where this person has one of these roles, without those below them."""
        return [membership.place for membership in self.granted if membership.role in roles]

    @property
    def works_in_the_admin(self) -> bool:
        return self.is_active and (self.is_superuser or bool(self.places_with_role(*Membership.STAFF_ROLES)))

    @property
    def runs_the_site(self) -> bool:
        """Return whether this is the site's administrator, or an organiser of a place without a place above."""
        tops = (place.parent_id is None for place in self.places_with_role("organiser"))
        return self.is_active and (self.is_superuser or any(tops))

    @property
    def runs_a_county(self) -> bool:
        """Return whether this is the site's administrator, or an organiser of a county or of a place above."""
        levels = (Place.Kind.PROVINCE, Place.Kind.CITY, Place.Kind.COUNTY)
        return self.is_active and (
            self.is_superuser or any(place.kind in levels for place in self.places_with_role("organiser"))
        )

    @cached_property
    def has_a_staff_role(self) -> bool:
        """Return whether the person has a staff role, for the tabs of every page: a small query, none if the places are
        loaded.
        """
        if "granted" in self.__dict__:
            return bool(self.places_with_role(*Membership.STAFF_ROLES))
        return any(role in Membership.STAFF_ROLES for (role,) in ROLES.rows(self.pk))

    def asked_to_join(self) -> list[Membership]:
        return list(self.memberships.filter(status=Membership.Status.ASKED).select_related("place"))


def find_granted(user: int) -> models.QuerySet:
    return Membership.objects.filter(user=user, status=Membership.Status.GRANTED)


GRANTED = PreparedQuery(lambda user: find_granted(user).select_related("place"), 1)
ROLES = PreparedQuery(lambda user: find_granted(user).order_by().values_list("role"), 1)


class SetupCode(models.Model):
    """The code that a person with a staff role types once to set up the second factor (accounts.second_factor), as a keyed
    hash.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="setup_code")
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "开通码")
        verbose_name_plural = pgettext_lazy("many", "开通码")

    def __str__(self) -> str:
        return f"{self.user} {timezone.localdate(self.made_at)}"
