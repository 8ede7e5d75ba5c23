"""Store the host's notes on a live, and trainers' comments; each may be sent twice."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from live.models import Livestream, Recap, RecapComment


def write_notes(live: Livestream, keep: str, change_one: str, change_two: str, by: User) -> Recap:
    """Write or replace the notes."""
    facts = {"keep": keep, "change_one": change_one, "change_two": change_two, "by": by, "at": timezone.now()}
    return Recap.objects.update_or_create(livestream=live, defaults=facts)[0]


def add_comment(live: Livestream, text: str, author: User, key: uuid.UUID) -> RecapComment | None:
    """Add a comment; the same key again returns it. Return None if the key names somebody else's."""
    if earlier := RecapComment.objects.filter(key=key).first():
        return earlier if (earlier.livestream_id, earlier.author_id) == (live.pk, author.pk) else None
    try:
        with transaction.atomic():
            return RecapComment.objects.create(livestream=live, text=text, author=author, key=key)
    except IntegrityError:
        return RecapComment.objects.filter(key=key, livestream=live, author=author).first()


def remove_comment(row: RecapComment, by: User) -> bool:
    """Remove a comment by its author; return whether it was still there."""
    rows = RecapComment.objects.filter(pk=row.pk, author=by, removed_at__isnull=True)
    return bool(rows.update(removed_at=timezone.now()))
