"""The document of a course (course.json): its schema is course.schema.json, and its references are checked here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.authoring.prerequisites import find_circular
from courses.authoring.quiz_rules import (
    count_supply,
    find_rule_problems,
    find_whole_course_problems,
    list_forms,
)
from courses.cases.parts import find_case_problems
from courses.models import Quiz
from courses.plans.parts import find_plan_problems
from media.videos import captions

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

FORMAT, VERSION = "newfarmwork-course", 1
SCHEMA = Path(__file__).with_name("course.schema.json")
# Of a document with a hundred errors only the first few are listed.
MOST_REPORTED = 12
DOCUMENT_NAME = "course.json"
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
TYPES = {
    "object": gettext_lazy("一组 {…}"),
    "array": gettext_lazy("一列 […]"),
    "string": gettext_lazy("带引号的文字"),
    "integer": gettext_lazy("整数"),
    "number": gettext_lazy("数"),
    "boolean": gettext_lazy("true 或 false"),
    "null": gettext_lazy("null（空着）"),
}
LIMITS = {
    "minLength": gettext_lazy("太短，最少 %(n)s 个字"),
    "maxLength": gettext_lazy("太长，最多 %(n)s 个字"),
    "minimum": gettext_lazy("太小，最小 %(n)s"),
    "maximum": gettext_lazy("太大，最大 %(n)s"),
    "exclusiveMinimum": gettext_lazy("要比 %(n)s 大"),
    "minItems": gettext_lazy("太少，最少 %(n)s 个"),
    "maxItems": gettext_lazy("太多，最多 %(n)s 个"),
    "maxProperties": gettext_lazy("太多，最多 %(n)s 个"),
    "uniqueItems": gettext_lazy("有重复的"),
}

Document = dict


class UnreadableFile(ValueError):
    """Raised when the document cannot be imported; `reasons` are sentences for the person who uploaded it."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)


def serialize(document: Document) -> str:
    """Serialize a document; the same document gives the same bytes."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@cache
def get_validator(part: str = "") -> Draft202012Validator:
    """Return the validator of a document, or of one of the schema's definitions ("plan")."""
    from jsonschema import Draft202012Validator  # sixty milliseconds, which few processes need

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator({"$ref": f"#/$defs/{part}", "$defs": schema["$defs"]} if part else schema)


def check_document(document: object) -> None:
    """Raise UnreadableFile with what is wrong and where."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise UnreadableFile(_("这不是从新农活导出的课程"))
    if document.get("version") != VERSION:
        raise UnreadableFile(
            _("这份课程是版本 %(its)s，这里只认版本 %(ours)s")
            % {"its": document.get("version"), "ours": VERSION}
        )
    problems = list(islice(find_unstorable(document), MOST_REPORTED))
    problems = problems or [
        describe_shape_error(error) for error in islice(get_validator().iter_errors(document), MOST_REPORTED)
    ]
    problems = problems or list(islice(find_dangling_references(document), MOST_REPORTED))
    if problems:
        raise UnreadableFile(*problems)


def find_unstorable(document: Document) -> Iterator[str]:
    """Yield strings that a database cannot store: with a NUL, which PostgreSQL refuses, or half a surrogate."""
    for path, text in walk_strings(document):
        if found := UNSTORABLE.search(text):
            facts = {"where": "/".join(path) or DOCUMENT_NAME, "code": f"U+{ord(found[0]):04X}"}
            yield _("%(where)s：里面有存不下的字符（%(code)s）。在原来的课程里删掉，重新导出") % facts


def walk_strings(value: object) -> Iterator[tuple[list[str], str]]:
    """Yield every string with its path, keys included. Not recursive, because a document may be nested deeply."""
    waiting: list[tuple[list[str], object]] = [([], value)]
    while waiting:
        path, one = waiting.pop()
        if isinstance(one, str):
            yield path, one
        elif isinstance(one, dict):
            yield from ((path, key) for key in one)
            waiting += [
                ([*path, UNSTORABLE.sub("?", key)[:40]], below) for key, below in reversed(one.items())
            ]
        elif isinstance(one, list):
            waiting += [([*path, str(place)], below) for place, below in reversed(list(enumerate(one)))]


def describe_shape_error(error, file: str = DOCUMENT_NAME) -> str:
    where = "/".join(str(step)[:40] for step in error.absolute_path) or file
    return _("%(where)s：%(why)s") % {"where": where, "why": explain_shape_error(error)}


def explain_shape_error(error) -> str:
    """Describe what the schema required, in words, because jsonschema's own sentences are English."""
    kind, asked, given = error.validator, error.validator_value, error.instance
    if kind == "anyOf" and error.context:
        return _("；或者").join(dict.fromkeys(explain_shape_error(one) for one in error.context))
    if kind == "type":
        kinds = [asked] if isinstance(asked, str) else asked
        return _("要是%(kind)s") % {"kind": _("或").join(str(TYPES.get(one, one)) for one in kinds)}
    if kind == "required":
        left_out = next((name for name in asked if isinstance(given, dict) and name not in given), "")
        return _("少了 %(name)s") % {"name": left_out}
    if kind == "additionalProperties":
        known = error.schema.get("properties", {})
        more = next((str(name) for name in given if name not in known), "")
        return _("多了不认识的 %(name)s") % {"name": more[:40]}
    if kind in ("enum", "const"):
        return _("只能是 %(values)s") % {"values": json.dumps(asked, ensure_ascii=False).strip("[]")[:120]}
    if kind in LIMITS:
        return str(LIMITS[kind]) % {"n": asked}
    return _("写法不对：%(given)s") % {"given": json.dumps(given, ensure_ascii=False)[:40]}


def find_dangling_references(document: Document) -> Iterator[str]:
    """Yield references to something that does not exist, and names used twice."""
    modules, media = document["modules"], document["media"]
    lessons = [[lesson["code"] for lesson in module["lessons"]] for module in modules]
    banks = [bank["code"] for bank in document["banks"]]
    quizzes = [quiz["code"] for quiz in document["quizzes"]]
    objectives = [objective["code"] for objective in document["objectives"]]
    groups = [banks, quizzes, objectives, *lessons]
    groups += [[drill["code"] for drill in document.get("drills", [])]]
    groups += [[comment["code"] for comment in drill["comments"]] for drill in document.get("drills", [])]
    groups += [[phrase["code"] for phrase in document.get("phrases", [])]]
    groups += [[case["code"] for case in document.get("cases", [])]]
    groups += [[question["code"] for question in bank["questions"]] for bank in document["banks"]]
    for codes in groups:
        yield from (_("编号 %(code)s 用了两次") % {"code": code} for code in find_duplicates(codes))
    for place, module in enumerate(modules):
        yield from (
            describe_missing(f"modules/{place}/needs", n) for n in module["needs"] if not n < len(modules)
        )
        yield from (
            describe_missing(f"modules/{place}/needs_quiz", c)
            for c in module["needs_quiz"]
            if c not in quizzes
        )
    yield from find_circles(document)
    yield from check_values(modules)
    for objective in document["objectives"]:
        if (objective["module"] or 0) >= max(len(modules), 1):
            yield describe_missing(f"objectives/{objective['code']}", objective["module"])
    for quiz in document["quizzes"]:
        place = quiz["module"]
        inside = place is not None and place < len(modules)
        has_bank = quiz["bank"] in banks or (not quiz["bank"] and quiz["kind"] in Quiz.OF_WHOLE_COURSE)
        if not has_bank or (place is not None and not inside):
            yield describe_missing(f"quizzes/{quiz['code']}", quiz["bank"])
        if (quiz.get("floor_module") or 0) >= max(len(modules), 1):
            yield describe_missing(f"quizzes/{quiz['code']}/floor_module", quiz["floor_module"])
        if quiz["lesson"] and not (inside and quiz["lesson"] in lessons[place]):
            yield describe_missing(f"quizzes/{quiz['code']}/lesson", quiz["lesson"])
        right, of = quiz["master_right"], quiz["master_of"]
        if (right is None) != (of is None) or (right or 0) > (of or 0):
            yield describe_missing(f"quizzes/{quiz['code']}/master_of", of)
    yield from check_cases(document)
    yield from check_quiz_rules(document)
    for question in (question for bank in document["banks"] for question in bank["questions"]):
        if question["objective"] and question["objective"] not in objectives:
            yield describe_missing(f"{question['code']}/objective", question["objective"])
    for drill in document.get("drills", []):
        if drill["most_minutes"] < drill["minutes"]:
            yield describe_missing(f"drills/{drill['code']}/most_minutes", drill["minutes"])
    for key, kind in list_media_keys(document):
        if media.get(key, {}).get("kind", kind if not media else None) != kind:
            yield describe_missing("media", key)


def check_values(modules: list[dict]) -> Iterator[str]:
    """Yield days that are in no calendar, captions that contain HTML, and plans that do not fit their lessons."""
    for place, module in enumerate(modules):
        try:
            date.fromisoformat(module["opens_on"] or "2000-01-01")
        except ValueError:
            facts = {"where": f"modules/{place}/opens_on", "day": module["opens_on"]}
            yield _("%(where)s：没有 %(day)s 这一天") % facts
        for number, lesson in enumerate(module["lessons"]):
            for refusal in captions.find_markup(lesson["captions"]):
                facts = {"where": f"modules/{place}/lessons/{number}/captions", "why": refusal.messages[0]}
                yield _("%(where)s：%(why)s") % facts
            if plan := lesson.get("plan"):
                for problem in find_plan_problems(plan["parts"], plan["faults"], lesson["minutes"]):
                    facts = {"where": f"modules/{place}/lessons/{number}/plan", "why": problem}
                    yield _("%(where)s：%(why)s") % facts


def check_cases(document: Document) -> Iterator[str]:
    """Yield cases of a module that is not there, and those without a source that do not say that they were made up."""
    for case in document.get("cases", []):
        where = f"cases/{case['code']}"
        yield from (
            describe_missing(f"{where}/modules", place)
            for place in case["modules"]
            if place is None or place >= len(document["modules"])
        )
        for why in find_case_problems(case["source"], case["made_up"], case["ask"]):
            yield _("%(where)s：%(why)s") % {"where": where, "why": why}


def check_quiz_rules(document: Document) -> Iterator[str]:
    """Yield what published quizzes ask of each paper and their banks cannot give."""
    banks = {bank["code"]: bank["questions"] for bank in document["banks"]}
    for quiz in document["quizzes"]:
        if quiz["state"] != "published":
            continue
        if quiz["kind"] in Quiz.OF_WHOLE_COURSE:
            yield from check_whole_course_rule(document, quiz, banks)
            continue
        asked = [row for row in banks.get(quiz["bank"], []) if not row["is_retired"]]
        place = quiz["module"]
        module = {
            one["code"] for one in document["objectives"] if place is not None and one["module"] == place
        }
        minimum = 0 if quiz["master_right"] else quiz.get("objective_minimum", 0)
        for form in list_forms(quiz["kind"], (row["form"] for row in asked)):
            codes = [row["objective"] for row in asked if not form or row["form"] == form]
            for message in find_rule_problems(quiz["draw"], minimum, count_supply(module, codes), form):
                yield _("%(where)s：%(why)s") % {"where": f"quizzes/{quiz['code']}", "why": message}


def check_whole_course_rule(document: Document, quiz: dict, banks: dict[str, list]) -> Iterator[str]:
    """Yield what a test of the whole course asks and the banks of its modules' quizzes cannot give."""
    weights = {
        one["code"]: one.get("weight", 1) for one in document["objectives"] if one["module"] is not None
    }
    asked = [
        row["objective"]
        for code in {
            one["bank"]
            for one in document["quizzes"]
            if one["kind"] == "module" and one["state"] == "published" and one["module"] is not None
        }
        for row in banks.get(code, [])
        if not row["is_retired"] and row["objective"] in weights
    ]
    is_limited = quiz["tries"] is not None or quiz.get("talk_after") is not None
    for message in find_whole_course_problems(
        quiz["kind"], quiz["draw"], weights, asked, is_limited=is_limited
    ):
        yield _("%(where)s：%(why)s") % {"where": f"quizzes/{quiz['code']}", "why": message}


def find_circles(document: Document) -> Iterator[str]:
    """Yield modules that wait for each other, or for a quiz that waits for them: none of them would ever open."""
    modules = document["modules"]
    places = {quiz["code"]: quiz["module"] for quiz in document["quizzes"]}
    needs = [
        {*module["needs"], *(places.get(code) for code in module["needs_quiz"])} - {None}
        for module in modules
    ]

    def edges(rows: set[int]) -> Iterator[tuple[int, int]]:
        return ((row, needed) for row in rows if row < len(needs) for needed in needs[row])

    for place, module in enumerate(modules):
        for other in sorted(find_circular(place, needs[place], edges)):
            sentence = _("“%(other)s”自己要先学完“%(this)s”，两边互相等，谁都学不了。")
            yield sentence % {"other": modules[other]["title"], "this": module["title"]}


def list_media_keys(document: Document) -> Iterator[tuple[str, str]]:
    """Yield each photo and video that the document uses: its key and which of the two it is."""
    if document["course"]["cover"]:
        yield document["course"]["cover"], "photo"
    for lesson in (lesson for module in document["modules"] for lesson in module["lessons"]):
        yield from ((picture["photo"], "photo") for picture in lesson["pictures"])
        if lesson["video"]:
            yield lesson["video"], "video"
    for question in (question for bank in document["banks"] for question in bank["questions"]):
        yield from ((picture["photo"], "photo") for picture in question["pictures"])


def find_duplicates(codes: list[str]) -> list[str]:
    return sorted({code for code in codes if codes.count(code) > 1})


def describe_missing(where: str, what: object) -> str:
    return _("%(where)s 里提到的 %(what)s 找不到") % {"where": where, "what": what}
