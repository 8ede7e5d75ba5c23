"""Print the sign-in cards of a class: eight to an A4 page, with a one-time password for those who need one.

The password is that of accounts.auth.password_reset: it ends the old one, holds for a day and is changed at the next sign-in. It
is drawn from the key of the form, so that the same form sent again prints the same cards instead of making new passwords.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import phones
from accounts.auth import password_reset
from accounts.models import AuditEntry, User
from accounts.models.user import GIVEN_PASSWORD_LASTS
from courses.models import Cohort
from programme.audit import Verb
from programme.typesetting import draw_code, keep_printable, typeset
from progress.names import sort_by_name
from ui import formats

MOST_CARDS = 200
KEY_LASTS_SECONDS = 10 * 60
SALT = "programme.sign_in_cards.cards"


@dataclass(frozen=True)
class Holder:
    """One person of the class; `can_get` where the trainer may give them a password, `needs` where they have none yet."""

    user: User
    can_get: bool
    needs: bool


class KeyTooOld(Exception):
    """Raised when the form was opened too long ago, or was not ours."""


def make_key(cohort: Cohort) -> str:
    """Return the key of an empty form; it holds for ten minutes."""
    return signing.dumps([cohort.pk, password_reset.make_nonce(), int(time.time())], salt=SALT)


def read_key(key: str, cohort: Cohort) -> tuple[str, datetime.datetime]:
    """Return the secret of the form and when it was made. Raises KeyTooOld."""
    try:
        pk, nonce, at = signing.loads(key[:300], salt=SALT, max_age=KEY_LASTS_SECONDS)
    except signing.BadSignature as problem:
        raise KeyTooOld from problem
    if pk != cohort.pk:
        raise KeyTooOld
    return nonce, datetime.datetime.fromtimestamp(at, tz=datetime.UTC)


def list_holders(actor: User, cohort: Cohort) -> list[Holder]:
    """Return the people of the class by pinyin. Two queries and those of find_resettable."""
    inside = User.objects.filter(enrolments__cohort=cohort, enrolments__left_at__isnull=True, is_active=True)
    resettable = find_resettable(actor, cohort)
    people = sort_by_name(inside.distinct()[:MOST_CARDS], lambda one: (one.name, one.pk))
    return [Holder(one, one.pk in resettable, one.pk in resettable and needs_password(one)) for one in people]


def find_resettable(actor: User, cohort: Cohort) -> set[int]:
    rows: QuerySet[User] = password_reset.find_resettable(actor)
    rows = rows.filter(enrolments__cohort=cohort, enrolments__left_at__isnull=True)
    return set(rows.order_by().values_list("pk", flat=True))


def needs_password(user: User) -> bool:
    """Return whether the person has no password, never signed in, or has a card that was not used."""
    return not user.has_usable_password() or user.last_login is None or user.given_password_is_over


def give_password(actor: User, user: User, nonce: str, made: datetime.datetime) -> list[str]:
    """Give the person the password of this form; [] if it has been changed since, by them or by somebody else."""
    own = f"{nonce}-{user.pk}"
    parts = password_reset.make_password(own)
    if user.password_reset_at and user.password_reset_at >= made:
        return parts if user.check_password("".join(parts)) else []
    password_reset.reset_password(actor, user, own)
    return parts


def print_cards(
    actor: User, cohort: Cohort, chosen: Collection[int], key: str, sign_in: str, host: str
) -> bytes:
    """Return the PDF of `fill_cards`. Raises KeyTooOld, and PdfNotMade once passwords were changed."""
    return typeset("cards.typ", fill_cards(actor, cohort, chosen, key, sign_in, host))


def fill_cards(
    actor: User, cohort: Cohort, chosen: Collection[int], key: str, sign_in: str, host: str
) -> dict[str, Any]:
    """Give those chosen who may get one a new password, and return what stands on everybody's card. Raises KeyTooOld."""
    nonce, made = read_key(key, cohort)
    holders = list_holders(actor, cohort)
    given = {
        one.user.pk: give_password(actor, one.user, nonce, made)
        for one in holders
        if one.can_get and one.user.pk in chosen
    }
    number = sum(bool(parts) for parts in given.values())
    AuditEntry.write(
        actor, Verb.CARDS_PRINTED, cohort, cohort.place, name=cohort.name, count=len(holders), codes=number
    )
    until = timezone.localtime(made + GIVEN_PASSWORD_LASTS)
    return {
        "title": _("登录卡"),
        "lang": "zh" if (get_language() or "").startswith("zh") else "en",
        "code": draw_code(sign_in),
        "code_alt": _("登录网址的二维码"),
        "labels": {"site": _("网址"), "phone": _("手机号"), "password": _("密码")},
        "group": keep_printable(cohort.name),
        "host": host,
        "own": _("用你自己的密码登录"),
        "hint": _("连着写，都是小写。%(until)s前登录，换成自己的密码。")
        % {"until": f"{formats.day(until.date())} {until:%H:%M}"},
        "cards": [
            {
                "name": keep_printable(one.user.name),
                "phone": phones.mask(one.user.phone),
                "password": given.get(one.user.pk, []),
            }
            for one in holders
        ],
    }
