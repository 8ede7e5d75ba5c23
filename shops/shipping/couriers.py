"""The couriers of China, and the format of their parcel numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from ui.fields import to_ascii

OTHER = "other"


@dataclass(frozen=True)
class Courier:
    """A courier. `name` stays Chinese, as it is printed on the parcel; `phone` and `site` are the courier's own."""

    name: str
    phone: str
    site: str


TABLE = {
    courier.name: courier
    for courier in (
        Courier(gettext_noop("中通快递"), "95311", "https://www.zto.com/"),
        Courier(gettext_noop("圆通速递"), "95554", "https://www.yto.net.cn/"),
        Courier(gettext_noop("韵达快递"), "95546", "https://www.yundaex.com/"),
        Courier(gettext_noop("申通快递"), "95543", "https://www.sto.cn/"),
        Courier(gettext_noop("极兔速递"), "956025", "https://www.jtexpress.cn/"),
        Courier(gettext_noop("顺丰速运"), "95338", "https://www.sf-express.com/"),
        Courier(gettext_noop("邮政快递包裹"), "11183", "https://www.ems.com.cn/"),
        Courier(gettext_noop("邮政EMS"), "11183", "https://www.ems.com.cn/"),
        Courier(gettext_noop("京东快递"), "950616", "https://www.jdl.com/"),
        Courier(gettext_noop("德邦快递"), "95353", "https://www.deppon.com/"),
    )
}
COURIERS = tuple(TABLE)
# Letters that only one courier uses: if another courier was chosen with them, that was a mistake.
OWN = {
    "SF": gettext_noop("顺丰速运"),
    "YT": gettext_noop("圆通速递"),
    "JT": gettext_noop("极兔速递"),
    "JD": gettext_noop("京东快递"),
    "DPK": gettext_noop("德邦快递"),
}
SHAPE = re.compile(r"[A-Z0-9]{8,30}")
PHONE = re.compile(r"1[3-9][0-9]{9}")


def list_choices() -> list[tuple]:
    return [*((name, get_name(name)) for name in COURIERS), (OTHER, _("别的快递"))]


def get_name(courier: str) -> str | Promise:
    """Return the courier's name in the reader's language."""
    return _(courier)


def tidy(typed: str) -> str:
    """Normalise a typed parcel number: sf 1234-5678 → SF12345678."""
    return re.sub(r"[-–—_]", "", to_ascii(typed)).upper()


def is_plausible(parcel: str) -> bool:
    """Return whether it has at least eight letters and digits, most of them digits, as all couriers' numbers have."""
    return bool(SHAPE.fullmatch(parcel)) and sum(c.isdigit() for c in parcel) >= 6


def is_phone(parcel: str) -> bool:
    return bool(PHONE.fullmatch(parcel))


def find_courier(parcel: str) -> str:
    """Return the courier whose letters the number begins with; empty if it may be of any courier."""
    return next((name for start, name in OWN.items() if parcel.startswith(start)), "")
