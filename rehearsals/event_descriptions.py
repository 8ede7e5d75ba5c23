"""Names of the kinds of event about rehearsals that phones send, and of the reasons why one is not applied."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from outbox.descriptions import register_descriptions

NO_PLAN, ANOTHERS, LONG_WORDS = "no_plan", "anothers", "long_words"

KINDS = {
    "rehearsal": _("彩排"),
    "take": _("录的一段"),
    "handed_in": _("交彩排"),
}
REASONS = {
    NO_PLAN: _("这张彩排单不是你的，或者不是彩排用的。"),
    ANOTHERS: _("这个号已经是别人的彩排了。"),
    LONG_WORDS: _("给自己的话写得太长，每句最多 200 个字。"),
}
register_descriptions(KINDS, REASONS)
