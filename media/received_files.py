"""Files that come in by a form or a script: their hash and short name, and those that wait for a confirmation.

A person previews an import before confirming it; until then its file waits in the intake.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts.models import User
from media.storages import write_file
from ui.text import tidy


class TooManyFiles(ValidationError):
    """Raised when a person has reached the day's limit of files."""


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


FOLDERS = ("imports", "questions", "exports")
# As long as the page's signed token for the file is valid; some of these files name buyers.
LASTS = datetime.timedelta(days=1)


def store_pending(file: File, user: User, folder: str) -> str:
    """Store the file in this folder of the intake and return its name; it replaces earlier files of this person there.

    Raises ValueError for a folder that `drop_expired` does not clear.
    """
    if folder not in FOLDERS:
        raise ValueError(folder)
    intake, mine = storages["intake"], f"{user.pk}-"
    try:
        for old in intake.listdir(folder)[1]:
            if old.startswith(mine):
                intake.delete(f"{folder}/{old}")
    except FileNotFoundError:
        pass
    name = f"{folder}/{mine}{secrets.token_hex(8)}"
    write_file(intake, name, file)
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
