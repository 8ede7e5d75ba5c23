"""The five people anybody may try the demo as. Settings refuse DEMO on a public address."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

PASSWORD = "nonghuo-demo"


@dataclass(frozen=True)
class DemoPerson:
    phone: str
    who: str
    password: str = PASSWORD


def people() -> list[DemoPerson]:
    if not settings.DEMO:
        return []
    return [
        DemoPerson("13800000001", _("学员")),
        DemoPerson("13800000002", _("培训老师")),
        DemoPerson("13800000003", _("卖家")),
        DemoPerson("13800000004", _("管理员")),
        DemoPerson("13800000005", _("外村人")),
    ]
