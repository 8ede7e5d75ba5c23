"""The program's evidence in words: chips over the clip, and a line beside each criterion that it says something about.

Criteria are known by the codes of the written programme; a rubric with others simply has no lines."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from progress.evidence import ANSWER_MS
from progress.watching import clock

# Of 255, and shares of the film's time.
DARK, DARK_SHARE, BURNT_SHARE = 60, 0.5, 0.2
# LUFS: what a phone at arm's length brings is between.
QUIET, LOUD = -33, -9
SILENCES_MANY = 3
OFF_FEW, OFF_MUCH = 20, 40


class Chip(NamedTuple):
    tone: str
    words: str


def chips(seen: dict) -> list[Chip]:
    found = [light(seen), sound(seen)]
    if silences := len(seen.get("silences", [])):
        found.append(Chip("ask", ngettext("冷场 %(n)d 次", "冷场 %(n)d 次", silences) % {"n": silences}))
    if stops := sum(one["severity"] == "block" for one in seen.get("words", [])):
        found.append(Chip("stop", ngettext("脚本用语 %(n)d 处", "脚本用语 %(n)d 处", stops) % {"n": stops}))
    return [chip for chip in found if chip]


def light(seen: dict) -> Chip | None:
    bright = seen.get("brightness") or {}
    if "mean" not in bright:
        return None
    if bright["mean"] < DARK or bright.get("dark_share", 0) > DARK_SHARE or bright.get("dark"):
        return Chip("ask", _("画面偏暗"))
    if bright.get("burnt_share", 0) > BURNT_SHARE:
        return Chip("ask", _("画面太亮"))
    return Chip("leaf", _("光线够"))


def sound(seen: dict) -> Chip | None:
    level = seen.get("loudness_lufs")
    if level is None:
        return None
    if level < QUIET:
        return Chip("ask", _("声音太小"))
    return Chip("ask", _("声音太大")) if level > LOUD else Chip("leaf", _("声音够响"))


def beside(seen: dict) -> dict[str, str]:
    """{criterion code: words}; only what there is something to say about."""
    bright, loud = light(seen), sound(seen)
    found = {
        "pic-light": bright.words if bright else "",
        "pic-voice": loud.words if loud else "",
        "pace-time": pace(seen),
        "pace-silence": silence(seen),
        "talk-answer": answers(seen),
        "law-blocked": blocked(seen, "block"),
        "law-proof": blocked(seen, "proof"),
        "open-who": told(seen, "who"),
        "open-offer": told(seen, "price"),
        "prod-origin": told(seen, "what"),
        "prod-sweet": told(seen, "proof"),
        "price-unit": told(seen, "price"),
        "after-ship": told(seen, "promise"),
        "after-bad": told(seen, "promise"),
    }
    return {code: words for code, words in found.items() if words}


def pace(seen: dict) -> str:
    planned, took = seen.get("planned_ms"), seen.get("took_ms")
    if not planned or took is None:
        return ""
    percent = round(abs(took - planned) * 100 / planned)
    facts = {"took": clock(took), "planned": clock(planned), "percent": percent}
    if percent == 0:
        return _("讲了 %(took)s，跟计划一样") % facts
    if took > planned:
        return _("讲了 %(took)s，计划 %(planned)s，多了 %(percent)s%%") % facts
    return _("讲了 %(took)s，计划 %(planned)s，少了 %(percent)s%%") % facts


def silence(seen: dict) -> str:
    if "silences" not in seen or seen.get("loudness_lufs") is None:
        return ""
    found = seen["silences"]
    if not found:
        return _("没有超过 8 秒的冷场")
    longest = max(end - start for start, end in found) // 1000
    text = ngettext("冷场 %(n)d 次，最长 %(s)d 秒", "冷场 %(n)d 次，最长 %(s)d 秒", len(found))
    return text % {"n": len(found), "s": longest}


def answers(seen: dict) -> str:
    found = seen.get("asked", [])
    if not found:
        return ""
    quick = sum(one["after_ms"] is not None and one["after_ms"] <= ANSWER_MS for one in found)
    return _("%(all)d 个问题，30 秒里答了 %(quick)d 个") % {"all": len(found), "quick": quick}


def blocked(seen: dict, severity: str) -> str:
    """Of the script, which is not yet what was said."""
    found = [one for one in seen.get("words", []) if (one["severity"] == "block") == (severity == "block")]
    if not found:
        return ""
    return _("脚本里写了“%(text)s”") % {"text": found[0]["text"][:12]}


def told(seen: dict, part: str) -> str:
    at = seen.get("said", {}).get(part)
    return "" if at is None else _("%(at)s 说到了") % {"at": clock(at)}
