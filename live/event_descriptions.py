"""Names of the kinds of event about a live that phones send, and of the reasons why one is not applied."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from outbox.descriptions import register_descriptions

NO_LIVE, NO_ITEM, NO_SALE, NOT_BEGUN, REFUSED = "no_live", "no_item", "no_sale", "not_begun", "live_refused"

KINDS = {
    "live_sale": _("直播里卖了一笔"),
    "live_undo": _("撤回一笔直播成交"),
    "live_pin": _("换一款上桌"),
    "live_slip": _("口误更正"),
}
REASONS = {
    NO_LIVE: _("这场直播不是你管的，或者已经没有了。"),
    NO_ITEM: _("排品表里已经没有这一款。"),
    NO_SALE: _("要撤回的那一笔，这里没有收到。"),
    NOT_BEGUN: _("这场还没开播。开播以后再试一次就记上。"),
    REFUSED: _("数目不对，记不上。看一看，再记一笔对的。"),
}
register_descriptions(KINDS, REASONS)
