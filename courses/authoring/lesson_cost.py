"""Compute what a lesson costs the reader: minutes to read it, and megabytes of data."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from courses.models import Lesson
from media.models import Photo, Video
from media.sandbox.results import list_available_widths
from ui.text import HAN_RANGE

# Half of the readers left school early: they read slower than the 300 characters a minute that are usually assumed.
SIGNS_A_MINUTE, WORDS_A_MINUTE = 250, 150
# A phone loads the picture of this width; 107 pictures made here weigh 0.045 to 0.1 bytes a pixel.
WIDTH, BYTES_A_PIXEL = 720, 0.09
BYTES_A_SIGN = 3
HEAVY = 10_000_000

HAN = re.compile(f"[\uf900-\ufaff{HAN_RANGE}]")
WORD = re.compile(r"[A-Za-z0-9\u00c0-\u024f]+(?:[.,'’-][A-Za-z0-9\u00c0-\u024f]+)*")
# Only the text in the brackets of a link or picture is read.
ADDRESS = re.compile(r"\]\([^)\n]*\)|<[a-z]+:[^>\s]*>")


@dataclass(frozen=True)
class Length:
    signs: int
    words: int

    @property
    def minutes(self) -> int:
        """Return the minutes, at least 1 if there is anything to read."""
        return math.ceil(self.signs / SIGNS_A_MINUTE + self.words / WORDS_A_MINUTE)


def measure_text(body: str) -> Length:
    """Count the Chinese characters and the other words of a Markdown text."""
    text = ADDRESS.sub("] ", body)
    return Length(len(HAN.findall(text)), len(WORD.findall(HAN.sub(" ", text))))


def estimate_photo_bytes(photo: Photo) -> int:
    """Estimate what a phone loads of the photo."""
    if not photo.width:
        return 0
    width = min(list_available_widths(photo.width, (WIDTH,))[0], WIDTH)
    return round(width * width * photo.height / photo.width * BYTES_A_PIXEL)


@dataclass(frozen=True)
class Weight:
    """Weights in bytes. A rendition that does not exist is 0."""

    text: int
    photos: int
    video: int
    small_video: int
    listen: int

    @property
    def page(self) -> int:
        return self.text + self.photos

    @property
    def least(self) -> int:
        """Return the weight if watched on the smallest rendition."""
        return self.page + (self.small_video or self.video)

    @property
    def most(self) -> int:
        return self.page + (self.video or self.small_video)

    @property
    def heard(self) -> int:
        """Return the weight if only listened to."""
        return self.page + self.listen

    @property
    def is_heavy(self) -> bool:
        return self.least > HEAVY


def calculate_weight(signs: int, photos: Iterable[Photo], video: Video | None) -> Weight:
    renditions = [video.bytes_of(rendition) if video else 0 for rendition in ("480", "240", "listen")]
    return Weight(signs * BYTES_A_SIGN, sum(map(estimate_photo_bytes, photos)), *renditions)


def weigh_lesson(lesson: Lesson, signs: int | None = None) -> Weight:
    """Weigh the lesson's text, pictures and video; no query if these are loaded."""
    photos = [picture.photo for picture in lesson.pictures.all()]
    return calculate_weight(len(lesson.body) if signs is None else signs, photos, lesson.video)


def format_megabytes(size: int) -> str:
    """Format bytes as megabytes: 350_000 → "0.4"; never "0.0" unless there are none."""
    return f"{max(size, 100_000 if size else 0) / 1e6:.1f}"
