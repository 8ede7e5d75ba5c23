"""Write people of a roster into the class: accounts, roles, enrolments and notices, by few statements for a whole chunk."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import Membership, Notice, Place, User
from accounts.people.memberships import add_roles
from accounts.people.new_accounts import NewPerson, open_accounts
from programme.mentoring import pupils
from programme.models import RosterRow
from programme.notices import make_class_notice
from programme.rosters.outcomes import Known, Rules
from progress.enrolment.services import enrol_many

Status = Membership.Status


def write_people(rules: Rules, rows: Sequence[tuple[RosterRow, Known | None]]) -> None:
    """Write these rows, in the caller's transaction. Raises IntegrityError if a number has got an account meanwhile."""
    if not rows:
        return
    cohort = rules.cohort
    why: dict[str, object] = {"by": "roster", "cohort": cohort.pk}
    new = [row for row, known in rows if known is None]
    people = [NewPerson(row.name, row.phone) for row in new]
    users = open_accounts(rules.actor, people, cohort.place, why)
    granted: list[tuple[int, int]] = []
    asked: list[tuple[int, int]] = []
    for row, user in zip(new, users, strict=True):
        place_person(rules, user, rules.get_village(row.place_id), granted, asked)
    notices: list[Notice] = []
    for row, known in rows:
        if known is None:
            continue
        users.append(known.pk)
        nearest = rules.find_nearest(known)
        if nearest is None:
            place_person(rules, known.pk, rules.get_village(row.place_id), granted, asked)
        else:
            granted.append((known.pk, nearest.place))
        notices.append(make_class_notice(cohort, row.phone, known.pk, rules.actor))
    add_roles(rules.actor, granted, Status.GRANTED, cohort.place, why)
    add_roles(rules.actor, asked, Status.ASKED, cohort.place, why)
    for pk in users if cohort.mentor_id else ():
        pupils.admit(User(pk=pk), cohort)
    enrol_many(users, cohort)
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def place_person(
    rules: Rules,
    user: int,
    village: Place | None,
    granted: list[tuple[int, int]],
    asked: list[tuple[int, int]],
) -> None:
    """Choose where somebody becomes a trainee: in their village if the importer decides there, else in the class's place.

    The village is then asked for, and its organisers decide, as for whoever asks by themselves.
    """
    if village is not None and rules.may_grant(village):
        granted.append((user, village.pk))
        return
    granted.append((user, rules.cohort.place_id))
    if village is not None:
        asked.append((user, village.pk))
