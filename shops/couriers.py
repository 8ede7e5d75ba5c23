"""The couriers of China, and what a parcel's number looks like."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from ui.inputs import plain

OTHER = "other"
# The name is kept as it is said in Chinese: it stands on the parcel.
COURIERS = (
    ("中通快递", _("中通快递")),
    ("圆通速递", _("圆通速递")),
    ("韵达快递", _("韵达快递")),
    ("申通快递", _("申通快递")),
    ("极兔速递", _("极兔速递")),
    ("顺丰速运", _("顺丰速运")),
    ("邮政快递包裹", _("邮政快递包裹")),
    ("邮政EMS", _("邮政 EMS")),
    ("京东快递", _("京东快递")),
    ("德邦快递", _("德邦快递")),
    (OTHER, _("别的快递")),
)
# Letters that belong to one courier alone: with them another one was picked by mistake.
OWN = {"SF": "顺丰速运", "YT": "圆通速递", "JT": "极兔速递", "JD": "京东快递", "DPK": "德邦快递"}
SHAPE = re.compile(r"[A-Z0-9]{8,30}")
PHONE = re.compile(r"1[3-9][0-9]{9}")


def tidy(typed: str) -> str:
    """sf 1234-5678 → SF12345678."""
    return re.sub(r"[-–—_]", "", plain(typed)).upper()


def looks_right(parcel: str) -> bool:
    """At least eight letters and digits, most of them digits, as all of them print it."""
    return bool(SHAPE.fullmatch(parcel)) and sum(c.isdigit() for c in parcel) >= 6


def is_phone(parcel: str) -> bool:
    return bool(PHONE.fullmatch(parcel))


def owner_of(parcel: str) -> str:
    """The courier whose letters it begins with; empty when any could have given it."""
    return next((name for start, name in OWN.items() if parcel.startswith(start)), "")
