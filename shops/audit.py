"""Verbs of the audit trail about shops and listings, and the sentences in which organisers read them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.audit import register_verbs


@register_verbs
class Verb(models.TextChoices):
    """Verbs stored in AuditEntry.verb. A verb is never renamed, so that old rows keep their meaning."""

    PRODUCT_SUBMITTED = "product_submitted", pgettext_lazy("trail", "提交审核")
    PRODUCT_RECHECKED = "product_rechecked", _("改了内容，重新等审核")
    PRODUCT_PUBLISHED = "product_published", _("通过，上架")
    PRODUCT_RETURNED = "product_returned", pgettext_lazy("trail", "退回修改")
    PRODUCT_FILED = "product_filed", _("改了商品种类")
    PRODUCT_WITHDRAWN = "product_withdrawn", pgettext_lazy("trail", "下架")
    SHOP_OPENED = "shop_opened", _("开店")
    SHOP_CHANGED = "shop_changed", _("改小店资料")
    SHOP_CLOSED = "shop_closed", _("关了小店")
    SHOP_REOPENED = "shop_reopened", _("重新开了小店")
    SHOP_VERIFIED = "shop_verified", _("核验卖家")
    BATCH_RECORDED = "batch_recorded", _("记了批次")
    BATCH_CHANGED = "batch_changed", _("改了批次")
    BATCH_CHOSEN = "batch_chosen", _("选了商品的批次")
    SPRAY_DROPPED = "spray_dropped", _("删了一条用药记录")
    PLEDGE_ISSUED = "pledge_issued", _("开了合格证")
    PLEDGE_WITHDRAWN = "pledge_withdrawn", _("作废合格证")
    PAPER_HANDED_IN = "paper_handed_in", _("交了证书")
    PAPER_ACCEPTED = "paper_accepted", _("证书通过")
    PAPER_REFUSED = "paper_refused", _("证书没通过")
    PAPER_DROPPED = "paper_dropped", _("撤回证书")
    HELPER_ADDED = "helper_added", _("加帮手")
    HELPER_REMOVED = "helper_removed", _("减帮手")
    FREIGHT_CHANGED = "freight_changed", _("改运费表")
    POINT_ADDED = "point_added", _("加自提点")
    POINT_CHANGED = "point_changed", _("改自提点")
    PRESALE_OPENED = "presale_opened", _("开预售")
    PRESALE_CHANGED = "presale_changed", _("改预售名额")
    PRESALE_ENDED = "presale_ended", _("停预售")
    WORDING_APPEALED = "wording_appealed", _("对用语提示申诉")
    WORDING_PASSED = "wording_passed", pgettext_lazy("trail", "通过申诉")
    WORDING_KEPT = "wording_kept", pgettext_lazy("trail", "驳回申诉")
    WORDING_TAKEN_BACK = "wording_taken_back", _("收回申诉")
    TEXT_PUT_IN = "text_put_in", _("申诉通过，换上了新的文字")
    COMPLAINT_MADE = "complaint_made", _("收到投诉")
    COMPLAINT_ANSWERED = "complaint_answered", _("答复投诉")
    ORDER_OPENED = "order_opened", _("在后台看了订单")
    ORDER_SEEN_TO = "order_seen_to", _("跟买家说清楚了（卖家身份结束）")
    PAYCODE_CHANGED = "paycode_changed", _("换了收款码")
    PAYCODE_ASKED = "paycode_asked", _("要换收款码，等同意")
    PAYCODE_DECLINED = "paycode_declined", _("没同意换收款码")
