"""Order numbers that can be read out on the phone: the day and six digits, which do not tell how many orders there are."""

from __future__ import annotations

import datetime
import secrets

from django.utils import timezone

from shops.models import Order


def free_number(now: datetime.datetime) -> str:
    """261124480231. Two at once may still draw the same one; the UNIQUE stops the second."""
    day = timezone.localtime(now).strftime("%y%m%d")
    while True:
        number = f"{day}{secrets.randbelow(10**6):06d}"
        if not Order.objects.filter(number=number).exists():
            return number
