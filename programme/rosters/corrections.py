"""The rows of a roster that cannot be added, as a table to be corrected and sent again."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import phones
from programme.models import Roster, RosterRow
from programme.rosters.problems import describe_problem

Outcome = RosterRow.Outcome
CHUNK = 1000


def find_failed(roster: Roster) -> QuerySet[RosterRow]:
    """Return the rows that nothing was or will be done about: what is wrong, or whose name somebody still has to decide."""
    undecided = Q(outcome=Outcome.CLASH, choice="", written_at=None)
    return roster.rows.filter(Q(outcome=Outcome.ERROR) | undecided).order_by("number")


def list_columns() -> list[str]:
    """Return the columns of the template and one that the reader of a roster leaves out."""
    return [_("姓名"), _("手机号"), _("村"), _("备注"), _("哪里不对")]


def list_rows(roster: Roster) -> Iterator[list[str]]:
    """Yield what each of these rows says, as it was typed where it could not be read, and what is wrong."""
    for row in find_failed(roster).iterator(chunk_size=CHUNK):
        typed, problem = row.facts.get("typed", ""), row.problem
        name = row.name or (typed if problem == "bad_name" else "")
        phone = phones.format_local(row.phone) if row.phone else ""
        if not phone and (problem == "scientific" or problem.startswith("phone_")):
            phone = typed
        yield [name, phone, row.village, row.note, describe_failure(row)]


def describe_failure(row: RosterRow) -> str:
    if row.outcome == Outcome.CLASH:
        facts = {"name": row.known_name}
        return _("这个号码的账号叫“%(name)s”。是同一个人，就在名单那一页定；不是，改号码。") % facts
    return describe_problem(row)
