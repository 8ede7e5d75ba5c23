"""Tell from a file's first bytes and boxes whether it looks like a video, and which size and length an MP4 or MOV states.

It is read while the upload is still in chunks. The worker's ffmpeg finds out what is true (media.videos.inspection); this only
saves an honest sender the wait. Boxes: ISO/IEC 14496-12. Matroska, which browsers record, is left to the worker.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# The number of first bytes needed to recognise a video.
HEAD_BYTES = 12
MOST_BOXES = 200
MOST_MOOV = 16_000_000
ReadBytes = Callable[[int, int], bytes]


def looks_like_video(head: bytes) -> bool:
    """Return whether it is ISO media (MP4, MOV, 3GP) or Matroska (WebM), so that a wrong file is refused at once."""
    boxes = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
    return len(head) < HEAD_BYTES or head[4:8] in boxes or head.startswith(b"\x1aE\xdf\xa3")


@dataclass(frozen=True)
class FilmHead:
    """What the header states about the largest picture; `frames` and `duration_ms` are 0 if it does not."""

    width: int
    height: int
    frames: int
    duration_ms: int


def read_header(read_bytes: ReadBytes, size: int) -> FilmHead | None:
    """Read the header, or return None without one; `read_bytes(start, length)` returns bytes of the film, fewer at its end."""
    at = 0
    for _n in range(MOST_BOXES):
        head = read_bytes(at, 16)
        if len(head) < 8:
            return None
        length, kind = struct.unpack(">I4s", head[:8])
        skip = 8
        if length == 1 and len(head) == 16:
            length, skip = struct.unpack(">Q", head[8:])[0], 16
        elif length == 0:
            length = size - at
        if length < skip:
            return None
        if kind == b"moov":
            return parse_moov(read_bytes(at + skip, min(length - skip, MOST_MOOV)))
        at += length
    return None


def parse_moov(moov: bytes) -> FilmHead | None:
    duration_ms, found = 0, []
    for kind, body in read_boxes(moov):
        if kind == b"mvhd":
            duration_ms = parse_duration(body)
        elif kind == b"trak":
            found.append(parse_track(body))
    largest = max(found, key=lambda track: track[0] * track[1], default=(0, 0, 0))
    if not largest[0] * largest[1]:
        return None
    return FilmHead(*largest, duration_ms)


def parse_track(trak: bytes) -> tuple[int, int, int]:
    """Return (width, height, frames); a sound track has no size."""
    width = height = frames = 0
    for kind, body in read_boxes(trak):
        if kind == b"tkhd" and len(body) >= 8:
            width, height = (side >> 16 for side in struct.unpack(">II", body[-8:]))
    for kind, body in read_boxes_at(trak, b"mdia", b"minf", b"stbl"):
        if kind == b"stsz" and len(body) >= 12:
            frames = struct.unpack(">I", body[8:12])[0]
    return width, height, frames


def read_boxes_at(content: bytes, *path: bytes) -> Iterator[tuple[bytes, bytes]]:
    for step in path:
        content = next((body for kind, body in read_boxes(content) if kind == step), b"")
    return read_boxes(content)


def read_boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _n in range(MOST_BOXES):
        if at + 8 > len(content):
            return
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        if length < 8:
            return
        yield kind, content[at + 8 : at + length]
        at += length


def parse_duration(mvhd: bytes) -> int:
    """Return the duration in milliseconds."""
    try:
        if mvhd[:1] == b"\1":
            scale, lasts = struct.unpack(">IQ", mvhd[20:32])
        else:
            scale, lasts = struct.unpack(">II", mvhd[12:20])
    except struct.error:
        return 0
    return lasts * 1000 // scale if scale else 0
