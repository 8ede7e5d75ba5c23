"""Files under exactly the name they were given, and on the disk before anybody relies on them."""

import os
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import Storage


def put(storage: Storage, name: str, content: File) -> None:
    """Replaces what stands there, also a half-written file of a worker that died."""
    storage.delete(name)
    kept = storage.save(name, content)
    if kept != name:  # another worker put the same picture there in between
        storage.delete(kept)
    settle(storage, name)


def settle(storage: Storage, name: str) -> None:
    """Villages have power cuts: a local file is written through to the disk, with its entry in the folder."""
    try:
        path = Path(storage.path(name))
    except NotImplementedError:
        return
    settle_path(path)
    settle_path(path.parent)


def settle_path(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
