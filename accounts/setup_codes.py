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
SETUP_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SETUP_CODE_LENGTH = 8
SETUP_CODE_LASTS = datetime.timedelta(days=7)


def give_setup_code(user: User, actor: User | None) -> str:
    """A fresh code, as ABCD-EFGH; the one of before ends."""
    code = "".join(secrets.choice(SETUP_CODE_LETTERS) for _letter in range(SETUP_CODE_LENGTH))
    facts = {"digest": setup_code_digest(user, code), "made_by": actor, "made_at": timezone.now()}
    SetupCode.objects.update_or_create(user=user, defaults=facts)
    AuditEntry.write(actor, AuditVerb.SETUP_CODE_GIVEN, user)
    return f"{code[:4]}-{code[4:]}"


def is_setup_code_right(user: User, typed: str) -> bool:
    row = SetupCode.objects.filter(user=user, made_at__gt=timezone.now() - SETUP_CODE_LASTS).first()
    return row is not None and constant_time_compare(
        row.digest, setup_code_digest(user, typed_setup_code(typed))
    )


def typed_setup_code(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter in SETUP_CODE_LETTERS)


def setup_code_digest(user: User, code: str) -> str:
    return salted_hmac("accounts.setup_codes", f"{user.pk}:{code}", algorithm="sha256").hexdigest()


def delete_setup_code(user: User) -> None:
    SetupCode.objects.filter(user=user).delete()


def needs_setup_code(user: User) -> bool:
    """Staff need it, and nobody in the demo; whoever sets it up for themselves alone does not."""
    return not settings.DEMO and user.works_in_the_admin


def setup_code_message(user: User, code: str) -> str:
    """What the granter reads, once."""
    facts = {"name": user.name, "code": code, "days": SETUP_CODE_LASTS.days}
    return (
        _("%(name)s的开通码：%(code)s。当面或打电话告诉本人，%(days)s 天内开通两步登录要用，只显示这一次。")
        % facts
    )
