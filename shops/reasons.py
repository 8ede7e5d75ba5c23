"""Why an order comes to nothing, in a seller's few words; kept as said in Chinese, which is what its buyer reads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

OTHER = "other"
DECLINE = (
    gettext_noop("今天没货了，采完了"),
    gettext_noop("下雨采不了，怕耽误您"),
    gettext_noop("这个地方送不到，或者路上会坏"),
    gettext_noop("电话打不通，没法核对"),
)
CANCEL = (
    gettext_noop("等了很久没收到钱"),
    gettext_noop("货出了问题，发不了"),
    gettext_noop("和您说好了不要了"),
)
REFUND = (
    gettext_noop("货出了问题，发不了"),
    gettext_noop("路上坏得太多，全退"),
    gettext_noop("和您说好了，全退"),
)


def choices(reasons: tuple[str, ...]) -> list[tuple]:
    """In the seller's language, with one's own words last."""
    return [*((reason, _(reason)) for reason in reasons), (OTHER, _("别的原因"))]
