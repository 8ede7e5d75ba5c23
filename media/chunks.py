"""Store the chunks of uploads in the intake: uploads/<key>/<offset>, each synced to the disk."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Generator
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.utils.crypto import get_random_string

from media.storages import sync_path, write_file

FOLDER = "uploads"
BLOCK = 1 << 20


class ChunksMissing(Exception):
    """Raised when chunks are missing, or do not add up to the whole file."""


class StagedChunk:
    """A chunk that is on the disk under a temporary name.

    Two tabs may send the same chunk at once; only the one that moved the offset may put its chunk in place.
    """

    def __init__(self, key: str, start: int, content: File) -> None:
        self.storage, self.content = storages["intake"], content
        self.name = f"{FOLDER}/{key}/{start}"
        try:
            self.path: Path | None = Path(self.storage.path(self.name))
        except NotImplementedError:  # a bucket stores whole objects, or nothing
            self.path = None
            return
        self.draft = f"{FOLDER}/{key}/.{start}-{get_random_string(8)}"
        write_file(self.storage, self.draft, content)

    def place(self) -> None:
        """Rename the chunk to its final name, which is fast enough for the transaction that moves the offset."""
        if self.path is None:
            self.content.seek(0)
            self.storage.save(self.name, self.content)
            return
        os.replace(self.storage.path(self.draft), self.path)
        sync_path(self.path.parent)

    def clear(self) -> None:
        if self.path is not None:
            self.storage.delete(self.draft)


def stage_chunk(key: str, start: int, content: bytes) -> StagedChunk:
    return StagedChunk(key, start, ContentFile(content))


def list_offsets(key: str) -> list[int]:
    try:
        names = storages["intake"].listdir(f"{FOLDER}/{key}")[1]
    except FileNotFoundError:
        return []
    return sorted(int(name) for name in names if name.isdecimal())


def assemble(key: str, size: int, path: Path, on_block: Callable[[], None] = lambda: None) -> str:
    """Write the whole file to a path and return its SHA-256; `on_block` is called after each block. Raises ChunksMissing."""
    digest, end = hashlib.sha256(), 0
    storage = storages["intake"]
    with open(path, "wb") as whole:
        for start in list_offsets(key):
            if start != end:
                raise ChunksMissing
            try:
                with storage.open(f"{FOLDER}/{key}/{start}") as piece:
                    while block := piece.read(BLOCK):
                        whole.write(block)
                        digest.update(block)
                        end += len(block)
                        on_block()
            except FileNotFoundError as gone:
                raise ChunksMissing from gone
    if end != size:
        raise ChunksMissing
    return digest.hexdigest()


def read(key: str, part: range) -> Generator[bytes]:
    """Yield those bytes of the received chunks, chunk by chunk. Raises ChunksMissing."""
    storage, known = storages["intake"], list_offsets(key)
    for start, after in zip(known, [*known[1:], None], strict=True):
        if (after is not None and after <= part.start) or start >= part.stop:
            continue
        try:
            with storage.open(f"{FOLDER}/{key}/{start}") as piece:
                piece.seek(max(0, part.start - start))
                left = part.stop - max(part.start, start)
                while left > 0 and (block := piece.read(min(BLOCK, left))):
                    left -= len(block)
                    yield block
        except FileNotFoundError as gone:
            raise ChunksMissing from gone


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
