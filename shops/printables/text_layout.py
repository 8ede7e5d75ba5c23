"""Text in pictures: which font has a character, how wide a line is, and where it is broken.

The fonts contain only common characters (shops/fonts/vendor.json). A character that is missing in the bold font is taken
from the regular one, then from the font of rare characters, then from the machine's own; one that is in none is drawn as 〓.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from PIL import ImageDraw, ImageFont

FONTS = Path(__file__).resolve().parent.parent / "fonts"
BOLD, REGULAR, RARE = (
    FONTS / name for name in ("NotoSansSC-Bold.ttf", "NotoSansSC-Regular.ttf", "NotoSansSC-Rare.otf")
)
OF_THE_MACHINE = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
)
MISSING = "〓"
# Characters without which a line still reads the same: pictures, joiners, combining accents.
DROPPED = {"So", "Sk", "Cf", "Cc", "Mn", "Me", "Cn", "Co", "Cs"}
NOT_FIRST = set("，。；：！？、）》”’…·,.;:!?)%/")
NOT_LAST = set("（《“‘¥(")
PIECES = re.compile(r"[A-Za-z0-9À-ž][A-Za-z0-9À-ž.,'’\-/%°]*|\s+|.", re.DOTALL)


class TextLine(NamedTuple):
    text: str
    size: int
    bold: bool = False

    @property
    def width(self) -> int:
        return measure_width(self.text, self.size, self.bold)


@lru_cache(128)
def load_face(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(8192)
def has(path: Path, char: str) -> bool:
    font = load_face(path, 16)
    return char.isspace() or bytes(font.getmask(char)) != bytes(font.getmask("\uffff"))


@lru_cache(8192)
def is_drawn_by(char: str, bold: bool) -> Path | None:
    ours = (BOLD, REGULAR, RARE) if bold else (REGULAR, RARE)
    if found := next((path for path in ours if has(path, char)), None):
        return found
    return next((path for path in OF_THE_MACHINE if path.exists() and has(path, char)), None)


def split_runs(text: str, bold: bool) -> list[tuple[Path, str]]:
    """Split the text into runs of one font."""
    letters = []
    for char in text:
        if path := is_drawn_by(char, bold):
            letters.append((path, char))
        elif unicodedata.category(char) not in DROPPED:
            letters.append((BOLD if bold else REGULAR, MISSING))
    return [
        (path, "".join(char for _path, char in run)) for path, run in groupby(letters, key=lambda one: one[0])
    ]


@lru_cache(4096)
def measure_width(text: str, size: int, bold: bool = False) -> int:
    return round(sum(load_face(path, size).getlength(run) for path, run in split_runs(text, bold)))


def break_text(text: str, size: int, bold: bool, room: int, most: int) -> tuple[list[str], bool]:
    """Break the text into at most `most` lines that fit into `room` pixels; return whether they hold all of it."""
    lines, line = [], ""
    for piece in PIECES.findall(text.replace("\n", " ")):
        for part in piece if measure_width(piece, size, bold) > room else [piece]:
            if measure_width(line + part.rstrip(), size, bold) <= room or not line:
                line += part
                continue
            carried = ""
            if part in NOT_FIRST or line[-1] in NOT_LAST:
                line, carried = line[:-1], line[-1]
            lines.append(line.rstrip())
            line = (carried + part).lstrip()
    lines.append(line.rstrip())
    if len(lines) <= most:
        return lines, True
    last = lines[most - 1]
    while last and measure_width(f"{last}…", size, bold) > room:
        last = last[:-1]
    return [*lines[: most - 1], f"{last}…"], False


def fit_text(text: str, sizes: tuple[int, ...], room: int, most: int, bold: bool = False) -> list[TextLine]:
    """Set the text in the largest of the sizes in which all of it fits, else cut off in the smallest."""
    for size in sizes:
        lines, whole = break_text(text, size, bold, room, most)
        if whole:
            break
    return [TextLine(line, size, bold) for line in lines]


def write(pen: ImageDraw.ImageDraw, x: int, baseline: int, line: TextLine, colour: str) -> int:
    """Returns where the next word would begin."""
    at = float(x)
    for path, run in split_runs(line.text, line.bold):
        font = load_face(path, line.size)
        pen.text((at, baseline), run, font=font, fill=colour, anchor="ls")
        at += font.getlength(run)
    return round(at)
