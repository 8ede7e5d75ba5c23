"""Files that come in by a form or a script: their hash and short name, and those that wait for a confirmation.

A person previews an import before confirming it; until then its file waits in the intake.
"""

from __future__ import annotations

import datetime
import hashlib
import logging
import secrets
from contextlib import suppress
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media.storages import StorageUnavailable, write_file
from ui.text import tidy

log = logging.getLogger(__name__)


class TooManyFiles(ValidationError):
    """Raised when a person has reached the day's limit of files."""


class NotStored(ValidationError):
    """Raised when a file was fit but its storage cannot be reached; the same file may be sent again."""

    def __init__(self) -> None:
        super().__init__(_("存文件的地方这会儿连不上，没存进去。过几分钟再传"), code="away")


def store_received(storage: Storage, name: str, content: File) -> None:
    """Write a file that somebody has sent. Raises NotStored."""
    try:
        write_file(storage, name, content)
    except StorageUnavailable as away:
        log.warning("a file could not be stored", extra={"fields": {"why": str(away)}})
        raise NotStored from away


def get_size(file: UploadedFile) -> int:
    """Return the file's bytes; only a file that is still being written has no size."""
    assert file.size is not None
    return file.size


def hash_file(file: UploadedFile) -> str:
    """Return the SHA-256 of the file's content in hexadecimal."""
    digest = hashlib.sha256()
    for block in file.chunks():
        digest.update(block)
    return digest.hexdigest()


def shorten_name(file: UploadedFile) -> str:
    """Return the beginning and the extension of the file's name: phones give names of 60 characters."""
    path = PurePath(tidy(file.name or ""))
    return f"{path.stem[:24]}…{path.suffix[:8]}" if len(path.stem) > 25 else path.name[:40]


FOLDERS = ("imports", "questions", "exports", "rosters")
# As long as the page's signed token for the file is valid; some of these files name buyers.
LASTS = datetime.timedelta(days=1)


def store_pending(file: File, user: User, folder: str, *, replaces: bool = True) -> str:
    """Store the file in this folder of the intake and return its name; it replaces earlier files of this person there, unless
    a row names each of them.

    Raises ValueError for a folder that `drop_expired` does not clear, NotStored.
    """
    if folder not in FOLDERS:
        raise ValueError(folder)
    intake, mine = storages["intake"], f"{user.pk}-"
    name = f"{folder}/{mine}{secrets.token_hex(8)}"
    store_received(intake, name, file)
    if not replaces:
        return name
    with suppress(FileNotFoundError, StorageUnavailable):  # drop_expired deletes them tomorrow
        for old in intake.listdir(folder)[1]:
            if old.startswith(mine) and not name.endswith(old):
                intake.delete(f"{folder}/{old}")
    return name


def drop_expired() -> int:
    """Delete files that were never confirmed; return how many."""
    intake, since, count = storages["intake"], timezone.now() - LASTS, 0
    for folder in FOLDERS:
        try:
            names = intake.listdir(folder)[1]
        except FileNotFoundError:
            continue
        for name in names:
            try:
                if intake.get_modified_time(f"{folder}/{name}") < since:
                    intake.delete(f"{folder}/{name}")
                    count += 1
            except FileNotFoundError:  # confirmed and removed meanwhile
                continue
    return count
