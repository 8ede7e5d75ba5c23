"""The moment at which a day begins, in the site's time zone."""

from __future__ import annotations

import datetime

from django.utils import timezone


def begin_day(day: datetime.date) -> datetime.datetime:
    """Return midnight, at which the day begins, as a moment."""
    return timezone.make_aware(
        datetime.datetime.combine(day, datetime.time()), timezone.get_default_timezone()
    )
