"""A file that somebody only looks at before they say yes: it waits in the intake until then."""

from __future__ import annotations

import secrets

from django.core.files.base import File
from django.core.files.storage import storages

from accounts.models import User
from media import files


def keep(file: File, user: User, folder: str) -> str:
    """Puts the file into this folder of the intake, in place of any that this person left there."""
    intake, mine = storages["intake"], f"{user.pk}-"
    try:
        for old in intake.listdir(folder)[1]:
            if old.startswith(mine):
                intake.delete(f"{folder}/{old}")
    except FileNotFoundError:
        pass
    name = f"{folder}/{mine}{secrets.token_hex(8)}"
    files.put(intake, name, file)
    return name
