"""What the machine itself wants of whoever runs the site."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.waiting import Urgency, Wait, waits
from config import checks, sqlite


@waits(on_phone=False, in_admin=True)
def library(user: User) -> Iterator[Wait]:
    """A database library that can lose data. No query where there is none."""
    if checks.is_library_sound() or not (user.is_superuser or user.holds(Membership.Role.ORGANISER)):
        return
    yield Wait(
        kind="old_sqlite",
        count=1,
        sentence=_("这台机器的数据库程序太旧（SQLite %(version)s），可能丢数据：请装网站的人马上更新")
        % {"version": sqlite.version()},
        admin_url=reverse("readyz"),
        icon="info",
        urgency=Urgency.CLOCK,
    )
