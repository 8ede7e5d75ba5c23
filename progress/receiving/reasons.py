"""Why something from a phone is kept aside: the codes, and what a person reads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from live.on_air import offline_events as live
from outbox import incoming

NO_LESSON, NOT_ENROLLED, LEFT = "no_lesson", "not_enrolled", "left"
TOO_FAST, NO_CLASS, TOO_LONG, TOO_MANY = "too_fast", "no_class", "too_long", "too_many"
NO_PLAN, ANOTHERS, LONG_WORDS = "no_plan", "anothers", "long_words"

WORDS = live.REASONS | {
    NO_LESSON: _("这一课已经没有了。"),
    NOT_ENROLLED: _("没有报这门课。报了名，再试一次就记上。"),
    LEFT: _("这是退出课程以后做的。重新报名，再试一次就记上。"),
    TOO_FAST: _("看的比过去的时间还多，多出来的没有算。"),
    NO_CLASS: _("不在这门课的班里，没有老师收得到。进了班，再试一次。"),
    TOO_LONG: _("写得太长，最多 600 个字。"),
    TOO_MANY: _("一个小时里问得太多了。过一个小时再试一次，就交给老师。"),
    NO_PLAN: _("这张彩排单不是您的，或者不是彩排用的。"),
    ANOTHERS: _("这个号已经是别人的彩排了。"),
    LONG_WORDS: _("给自己的话写得太长，每句最多 200 个字。"),
    incoming.BROKEN: _("手机交来的不完整，看不懂。"),
    incoming.TOO_BIG: _("这一件太大，只留了开头，记不上。"),
    incoming.SAME_ID: _("手机给两件事编了同一个号，这是第二件。"),
    incoming.UNKNOWN_KIND: _("这里还不认得这样的事，可能网页太旧。"),
    incoming.ERROR: _("我们这边出了错，东西都留着。"),
}
KINDS = live.KINDS | {
    "done": _("学完一课"),
    "watched": _("看视频"),
    "attempt": _("做测验"),
    "ask": _("提问"),
    "choice": _("怎么看视频"),
    "rehearsal": _("彩排"),
    "take": _("录的一段"),
    "handed_in": _("交彩排"),
}


def said(reason: str) -> str:
    return str(WORDS.get(reason, _("没记上，东西都留着。")))


def called(kind: str) -> str:
    return str(KINDS.get(kind, _("一件事")))
