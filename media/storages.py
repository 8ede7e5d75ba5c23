"""The site's storages: files are synced to the disk; while the site is being copied, deleted files are held for the copy.

A copy reads the database at one moment and the files after it, while the worker and the pages continue. A file is deleted
only after the transaction that made it unneeded was committed (or a power cut would leave rows without files). So a file
that the database of the copy's moment needs is deleted only after that moment, when the copy's mark exists; then it is first
linked into the folder HELD.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage
from django.utils import timezone

log = logging.getLogger(__name__)

HELD = ".copying"
MARK = f"{HELD}/since"
# A copy that was killed holds nothing for longer than this.
SIGN_EVERY = timedelta(minutes=1)
HOLDS = timedelta(minutes=10)

# How long a request waits while others of its process ask the bucket.
WAITS_SECONDS = 2


class StorageUnavailable(OSError):
    """Raised when a bucket does not answer in time or refuses, or when too many wait for it already.

    It says nothing about whether the file exists. Whoever sent a file is asked to try again.
    """


class Turns:
    """How many threads of this process may wait for a bucket at once, so that the others continue to serve pages."""

    threads: threading.Semaphore | None = None

    @classmethod
    def limit(cls, count: int) -> None:
        """Set the limit; without a call there is none, as in the worker."""
        cls.threads = threading.BoundedSemaphore(count)

    @classmethod
    @contextlib.contextmanager
    def take(cls) -> Iterator[None]:
        """Raise StorageUnavailable if no turn comes in WAITS_SECONDS."""
        threads = cls.threads
        if threads is None:
            yield
            return
        if not threads.acquire(timeout=WAITS_SECONDS):
            raise StorageUnavailable(errno.ETIMEDOUT, "others wait for the bucket already")
        try:
            yield
        finally:
            threads.release()


def list_site_storages() -> list[str]:
    """Return the names of the storages with the site's files, which a copy contains: all but the collected static files."""
    return [name for name in settings.STORAGES if name != "staticfiles"]


class Holding(Storage):
    """Base of every storage of the site, so that no file is missing in a copy."""

    def delete(self, name: str) -> None:
        if not name.startswith(HELD) and is_held(self):
            try:
                self.hold(name)
            except Exception:  # each kind of storage has its own exceptions; the file is deleted in any case
                log.exception("a file was deleted without being held for the copy")
        super().delete(name)

    def hold(self, name: str) -> None:
        raise NotImplementedError

    def replace(self, name: str, content: File) -> None:
        """Write a file under exactly this name, in place of an existing one."""
        self.delete(name)
        kept = self.save(name, content)
        if kept != name:  # another worker stored the same picture in the meantime
            self.delete(kept)


class DiskStorage(Holding, FileSystemStorage):
    def hold(self, name: str) -> None:
        """Link the file into HELD; only the first one deleted under a name belongs to the running copy."""
        here, there = Path(self.path(name)), Path(self.path(f"{HELD}/{name}"))
        if not here.is_file() or there.exists():
            return
        there.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(here, there)
        except FileExistsError:
            return
        except OSError:  # the disk has no hard links
            shutil.copy2(here, there)


def is_held(storage: Storage) -> bool:
    signed = read_signed_at(storage)
    return signed is not None and signed > timezone.now() - HOLDS


def read_signed_at(storage: Storage) -> datetime | None:
    """Return when a copy last reported that it is being made."""
    try:
        return storage.get_modified_time(MARK)
    except FileNotFoundError:
        return None


def hold(storage: Storage) -> None:
    """Begin to hold files; drop what an earlier copy left."""
    release(storage)
    sign(storage)


def drop_old(storage: Storage) -> None:
    """Stop holding for a copy that has not reported for HOLDS: it was killed."""
    signed = read_signed_at(storage)
    if signed and signed <= timezone.now() - HOLDS:
        release(storage)


def sign(storage: Storage) -> None:
    """Report that the copy is still being made; to be repeated every SIGN_EVERY."""
    try:
        path = Path(storage.path(MARK))
    except NotImplementedError:
        storage.save(MARK, ContentFile(b"."))
        return
    # A site whose first copy is older than its first picture: the front server must be able to read that.
    make_folder(path.parent.parent, getattr(storage, "directory_permissions_mode", None))
    path.parent.mkdir(exist_ok=True)
    path.touch()


def make_folder(folder: Path, mode: int | None) -> None:
    """Create a folder and its parents with the storage's own mode."""
    before = os.umask(0o777 & ~mode) if mode is not None else None
    try:
        os.makedirs(folder, 0o777, exist_ok=True)
    finally:
        if before is not None:
            os.umask(before)


def release(storage: Storage) -> None:
    storage.delete(MARK)
    try:
        folder = Path(storage.path(HELD))
    except NotImplementedError:
        for name in list(list_names(storage, HELD)):
            storage.delete(name)
        return
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


def list_names(storage: Storage, folder: str = "") -> Iterator[str]:
    """Yield every file below a folder of the storage; held files only if their own folder is asked for."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    start = f"{folder}/" if folder else ""
    yield from (start + name for name in sorted(files) if name)
    for name in sorted(folders):
        if start + name != HELD:
            yield from list_names(storage, start + name)


# --- files under exactly the given name, on the disk before anybody relies on them ---


def write_file(storage: Any, name: str, content: File) -> None:
    """Write a file, replacing an existing one, such as the half-written file of a worker that died."""
    storage.replace(name, content)
    sync_file(storage, name)


def sync_file(storage: Storage, name: str) -> None:
    """Sync a local file to the disk, with its entry in the folder, because villages have power cuts."""
    try:
        path = Path(storage.path(name))
    except NotImplementedError:
        return
    sync_path(path)
    sync_path(path.parent)


def sync_path(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
