"""The five people as whom anybody may try the demo. Settings refuse DEMO on a public address."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User

PASSWORD = "nonghuo-demo"
PHONES = ("13800000001", "13800000002", "13800000003", "13800000004", "13800000005")


@dataclass(frozen=True)
class DemoPerson:
    phone: str
    who: str
    password: str = PASSWORD


def can_sign_in() -> bool:
    """Return whether one of the five can still sign in with the password that everybody knows."""
    phones = [f"+86{number}" for number in PHONES]
    return any(user.check_password(PASSWORD) for user in User.objects.filter(phone__in=phones))


def list_people() -> list[DemoPerson]:
    if not settings.DEMO:
        return []
    parts = (_("学员"), _("培训老师"), _("卖家"), _("管理员"), _("外村人"))
    return [DemoPerson(phone, who) for phone, who in zip(PHONES, parts, strict=True)]
