"""Draw the trainees and the lessons of a class as rows of lists and cells of a table.

As strings, because there are many: a template's loops took 1.5 ms of CPU for the list of 24 trainees (this 0.4 ms), and 13 ms
for the table and the list of 49 lessons (this 1 ms).
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from courses.models import Cohort
from courses.outline import LessonRow, Step, Unit
from courses.templatetags.lessons import lang, phrased
from progress.classes.board import Board, Trainee
from progress.classes.panels import Panel
from ui import formats
from ui.pages import build_url_prefix
from ui.templatetags.ui import icon, text
from ui.text import is_page_chinese, join_escaped

register = template.Library()

SOFT, WAITING = "soft", "chip chip--ask"


@register.simple_tag
def trainee_rows(board: Board, words: Mapping[int, str]) -> SafeString:
    """Draw the trainees with their next lesson, and what else there is to say of them: {% trainee_rows board row_words %}."""
    write = escape if is_page_chinese() else text
    prefix, total = build_url_prefix("progress:trainee", board.cohort.pk), len(board.lessons)
    now, not_begun = timezone.localtime(), escape(_("还没开始"))
    label, language = escape(pgettext("row", "下一课")), lang(board.cohort.course)
    finished = f'<span class="leaf">{escape(_("都学完了"))}</span>'
    quiet = f'<br><span class="chip chip--ask">{escape(_("一周没动"))}</span>'
    rows = (
        f'<li><span class="badge badge--sunk" aria-hidden="true">{escape(trainee.name[:1])}</span>'
        f'<a class="grow" href="{prefix}{trainee.pk}/"><b>{write(trainee.name)}</b>'
        f' <span class="soft num">{trainee.count}/{total}</span><br>'
        f"{draw_next(label, language, trainee.next) if trainee.next else finished}"
        f"{draw_words(words.get(trainee.pk, ''))}</a>"
        f'<span class="soft">{escape(formats.ago(trainee.last_at, now)) or not_begun}'
        f"{quiet if trainee.is_quiet else ''}</span></li>"
        for trainee in board.trainees
    )
    return join_escaped(rows)


@register.simple_tag
def panel_rows(panels: Sequence[tuple[Panel, int]], cohort: Cohort) -> SafeString:
    """Draw the rows that lead on from a class, with what they count: {% panel_rows panels cohort %}."""
    language = get_language()
    rows = (
        f"{before}{escape(panel.build_url(cohort))}{after}"
        for panel, count in panels
        for before, after in [draw_panel(panel, count, language)]
    )
    return join_escaped(rows)


@lru_cache(maxsize=1000)
def draw_panel(panel: Panel, count: int, _language: str | None) -> tuple[str, str]:
    """Return the row before and after its address, which is the same for all classes."""
    words = draw_words(panel.describe(count), WAITING if panel.is_waiting else SOFT)
    return (
        f'<li><span class="list__mark list__mark--calico">{icon(panel.icon)}</span><a class="grow" href="',
        f'"><b>{escape(str(panel.title))}</b>{words}</a>{icon("next")}</li>',
    )


def draw_next(label: str, language: str, lesson: LessonRow | Step) -> str:
    return f'<span class="soft">{label} <span lang="{language}">{escape(lesson.title)}</span></span>'


def draw_words(words: str, style: str = SOFT) -> str:
    return f'<br><span class="{style}">{escape(words)}</span>' if words else ""


@register.simple_tag
def lesson_heads(board: Board) -> SafeString:
    """Draw the heads of the table's columns, each a link to the lesson: 2-3 is the third of the second module."""
    prefix = build_url_prefix("progress:class_lesson", board.cohort.pk)
    heads = (
        f'<th scope="col"><a href="{prefix}{lesson.pk}/" title="{title}" aria-label="{title}">'
        f"{unit.module.number}-{number}</a></th>"
        for unit in board.units
        for number, lesson in enumerate(unit.lessons, 1)
        for title in [escape(lesson.title)]
    )
    return join_escaped(heads)


@register.simple_tag
def lesson_cells(trainee: Trainee) -> SafeString:
    """Draw a cell for each lesson, ticked where this trainee has done it."""
    done, not_done = '<td><span class="leaf">✓</span></td>', "<td></td>"
    return join_escaped(done if lesson.pk in trainee.done else not_done for lesson in trainee.lessons)


@register.simple_tag
def lesson_counts(board: Board, unit: Unit) -> SafeString:
    """Draw the lessons of a module for a list, with how many of the class have done each."""
    prefix = build_url_prefix("progress:class_lesson", board.cohort.pk)
    language, people, counted = lang(board.cohort.course), board.people, escape(_("%(done)s/%(people)s 人"))
    rows = (
        f'<li><a class="grow" href="{prefix}{lesson.pk}/" lang="{language}">{phrased(lesson)}</a>'
        f'<span class="num {"leaf" if done == people else "soft"}">'
        f"{counted % {'done': done, 'people': people}}</span></li>"
        for lesson in unit.lessons
        for done in [board.counts[lesson.pk]]
    )
    return join_escaped(rows)
