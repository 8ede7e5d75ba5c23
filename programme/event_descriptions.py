"""Names of the kinds of event about attendance that phones send, and of the reasons why one is not applied."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from outbox.descriptions import register_descriptions

NO_SESSION, NOT_MEMBER = "no_session", "not_member"
EARLY, CANCELLED, CLOSED = "session_early", "session_cancelled", "class_closed"
MERGED = "walk_in_merged"

KINDS = {
    "attendance": _("点名"),
    "walk_in": _("记一个临时学员"),
}
REASONS = {
    NO_SESSION: _("这次培训课不是你带的班的，或者已经没有了。"),
    NOT_MEMBER: _("他不在这个班里。进了班，再试一次就记上。"),
    EARLY: _("这次培训课还没开始。开始前一小时起才能点名，到时再试一次。"),
    CANCELLED: _("这次培训课取消了。要是照常上了，先恢复，再试一次。"),
    CLOSED: _("这个班结业满 30 天了，签到不能再改。"),
    MERGED: _("这个临时学员已经并入班里的人，这里不再改。"),
}
register_descriptions(KINDS, REASONS)
