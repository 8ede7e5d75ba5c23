"""Files that a person previews before confirming an import: they wait in the intake until then."""

from __future__ import annotations

import datetime
import secrets

from django.core.files.base import File
from django.core.files.storage import storages
from django.utils import timezone

from accounts.models import User
from media.storages import write_file

FOLDERS = ("imports", "questions", "exports")
# As long as the signed token that a page holds for the file; some of them name buyers.
LASTS = datetime.timedelta(days=1)


def store_pending(file: File, user: User, folder: str) -> str:
    """Store the file in this folder of the intake, in place of any that this person left there; return its name.

    Raises ValueError for a folder that nobody clears."""
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
            except FileNotFoundError:  # confirmed this very moment
                continue
    return count
