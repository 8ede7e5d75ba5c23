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
    """Yield what is wrong with the site; no query for other people."""
    if user.runs_the_site:
        yield from (make_item(fact, Urgency.CLOCK) for fact in status.list_facts() if fact.is_bad)


@register_work(on_phone=False, in_admin=True)
def last_copy(user: User) -> Iterator[WorkItem]:
    """Yield the state of the copies on the admin's first page, also when all is well."""
    if user.runs_the_site:
        yield from (make_item(fact, Urgency.LATER) for fact in status.describe_copies() if not fact.is_bad)


def make_item(fact: status.Fact, urgency: Urgency) -> WorkItem:
    url = reverse("condition")
    return WorkItem(fact.kind, 1, fact.sentence, url, fact.icon, "me", urgency, note=fact.note, admin_url=url)
