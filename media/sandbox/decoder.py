"""Opens strangers' pictures and PDFs in a process of its own, with limits on its memory and time. No Django here.

A decoder is written in C and meets whatever somebody sends: what it takes, and whether it lives, must not be the concern of
the process that serves pages or works off jobs. A child costs some 50 ms of CPU, beside 400 for a phone's photo.
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
from typing import BinaryIO

from media.sandbox.results import DecodedPictures, Unusable

CHILD = Path(__file__).with_name("child.py")
# A JPEG of 100 megapixels from coarse to fine needs 460 MB, a PNG of 40 megapixels with an alpha channel 480.
MOST_MEMORY = 640 << 20
SECONDS = 20
# So much longer than its CPU seconds a child may take on a machine that does other things.
PATIENCE = 6
# glibc gives each thread a reserve of addresses that would count against the limit.
ENVIRONMENT = {"LC_ALL": "C", "MALLOC_ARENA_MAX": "1"}


class ChildDied(Exception):
    """Killed from outside or by a fault of the decoder: another try may go well."""


def shrink_picture(
    file: BinaryIO,
    widths: Sequence[int],
    most_pixels: int,
    seconds: int = SECONDS,
    folder: Path | None = None,
) -> DecodedPictures:
    """Makes the pictures of a page from a photo. Raises Unusable, ChildDied."""
    return parse_answer(
        run_child(
            file, ["shrink", {"widths": list(widths), "most_pixels": most_pixels}], seconds, folder=folder
        )
    )


def redraw_picture(
    file: BinaryIO,
    side: int,
    most_pixels: int,
    quality: int,
    seconds: int = SECONDS,
    wall: float | None = None,
    folder: Path | None = None,
) -> DecodedPictures:
    """Draws one upright picture of at most `side` pixels a side; its size is its own. Raises Unusable, ChildDied."""
    facts = {"side": side, "most_pixels": most_pixels, "quality": quality}
    return parse_answer(run_child(file, ["redraw", facts], seconds, wall, folder))


def check_pdf(
    file: BinaryIO, seconds: int = SECONDS, wall: float | None = None, folder: Path | None = None
) -> None:
    """Looks at every object of a PDF. Raises Unusable, ChildDied."""
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
    """What the child wrote about the file, which is read from its beginning. `seconds` are the CPU's, `wall` the
    clock's; `folder` is where a copy lies meanwhile."""
    with tempfile.TemporaryFile(dir=folder) as copy:
        file.seek(0)
        while block := file.read(1 << 20):
            copy.write(block)
        copy.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(CHILD), json.dumps([*task, MOST_MEMORY, seconds])],
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
