"""Open strangers' pictures and PDFs in a separate process with limits on memory and time. No Django here.

Decoders are written in C and read whatever somebody sends: their memory, time and crashes must not affect the process that
serves pages or runs jobs. A child takes some 50 ms of CPU, compared to 400 for a phone's photo.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from media.sandbox.results import DecodedPictures, Unusable

CHILD = Path(__file__).with_name("child.py")
# A progressive JPEG of 100 megapixels needs 460 MB, a PNG of 40 megapixels with an alpha channel 480.
MOST_MEMORY = 640 << 20
SECONDS = 20
# A child may take so much more real time than CPU seconds, on a machine that does other work.
PATIENCE = 6
# glibc reserves address space for each thread, which would count against the limit.
ENVIRONMENT = {"LC_ALL": "C", "MALLOC_ARENA_MAX": "1"}


class ChildDied(Exception):
    """Raised when the child was killed from outside or crashed: another try may succeed."""


def shrink_picture(
    file: BinaryIO,
    widths: Sequence[int],
    most_pixels: int,
    seconds: int = SECONDS,
    folder: Path | None = None,
) -> DecodedPictures:
    """Make the pictures of a page from a photo. Raises Unusable, ChildDied."""
    return parse_answer(
        run_child(
            file, ["shrink", {"widths": list(widths), "most_pixels": most_pixels}], seconds, folder=folder
        )
    )


def redraw_picture(
    file: Any,
    side: int,
    most_pixels: int,
    quality: int,
    seconds: int = SECONDS,
    wall: float | None = None,
    folder: Path | None = None,
) -> DecodedPictures:
    """Redraw one upright picture of at most `side` pixels a side. Raises Unusable, ChildDied.

    The result has the size of the new picture.
    """
    facts = {"side": side, "most_pixels": most_pixels, "quality": quality}
    return parse_answer(run_child(file, ["redraw", facts], seconds, wall, folder))


def check_pdf(
    file: BinaryIO, seconds: int = SECONDS, wall: float | None = None, folder: Path | None = None
) -> None:
    """Check every object of a PDF. Raises Unusable, ChildDied."""
    run_child(file, ["check_pdf", {}], seconds, wall, folder)


def parse_answer(answer: bytes) -> DecodedPictures:
    head, _line, content = answer.partition(b"\n")
    facts, files = json.loads(head), {}
    for width, size in facts["files"]:
        files[width], content = content[:size], content[size:]
    return DecodedPictures(facts["width"], facts["height"], files)


def run_child(
    file: BinaryIO, task: list, seconds: int, wall: float | None = None, folder: Path | None = None
) -> bytes:
    """Return the child's output about the file, which is read from its beginning.

    `seconds` are CPU time, `wall` is real time; `folder` holds a copy meanwhile.
    """
    with tempfile.TemporaryFile(dir=folder) as copy:
        file.seek(0)
        while block := file.read(1 << 20):
            copy.write(block)
        copy.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(CHILD), json.dumps([*task, MOST_MEMORY, seconds, os.getpid()])],
                stdin=copy,
                capture_output=True,
                env={"PATH": os.environ.get("PATH", "")} | ENVIRONMENT,
                timeout=wall or seconds * PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as slow:
            raise Unusable("costly") from slow
    if done.returncode == -signal.SIGXCPU:
        raise Unusable("costly")
    if done.returncode:
        raise ChildDied(f"{done.returncode}: {done.stderr[-300:].decode(errors='replace')}")
    if done.stdout.startswith(b"unusable "):
        raise Unusable(done.stdout.split()[1].decode())
    return done.stdout
