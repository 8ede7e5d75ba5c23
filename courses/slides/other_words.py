"""What a trainer says at each slide, in the words of the same lesson in another language. No database is needed.

Both decks are cut by their own length, so slides are compared by the part of the lesson to which they belong: a section of its
text, a practice, the question at its end. Questions for the room are compared by their codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from courses.models import Question
from courses.slides.questions import LETTERS
from courses.slides.slide import Slide

Place = tuple[str, int]


@dataclass(frozen=True)
class Words:
    """The words of one part of a lesson: `points` only where `notes` do not hold them all."""

    heading: str = ""
    say: str = ""
    notes: str = ""
    points: tuple[str, ...] = ()


def list_words(
    deck: Sequence[Slide], other: Sequence[Slide], questions: Mapping[str, Question]
) -> list[Words | None]:
    """Return for each slide of a deck what the other deck says there; None where it says nothing.

    `questions` are those of the other language by code. Where the lessons have not the same sections, a section gets only what
    is said aloud, which is the plan's for all of them.
    """
    here, there = list_places(deck), list_places(other)
    has_sections = count_sections(here) == count_sections(there)
    groups: dict[Place, list[Slide]] = {}
    for place, slide in zip(there, other, strict=True):
        groups.setdefault(place, []).append(slide)
    found: list[Words | None] = []
    for place, slide in zip(here, deck, strict=True):
        if slide.question:
            found.append(translate_question(slide, questions.get(slide.question.code)))
        elif place[0] == "show" and not has_sections:
            found.append(Words(say=next((one.say for one in other if one.stage == "show"), "")))
        else:
            found.append(join_words(groups[place]) if place in groups else None)
    return found


def list_places(deck: Sequence[Slide]) -> list[Place]:
    """Return to which part of the lesson each slide belongs: ("show", 2) is the third section of its text."""
    places: list[Place] = []
    counts: dict[str, int] = {}
    before: tuple[str, str] = ("", "")
    for slide in deck:
        part = slide.kind if slide.stage != "show" else "show"
        # Goal, task and what to bring go on over several slides; each practice is one.
        if part == "practice" or (part, slide.heading) != before:
            counts[part] = counts.get(part, -1) + 1
        before = (part, slide.heading)
        places.append((part, counts[part]))
    return places


def count_sections(places: Sequence[Place]) -> int:
    return len({place for place in places if place[0] == "show"})


def join_words(slides: Sequence[Slide]) -> Words:
    first = slides[0]
    points = () if first.notes else tuple(point for slide in slides for point in slide.points)
    answer = (first.answer,) if first.kind == "check" and not first.notes else ()
    return Words(first.heading, first.say, first.notes, points + answer)


def translate_question(slide: Slide, other: Question | None) -> Words | None:
    """Return a question for the room in the other language, its choices under the letters that they have on the wall."""
    if other is None or slide.question is None:
        return None
    rows = other.content.get("choices") or []
    points: tuple[str, ...] = ()
    if rows and len(rows) == len(slide.choices):
        turn = slide.question.pk % len(rows)
        turned = [*rows[turn:], *rows[:turn]]
        points = tuple(f"{letter} {row['text']}" for letter, row in zip(LETTERS, turned, strict=False))
    return Words(other.text, other.text, other.explain, points)
