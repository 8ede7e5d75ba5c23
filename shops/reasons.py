"""Why an order comes to nothing, in a seller's few words; kept as said in Chinese, which is what its buyer reads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

OTHER = "other"
DECLINE = (
    ("今天没货了，采完了", _("今天没货了，采完了")),
    ("下雨采不了，怕耽误您", _("下雨采不了，怕耽误您")),
    ("这个地方送不到，或者路上会坏", _("这个地方送不到，或者路上会坏")),
    ("电话打不通，没法核对", _("电话打不通，没法核对")),
    (OTHER, _("别的原因")),
)
CANCEL = (
    ("等了很久没收到钱", _("等了很久没收到钱")),
    ("货出了问题，发不了", _("货出了问题，发不了")),
    ("和您说好了不要了", _("和您说好了不要了")),
    (OTHER, _("别的原因")),
)
REFUND = (
    ("货出了问题，发不了", _("货出了问题，发不了")),
    ("路上坏得太多，全退", _("路上坏得太多，全退")),
    ("和您说好了，全退", _("和您说好了，全退")),
    (OTHER, _("别的原因")),
)
