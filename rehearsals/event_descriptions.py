"""Names of the kinds of event about rehearsals that phones send, and of the reasons why one is not applied."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from outbox.descriptions import register_descriptions

NO_PLAN, ANOTHERS, LONG_WORDS = "no_plan", "anothers", "long_words"
NO_TASK, FILES_MISSING, NOTHING_GIVEN, LONG_TASK = "no_task", "files_missing", "nothing_given", "long_task"
TASK_CLOSED, MANY_VERSIONS = "task_closed", "many_versions"

KINDS = {
    "rehearsal": _("彩排"),
    "take": _("录的一段"),
    "handed_in": _("交彩排"),
    "task": _("交任务"),
}
REASONS = {
    NO_PLAN: _("这张彩排单不是你的，或者不是彩排用的。"),
    ANOTHERS: _("这个号已经是别人的了。"),
    NO_TASK: _("这个练习任务找不到了，问老师。"),
    FILES_MISSING: _("有照片、视频或者文件没传到。用原来的手机打开这个任务，会自己补传。"),
    NOTHING_GIVEN: _("要交的东西是空的，打开这个任务再交一次。"),
    TASK_CLOSED: _("这个任务还没开放，开放了再交一次。"),
    MANY_VERSIONS: _("这个任务交的遍数太多了，不能再交，先问老师。"),
    LONG_TASK: _("写的话太长，最多 4000 个字，删短一点再交。"),
    LONG_WORDS: _("给自己的话写得太长，每句最多 200 个字。"),
}
register_descriptions(KINDS, REASONS)
