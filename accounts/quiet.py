"""Numbers get new owners: after a long silence a code to the phone alone must not open an old account."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User


def is_quiet(user: User) -> bool:
    last_seen = user.last_login or user.joined_at
    return timezone.now() - last_seen > timedelta(days=settings.QUIET_ACCOUNT_DAYS)
