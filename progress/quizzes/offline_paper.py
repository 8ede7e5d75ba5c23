"""Write a paper for a phone: the questions as on the server's page, and what answers are compared with.

The right answers are included only if tries are not limited and nothing depends on the quiz: then nothing is gained by reading
them, and the explanation can be shown at once without a connection.
"""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.questions import number
from progress.models import Attempt
from progress.quizzes.attempts import load_answers
from progress.quizzes.paper import Item, Paper


def build_offline_paper(attempt: Attempt) -> dict:
    """Return the paper as plain JSON. Reads the attempt's quiz, its course and the positions answered so far."""
    paper, quiz = Paper(attempt.paper), attempt.quiz
    course = quiz.course
    tells = attempt.tries is None and not quiz.is_examination
    return {
        "attempt": str(attempt.key),
        "title": quiz.title,
        "lang": course.language,
        "url": reverse("progress:attempt", args=[attempt.key]),
        "tells": tells,
        "answered": {str(position): right for position, right in load_answers(attempt).items()},
        # What a phone cannot judge decides what comes next: offline a placement test asks the first so many.
        "order": paper.order[: paper.placement["most"]] if paper.placement else paper.order,
        "until": describe_end(attempt),
        "mastery": paper.mastery,
        "pass_percent": paper.pass_percent,
        # A pre-test or a placement test is neither passed nor failed.
        "judged": quiz.is_judged,
        "questions": [describe_question(item, course, tells) for item in paper.items],
        "words": list_words(),
    }


def describe_end(attempt: Attempt) -> str:
    """Return until when answers count, "" where there is no limit."""
    if attempt.due_at is None:
        return ""
    return _("到 %(time)s 为止") % {"time": f"{timezone.localtime(attempt.due_at):%H:%M}"}


def describe_question(item: Item, course, tells: bool) -> dict:
    html = render_to_string(
        "courses/_question_asked.html", {"item": item, "course": course, "steps": item.shown.get("steps")}
    )
    found = {"kind": item.kind, "text": item.text, "shown": item.shown, "html": html}
    if item.kind == "number":
        found["units"] = number.list_unit_words(item.shown["unit"])
    return found | ({"key": item.key, "explain": item.explain} if tells else {})


def list_words() -> dict[str, str]:
    """Return all texts that the phone needs, in the language of the page; it fills in {n} and {all}."""
    return {
        "nth": _("第 {n} 题"),
        "nth_of": _("第 {n} 题，共 {all} 题"),
        "bar": _("答完的题"),
        "passed": _("通过了"),
        "failed": _("还没通过"),
        "send": _("交答案"),
        "next": _("下一题"),
        "end": _("答完了，交卷"),
        "right": _("答对了"),
        "wrong": _("答错了"),
        "kept": _("答案记在手机里了，有信号会自己送。"),
        "none": _("选了或填了再交"),
        "number": _("只填数字，比如 5.98"),
        "picked": _("你选了这个"),
        "picked_right": _("你选的，对了"),
        "this": _("这个是对的"),
        "yours": _("你填的"),
        "answer": _("正确答案"),
        "true": pgettext("answer", "对"),
        "false": pgettext("answer", "错"),
        "place": _("应该排第 {n}"),
        "spotted": _("违规的 {all} 处，找到 {n} 处。"),
        "missed": _("（违规，漏了）"),
        "found": _("（违规，你找到了）"),
        "amiss": _("（这句没问题，点错了）"),
        "done": _("答完了"),
        "score": _("答对 {n} 题，共 {all} 题"),
        "later": _("成绩等答案送到了再看。"),
        "see": _("看成绩"),
        "full": _("手机存不下，请连上网再答。"),
    }
