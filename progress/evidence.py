"""What the program saw of a rehearsal, for the reviewer's eyes: a score is given by people alone.

{"planned_ms", "took_ms", "items": [{"name", "planned_ms", "took_ms", "at_ms"}], "silences": [[from_ms, to_ms]] over 8 s,
"loudness_lufs", "brightness": {"mean", "dark_share", "burnt_share"}, "asked": [{"text", "at_ms", "after_ms" | None}],
"said": {part: first_ms}, "words": [{"item", "rule", "severity", "text"}]}; times are of the film, in milliseconds.
"""

from __future__ import annotations

from live.models import RundownItem, ScriptVersion
from progress import film_time
from progress.models import Submission

SILENT_MS = 8000
ANSWER_MS = 30_000
MINUTE_MS = 60_000
WORDS_SHOWN = 20


def keep(submission: Submission) -> None:
    """Stored once, as soon as the film is ready; later changes of the plan do not move it."""
    if submission.evidence or not is_ready(submission):
        return
    submission.evidence = gather(submission)
    Submission.objects.filter(pk=submission.pk, evidence={}).update(evidence=submission.evidence)


def of(submission: Submission) -> dict:
    """As stored, or as it is now; {} while the film is being made."""
    if submission.evidence or not is_ready(submission):
        return submission.evidence
    return gather(submission)


def is_ready(submission: Submission) -> bool:
    return submission.video_id is not None and submission.video.is_ready


def gather(submission: Submission) -> dict:
    """Six queries, however long it is."""
    video, marks = submission.video, film_time.marks(submission)
    items = list(submission.rehearsal.livestream.items.select_related("product").order_by("position", "id"))
    measured = video.measures or {}
    silences = [[start, end] for start, end in measured.get("silences", []) if end - start > SILENT_MS]
    return {
        "planned_ms": sum(item.minutes for item in items) * MINUTE_MS,
        "took_ms": video.duration_ms,
        "items": minutes(items, marks, video.duration_ms),
        "silences": silences,
        "loudness_lufs": measured.get("loudness_lufs"),
        "brightness": measured.get("brightness") or {},
        "asked": asked(marks),
        "said": said(marks),
        "words": words(items),
    }


def minutes(items: list[RundownItem], marks: list[dict], end_ms: int) -> list[dict]:
    """Each item from its mark to the next one's; come back to, both are added. Without marks a single item took it all."""
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


def asked(marks: list[dict]) -> list[dict]:
    """Each question once, with how long its answer let wait; None for one that was left."""
    found: dict[object, dict] = {}
    for mark in marks:
        key = mark.get("comment")
        if mark.get("kind") == "asked" and key not in found:
            found[key] = {"text": str(mark.get("text", ""))[:80], "at_ms": mark["film_ms"], "after_ms": None}
        elif mark.get("kind") == "answered" and key in found and found[key]["after_ms"] is None:
            found[key]["after_ms"] = mark["film_ms"] - found[key]["at_ms"]
    return list(found.values())


def said(marks: list[dict]) -> dict[str, int]:
    """When a line of each part of the script was first ticked off."""
    found: dict[str, int] = {}
    for mark in marks:
        if mark.get("kind") == "said" and mark.get("part") in ScriptVersion.PARTS:
            found.setdefault(mark["part"], mark["film_ms"])
    return found


def words(items: list[RundownItem]) -> list[dict]:
    """What the checker found in the newest script of each item."""
    scripts = ScriptVersion.objects.filter(item__in=items).select_related("check_made").order_by("number")
    newest = {script.item_id: script for script in scripts}
    names = {item.pk: str(item) for item in items}
    found = []
    for item, script in newest.items():
        for finding in script.check_made.findings if script.check_made else []:
            hit = script.check_made.text[finding["start"] : finding["end"]]
            facts = {"rule": finding["rule"], "severity": finding["severity"]}
            found.append({"item": names[item], "text": hit} | facts)
    return found[:WORDS_SHOWN]
