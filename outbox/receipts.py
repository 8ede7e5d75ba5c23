"""The short text by which a person can show that a batch arrived."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from uuid import UUID

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without those that look alike
LENGTH = 8


def receipt_of(user_pk: int, ids: Iterable[UUID]) -> str:
    """K3F9-QX27: made of what was received, so the same batch sent again gets the same one."""
    text = f"{user_pk} {' '.join(sorted(id.hex for id in ids))}"
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    letters = ""
    for _letter in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        letters += LETTERS[rest]
    return f"{letters[:4]}-{letters[4:]}"
