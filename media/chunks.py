"""Store the chunks of uploads in the intake: uploads/<key>/<offset>, in a bucket with -<length>; on a disk each is synced."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.utils.crypto import get_random_string

from media.storages import sync_path, write_file

FOLDER = "uploads"
BLOCK = 1 << 20
# Its start, and in a bucket its length.
NAME = re.compile(r"([0-9]+)(?:-([0-9]+))?")


class ChunksMissing(Exception):
    """Raised when chunks are missing, or do not add up to the whole file."""


@dataclass(frozen=True)
class Piece:
    """A stored chunk: `length` is None where its name does not say it, as on a disk."""

    start: int
    length: int | None
    name: str


class StagedChunk:
    """A chunk that is stored, but not yet part of its upload.

    Two tabs may send the same chunk at once, of which one moves the offset. On a disk only that one may put its chunk in
    place. A bucket cannot rename, and no transaction waits for it: there both chunks are stored, each under its own length,
    as both begin with the same bytes of the same file.
    """

    def __init__(self, key: str, start: int, content: File) -> None:
        self.storage = storages["intake"]
        try:
            self.path: Path | None = Path(self.storage.path(f"{FOLDER}/{key}/{start}"))
        except NotImplementedError:
            self.path = None
            write_file(self.storage, f"{FOLDER}/{key}/{start}-{content.size}", content)
            return
        self.draft = f"{FOLDER}/{key}/.{start}-{get_random_string(8)}"
        write_file(self.storage, self.draft, content)

    def place(self) -> None:
        """Rename the chunk to its final name, which is fast enough for the transaction that moves the offset."""
        if self.path is not None:
            os.replace(self.storage.path(self.draft), self.path)
            sync_path(self.path.parent)

    def clear(self) -> None:
        if self.path is not None:
            self.storage.delete(self.draft)


def stage_chunk(key: str, start: int, content: bytes) -> StagedChunk:
    return StagedChunk(key, start, ContentFile(content))


def list_pieces(key: str) -> list[Piece]:
    """Return the stored chunks in their order; of several with the same start the longest first."""
    try:
        names = storages["intake"].listdir(f"{FOLDER}/{key}")[1]
    except FileNotFoundError:
        return []
    found = [(NAME.fullmatch(name), f"{FOLDER}/{key}/{name}") for name in names]
    pieces = [Piece(int(one[1]), int(one[2]) if one[2] else None, name) for one, name in found if one]
    return sorted(pieces, key=lambda piece: (piece.start, -(piece.length or 0)))


def list_offsets(key: str) -> list[int]:
    return sorted({piece.start for piece in list_pieces(key)})


def assemble(key: str, size: int, path: Path, on_block: Callable[[], None] = lambda: None) -> str:
    """Write the whole file to a path and return its SHA-256; `on_block` is called after each block. Raises ChunksMissing."""
    digest, end = hashlib.sha256(), 0
    with open(path, "wb") as whole:
        for block in read(key, range(size)):
            whole.write(block)
            digest.update(block)
            end += len(block)
            on_block()
    if end != size:
        raise ChunksMissing
    return digest.hexdigest()


def read(key: str, part: range) -> Generator[bytes]:
    """Yield those bytes of the received chunks, chunk by chunk. Raises ChunksMissing."""
    storage, pieces, at = storages["intake"], list_pieces(key), part.start
    for piece, after in zip_longest(pieces, pieces[1:]):
        stop = find_stop(piece, after)
        if at >= part.stop or (stop is not None and stop <= at):
            continue
        if piece.start > at:
            raise ChunksMissing
        try:
            with storage.open(piece.name) as file:
                file.seek(at - piece.start)
                while at < part.stop and (block := file.read(min(BLOCK, part.stop - at))):
                    at += len(block)
                    yield block
        except FileNotFoundError as gone:
            raise ChunksMissing from gone


def find_stop(piece: Piece, after: Piece | None) -> int | None:
    """Return where a chunk ends; None if that is known only when it is read."""
    if piece.length is not None:
        return piece.start + piece.length
    return after.start if after else None


def drop(key: str) -> None:
    """Delete all chunks of an upload, drafts included."""
    storage = storages["intake"]
    try:
        names = storage.listdir(f"{FOLDER}/{key}")[1]
    except FileNotFoundError:
        return
    for name in names:
        storage.delete(f"{FOLDER}/{key}/{name}")
    with contextlib.suppress(NotImplementedError, OSError):
        os.rmdir(storage.path(f"{FOLDER}/{key}"))


def list_keys() -> list[str]:
    """Return the key of every upload that has chunks."""
    try:
        return storages["intake"].listdir(FOLDER)[0]
    except FileNotFoundError:
        return []
