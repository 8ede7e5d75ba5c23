"""The sentences about rows of a roster: what is wrong and how to mend it, and what else is worth knowing."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programme.models import RosterRow

PROBLEMS: dict[str, Promise] = {
    "no_name": _("没写姓名。补上再传。"),
    "bad_name": _("“%(typed)s”不像姓名。姓名至少两个字，只写字，不写数字和符号。"),
    "no_phone": _("没写手机号。补上再传；没有手机号的人开不了账号。"),
    "scientific": _("手机号变成了“%(typed)s”，后面几位没了。把这一列设成“文本”，再填一遍。"),
    "phone_abroad": _("“%(typed)s”是外面的号码。现在只能用中国大陆的手机号。"),
    "phone_not_digits": _("“%(typed)s”里有别的字。一格只写一个手机号，只写数字。"),
    "phone_landline": _("“%(typed)s”是座机。换成本人的手机号。"),
    "phone_length": _("“%(typed)s”有 %(count)s 位，手机号是 11 位。对一下，补齐。"),
    "phone_not_mobile": _("“%(typed)s”不像手机号。找本人对一下。"),
    "formula": _("%(cell)s 是公式，不收。把算好的字或数直接写进去。"),
    "lost_digits": _(
        "%(cell)s 的身份证号是数字格式，后几位已经丢了。把这一列设成“文本”再填；这里不存身份证号，整列删掉也行。"
    ),
    "two_names": _("和第 %(row)s 行的%(name)s是同一个手机号，名字不一样。一人一个号码，改对一行再传。"),
    "elsewhere": _("这个号码有账号，但不是你管的地方的人。把进班码给他，他自己进班。"),
    "full": _("班里的名额满了。先加名额再传，或者把进班码给他，让他排候补。"),
    "circle": _("他教过这个班的带教师傅，师徒不能倒过来。换一个班。"),
    "trainer": _("他是这个班的老师，不算学员。从名单里去掉。"),
    "waiting": _("他注册了，还在等管理员同意。管理员同意以后再传。"),
    "closed": _("这个账号停用了。找管理员问一声。"),
    "other_class": _("他在别的班学这门课。要换过来，把进班码给他，他自己换。"),
    "left": _("他退出过这门课。还想学，把进班码给他，他自己回来。"),
    "role_over": _("他在这里的学员身份没同意或者已经结束。先找管理员恢复。"),
    "changed_name": _("你看过以后，这个号码的账号变了，名字对不上，没有加。重新传一次名单再定。"),
}
NOTES: dict[str, Promise] = {
    "grant": _("身份：%(place)s的学员"),
    "ask": _("身份：先登记在开班的地方；%(place)s的学员要等管理员同意"),
    "unknown": _("没认出“%(village)s”是哪个村，身份先登记在开班的地方"),
    "several": _("叫“%(village)s”的村不止一个，身份先登记在开班的地方；连乡镇一起写就认得出"),
}


def describe_problem(row: RosterRow) -> str:
    """Return what is wrong with a row and how to mend it; empty if nothing is."""
    sentence = PROBLEMS.get(row.problem)
    return str(sentence) % row.facts if sentence else ""


def describe_note(row: RosterRow) -> str:
    """Return what becomes of the village that the row names; empty if there is nothing to say."""
    sentence = NOTES.get(row.facts.get("role", ""))
    place = row.place.name if row.place else ""
    return str(sentence) % {"place": place, "village": row.village} if sentence else ""
