"""What to bring for all modules: which of them need a thing, and what the lesson plans ask for that the list does not have."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Q

from courses.models import Course, LessonPlan
from ui.text import find_word


class Thing(NamedTuple):
    facts: dict[str, Any]
    # Numbers of the modules whose plans name it.
    modules: list[int]


class Kit(NamedTuple):
    parts: list[tuple[str, list[Thing]]]
    # Lines of plans that no thing of the list answers: (number of the module, line).
    unlisted: list[tuple[int, str]]


def build_kit(content: dict[str, Any], course: Course, language: str) -> Kit:
    """Look up the list's words in those plans of the course and of its twin that are in the list's language; one query.

    Where no plan is in that language, all are read.
    """
    plans = LessonPlan.objects.filter(
        Q(lesson__module__course=course) | Q(lesson__module__course=course.twin_id)
    ).order_by("lesson__module__position", "lesson__position", "lesson")
    rows = list(plans.values_list("lesson__module__course__language", "lesson__module__number", "kit"))
    lines = [
        (number, line.strip())
        for _language, number, kit in [row for row in rows if row[0] == language] or rows
        for line in kit.splitlines()
        if line.strip()
    ]
    words = [word for part in content["part"] for thing in part["thing"] for word in thing["words"]]
    return Kit(
        [
            (part["name"], [Thing(thing, find_modules(thing["words"], lines)) for thing in part["thing"]])
            for part in content["part"]
        ],
        [row for row in dict.fromkeys(lines) if not has_word(row[1], words)],
    )


def find_modules(words: list[str], lines: list[tuple[int, str]]) -> list[int]:
    return sorted({number for number, line in lines if has_word(line, words)})


def has_word(line: str, words: list[str]) -> bool:
    line = line.casefold()
    return any(find_word(word, line) >= 0 for word in words)
