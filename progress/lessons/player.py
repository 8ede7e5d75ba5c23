"""Build a lesson's video player for its reader: the ways to take it and their cost, where they stopped, how much suffices."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

from django.db.models import FilteredRelation, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from courses.models import Lesson
from media.models import Video
from progress.lessons import transcript
from progress.models import LearningChoice
from ui.formats import yuan
from ui.parameters import read_number

Rendition = LearningChoice.Rendition
VIDEO_RENDITIONS = (Rendition.P480, Rendition.P240)
FILES: dict[str, str] = {Rendition.P480: "480.mp4", Rendition.P240: "240.mp4", Rendition.LISTEN: "listen.m4a"}
# The size of a page and of each of its pictures on a phone, compressed.
PAGE_BYTES, PICTURE_BYTES = 20_000, 30_000
# A reader who stopped this near the end has seen it: the next time begins at the beginning.
END_MS = 3000
MOST_SECONDS = 99_999
SPEEDS = ((75, "0.75"), (100, "1"), (125, "1.25"), (150, "1.5"), (200, "2"))


WATCH = ("intervals", "watched_ms", "last_ms", "furthest_ms", "last_at")
CHOICE = ("rendition", "speed_percent", "fen_per_gb", "captions")
UNWATCHED = {"intervals": [], "watched_ms": 0, "last_ms": 0, "furthest_ms": 0, "last_at": None}
UNCHOSEN = {"rendition": "", "speed_percent": 100, "fen_per_gb": None, "captions": True}


def load_watch_and_choice(user: User, lesson: Lesson, video: Video) -> tuple[dict, dict]:
    """Load what this person watched of the lesson and how they like to learn. One query."""
    this = Q(watches__lesson=lesson, watches__film=video.key)
    here = FilteredRelation("watches", condition=this)
    names = [*(f"here__{name}" for name in WATCH), *(f"learning_choice__{name}" for name in CHOICE)]
    values = User.objects.filter(pk=user.pk).annotate(here=here).order_by().values_list(*names).get()
    watch, choice = values[: len(WATCH)], values[len(WATCH) :]
    return (
        dict(zip(WATCH, watch, strict=True)) if watch[0] is not None else UNWATCHED,
        dict(zip(CHOICE, choice, strict=True)) if choice[0] is not None else UNCHOSEN,
    )


@dataclass(frozen=True)
class PlayerRequest:
    """What the URL or the browser asks for, which may differ from the person's stored choice."""

    rendition: str = ""
    saver: bool = False
    at_ms: int | None = None


def parse_request(request: HttpRequest) -> PlayerRequest:
    """Read ?rung=240&t=62 and the header by which a browser asks to save data."""
    rendition, seconds = request.GET.get("rung", ""), read_number(request.GET.get("t"), MOST_SECONDS)
    return PlayerRequest(
        rendition if rendition in Rendition.values else "",
        request.headers.get("Save-Data", "").lower() == "on",
        None if seconds is None else seconds * 1000,
    )


def format_clock(ms: int) -> str:
    """Format milliseconds: 290000 → "4:50"."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def format_megabytes(size: int) -> str:
    return _("%(n)s MB") % {"n": f"{max(size / 1e6, 0.1):.1f}"}


@dataclass(frozen=True)
class Way:
    """One way to take the lesson; its link asks for `rendition`."""

    rendition: str
    label: str
    bytes: int
    fen_per_gb: int | None
    src: str = ""
    is_on: bool = False

    @property
    def size(self) -> str:
        return format_megabytes(self.bytes)

    @property
    def cost(self) -> str:
        """Return the price of this way in yuan, or in fen if it is small; "" unless the person has entered the price of a
        gigabyte.
        """
        if self.fen_per_gb is None:
            return ""
        fen = self.bytes * self.fen_per_gb / 1e9
        if fen == 0:
            return _("不花钱")
        if fen >= 10:
            return _("约 %(yuan)s 元") % {"yuan": yuan(round(fen))}
        amount = f"{fen:.1f}".removesuffix(".0")
        return _("约 %(fen)s 分钱") % {"fen": amount} if fen >= 0.1 else _("不到 0.1 分钱")


class Player:
    """Build the player of a lesson's page from the lesson, its video and `load_watch_and_choice`; runs no query.

    `reading_bytes`: what the recordings of the lesson's text weigh, 0 if nobody has read it aloud. They are what 只听 plays where
    nobody speaks in the film.
    """

    speeds = SPEEDS

    def __init__(
        self,
        lesson: Lesson,
        video: Video,
        watch: dict,
        choice: dict,
        asked: PlayerRequest,
        reading_bytes: int = 0,
    ) -> None:
        self.lesson, self.video, self.asked = lesson, video, asked
        self.watch, self.choice = watch, choice
        self.reading_bytes = reading_bytes
        self.renditions = [rendition for rendition in FILES if self.video.bytes_of(rendition)]

    @cached_property
    def rendition(self) -> str:
        """Return the rendition to play: the requested one, else the chosen one, else by whether the browser saves data."""
        wanted = (
            self.asked.rendition
            or self.choice["rendition"]
            or (Rendition.P240 if self.asked.saver else Rendition.P480)
        )
        if wanted == Rendition.READ and self.asked.at_ms is not None and not self.asked.rendition:
            # A reader of text who opens a time of the video wants to hear it.
            wanted = Rendition.P240 if self.is_silent else Rendition.LISTEN
        if wanted == Rendition.READ or wanted in self.renditions:
            return wanted
        if wanted == Rendition.LISTEN and self.reading_bytes:
            return wanted
        others = VIDEO_RENDITIONS if wanted in VIDEO_RENDITIONS else (Rendition.P240, Rendition.P480)
        return next((rendition for rendition in others if rendition in self.renditions), Rendition.READ)

    @property
    def is_silent(self) -> bool:
        """Whether nobody speaks in the film: it has no sound, or music alone."""
        return Rendition.LISTEN not in self.renditions

    @property
    def is_heard(self) -> bool:
        """Whether 只听 is on and plays the recordings of the text, not the film's sound."""
        return self.rendition == Rendition.LISTEN and self.is_silent

    @property
    def is_unset(self) -> bool:
        return not self.asked.rendition and not self.choice["rendition"]

    @property
    def is_new_choice(self) -> bool:
        return bool(self.asked.rendition) and self.asked.rendition != self.choice["rendition"]

    @cached_property
    def video_rendition(self) -> str:
        """Return the rendition that the button 看视频 plays."""
        picks = [
            self.rendition,
            Rendition.P240 if self.choice["rendition"] != Rendition.P480 else Rendition.P480,
            *VIDEO_RENDITIONS,
        ]
        return next(
            (
                rendition
                for rendition in picks
                if rendition in VIDEO_RENDITIONS and rendition in self.renditions
            ),
            "",
        )

    def way(self, rendition: str, label: str, is_on: bool) -> Way:
        size = self.text_bytes if rendition == Rendition.READ else self.video.bytes_of(rendition)
        src = self.src_of(rendition)
        if rendition == Rendition.LISTEN and self.is_silent:
            size, src = self.reading_bytes, ""
        return Way(rendition, label, size, self.choice["fen_per_gb"], src, is_on)

    @property
    def ways(self) -> list[Way]:
        ways = (
            [self.way(self.video_rendition, pgettext("way", "看视频"), self.is_video)]
            if self.video_rendition
            else []
        )
        if not self.is_silent or self.reading_bytes:
            ways.append(self.way(Rendition.LISTEN, _("只听"), self.rendition == Rendition.LISTEN))
        return [*ways, self.way(Rendition.READ, _("只读文字"), self.rendition == Rendition.READ)]

    @property
    def qualities(self) -> list[Way]:
        """Return the ways 清楚 and 省流量, if both exist."""
        names = {Rendition.P480: _("清楚"), Rendition.P240: _("省流量")}
        both = [rendition for rendition in VIDEO_RENDITIONS if rendition in self.renditions]
        return (
            [self.way(rendition, names[rendition], rendition == self.rendition) for rendition in both]
            if len(both) > 1
            else []
        )

    @property
    def is_video(self) -> bool:
        return self.rendition in VIDEO_RENDITIONS

    @property
    def is_tall(self) -> bool:
        return self.video.height > self.video.width

    @property
    def is_read(self) -> bool:
        """Whether no film is played: only text is wanted, or a reading of it."""
        return self.rendition == Rendition.READ or self.is_heard

    @property
    def text_bytes(self) -> int:
        return PAGE_BYTES + PICTURE_BYTES * self.lesson.html.count("<img")

    def src_of(self, rendition: str) -> str:
        return f"{self.base}video/{FILES[rendition]}?v={self.video.key[:8]}" if rendition in FILES else ""

    @cached_property
    def base(self) -> str:
        return reverse("progress:lesson", args=[self.lesson.pk])

    @property
    def src(self) -> str:
        """Return the URL of the file with the second to begin at; the first rendition while only text is wanted."""
        src = (
            self.src_of(self.rendition if self.rendition in self.renditions else self.renditions[0])
            if self.renditions
            else ""
        )
        return f"{src}#t={self.last_ms / 1000:.1f}" if self.last_ms else src

    @property
    def poster(self) -> str:
        return f"{self.base}video/poster.webp?v={self.video.key[:8]}"

    @property
    def track(self) -> str:
        return f"{self.base}captions.vtt?v={int(self.lesson.updated_at.timestamp())}"

    @property
    def minutes(self) -> int:
        return max(1, round(self.video.duration_ms / 60_000))

    @property
    def length(self) -> str:
        return format_clock(self.video.duration_ms)

    @cached_property
    def last_ms(self) -> int:
        last = self.watch["last_ms"] if self.asked.at_ms is None else self.asked.at_ms
        return last if last < self.video.duration_ms - END_MS else 0

    @property
    def last(self) -> str:
        return format_clock(self.last_ms)

    @property
    def last_at(self) -> str:
        at = self.watch["last_at"]
        return at.isoformat() if at else ""

    @property
    def furthest(self) -> str:
        """Return the furthest moment watched; empty if it is about where watching last stopped."""
        furthest = min(self.watch["furthest_ms"], self.video.duration_ms)
        return format_clock(furthest) if furthest > self.last_ms + END_MS else ""

    @property
    def furthest_seconds(self) -> int:
        return self.watch["furthest_ms"] // 1000

    @property
    def percent(self) -> int:
        """Return the share watched, rounded down, so that 80 is not shown before it is reached."""
        return min(100, self.watch["watched_ms"] * 100 // max(1, self.video.duration_ms))

    @property
    def enough_percent(self) -> int:
        return self.lesson.watch_share

    @property
    def intervals(self) -> str:
        return json.dumps(self.watch["intervals"], separators=(",", ":"))

    @property
    def chapters(self) -> list[dict]:
        """Return the chapters, each with whether it was watched and whether watching stopped in it."""
        found = []
        for start, end, name in transcript.list_chapters(self.lesson.captions, self.video.duration_ms):
            seen = sum(max(0, min(b, end) - max(a, start)) for a, b in self.watch["intervals"])
            is_here = self.last_ms > 0 and start <= self.last_ms < end
            chapter = {"at": format_clock(start), "seconds": start // 1000, "ms": start, "text": name}
            found.append(chapter | {"is_here": is_here, "is_seen": seen >= (end - start) * 0.9})
        return found

    @property
    def spoken(self) -> list[dict]:
        return [
            {"at": format_clock(start), "seconds": start // 1000, "ms": start, "text": text}
            for start, _end, text in transcript.split_paragraphs(self.lesson.captions)
        ]


def build_player(
    lesson: Lesson, user: User, asked: PlayerRequest | None = None, reading_bytes: int = 0
) -> Player | None:
    """Build the player; None, without a query, for a lesson without a playable video."""
    video = lesson.video
    if video is None or not video.is_ready:
        return None
    loaded = load_watch_and_choice(user, lesson, video)
    return Player(lesson, video, *loaded, asked or PlayerRequest(), reading_bytes)
