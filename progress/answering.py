"""What a trainee answers to a remark: a word, or the bit recorded again."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.models import User
from progress.models import NoteAnswer, TimedNote

MOST = 20


class TooMany(Exception):
    pass


def answer(user: User, note: TimedNote, text: str, key: UUID | None = None) -> NoteAnswer:
    """One answer a key, however often it is sent. Raises TooMany."""
    with transaction.atomic():
        if key and (found := NoteAnswer.objects.filter(key=key, note=note, author=user).first()):
            return found
        if note.answers.count() >= MOST:
            raise TooMany
        fields = {"key": key} if key and not NoteAnswer.objects.filter(key=key).exists() else {}
        return NoteAnswer.objects.create(note=note, author=user, text=text, **fields)
