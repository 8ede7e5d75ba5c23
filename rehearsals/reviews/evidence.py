"""Collect what the program measured of a rehearsal, to show it to the reviewer; only people give scores.

{"planned_ms", "took_ms", "items": [{"name", "planned_ms", "took_ms", "at_ms"}], "silences": [[from_ms, to_ms]] over 8 s,
"loudness_lufs", "brightness": {"mean", "dark_share", "burnt_share"}, "asked": [{"text", "at_ms", "after_ms" | None}],
"said": {part: first_ms}, "words": [{"item", "rule", "severity", "text"}]}; times are of the film, in milliseconds.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from live.models import RundownItem, ScriptVersion
from progress.lessons.player import format_clock
from rehearsals.models import Submission
from rehearsals.recordings import edit_list

SILENT_MS = 8000
ANSWER_MS = 30_000
MINUTE_MS = 60_000
WORDS_SHOWN = 20


def store_evidence(submission: Submission) -> None:
    """Store the evidence once, as soon as the film is ready; later changes of the plan do not change it."""
    if submission.evidence or not is_film_ready(submission):
        return
    submission.evidence = gather_evidence(submission)
    Submission.objects.filter(pk=submission.pk, evidence={}).update(evidence=submission.evidence)


def get_evidence(submission: Submission) -> dict:
    """Return the stored evidence, else that of now; {} while the film is being made."""
    if submission.evidence or not is_film_ready(submission):
        return submission.evidence
    return gather_evidence(submission)


def is_film_ready(submission: Submission) -> bool:
    return submission.video is not None and submission.video.is_ready


def gather_evidence(submission: Submission) -> dict:
    """Measure the film against its plan. Six queries, however long it is."""
    video, marks = submission.video, edit_list.list_film_marks(submission)
    assert video is not None  # the caller has asked `is_film_ready`
    items = list(submission.rehearsal.livestream.items.select_related("product").order_by("position", "id"))
    measured = video.measures or {}
    silences = [[start, end] for start, end in measured.get("silences", []) if end - start > SILENT_MS]
    return {
        "planned_ms": sum(item.minutes for item in items) * MINUTE_MS,
        "took_ms": video.duration_ms,
        "items": measure_items(items, marks, video.duration_ms),
        "silences": silences,
        "loudness_lufs": measured.get("loudness_lufs"),
        "brightness": measured.get("brightness") or {},
        "asked": list_questions(marks),
        "said": find_first_lines(marks),
        "words": list_script_findings(items),
    }


def measure_items(items: list[RundownItem], marks: list[dict], end_ms: int) -> list[dict]:
    """Return how long each item took: from its mark to the next item's, summed. Without marks a single item took it all."""
    turns = [
        (mark["item"], mark["film_ms"]) for mark in marks if mark.get("kind") == "item" and "item" in mark
    ]
    if not turns and len(items) == 1:
        turns = [(items[0].pk, 0)]
    took: dict[int, int] = {}
    first: dict[int, int] = {}
    ends = [at for _item, at in turns[1:]] + [end_ms]
    for (item, at), until in zip(turns, ends, strict=True) if turns else ():
        took[item] = took.get(item, 0) + max(0, until - at)
        first.setdefault(item, at)
    return [
        {
            "name": str(item),
            "planned_ms": item.minutes * MINUTE_MS,
            "took_ms": took.get(item.pk, 0),
            "at_ms": first.get(item.pk),
        }
        for item in items
    ]


def list_questions(marks: list[dict]) -> list[dict]:
    """Return each question once, with how long its answer took; None for one left unanswered."""
    found: dict[object, dict] = {}
    for mark in marks:
        key = mark.get("comment")
        if mark.get("kind") == "asked" and key not in found:
            found[key] = {"text": str(mark.get("text", ""))[:80], "at_ms": mark["film_ms"], "after_ms": None}
        elif mark.get("kind") == "answered" and key in found and found[key]["after_ms"] is None:
            found[key]["after_ms"] = mark["film_ms"] - found[key]["at_ms"]
    return list(found.values())


def find_first_lines(marks: list[dict]) -> dict[str, int]:
    """Return when a line of each part of the script was first ticked off."""
    found: dict[str, int] = {}
    for mark in marks:
        if mark.get("kind") == "said" and mark.get("part") in ScriptVersion.PARTS:
            found.setdefault(mark["part"], mark["film_ms"])
    return found


def list_script_findings(items: list[RundownItem]) -> list[dict]:
    """Return what the checker found in the newest script of each item."""
    scripts = ScriptVersion.objects.filter(item__in=items).select_related("check_made").order_by("number")
    newest = {script.item_id: script for script in scripts}
    names = {item.pk: str(item) for item in items}
    found = []
    for item, script in newest.items():
        made = script.check_made
        if made is None:
            continue
        for finding in made.findings:
            hit = made.text[finding["start"] : finding["end"]]
            facts = {"rule": finding["rule"], "severity": finding["severity"]}
            found.append({"item": names[item], "text": hit} | facts)
    return found[:WORDS_SHOWN]


# --- in words ---
#
# Chips over the clip, and a line beside each criterion that the program can say something about. Criteria are known by
# the codes of the written programme; a rubric with others has no lines.

# Brightness from 0 to 255, and shares of the film's time.
DARK, DARK_SHARE, BURNT_SHARE = 60, 0.5, 0.2
# LUFS: a phone at arm's length records between these.
QUIET, LOUD = -33, -9


class Chip(NamedTuple):
    tone: str
    words: str


def list_chips(seen: dict) -> list[Chip]:
    found = [describe_light(seen), describe_sound(seen)]
    if silences := len(seen.get("silences", [])):
        found.append(Chip("ask", ngettext("冷场 %(n)d 次", "冷场 %(n)d 次", silences) % {"n": silences}))
    if stops := sum(one["severity"] == "block" for one in seen.get("words", [])):
        found.append(Chip("stop", ngettext("脚本用语 %(n)d 处", "脚本用语 %(n)d 处", stops) % {"n": stops}))
    return [chip for chip in found if chip]


def describe_light(seen: dict) -> Chip | None:
    bright = seen.get("brightness") or {}
    if "mean" not in bright:
        return None
    if bright["mean"] < DARK or bright.get("dark_share", 0) > DARK_SHARE or bright.get("dark"):
        return Chip("ask", _("画面偏暗"))
    if bright.get("burnt_share", 0) > BURNT_SHARE:
        return Chip("ask", _("画面太亮"))
    return Chip("leaf", _("光线够"))


def describe_sound(seen: dict) -> Chip | None:
    level = seen.get("loudness_lufs")
    if level is None:
        return None
    if level < QUIET:
        return Chip("ask", _("声音太小"))
    return Chip("ask", _("声音太大")) if level > LOUD else Chip("leaf", _("声音够响"))


def describe_criteria(seen: dict) -> dict[str, str]:
    """Return {criterion code: sentence}, only for criteria with something to say."""
    bright, loud = describe_light(seen), describe_sound(seen)
    found = {
        "pic-light": bright.words if bright else "",
        "pic-voice": loud.words if loud else "",
        "pace-time": describe_pace(seen),
        "pace-silence": describe_silence(seen),
        "talk-answer": describe_answers(seen),
        "law-blocked": describe_script_finding(seen, "block"),
        "law-proof": describe_script_finding(seen, "proof"),
        "open-who": describe_line(seen, "who"),
        "open-offer": describe_line(seen, "price"),
        "prod-origin": describe_line(seen, "what"),
        "prod-taste": describe_line(seen, "proof"),
        "prod-sweet": describe_line(
            seen, "proof"
        ),  # of submissions from before goods other than fruit had lines
        "price-unit": describe_line(seen, "price"),
        "after-ship": describe_line(seen, "promise"),
        "after-bad": describe_line(seen, "promise"),
    }
    return {code: words for code, words in found.items() if words}


def describe_pace(seen: dict) -> str:
    planned, took = seen.get("planned_ms"), seen.get("took_ms")
    if not planned or took is None:
        return ""
    percent = round(abs(took - planned) * 100 / planned)
    facts = {"took": format_clock(took), "planned": format_clock(planned), "percent": percent}
    if percent == 0:
        return _("讲了 %(took)s，跟计划一样") % facts
    if took > planned:
        return _("讲了 %(took)s，计划 %(planned)s，多了 %(percent)s%%") % facts
    return _("讲了 %(took)s，计划 %(planned)s，少了 %(percent)s%%") % facts


def describe_silence(seen: dict) -> str:
    if "silences" not in seen or seen.get("loudness_lufs") is None:
        return ""
    found = seen["silences"]
    if not found:
        return _("没有超过 8 秒的冷场")
    longest = max(end - start for start, end in found) // 1000
    text = ngettext("冷场 %(n)d 次，最长 %(s)d 秒", "冷场 %(n)d 次，最长 %(s)d 秒", len(found))
    return text % {"n": len(found), "s": longest}


def describe_answers(seen: dict) -> str:
    found = seen.get("asked", [])
    if not found:
        return ""
    quick = sum(one["after_ms"] is not None and one["after_ms"] <= ANSWER_MS for one in found)
    return _("%(all)d 个问题，30 秒里答了 %(quick)d 个") % {"all": len(found), "quick": quick}


def describe_script_finding(seen: dict, severity: str) -> str:
    """Describe a finding in the script, whose words were not necessarily spoken."""
    found = [one for one in seen.get("words", []) if (one["severity"] == "block") == (severity == "block")]
    if not found:
        return ""
    return _("脚本里写了“%(text)s”") % {"text": found[0]["text"][:12]}


def describe_line(seen: dict, part: str) -> str:
    at = seen.get("said", {}).get(part)
    return "" if at is None else _("%(at)s 说到了") % {"at": format_clock(at)}
