"""The code with which somebody who gets a staff role sets up the second factor.

Whoever has the password alone must not be the first to set it up: the code is told by who granted the role, to the person's
face or by phone, and is shown to the granter once.
"""

from __future__ import annotations

import datetime
import secrets

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.audit import AuditVerb
from accounts.models import AuditEntry, SetupCode, User

# Without letters and digits that look alike on paper or sound alike when read out.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LONG = 8
LASTS = datetime.timedelta(days=7)


def give(user: User, actor: User | None) -> str:
    """A fresh code, as ABCD-EFGH; the one of before ends."""
    code = "".join(secrets.choice(LETTERS) for _letter in range(LONG))
    facts = {"digest": digest_of(user, code), "made_by": actor, "made_at": timezone.now()}
    SetupCode.objects.update_or_create(user=user, defaults=facts)
    AuditEntry.write(actor, AuditVerb.SETUP_CODE_GIVEN, user)
    return f"{code[:4]}-{code[4:]}"


def is_right(user: User, typed: str) -> bool:
    row = SetupCode.objects.filter(user=user, made_at__gt=timezone.now() - LASTS).first()
    return row is not None and constant_time_compare(row.digest, digest_of(user, plain(typed)))


def plain(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter in LETTERS)


def digest_of(user: User, code: str) -> str:
    return salted_hmac("accounts.setup_codes", f"{user.pk}:{code}", algorithm="sha256").hexdigest()


def use_up(user: User) -> None:
    SetupCode.objects.filter(user=user).delete()


def is_asked(user: User) -> bool:
    """Staff need it, and nobody in the demo; whoever sets it up for themselves alone does not."""
    return not settings.DEMO and user.works_in_the_admin


def words(user: User, code: str) -> str:
    """What the granter reads, once."""
    facts = {"name": user.name, "code": code, "days": LASTS.days}
    return (
        _("%(name)s的开通码：%(code)s。当面或打电话告诉本人，%(days)s 天内开通两步登录要用，只显示这一次。")
        % facts
    )
