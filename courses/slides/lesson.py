"""Make the slides of a lesson for a room: from its own text, pictures and tables, its plan and the questions of its module.

No word is added and none is left out: a slide shows whole sentences, items and rows, and what does not fit goes on on the next
slide under the same heading. A whole section stands in the notes, too, which only the trainer sees. No database is needed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from courses.models import Assignment, Lesson, LessonPicture, LessonPlan, Question
from courses.rendering import get_parser
from courses.slides.questions import make_question_slide
from courses.slides.slide import HAN, Saying, Slide, measure

# Sizes are measured in Chinese characters, as `measure` counts others.
MOST_TEXT = 48  # of one point, and of a lead
MOST_SLIDE = 66  # of all points of a slide
MOST_LONG = 110  # of what has to be shown (an item of a list, a task, a goal, a calculation): it stands alone
MOST_POINTS = 3
MOST_ROWS, MOST_TABLE = 5, 170
LISTS = ("bullet_list", "ordered_list")
LED = (*LISTS, "table")  # what shows the sentence that leads to it
# What a plan's answer says of those who have not understood: for the trainer alone.
MISTAKEN = re.compile(r"[；;。]\s*(?:答成|答|只答|说).*|\s*\bWhoever\b.*", re.DOTALL)
BAD, GOOD = re.compile(r"不行$|不能说$|^Not this$"), re.compile(r"可以$|可以说$|^Say this$")
CLAUSE = re.compile(r".+?(?:[，；;、：]|,(?= )|$)", re.DOTALL)
ENDS, CLOSERS, PAIRS = "。！？!?…", "”’」』）)》", {"“": "”", "「": "」", "（": "）", "《": "》"}


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


def make_slides(
    lesson: Lesson,
    plan: LessonPlan | None = None,
    pictures: Mapping[str, LessonPicture] | None = None,
    questions: Sequence[Question] = (),
    following: Following | None = None,
    tasks: Iterable[Assignment] = (),
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
    for task in tasks:
        slides += fill("task", task.title, split_sentences(task.text), stage="review")
    if following and following.kit:
        slides += fill("kit", following.title, following.kit, stage="review")
    said = {part["stage"]: part["say"] for part in list_parts(plan)}
    slides = [slide if slide.say else replace(slide, say=find_say(slide, said)) for slide in slides]
    return number_parts(slides)


def number_parts(slides: Sequence[Slide]) -> list[Slide]:
    """Number the slides that have one label and heading."""
    totals = Counter((slide.label, slide.heading) for slide in slides)
    seen: Counter[tuple[object, str]] = Counter()
    numbered = []
    for slide in slides:
        key = (slide.label, slide.heading)
        seen[key] += 1
        part = f"{seen[key]}/{totals[key]}" if totals[key] > 1 else ""
        numbered.append(replace(slide, part=part))
    return numbered


def find_say(slide: Slide, said: Mapping[str, str]) -> str:
    """Return what the trainer reads aloud: a question's own words, else the plan's of that stage."""
    return slide.heading if slide.kind in ("quiz", "check") else said.get(slide.stage, "")


def list_parts(plan: LessonPlan | None) -> list[dict[str, Any]]:
    return plan.parts if plan else []


def make_practice_slide(part: dict[str, Any], heading: str) -> Slide:
    """Return the slide that counts the minutes down; it shows what is said to the room, not what the trainer does."""
    points = keep_fitting(split_sentences(part["say"]), MOST_SLIDE)
    shown = Slide("practice", heading, "practise", points=points, minutes=part["minutes"])
    return replace(shown, say=part["say"], notes=part["do"])


# --- a lesson's text ---


def make_text_slides(lesson: Lesson, pictures: Mapping[str, LessonPicture]) -> list[Slide]:
    """Return the slides of the lesson's Markdown; a section without any text is its heading alone."""
    from markdown_it.tree import SyntaxTreeNode  # as the parser, only where lessons are read

    tree = SyntaxTreeNode(get_parser().parse(lesson.body.replace("\r\n", "\n")))
    sections = [Section(lesson.title)]
    lead = ""
    for node in tree.children:
        if lead and node.type not in LED:
            sections[-1].slides += fill("points", sections[-1].heading, [lead])
            lead = ""
        if node.type == "heading":
            sections.append(Section(read_text(node)))
            continue
        section = sections[-1]
        section.notes.append(read_text(node))
        made, lead = make_block_slides(node, section.heading, lead, pictures)
        section.slides += made
    if lead:
        sections[-1].slides += fill("points", sections[-1].heading, [lead])
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
    if node.type in LISTS:
        first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        return [*make_list_slides(node, heading, lead, first), *shown], ""
    if node.type == "table":
        return make_table_slides(node, heading, lead), ""
    if node.type == "blockquote":
        return [*make_note_slides(node, heading), *shown], ""
    text = read_text(node)
    if not text:
        return shown, lead
    sentences = split_sentences(text)
    led = sentences.pop() if text.endswith(("：", ":")) and measure(sentences[-1]) <= MOST_TEXT else ""
    return [*fill("points", heading, pack(sentences)), *shown], led


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
        begin, *others = pack(split_sentences(text), MOST_LONG) or [text]
        points.append(begin)
        if others:  # the item goes on, without a number of its own
            close()
            slides += fill("points", heading, others, lead=lead)
        at += 1
    close()
    return slides


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

    A box without a label is a note in small print, which is shown as any paragraph.
    """
    label = read_label(node)
    if not label:
        return fill("points", heading, pack(split_sentences(read_text(node))))
    points: list[str] = []
    for child in node.children:
        for block in child.children if child.type in ("bullet_list", "ordered_list") else [child]:
            text = read_text(block)
            text = drop_label(text, label) if not points else text
            points += [text] if measure(text) <= MOST_TEXT else pack(split_sentences(text))
    return fill("note", heading, [point for point in points if point], lead=label)


def merge(slides: list[Slide]) -> list[Slide]:
    """Put neighbouring points of paragraphs on one slide, as far as they fit."""
    merged: list[Slide] = []
    for slide in slides:
        last = merged[-1] if merged else None
        plain = slide.kind == "points" and not slide.lead and slide.first is None
        if last and plain and last.kind == "points" and not last.lead and last.first is None:
            both = (*last.points, *slide.points)
            if fits(both):
                merged[-1] = replace(last, points=both)
                continue
        merged.append(slide)
    return merged


def fill(kind: str, heading: str, points: Iterable[str], *, lead: str = "", stage: str = "") -> list[Slide]:
    """Return as many slides as the points need, in their order."""
    pages: list[list[str]] = []
    for point in points:
        both = [*pages[-1], point] if pages else []
        if both and fits(both):
            pages[-1].append(point)
        else:
            pages.append([point])
    return [Slide(kind, heading, stage, lead, tuple(page)) for page in pages]


def fits(points: Sequence[str]) -> bool:
    """Return whether two or three points stand on one slide."""
    sizes = [measure(point) for point in points]
    return len(sizes) <= MOST_POINTS and sum(sizes) <= MOST_SLIDE and max(sizes) <= MOST_TEXT


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


def keep_fitting(sentences: list[str], most: float) -> tuple[str, ...]:
    """Return the first sentences that fit into so many characters."""
    kept: list[str] = []
    for sentence in sentences:
        if sum(map(measure, kept)) + measure(sentence) > most:
            if kept:
                break
            continue
        kept.append(sentence)
    return tuple(kept)


def pack(sentences: Iterable[str], most: float = MOST_TEXT) -> list[str]:
    """Join neighbouring sentences to points of so many characters; a longer one stands alone (past MOST_LONG cut at commas)."""
    packed: list[str] = []
    for part in chain.from_iterable(map(cut, sentences)):
        last = packed[-1] if packed else ""
        both = last + ("" if HAN.search(last[-1:]) else " ") + part
        if last and measure(both) <= most:
            packed[-1] = both
        else:
            packed.append(part)
    return packed


def cut(sentence: str) -> list[str]:
    """Return a sentence as it is, or what is too long for a slide in parts that end at commas and semicolons."""
    parts: list[str] = []
    for clause in CLAUSE.findall(sentence) if measure(sentence) > MOST_LONG else [sentence]:
        if parts and measure(parts[-1] + clause) <= MOST_LONG:
            parts[-1] += clause
        else:
            parts.append(clause)
    return [part.strip() for part in parts]
