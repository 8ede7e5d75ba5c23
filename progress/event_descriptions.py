"""Names of the kinds of event about learning that phones send, and of the reasons why one is not applied."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from outbox.descriptions import register_descriptions

NO_LESSON, NOT_ENROLLED, LEFT = "no_lesson", "not_enrolled", "left"
TOO_FAST, NO_CLASS, TOO_LONG, TOO_MANY = "too_fast", "no_class", "too_long", "too_many"
NO_ATTEMPT, HANDED_IN, ANSWERS_UNREAD = "no_attempt", "handed_in", "answers_unread"
TIME_OVER = "time_over"

KINDS = {
    "done": _("学完一课"),
    "watched": _("看视频"),
    "attempt": _("做测验"),
    "ask": _("提问"),
    "choice": _("怎么看视频"),
}
REASONS = {
    NO_LESSON: _("这一课已经没有了。"),
    NOT_ENROLLED: _("没有报这门课。报了名，再试一次就记上。"),
    LEFT: _("这是退出课程以后做的。重新报名，再试一次就记上。"),
    TOO_FAST: _("看的比过去的时间还多，多出来的没有算。"),
    NO_CLASS: _("不在这门课的班里，没有老师收得到。进了班，再试一次。"),
    TOO_LONG: _("写得太长，最多 600 个字。"),
    TOO_MANY: _("一个小时里问得太多了。过一个小时再试一次，就交给老师。"),
    NO_ATTEMPT: _("没有这张卷子，或者不是你的。"),
    HANDED_IN: _("这张卷子在别处交了，后到的答案没算。"),
    TIME_OVER: _("时间到了才答的，或者到点过了 10 分钟才送到，没算。"),
    ANSWERS_UNREAD: _("有几题的答案看不懂，别的都记上了。"),
}
register_descriptions(KINDS, REASONS)
