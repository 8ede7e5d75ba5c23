"""What all kinds of files share that come in by a form or a page's script."""

from __future__ import annotations

import hashlib
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from ui.text import tidy


class TooMany(ValidationError):
    """This person has sent enough for a day."""


def hash_file(file: UploadedFile) -> str:
    """Return the SHA-256 of its content in hexadecimal."""
    digest = hashlib.sha256()
    for block in file.chunks():
        digest.update(block)
    return digest.hexdigest()


def short_name(file: UploadedFile) -> str:
    """Return the beginning and the ending of its name: phones give names of 60 characters."""
    path = PurePath(tidy(file.name or ""))
    return f"{path.stem[:24]}…{path.suffix[:8]}" if len(path.stem) > 25 else path.name[:40]
