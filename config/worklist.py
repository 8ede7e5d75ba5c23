"""Register what the computer needs from the site's administrator: a safe database library, copies, disks, queues."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.worklist.items import Urgency, WorkItem, register_work
from config import sqlite
from config.health import checks, status


@register_work(on_phone=False, in_admin=True)
def library(user: User) -> Iterator[WorkItem]:
    """Yield a warning about a database library that can lose data; no query otherwise."""
    if checks.is_library_sound() or not (
        user.is_superuser or user.places_with_role(Membership.Role.ORGANISER)
    ):
        return
    yield WorkItem(
        kind="old_sqlite",
        count=1,
        sentence=_("这台机器的数据库程序太旧（SQLite %(version)s），可能丢数据：请装网站的人马上更新")
        % {"version": sqlite.get_version()},
        admin_url=reverse("readyz"),
        icon="info",
        urgency=Urgency.CLOCK,
    )


@register_work(in_admin=True)
def troubles(user: User) -> Iterator[WorkItem]:
    """Yield the alerts that are firing, but those of which more people are told; no query for other people."""
    if user.runs_the_site:
        for trouble in look(user)[0]:
            if not trouble.is_told_elsewhere:
                yield WorkItem(
                    trouble.alert,
                    1,
                    trouble.sentence,
                    reverse("condition"),
                    trouble.icon,
                    "me",
                    Urgency.CLOCK,
                    since=trouble.since,
                    note=trouble.first,
                    admin_url=reverse("condition"),
                )


@register_work(on_phone=False, in_admin=True)
def last_copy(user: User) -> Iterator[WorkItem]:
    """Yield the state of the copies on the admin's first page, also when all is well."""
    if user.runs_the_site:
        for fact in look(user)[1]:
            if fact.alert.startswith("copy_"):
                yield WorkItem(
                    fact.alert,
                    1,
                    fact.sentence,
                    reverse("condition"),
                    fact.icon,
                    "me",
                    Urgency.LATER,
                    admin_url=reverse("condition"),
                )


def look(user: User) -> tuple[list[status.Trouble], list[status.Fact]]:
    """Return the site's condition, read once for this person's request."""
    found = user.__dict__.get("site_condition")
    if found is None:
        found = user.__dict__["site_condition"] = status.look()
    return found
