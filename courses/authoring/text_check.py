"""What known rules the words of a course hit.

What a course says of itself invites people (广告法 §24): what the rules forbid there blocks it. In a lesson the same words
may stand as an example of what not to say, better than any rule can tell, so its author is only asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.models import Course, Lesson
from wording.checker import Finding, check
from wording.rulebook import spell_article

MOST = 5  # of one text: the rest shows when these are mended


def check_text(text: str) -> Iterator[tuple[str, bool]]:
    """(what, whether it blocks), the first few of a text."""
    seen: set[tuple[str, str]] = set()
    lang = get_language() or "zh"
    for one in check(text, "course_page", lang=lang):
        if (one.rule, one.words) in seen or len(seen) >= MOST:
            continue
        seen.add((one.rule, one.words))
        said = {"words": one.words, "reason": one.reason, "law": cite_law(one, lang)}
        yield _("“%(words)s”：%(reason)s（%(law)s）") % said, one.severity == "block"


def cite_law(one: Finding, lang: str) -> str:
    return f"{one.law}{' ' if lang[:2] == 'en' else ''}{spell_article(one.article, lang)}"


def check_lesson_wording(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """(what, at which field of its form)."""
    for name in ("title", "body", "do_now"):
        for said, _blocks in check_text(getattr(lesson, name)):
            yield said, f"id_{name}"


def check_course_wording(course: Course) -> Iterator[tuple[str, str, bool]]:
    """(what, at which field of its form, whether it blocks)."""
    for name in ("title", "summary"):
        for said, blocks in check_text(getattr(course, name)):
            yield said, f"id_{name}", blocks
