"""A paper as a phone keeps it: what is asked, written as on the server's own page, and what an answer is held against.

Right answers go along only where tries are not counted: there nothing is won by reading them, and the explanation
can follow at once without a line.
"""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from progress.models import Attempt
from progress.quizzing_doing import answers_of
from progress.quizzing_paper import Item, Paper


def offline(attempt: Attempt) -> dict:
    """Plain JSON. Reads the attempt's quiz, its course, and the positions answered so far."""
    paper, course = Paper(attempt.paper), attempt.quiz.course
    tells = attempt.tries is None
    return {
        "attempt": str(attempt.key),
        "title": attempt.quiz.title,
        "lang": course.language,
        "url": reverse("progress:attempt", args=[attempt.key]),
        "tells": tells,
        "answered": {str(position): right for position, right in answers_of(attempt).items()},
        "order": paper.order,
        "mastery": paper.mastery,
        "pass_percent": paper.pass_percent,
        "questions": [asked(item, course, tells) for item in paper.items],
        "words": words(),
    }


def asked(item: Item, course, tells: bool) -> dict:
    html = render_to_string(
        "courses/_question_asked.html", {"item": item, "course": course, "steps": item.shown.get("steps")}
    )
    told = {"key": item.key, "explain": item.explain} if tells else {}
    return {"kind": item.kind, "text": item.text, "shown": item.shown, "html": html} | told


def words() -> dict[str, str]:
    """All that the phone says by itself, in the language of the page that asked."""
    return {
        "send": _("交答案"),
        "next": _("下一题"),
        "end": _("答完了"),
        "right": _("答对了"),
        "wrong": _("答错了"),
        "kept": _("答案记在手机里了，有信号会自己送。"),
        "none": _("选了或填了再交"),
        "number": _("只填数字，比如 5.98"),
        "yours": _("您选的"),
        "answer": _("正确答案"),
        "true": pgettext("answer", "对"),
        "false": pgettext("answer", "错"),
        "place": _("应该排第"),
        "missed": _("（违规，漏了）"),
        "found": _("（违规，您找到了）"),
        "amiss": _("（这句没问题，点错了）"),
        "score": _("答对"),
        "later": _("成绩等答案送到了再看。"),
        "nth": _("第"),
    }
