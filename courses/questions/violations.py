"""A script for a live in which the forbidden phrases are to be tapped. Every wrong tap makes the answer wrong.

The script is cut into pieces. Each forbidden phrase is exactly one piece; lawful text is cut just as finely, at its
punctuation and before its small words, so that the length of a piece does not reveal which ones are forbidden.
"""

from __future__ import annotations

import re
from random import Random

from django.http import QueryDict
from django.utils.translation import gettext as _

from courses.questions.choices import count_subsets
from courses.questions.errors import InvalidAnswer, Unanswered, get_text

CLAUSE = re.compile(r"[^，。！？；：、,.!?;:\n]+[，。！？；：、,.!?;:\s”’\"]*|[，。！？；：、,.!?;:\s]+")
MARKS = re.compile(r"[，。！？；：、,.!?;:\s”’\"]+")
# A long Chinese clause may be cut before or after these, an English one before those.
BEFORE, AFTER = set("就都也还把给在跟是不没有能会要每这那"), set("的了前后")
SMALL = {
    "and",
    "but",
    "or",
    "is",
    "are",
    "to",
    "of",
    "for",
    "with",
    "in",
    "on",
    "at",
    "you",
    "we",
    "it",
    "this",
    "that",
}
FROM, LEAST = 7, 2


def list_violations(content: dict) -> list[dict]:
    found = content.get("wrong") if isinstance(content, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def find_problems(content: dict) -> list[str]:
    script = get_text(content, "script") if isinstance(content, dict) else ""
    texts = [get_text(one, "text") for one in list_violations(content)]
    found = [] if script.strip() else [_("还没有写话术")]
    if not any(texts):
        found.append(_("还没有标出违规的话"))
    for text in dict.fromkeys(filter(None, texts)):
        times = script.count(text)
        if times == 0:
            found.append(_("话术里没有“%(text)s”，要一字不差") % {"text": text})
        elif times > 1 or texts.count(text) > 1:
            found.append(_("“%(text)s”出现了不止一次，写长一点，只让它出现一次") % {"text": text})
    if not found and has_overlap(script, texts):
        found.append(_("两处违规的话叠在一起了，分开写"))
    return found


def find_spans(script: str, texts: list[str]) -> list[tuple[int, int, str]]:
    return sorted((script.index(text), script.index(text) + len(text), text) for text in texts if text)


def has_overlap(script: str, texts: list[str]) -> bool:
    found = find_spans(script, texts)
    return any(one[1] > after[0] for one, after in zip(found, found[1:], strict=False))


def cut_script(script: str, texts: list[str]) -> list[tuple[str, bool]]:
    """Return [(piece, is forbidden)]; joined, the pieces are the script again. Punctuation belongs to the phrase before it."""
    pieces, at, found = [], 0, find_spans(script, texts)
    starts = [start for start, _end, _text in found[1:]] + [len(script)]
    for (start, end, _text), upto in zip(found, starts, strict=True):
        pieces += [(piece, False) for piece in cut_lawful(script[at:start])]
        marks = MARKS.match(script, end, upto)
        at = marks.end() if marks else end
        pieces.append((script[start:at], True))
    return pieces + [(piece, False) for piece in cut_lawful(script[at:])]


def cut_lawful(text: str) -> list[str]:
    clauses = CLAUSE.findall(text)
    return [
        piece for one in clauses for piece in (cut_english(one) if " " in one.strip() else cut_chinese(one))
    ]


def cut_chinese(clause: str) -> list[str]:
    """Cut a long Chinese clause in two or three pieces, before a small word."""
    pieces, rest = [], clause
    while len(rest) > FROM:
        places = range(LEAST, len(rest) - LEAST)
        at = next((n for n in places if rest[n] in BEFORE or rest[n - 1] in AFTER), 0)
        if not at:
            break
        pieces.append(rest[:at])
        rest = rest[at:]
    return [*pieces, rest]


def cut_english(clause: str) -> list[str]:
    """Cut an English clause before a small word once a piece has two words."""
    pieces, here = [], ""
    for word in re.findall(r"\s*\S+\s*", clause):
        if word.strip().lower() in SMALL and len(here.split()) >= 2:
            pieces.append(here)
            here = ""
        here += word
    return [*pieces, here] if here else pieces


def freeze(content: dict, rng: Random) -> tuple[dict, dict]:
    why = {
        get_text(one, "text"): str(one.get("why") or "")
        for one in list_violations(content)
        if get_text(one, "text")
    }
    pieces = cut_script(content["script"], list(why))
    shown = {"pieces": [{"id": str(n), "text": text} for n, (text, _wrong) in enumerate(pieces)]}
    right = [str(n) for n, (_text, wrong) in enumerate(pieces) if wrong]
    in_order = [why[text] for _start, _end, text in find_spans(content["script"], list(why))]
    return shown, {"right": right, "why": dict(zip(right, in_order, strict=True))}


def parse_form(shown: dict, data: QueryDict) -> list[str]:
    return parse_json(shown, data.getlist("answer"))


def parse_json(shown: dict, given: object) -> list[str]:
    if not given:
        raise Unanswered(_("一句都没点，把违规的话点出来再交"))
    ids = [piece["id"] for piece in shown["pieces"]]
    if not isinstance(given, list) or not all(isinstance(one, str) and one in ids for one in given):
        raise InvalidAnswer(_("没有这一句，重新点"))
    return [one for one in ids if one in given]


def grade(key: dict, given: list[str]) -> bool:
    return set(given) == set(key["right"])


def count_guesses(shown: dict) -> int:
    return count_subsets(len(shown["pieces"]))


def build_feedback(shown: dict, key: dict, given: list[str]) -> dict:
    return {
        "pieces": [
            piece
            | {
                "picked": piece["id"] in given,
                "right": piece["id"] in key["right"],
                "why": key["why"].get(piece["id"], ""),
            }
            for piece in shown["pieces"]
        ],
        "found": sum(1 for one in given if one in key["right"]),
        "all": len(key["right"]),
        "amiss": sum(1 for one in given if one not in key["right"]),
    }
