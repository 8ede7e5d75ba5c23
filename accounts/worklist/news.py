"""What a person has read of the news for them: an answer, a review, a decision about a role."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import ReadNews, User


def is_read(user: User, kind: str, changed: str) -> Exists:
    """Of a row: whether this person has read it since the time in its field `changed`."""
    read = ReadNews.objects.filter(user=user, kind=kind, number=OuterRef("pk"), at__gte=OuterRef(changed))
    return Exists(read)


def unread(rows: QuerySet, user: User, kind: str, changed: str) -> QuerySet:
    return rows.exclude(is_read(user, kind, changed))


def mark_read(user: User, kind: str, number: int) -> None:
    """May be repeated; the last time counts."""
    ReadNews.objects.update_or_create(user=user, kind=kind, number=number, defaults={"at": timezone.now()})
