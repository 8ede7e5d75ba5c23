"""Make the slides of a lesson for a room: from its own text, pictures and tables, its plan and the questions of its module.

No word is added and no sentence is cut: a slide shows whole sentences, items and rows. A paragraph is represented by its first
sentences that fit; its whole text stands in the notes, which only the trainer sees. No database is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from courses.models import Assignment, Lesson, LessonPicture, LessonPlan, Question
from courses.rendering import get_parser

# Sizes are measured in Chinese characters, as `measure` counts others.
MOST_TEXT = 48  # of one point, and of a lead
MOST_SLIDE = 66  # of all points of a slide
MOST_LONG = 110  # of what has to be shown (an item of a list, a task, a goal, a calculation): it stands alone
NARROW = 0.4  # how wide a Latin letter or a digit is, in Chinese characters
MOST_POINTS = 3
MOST_ROWS, MOST_TABLE = 5, 170
# A question on the wall is read in a few seconds; longer ones are for the phone.
MOST_QUESTION, MOST_CHOICE, MOST_CHOICES, MOST_QUIZ = 60, 40, 4, 150
QUESTIONS = 4
SCALES = {"xl": 30, "l": 70, "m": 120}
LETTERS = "ABCD"
# What stands above a slide's heading; nothing above a slide that is only text.
LABELS: dict[str, str | Promise] = {
    "title": pgettext_lazy("slide", "课名"),
    "goal": _("下课时做得出什么"),
    "picture": pgettext_lazy("slide", "图"),
    "pair": pgettext_lazy("slide", "哪句能说"),
    "table": pgettext_lazy("slide", "表"),
    "practice": pgettext_lazy("stage", "练"),
    "quiz": pgettext_lazy("slide", "全班答题"),
    "check": _("下课前问一句"),
    "task": _("动手做"),
    "kit": pgettext_lazy("slide", "下一课要备的"),
}
# What the second press of a slide does.
SECOND = {
    "pair": pgettext_lazy("slide", "可以说的那句"),
    "check": pgettext_lazy("slide", "揭晓答案"),
    "quiz": pgettext_lazy("slide", "揭晓答案"),
    "practice": pgettext_lazy("slide", "开始计时"),
}
# What a plan's answer says of those who have not understood: for the trainer alone.
MISTAKEN = re.compile(r"[；;。]\s*(?:答成|答|只答|说).*", re.DOTALL)
BAD, GOOD = re.compile(r"不行$|不能说$|^Not this$"), re.compile(r"可以$|可以说$|^Say this$")
ENDS, CLOSERS, PAIRS = "。！？!?…", "”’」』）)》", {"“": "”", "「": "」", "（": "）", "《": "》"}
HAN = re.compile(r"[⺀-鿿豈-﫿＀-￯　-〿“”‘’…—]")


@dataclass(frozen=True)
class Choice:
    """A choice of a question, `letter` A to D."""

    letter: str
    text: str
    is_right: bool


@dataclass(frozen=True)
class Saying:
    label: str
    text: str


@dataclass(frozen=True)
class Slide:
    """One slide. What holds for its `kind`:

    title: heading, minutes — goal, points, note, task, kit: points, under a lead — picture: picture, caption
    pair: bad, good (shown by the second press) — table: head, rows — practice: minutes, points (what is said to the room)
    check: heading (the question), answer (second press) — quiz: heading, choices; the right one by the second press
    """

    kind: str
    heading: str
    stage: str = ""
    lead: str = ""
    points: tuple[str, ...] = ()
    first: int | None = None  # the number of the first point, of a list with numbers
    picture: LessonPicture | None = None
    caption: str = ""
    bad: Saying | None = None
    good: Saying | None = None
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    minutes: int = 0
    question: Question | None = None
    choices: tuple[Choice, ...] = ()
    answer: str = ""
    say: str = ""  # from the plan, word for word: for the trainer
    notes: str = ""

    @property
    def has_second(self) -> bool:
        """Return whether something is shown, or the time begins to run, by a second press only."""
        return self.kind in SECOND

    @property
    def second_label(self) -> str | Promise:
        return SECOND.get(self.kind, "")

    @property
    def label(self) -> str | Promise:
        return LABELS.get(self.kind, "")

    @property
    def scale(self) -> str:
        """Return the size of its letters: xl, l, m or s, the more there is to read the smaller."""
        size = self.size * (1.6 if self.kind == "table" else 1)
        if self.bad and self.good:  # side by side: the longer one counts
            size = 2 * max(measure(self.bad.text), measure(self.good.text))
        return next((name for name, most in SCALES.items() if size <= most), "s")

    @property
    def size(self) -> float:
        """Return how much there is to read, in Chinese characters; the heading is not counted."""
        shown = [
            *self.points,
            self.lead,
            self.caption,
            self.answer,
            *(choice.text for choice in self.choices),
        ]
        shown += [saying.text for saying in (self.bad, self.good) if saying]
        shown += [cell for row in (self.head, *self.rows) for cell in row]
        return sum(measure(text) for text in shown)


@dataclass
class Section:
    """A part of a lesson under one heading; `notes` is its whole text."""

    heading: str
    slides: list[Slide] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Following:
    """The lesson after this one, and what is to be brought for it."""

    title: str
    kit: tuple[str, ...]


def measure(text: str) -> float:
    """Return the width of a text in Chinese characters."""
    wide = len(HAN.findall(text))
    return wide + (len(text) - wide) * NARROW


def make_slides(
    lesson: Lesson,
    plan: LessonPlan | None = None,
    pictures: Mapping[str, LessonPicture] | None = None,
    questions: Sequence[Question] = (),
    following: Following | None = None,
    assignments: Iterable[Assignment] = (),
) -> list[Slide]:
    """Return the slides in order: title, goal, text, practice, questions, task and what to bring."""
    slides = [Slide("title", lesson.title, "intro", minutes=lesson.minutes)]
    if plan:
        slides += fill("goal", lesson.title, split_sentences(plan.goal, also_at="；;"), stage="intro")
    slides += [replace(slide, stage="show") for slide in make_text_slides(lesson, pictures or {})]
    slides += [
        make_practice_slide(part, lesson.title) for part in list_parts(plan) if part["stage"] == "practise"
    ]
    slides += [make_question_slide(row) for row in questions]
    if plan:
        answer = MISTAKEN.sub("", plan.check_answer).strip()
        slides.append(Slide("check", plan.check_ask, "review", answer=answer, notes=plan.check_answer))
    slides += fill("task", lesson.title, split_sentences(lesson.do_now), stage="review")
    for task in assignments:
        slides += fill(
            "task", task.title, keep_fitting(split_sentences(task.text), MOST_SLIDE), stage="review"
        )
    if following and following.kit:
        slides += fill("kit", following.title, following.kit, stage="review")
    said = {part["stage"]: part["say"] for part in list_parts(plan)}
    return [slide if slide.say else replace(slide, say=said.get(slide.stage, "")) for slide in slides]


def list_parts(plan: LessonPlan | None) -> list[dict[str, Any]]:
    return plan.parts if plan else []


def make_practice_slide(part: dict[str, Any], heading: str) -> Slide:
    """Return the slide that counts the minutes down; it shows what is said to the room, not what the trainer does."""
    points = keep_fitting(split_sentences(part["say"]), MOST_SLIDE)
    shown = Slide("practice", heading, "practise", points=points, minutes=part["minutes"])
    return replace(shown, say=part["say"], notes=part["do"])


# --- a lesson's text ---


def make_text_slides(lesson: Lesson, pictures: Mapping[str, LessonPicture]) -> list[Slide]:
    """Return the slides of the lesson's Markdown; a section without anything that fits is its heading alone."""
    from markdown_it.tree import SyntaxTreeNode  # as the parser, only where lessons are read

    tree = SyntaxTreeNode(get_parser().parse(lesson.body.replace("\r\n", "\n")))
    sections = [Section(lesson.title)]
    lead = ""
    for node in tree.children:
        if node.type == "heading":
            sections.append(Section(read_text(node)))
            lead = ""
            continue
        section = sections[-1]
        section.notes.append(read_text(node))
        made, lead = make_block_slides(node, section.heading, lead, pictures)
        section.slides += made
    slides = []
    for section in sections[0 if sections[0].notes else 1 :]:
        notes = "\n\n".join(text for text in section.notes if text)
        made = merge(section.slides) or [Slide("points", section.heading)]
        slides += [replace(slide, notes=notes) for slide in made]
    return slides


def make_block_slides(
    node: Any, heading: str, lead: str, pictures: Mapping[str, LessonPicture]
) -> tuple[list[Slide], str]:
    """Return the slides of one block, and the sentence that leads to the next block, if this one is such a sentence."""
    shown = [
        Slide("picture", heading, picture=pictures[name], caption=alt or pictures[name].alt)
        for name, alt in find_pictures(node)
        if name in pictures
    ]
    if node.type in ("bullet_list", "ordered_list"):
        first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        return [*make_list_slides(node, heading, lead, first), *shown], ""
    if node.type == "table":
        return make_table_slides(node, heading, lead), ""
    if node.type == "blockquote":
        return [*make_note_slides(node, heading), *shown], ""
    text = read_text(node)
    if not text:
        return shown, lead
    if text.endswith(("：", ":")) and measure(text) <= MOST_TEXT:
        return shown, text
    points = keep_fitting(split_sentences(text), MOST_TEXT, several=False)
    return [*fill("points", heading, points), *shown], ""


def make_list_slides(node: Any, heading: str, lead: str, first: int | None) -> list[Slide]:
    """Return a list three items a slide; two neighbours of which one must not be said and one may are a pair."""
    slides: list[Slide] = []
    points: list[str] = []
    items = [(read_label(item), read_text(item)) for item in node.children]

    def close() -> None:
        nonlocal first
        made = fill("points", heading, points, lead=lead)
        for slide in made:
            slides.append(replace(slide, first=first))
            first = None if first is None else first + len(slide.points)
        points.clear()

    at = 0
    while at < len(items):
        label, text = items[at]
        if BAD.search(label) and at + 1 < len(items) and GOOD.search(items[at + 1][0]):
            close()
            bad, good = (
                Saying(label, drop_label(text, label)),
                Saying(items[at + 1][0], drop_label(items[at + 1][1], items[at + 1][0])),
            )
            slides.append(Slide("pair", heading, lead=lead, bad=bad, good=good))
            at += 2
            continue
        points.append(shorten(text))
        at += 1
    close()
    return slides


def shorten(text: str) -> str:
    """Return an item as it is, or its first sentences if it is too long; never nothing, or a step would be missing."""
    if measure(text) <= MOST_TEXT:
        return text
    sentences = split_sentences(text)
    return next(iter(keep_fitting(sentences[:1], MOST_LONG)), text)


def make_table_slides(node: Any, heading: str, lead: str) -> list[Slide]:
    rows = [
        tuple(read_text(cell) for cell in row.children) for part in node.children for row in part.children
    ]
    head = rows[0]
    pages: list[list[tuple[str, ...]]] = [[]]
    for row in rows[1:]:
        full = [head, *pages[-1], row]
        if pages[-1] and (len(pages[-1]) == MOST_ROWS or sum(map(measure, chain(*full))) > MOST_TABLE):
            pages.append([])
        pages[-1].append(row)
    return [Slide("table", heading, lead=lead, head=head, rows=tuple(page)) for page in pages]


def make_note_slides(node: Any, heading: str) -> list[Slide]:
    """Return a box of the lesson (to remember, a calculation) with all its sentences, under its label.

    A box without a label is a note in small print, of which the first sentence that fits is enough.
    """
    label = read_label(node)
    if not label:
        return fill(
            "points", heading, keep_fitting(split_sentences(read_text(node)), MOST_TEXT, several=False)
        )
    points: list[str] = []
    for child in node.children:
        for block in child.children if child.type in ("bullet_list", "ordered_list") else [child]:
            text = read_text(block)
            text = drop_label(text, label) if not points else text
            points += [text] if measure(text) <= MOST_TEXT else split_sentences(text)
    return fill("note", heading, [point for point in points if point], lead=label)


def merge(slides: list[Slide]) -> list[Slide]:
    """Put neighbouring points of paragraphs on one slide, as far as they fit."""
    merged: list[Slide] = []
    for slide in slides:
        last = merged[-1] if merged else None
        plain = slide.kind == "points" and not slide.lead and slide.first is None
        if last and plain and last.kind == "points" and not last.lead and last.first is None:
            both = (*last.points, *slide.points)
            if len(both) <= MOST_POINTS and sum(map(measure, both)) <= MOST_SLIDE:
                merged[-1] = replace(last, points=both)
                continue
        merged.append(slide)
    return merged


def fill(kind: str, heading: str, points: Iterable[str], *, lead: str = "", stage: str = "") -> list[Slide]:
    """Return as many slides as the points need, in their order."""
    pages: list[list[str]] = []
    for point in points:
        both = [*pages[-1], point] if pages else []
        fits = 0 < len(both) <= MOST_POINTS and sum(map(measure, both)) <= MOST_SLIDE
        if fits and max(map(measure, both)) <= MOST_TEXT:
            pages[-1].append(point)
        else:
            pages.append([point])
    return [Slide(kind, heading, stage, lead, tuple(page)) for page in pages]


# --- questions ---


def make_question_slide(question: Question) -> Slide:
    """Return the question with its choices."""
    choices = list_choices(question)
    return Slide("quiz", question.text, "review", question=question, choices=choices, notes=question.explain)


def list_choices(question: Question) -> tuple[Choice, ...]:
    """Return the choices; the right one is where the writer has put it, moved by the question's number.

    Banks often write the right choice at the same place, and a room notices.
    """
    if question.kind == Question.Kind.TRUE_FALSE:
        right = question.content["answer"]
        return (
            Choice("A", pgettext("answer", "对"), right),
            Choice("B", pgettext("answer", "错"), not right),
        )
    rows = question.content["choices"]
    turn = question.pk % len(rows)
    turned = [*rows[turn:], *rows[:turn]]
    return tuple(
        Choice(letter, row["text"], bool(row.get("right")))
        for letter, row in zip(LETTERS, turned, strict=False)
    )


def fits_wall(question: Question) -> bool:
    """Return whether a room can read it at a glance and answer by one letter."""
    if measure(question.text) > MOST_QUESTION:
        return False
    if question.kind == Question.Kind.TRUE_FALSE:
        return isinstance(question.content.get("answer"), bool)
    rows = question.content.get("choices") if question.kind == Question.Kind.SINGLE else None
    return (
        isinstance(rows, list)
        and 2 <= len(rows) <= MOST_CHOICES
        and all(isinstance(row.get("text"), str) and measure(row["text"]) <= MOST_CHOICE for row in rows)
        and sum(bool(row.get("right")) for row in rows) == 1
        and sum(measure(row["text"]) for row in rows) + measure(question.text) <= MOST_QUIZ
    )


def choose_questions(questions: Iterable[Question], nth: int) -> list[Question]:
    """Return up to QUESTIONS for the n-th lesson of a module, counted from 0: objective by objective in turn.

    Each lesson gets other questions, as far as there are enough.
    """
    by_objective: dict[int | None, list[Question]] = {}
    for row in questions:
        if fits_wall(row):
            by_objective.setdefault(row.objective_id, []).append(row)
    dealt = [row for turn in zip_all(by_objective.values()) for row in turn]
    each = min(QUESTIONS, len(dealt))
    return [dealt[(nth * each + n) % len(dealt)] for n in range(each)]


def zip_all(lists: Iterable[list[Question]]) -> Iterator[list[Question]]:
    """Yield the first of each list, then the second of each, until all are through."""
    rows = list(lists)
    for n in range(max(map(len, rows), default=0)):
        yield [row[n] for row in rows if n < len(row)]


# --- words ---


def read_text(node: Any) -> str:
    """Return the plain text of a part of the tree; pictures are left out."""
    if node.type == "inline":
        parts = []
        for token in node.children:
            if token.type in ("softbreak", "hardbreak"):
                parts.append("\n")
            elif token.type != "image":
                parts.append(token.content if token.type in ("text", "code_inline") else read_text(token))
        return join_lines("".join(parts))
    if node.type in ("text", "code_inline", "code_block", "fence"):
        return node.content.strip("\n")
    between = "" if node.type in ("strong", "em", "link") else "\n"
    texts = [read_text(child) for child in node.children if child.type != "image"]
    return between.join(text for text in texts if text)


def join_lines(text: str) -> str:
    """Join lines as they are read: Chinese without a space, Latin with one."""
    return re.sub(r"(?<=[\x00-\u2000])\n(?=[\x00-\u2000])", " ", text.strip()).replace("\n", "")


def read_label(node: Any) -> str:
    """Return the words in bold with which a block begins, or ""."""
    while node.children and node.type != "strong":
        node = node.children[0]
        if node.type == "text" and not node.content and (found := node.siblings)[1:]:
            node = found[1]
    return read_text(node) if node.type == "strong" else ""


def drop_label(text: str, label: str) -> str:
    return text.removeprefix(label).lstrip("：: ") if label else text


def find_pictures(node: Any) -> list[tuple[str, str]]:
    """Return (name, caption) of each picture in a block."""
    found = []
    for one in node.walk():
        if one.type == "image":
            scheme, _colon, name = str(one.attrs.get("src") or "").partition(":")
            if scheme == "picture":
                found.append((name, one.content))
    return found


def split_sentences(text: str, also_at: str = "") -> list[str]:
    """Return the whole sentences of a text, also at these signs; what is quoted or in brackets is not split."""
    found, open_, start = [], [], 0
    for at, sign in enumerate(text):
        if sign in PAIRS:
            open_.append(PAIRS[sign])
        elif open_ and sign == open_[-1]:
            open_.pop()
        following = text[at + 1 : at + 2]
        ends = (
            sign in ENDS or sign in also_at or (sign == "." and following in ("", " ", "\n")) or sign == "\n"
        )
        closes = sign in CLOSERS and text[at - 1 : at] and text[at - 1] in ENDS + "."
        if open_ or not (ends or closes) or (following and following in ENDS + CLOSERS):
            continue
        found.append(text[start : at + 1].strip())
        start = at + 1
    found.append(text[start:].strip())
    return [sentence.rstrip("；;") for sentence in found if sentence.strip("；; ")]


def keep_fitting(sentences: list[str], most: float, *, several: bool = True) -> tuple[str, ...]:
    """Return the first sentences that fit into so many characters: as points, or (not `several`) joined to one."""
    kept: list[str] = []
    for sentence in sentences:
        if sum(map(measure, kept)) + measure(sentence) > most:
            if kept:
                break
            continue
        kept.append(sentence)
    if several:
        return tuple(kept)
    glue = "" if any(HAN.search(one[-1:]) for one in kept) else " "
    return (glue.join(kept),) if kept else ()
