"""What a phone says about time, and how far it is believed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

# A phone that says it happened longer ago than this has a wrong clock, not a patient owner.
CLOCK_TRUSTED = timedelta(days=30)


def moment(text: object) -> datetime | None:
    """An instant as phones write it; None for anything else (JavaScript writes the year 57105 as +057105-…)."""
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text)
        return at if at.tzinfo else timezone.make_aware(at)
    except (ValueError, OverflowError):
        return None


def believed(said: datetime | None, now: datetime) -> datetime:
    """When it happened, going by the phone's clock as far as that can be true."""
    if said is None or said > now or said < now - CLOCK_TRUSTED:
        return now
    return said
