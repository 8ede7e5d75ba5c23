"""Render the rows of a class's board: the trainees as a list and as a table, and its lessons.

Twenty-four trainees and 49 lessons make 1,400 links and cells: template loops took some 12 ms of CPU for them, format_html 2 ms.
"""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.models import Lesson, Module
from courses.templatetags.lessons import lang, phrased
from progress.classes.board import Board, Trainee
from ui import formats
from ui.pages import build_url
from ui.templatetags.ui import text

LISTED = """<li><span class="badge badge--sunk" aria-hidden="true">{initial}</span>\
<a class="grow" href="{url}"><b>{name}</b> <span class="soft num">{count}/{total}</span><br>{next}</a>\
<span class="soft">{last}{quiet}</span></li>"""
NEXT = '<span class="soft">{} <span lang="{}">{}</span></span>'
FINISHED = '<span class="leaf">{}</span>'
QUIET = '<span class="chip chip--ask">{}</span>'
ROW = """<tr><th scope="row"><a href="{url}">{name}</a></th><td class="n">{count}/{total}</td>\
<td class="n">{last}{quiet}</td>{cells}</tr>"""
DONE, NOT_DONE = '<td><span class="leaf">✓</span></td>', "<td></td>"
HEAD = '<th scope="col"><a href="{url}" title="{title}" aria-label="{title}">{module}-{number}</a></th>'
COUNTED = """<li><a class="grow" href="{url}" lang="{lang}">{title}</a>\
<span class="num {tone}">{counted}</span></li>"""

Described = tuple[Trainee, dict[str, object]]


def list_trainees(board: Board, described: list[Described]) -> SafeString:
    """Return the rows of the list that a phone shows, with each trainee's next lesson."""
    language, quiet = lang(board.cohort.course), format_html("<br>" + QUIET, _("一周没动"))
    word, finished = pgettext("row", "下一课"), format_html(FINISHED, _("都学完了"))
    return format_html_join(
        "",
        LISTED,
        (
            facts
            | {
                "initial": trainee.user.name[:1],
                "next": format_html(NEXT, word, language, trainee.next.title) if trainee.next else finished,
                "quiet": quiet if trainee.is_quiet else "",
            }
            for trainee, facts in described
        ),
    )


def tabulate_trainees(board: Board, described: list[Described]) -> SafeString:
    """Return the rows of the table that a computer shows, with a cell for each lesson."""
    quiet = format_html(" " + QUIET, _("一周没动"))
    lessons = [lesson.pk for lesson in board.lessons]
    return format_html_join(
        "",
        ROW,
        (
            facts | {"cells": draw_cells(trainee, lessons), "quiet": quiet if trainee.is_quiet else ""}
            for trainee, facts in described
        ),
    )


def describe_trainees(board: Board) -> list[Described]:
    """Return each trainee with what the list and the table show alike."""
    total, not_begun = len(board.lessons), _("还没开始")
    return [
        (
            trainee,
            {
                "url": build_url("progress:trainee", board.cohort.pk, trainee.user.pk),
                "name": text(trainee.user.name),
                "count": trainee.count,
                "total": total,
                "last": formats.ago(trainee.last_at) or not_begun,
            },
        )
        for trainee in board.trainees
    ]


def draw_cells(trainee: Trainee, lessons: list[int]) -> SafeString:
    cells = "".join(DONE if lesson in trainee.done else NOT_DONE for lesson in lessons)
    return mark_safe(cells)  # made of the two constants only


def head_lessons(board: Board) -> SafeString:
    """Return the heads of the table's columns, each a link to the lesson: 2-3 is the third of the second module."""
    return format_html_join(
        "",
        HEAD,
        (
            {
                "url": build_lesson_url(board, lesson),
                "title": lesson.title,
                "module": unit.module.number,
                "number": number,
            }
            for unit in board.units
            for number, lesson in enumerate(unit.lessons, 1)
        ),
    )


def count_lessons(board: Board) -> list[tuple[Module, SafeString]]:
    """Return each module with the rows of its lessons: how many of the class have done it."""
    language, counted = lang(board.cohort.course), _("%(done)s/%(people)s 人")
    found = []
    for unit in board.units:
        done = [(lesson, board.counts.get(lesson.pk, 0)) for lesson in unit.lessons]
        rows = format_html_join(
            "",
            COUNTED,
            (
                {
                    "url": build_lesson_url(board, lesson),
                    "lang": language,
                    "title": phrased(lesson),
                    "tone": "leaf" if number == board.people else "soft",
                    "counted": counted % {"done": number, "people": board.people},
                }
                for lesson, number in done
            ),
        )
        found.append((unit.module, rows))
    return found


def build_lesson_url(board: Board, lesson: Lesson) -> str:
    return build_url("progress:class_lesson", board.cohort.pk, lesson.pk)
