"""The document of a course: what course.json holds, by course.schema.json, and whether one is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from courses.needs import leading_back

FORMAT, VERSION = "newfarmwork-course", 1
SCHEMA = Path(__file__).with_name("course.schema.json")
# A document that is wrong in a hundred places is named by its first few.
MOST_TOLD = 12

Document = dict


class Unreadable(ValueError):
    """`reasons` are sentences for the person who brought the document."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)


def dumps(document: Document) -> str:
    """The same document gives the same bytes."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def check(document: object) -> None:
    """Raises Unreadable with what is wrong and where."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Unreadable(_("这不是从新农活导出的课程"))
    if document.get("version") != VERSION:
        raise Unreadable(
            _("这份课程是版本 %(its)s，这里只认版本 %(ours)s")
            % {"its": document.get("version"), "ours": VERSION}
        )
    told = [shape_error(error) for error in islice(validator().iter_errors(document), MOST_TOLD)]
    told = told or list(islice(loose_ends(document), MOST_TOLD))
    if told:
        raise Unreadable(*told)


def shape_error(error) -> str:
    where = "/".join(str(step) for step in error.absolute_path) or "course.json"
    return _("%(where)s：不合格式（%(why)s）") % {"where": where, "why": error.message[:120]}


def loose_ends(document: Document) -> Iterator[str]:
    """What names something that is not there, or names one thing twice."""
    modules, media = document["modules"], document["media"]
    lessons = [[lesson["code"] for lesson in module["lessons"]] for module in modules]
    banks = [bank["code"] for bank in document["banks"]]
    quizzes = [quiz["code"] for quiz in document["quizzes"]]
    objectives = [objective["code"] for objective in document["objectives"]]
    groups = [banks, quizzes, objectives, *lessons]
    groups += [[drill["code"] for drill in document.get("drills", [])]]
    groups += [[comment["code"] for comment in drill["comments"]] for drill in document.get("drills", [])]
    groups += [[phrase["code"] for phrase in document.get("phrases", [])]]
    groups += [[question["code"] for question in bank["questions"]] for bank in document["banks"]]
    for codes in groups:
        yield from (_("编号 %(code)s 用了两次") % {"code": code} for code in doubled(codes))
    for place, module in enumerate(modules):
        yield from (missing(f"modules/{place}/needs", n) for n in module["needs"] if not n < len(modules))
        yield from (
            missing(f"modules/{place}/needs_quiz", c) for c in module["needs_quiz"] if c not in quizzes
        )
    yield from circles(document)
    for objective in document["objectives"]:
        if (objective["module"] or 0) >= max(len(modules), 1):
            yield missing(f"objectives/{objective['code']}", objective["module"])
    for quiz in document["quizzes"]:
        place = quiz["module"]
        inside = place is not None and place < len(modules)
        if quiz["bank"] not in banks or (place is not None and not inside):
            yield missing(f"quizzes/{quiz['code']}", quiz["bank"])
        if quiz["lesson"] and not (inside and quiz["lesson"] in lessons[place]):
            yield missing(f"quizzes/{quiz['code']}/lesson", quiz["lesson"])
        right, of = quiz["master_right"], quiz["master_of"]
        if (right is None) != (of is None) or (right or 0) > (of or 0):
            yield missing(f"quizzes/{quiz['code']}/master_of", of)
    for question in (question for bank in document["banks"] for question in bank["questions"]):
        if question["objective"] and question["objective"] not in objectives:
            yield missing(f"{question['code']}/objective", question["objective"])
    for drill in document.get("drills", []):
        if drill["most_minutes"] < drill["minutes"]:
            yield missing(f"drills/{drill['code']}/most_minutes", drill["minutes"])
    for key, kind in named_media(document):
        if media.get(key, {}).get("kind", kind if not media else None) != kind:
            yield missing("media", key)


def circles(document: Document) -> Iterator[str]:
    """Modules that wait for each other, or for a quiz that waits for them: none of them would ever open."""
    modules = document["modules"]
    places = {quiz["code"]: quiz["module"] for quiz in document["quizzes"]}
    needs = [
        {*module["needs"], *(places.get(code) for code in module["needs_quiz"])} - {None}
        for module in modules
    ]

    def edges(rows: set[int]) -> Iterator[tuple[int, int]]:
        return ((row, needed) for row in rows if row < len(needs) for needed in needs[row])

    for place, module in enumerate(modules):
        for other in sorted(leading_back(place, needs[place], edges)):
            said = _("“%(other)s”自己要先学完“%(this)s”，两边互相等，谁都学不了。")
            yield said % {"other": modules[other]["title"], "this": module["title"]}


def named_media(document: Document) -> Iterator[tuple[str, str]]:
    """Each photo and video the document uses: its key and which of the two it is."""
    if document["course"]["cover"]:
        yield document["course"]["cover"], "photo"
    for lesson in (lesson for module in document["modules"] for lesson in module["lessons"]):
        yield from ((picture["photo"], "photo") for picture in lesson["pictures"])
        if lesson["video"]:
            yield lesson["video"], "video"
    for question in (question for bank in document["banks"] for question in bank["questions"]):
        yield from ((picture["photo"], "photo") for picture in question["pictures"])


def doubled(codes: list[str]) -> list[str]:
    return sorted({code for code in codes if codes.count(code) > 1})


def missing(where: str, what: object) -> str:
    return _("%(where)s 里提到的 %(what)s 找不到") % {"where": where, "what": what}
