"""Draw the rows of a class's board: the trainees as a list and as a table, and its lessons.

Twenty-four trainees and 49 lessons make 1,400 links and cells. Template loops took some 12 ms of CPU for them, format_html
2 ms, plain strings 0.9 ms: here every name, title and word is escaped where it is first read, the rest are numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.outline import ModuleRow
from courses.templatetags.lessons import lang, phrased
from progress.classes.board import Board, Trainee
from ui import formats
from ui.pages import build_url_prefix
from ui.templatetags.ui import text


@dataclass(frozen=True)
class Row:
    """What the list and the table show alike of one trainee, as HTML."""

    trainee: Trainee
    url: str
    name: str
    count: str
    last: str


@dataclass(frozen=True)
class DrawnBoard:
    people: SafeString
    heads: SafeString
    table: SafeString
    modules: list[tuple[ModuleRow, SafeString]]


def draw_board(board: Board) -> DrawnBoard:
    rows = describe_trainees(board)
    return DrawnBoard(
        list_trainees(board, rows), head_lessons(board), tabulate_trainees(board, rows), count_lessons(board)
    )


def describe_trainees(board: Board) -> list[Row]:
    prefix, total = build_url_prefix("progress:trainee", board.cohort.pk), len(board.lessons)
    now, not_begun = timezone.now(), escape(_("还没开始"))
    return [
        Row(
            trainee,
            f"{prefix}{trainee.pk}/",
            text(trainee.name),
            f"{trainee.count}/{total}",
            escape(formats.ago(trainee.last_at, now)) or not_begun,
        )
        for trainee in board.trainees
    ]


def list_trainees(board: Board, rows: list[Row]) -> SafeString:
    """Return the rows of the list that a phone shows, with each trainee's next lesson."""
    next_is = (
        f'<span class="soft">{escape(pgettext("row", "下一课"))} <span lang="{lang(board.cohort.course)}">'
    )
    titles = {lesson.pk: escape(lesson.title) for lesson in board.lessons}
    finished = f'<span class="leaf">{escape(_("都学完了"))}</span>'
    quiet = f"<br>{chip_quiet()}"
    return join(
        f'<li><span class="badge badge--sunk" aria-hidden="true">{escape(row.trainee.name[:1])}</span>'
        f'<a class="grow" href="{row.url}"><b>{row.name}</b> <span class="soft num">{row.count}</span><br>'
        f"{f'{next_is}{titles[row.trainee.next.pk]}</span></span>' if row.trainee.next else finished}</a>"
        f'<span class="soft">{row.last}{quiet if row.trainee.is_quiet else ""}</span></li>'
        for row in rows
    )


def tabulate_trainees(board: Board, rows: list[Row]) -> SafeString:
    """Return the rows of the table that a computer shows, with a cell for each lesson."""
    done, not_done = '<td><span class="leaf">✓</span></td>', "<td></td>"
    lessons = [lesson.pk for lesson in board.lessons]
    quiet = f" {chip_quiet()}"
    return join(
        f'<tr><th scope="row"><a href="{row.url}">{row.name}</a></th><td class="n">{row.count}</td>'
        f'<td class="n">{row.last}{quiet if row.trainee.is_quiet else ""}</td>'
        f"{''.join(done if lesson in row.trainee.done else not_done for lesson in lessons)}</tr>"
        for row in rows
    )


def chip_quiet() -> str:
    return f'<span class="chip chip--ask">{escape(_("一周没动"))}</span>'


def head_lessons(board: Board) -> SafeString:
    """Return the heads of the table's columns, each a link to the lesson: 2-3 is the third of the second module."""
    prefix = build_url_prefix("progress:class_lesson", board.cohort.pk)
    return join(
        f'<th scope="col"><a href="{prefix}{lesson.pk}/" title="{title}" aria-label="{title}">'
        f"{unit.module.number}-{number}</a></th>"
        for unit in board.units
        for number, lesson in enumerate(unit.lessons, 1)
        for title in [escape(lesson.title)]
    )


def count_lessons(board: Board) -> list[tuple[ModuleRow, SafeString]]:
    """Return each module with the rows of its lessons: how many of the class have done it."""
    prefix = build_url_prefix("progress:class_lesson", board.cohort.pk)
    language, counted = lang(board.cohort.course), escape(_("%(done)s/%(people)s 人"))
    people = board.people
    return [
        (
            unit.module,
            join(
                f'<li><a class="grow" href="{prefix}{lesson.pk}/" lang="{language}">{phrased(lesson)}</a>'
                f'<span class="num {"leaf" if done == people else "soft"}">'
                f"{counted % {'done': done, 'people': people}}</span></li>"
                for lesson in unit.lessons
                for done in [board.counts.get(lesson.pk, 0)]
            ),
        )
        for unit in board.units
    ]


def join(rows) -> SafeString:
    return mark_safe("".join(rows))  # texts are escaped where they are read, in this module
