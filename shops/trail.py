"""What the audit trail says about shops and listings, in words an organiser reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Verb(models.TextChoices):
    """Stored in AuditEntry.verb; never renamed, so that old rows keep their meaning."""

    PRODUCT_SUBMITTED = "product_submitted", pgettext_lazy("trail", "提交审核")
    PRODUCT_RECHECKED = "product_rechecked", _("改了内容，重新等审核")
    PRODUCT_PUBLISHED = "product_published", _("通过，上架")
    PRODUCT_RETURNED = "product_returned", pgettext_lazy("trail", "退回修改")
    PRODUCT_WITHDRAWN = "product_withdrawn", pgettext_lazy("trail", "下架")
    SHOP_OPENED = "shop_opened", _("开店")
    SHOP_CHANGED = "shop_changed", _("改小店资料")
    SHOP_CLOSED = "shop_closed", _("关了小店")
    SHOP_REOPENED = "shop_reopened", _("重新开了小店")
    HELPER_ADDED = "helper_added", _("加帮手")
    HELPER_REMOVED = "helper_removed", _("减帮手")
    PAYCODE_CHANGED = "paycode_changed", _("换了收款码")
