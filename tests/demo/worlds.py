"""The moment at which the tests look at the demo, and its people."""

import datetime
from zoneinfo import ZoneInfo

from accounts.models import User
from demo.seed import people

# An afternoon of the demo's own day, because no step may be in the future.
NOW = datetime.datetime(2026, 11, 27, 15, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def person(number: int) -> User:
    return User.objects.get(phone=people.PHONES[number - 1])
