"""What a slide is: its kinds, its parts, and how large it can be written. No database is needed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import LessonPicture, Question

# How much is read at each size of letters, in Chinese characters; more is written small.
SCALES = {"xl": 30, "l": 70, "m": 120}
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
NARROW = 0.4  # how wide a Latin letter or a digit is, in Chinese characters
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
    part: str = ""  # 2/5, of several with one label and heading
    say: str = ""  # word for word, for the trainer to read aloud: of the plan, or the question
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


def measure(text: str) -> float:
    """Return the width of a text in Chinese characters."""
    wide = len(HAN.findall(text))
    return wide + (len(text) - wide) * NARROW
