"""Read what a picture's first bytes state: kind, width, height. Nothing is decoded.

The process that serves pages decides by this alone, so that no picture library opens a stranger's file there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

# More segments than any camera writes before the picture itself; a file with more is made to waste time.
MOST_PARTS = 2000
MOST_META = 4_000_000
# Phones write 1 scan, or about 10 in a progressive picture; each takes as long as a whole picture.
MOST_SCANS = 100
STILL_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"}
JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
JPEG_ALONE = {0x01, *range(0xD0, 0xD8)}


@dataclass(frozen=True)
class Head:
    kind: str
    width: int
    height: int


class UnfitPhoto(Exception):
    """Raised for an unusable file. `code`: other, gif, pdf, video, moving (an animation) or cut (the end is missing)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(file: Any, size: int) -> Head:
    """Read the header of a seekable file of `size` bytes; raises UnfitPhoto unless it is a complete still picture."""
    file.seek(0)
    start = file.read(32)
    if start.startswith(b"\xff\xd8\xff"):
        return read_jpeg(file)
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return read_png(file)
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return read_webp(start, size)
    if start[4:8] == b"ftyp":
        return read_heif(file, start[8:12], size)
    if start.startswith((b"GIF87a", b"GIF89a")):
        raise UnfitPhoto("gif")
    if start.startswith(b"%PDF"):
        raise UnfitPhoto("pdf")
    raise UnfitPhoto("video" if start.startswith((b"\x1aE\xdf\xa3", b"RIFF")) else "other")


def parse_number(raw: bytes, order: Literal["big", "little"] = "big") -> int:
    return int.from_bytes(raw, order)


def read_jpeg(file: BinaryIO) -> Head:
    """Read segment by segment to the picture's data, then to its end marker.

    The search starts after the header because the thumbnail in the EXIF data has an end marker too; what phones append after
    the end (a film, a second picture) does not matter.
    """
    file.seek(2)
    size = (0, 0)
    for _part in range(MOST_PARTS):
        mark = file.read(2)
        while len(mark) == 2 and mark[1] == 0xFF:
            mark = mark[1:] + file.read(1)
        if len(mark) < 2 or mark[0] != 0xFF:
            raise UnfitPhoto("cut")
        if mark[1] in JPEG_ALONE:
            continue
        length = parse_number(file.read(2))
        if mark[1] in JPEG_SIZES:
            frame = file.read(5)
            size = (parse_number(frame[3:5]), parse_number(frame[1:3]))
            file.seek(length - 7, 1)
        elif mark[1] == 0xDA:
            break
        else:
            file.seek(length - 2, 1)
    else:
        raise UnfitPhoto("other")
    ended, scans = search_end(file, b"\xff\xd9", count=b"\xff\xda")
    if scans > MOST_SCANS:
        raise UnfitPhoto("other")
    if not ended:
        raise UnfitPhoto("cut")
    return make_head("JPEG", *size)


def read_png(file: BinaryIO) -> Head:
    file.seek(8)
    size = (0, 0)
    for _part in range(MOST_PARTS):
        part = file.read(8)
        length, name = parse_number(part[:4]), part[4:]
        if len(part) < 8:
            raise UnfitPhoto("cut")
        if name == b"acTL":
            raise UnfitPhoto("moving")
        if name == b"IDAT":
            break
        if name == b"IHDR":
            size = (parse_number(file.read(4)), parse_number(file.read(4)))
            length -= 8
        file.seek(length + 4, 1)
    else:
        raise UnfitPhoto("other")
    if not search_end(file, b"IEND\xaeB`\x82")[0]:
        raise UnfitPhoto("cut")
    return make_head("PNG", *size)


def read_webp(start: bytes, size: int) -> Head:
    if parse_number(start[4:8], "little") + 8 > size:
        raise UnfitPhoto("cut")
    form = start[12:16]
    if form == b"VP8X":
        if start[20] & 2:
            raise UnfitPhoto("moving")
        return make_head(
            "WEBP", parse_number(start[24:27], "little") + 1, parse_number(start[27:30], "little") + 1
        )
    if form == b"VP8L":
        bits = parse_number(start[21:25], "little")
        return make_head("WEBP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if form == b"VP8 ":
        return make_head(
            "WEBP",
            parse_number(start[26:28], "little") & 0x3FFF,
            parse_number(start[28:30], "little") & 0x3FFF,
        )
    raise UnfitPhoto("other")


def read_heif(file: BinaryIO, brand: bytes, size: int) -> Head:
    """Read the largest picture that the `meta` box declares; the smaller ones are its tiles and thumbnails."""
    if brand not in STILL_BRANDS:
        raise UnfitPhoto("other" if brand in (b"avif", b"avis") else "video")
    sizes: list[tuple[int, int]] = []
    at = 0
    for _part in range(MOST_PARTS):
        file.seek(at)
        box = file.read(16)
        if len(box) < 8:
            break
        length, name = parse_number(box[:4]), box[4:8]
        length = parse_number(box[8:16]) if length == 1 else length or size - at
        if length < 8 or at + length > size:
            raise UnfitPhoto("cut")
        if name == b"meta":
            file.seek(at)
            found = re.findall(rb"ispe\0{4}(.{4})(.{4})", file.read(min(length, MOST_META)), re.DOTALL)
            sizes += [(parse_number(width), parse_number(height)) for width, height in found]
        at += length
    if not sizes:
        raise UnfitPhoto("other")
    return make_head("HEIF", *max(sizes, key=lambda one: one[0] * one[1]))


def make_head(kind: str, width: int, height: int) -> Head:
    if not (width and height):
        raise UnfitPhoto("other")
    return Head(kind, width, height)


def search_end(file: BinaryIO, end: bytes, count: bytes = b"") -> tuple[bool, int]:
    """Return whether the bytes from here on contain the end, and how often `count` occurs before it; reads a megabyte at a
    time.
    """
    kept, found = b"", 0
    while block := file.read(1 << 20):
        ended = end in kept + block
        found += block.count(count) if count else 0
        if ended:
            return True, found
        kept = block[-len(end) :]
    return False, found
