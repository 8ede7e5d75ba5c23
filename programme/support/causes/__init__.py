"""Find who of a class is stuck, with what and since when: computed from the rows of what people did, never stored.

Nobody is named for one wrong try, for a day without learning, or for what is done by now: each cause has its least number or
its days, and is gone as soon as the row that solves it is there. Only people who are in the class now are looked at. A
constant number of queries, whatever the size of the class.

Each cause is one class in a module of its own.
"""

from __future__ import annotations

from collections.abc import Collection

from courses.models import Cohort
from programme.support.causes.cause import Cause, Fact, Name, Scope, is_followed
from programme.support.causes.certificates import NearCertificate
from programme.support.causes.lessons import LateLesson
from programme.support.causes.listings import NoListing
from programme.support.causes.phones import UnsentWork
from programme.support.causes.quizzes import FailedQuiz
from programme.support.causes.rehearsals import UnmadeRetake
from programme.support.causes.sessions import Absence
from programme.support.causes.tasks import ReturnedTask

KINDS: tuple[type[Cause], ...] = (
    FailedQuiz,
    UnsentWork,
    Absence,
    UnmadeRetake,
    ReturnedTask,
    LateLesson,
    NearCertificate,
    NoListing,
)
CAUSES: dict[str, Cause] = {kind.name: kind() for kind in KINDS}


def find_facts(cohort: Cohort, among: Collection[int] | None = None) -> dict[int, list[Fact]]:
    """Return by person what they are stuck with, the most pressing first; about `among` only, if given."""
    if not is_followed(cohort):
        return {}
    scope = Scope(cohort, among)
    found: dict[int, list[Fact]] = {}
    for cause in CAUSES.values():
        for fact in cause.find(scope):
            found.setdefault(fact.user, []).append(fact)
    for facts in found.values():
        facts[:] = leave_out_same(facts)
    return found


def leave_out_same(facts: list[Fact]) -> list[Fact]:
    """Leave out what another line says already: the certificate that lacks what the person is stuck with."""
    others = {fact.cause for fact in facts} - {Name.CERTIFICATE, Name.ABSENT, Name.LISTING}
    kept = [fact for fact in facts if fact.cause != Name.CERTIFICATE or not others]
    return sorted(kept, key=lambda fact: (fact.rank, fact.since, fact.subject))
