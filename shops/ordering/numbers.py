"""Order numbers that can be read out on the phone: the day and six digits, which do not tell how many orders there are."""

from __future__ import annotations

import datetime
import secrets

from django.utils import timezone


def draw(now: datetime.datetime) -> str:
    """261124480231. One in a million of a day's orders is drawn again: the UNIQUE refuses it, and `place` tries anew."""
    return f"{timezone.localtime(now):%y%m%d}{secrets.randbelow(10**6):06d}"
