"""Decide what a row of a roster would do to the class now. The same rules hold for the dry run and for writing, but that the
dry run tells nothing of accounts that its reader may not see: their rows look like those of numbers without an account.

Being in a class lets its trainers give a person a new password. So a roster adds only people who have an account in a place
of whoever imports, or in their classes; everybody else joins by the code. A trainer who is a guest in a class of the county
thus reaches nobody else of the county.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Place, User
from accounts.people.memberships import OPEN
from accounts.permissions import can_act_on
from courses.models import Cohort
from programme.ladder import lineage
from programme.models import RosterRow
from programme.rosters.rows import spell_name
from progress.enrolment import seats
from progress.enrolment.services import NEAREST, find_taught
from progress.models import Enrolment
from ui.database.orm import find_by_texts

Outcome, Choice, Status = RosterRow.Outcome, RosterRow.Choice, Membership.Status
Role = Membership.Role


def find_class_refusal(cohort: Cohort) -> str:
    """Return why the class takes nobody now, as a sentence; empty if it does."""
    if cohort.ends_on < timezone.localdate():
        return _("这个班已经结业，不能再加人。")
    if not cohort.is_open:
        return _("这个班不收人了。要加人，先在后台把班里的“还收人”打开。")
    return ""


class Held(NamedTuple):
    """A membership of somebody, as far as the rules need it."""

    role: str
    status: str
    decided_at: datetime.datetime | None
    place: int
    path: str


@dataclass
class Known:
    """Somebody who has an account with a number of the roster."""

    pk: int
    name: str
    is_active: bool
    has_signed_in: bool
    held: list[Held] = field(default_factory=list)
    cohort: int | None = None
    is_enrolled: bool = False
    has_left: bool = False
    is_taught: bool = False


class Village(NamedTuple):
    """The village that a text names below the class's place; without one, `problem` is "unknown", "several" or empty."""

    place: Place | None = None
    problem: str = ""


@dataclass
class Verdict:
    """What happens to a row; `facts` fill the sentences of programme.rosters.problems."""

    outcome: RosterRow.Outcome
    problem: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    known: Known | None = None

    @property
    def known_name(self) -> str:
        has_other = self.outcome == Outcome.CLASH or self.facts.get("named")
        return self.known.name if self.known and has_other else ""


class Rules:
    """The rules for one class and the person who imports; loads what they need of the class once."""

    def __init__(self, cohort: Cohort, actor: User, is_dry_run: bool = False) -> None:
        self.cohort, self.actor, self.is_dry_run = cohort, actor, is_dry_run
        self.found: dict[str, Village] = {}
        # How many more people the class takes; None for a class without a limit.
        self.left: int | None = None
        if cohort.most_people is not None:
            self.left = max(cohort.most_people - seats.count_taken(cohort), 0)

    @cached_property
    def teachers(self) -> set[int]:
        return {*self.cohort.trainers.values_list("pk", flat=True), self.cohort.mentor_id or 0}

    @cached_property
    def pupils(self) -> dict[int, set[int]]:
        """Return who was taught by whom, for a mentor's class; nobody is taught by who learnt from them."""
        return lineage.read_pupils() if self.cohort.mentor_id else {}

    @cached_property
    def reach(self) -> tuple[str, ...]:
        """Return the paths of the places whose people may be added."""
        if self.actor.is_superuser:
            return ("",)
        return tuple({place.path for place in self.actor.places_with_role(*Membership.STAFF_ROLES)})

    @cached_property
    def villages(self) -> list[Place]:
        return list(Place.objects.villages().within(self.cohort.place).select_related("parent"))

    # --- villages ---

    def find_village(self, text: str) -> Village:
        """Return the village below the class's place that a text names: 石榴冲, 石榴冲村, 青溪镇石榴冲村3组."""
        if text not in self.found:
            self.found[text] = self.match_village("".join(text.split()))
        return self.found[text]

    def match_village(self, text: str) -> Village:
        if not text:
            return Village()
        english = text.lower()
        named = [
            place
            for place in self.villages
            if place.name in text
            or place.name == f"{text}村"
            or (place.name_en and "".join(place.name_en.split()).lower() == english)
        ]
        if not named:
            return Village(problem="unknown")
        longest = max(len(place.name) for place in named)
        named = [place for place in named if len(place.name) == longest]
        if len(named) > 1:
            named = [place for place in named if place.parent and place.parent.name in text] or named
        return Village(named[0]) if len(named) == 1 else Village(problem="several")

    def get_village(self, pk: int | None) -> Place | None:
        return self.by_pk.get(pk) if pk else None

    @cached_property
    def by_pk(self) -> dict[int, Place]:
        return {place.pk: place for place in self.villages}

    @cached_property
    def granted(self) -> set[int]:
        """Return the villages about whose roles the importer decides; a class decides about its own place."""
        own = self.cohort.place_id
        decided = (one for one in self.villages if can_act_on(self.actor, one, Role.ORGANISER))
        return {own, *(place.pk for place in decided)}

    def may_grant(self, place: Place) -> bool:
        return place.pk in self.granted

    # --- people ---

    def load_known(self, phones: Iterable[str]) -> dict[str, Known]:
        """Return who has these numbers. Four queries, one if nobody has."""
        users = find_by_texts(User.objects.order_by(), "phone", set(phones))
        users = users.values_list("as_text", "pk", "name", "is_active", "last_login")
        found = {phone: Known(pk, name, active, seen is not None) for phone, pk, name, active, seen in users}
        if not found:
            return found
        by_pk = {one.pk: one for one in found.values()}
        held = Membership.objects.filter(user__in=by_pk).order_by("pk")
        columns = ("user", "role", "status", "decided_at", "place", "place__path")
        for user, role, status, decided_at, place, path in held.values_list(*columns):
            by_pk[user].held.append(Held(role, status, decided_at, place, path))
        mine = Enrolment.objects.filter(user__in=by_pk, course=self.cohort.course_id)
        for user, cohort, left_at in mine.order_by().values_list("user", "cohort", "left_at"):
            one = by_pk[user]
            one.cohort, one.is_enrolled, one.has_left = cohort, left_at is None, left_at is not None
        for pk in find_taught(self.actor).filter(pk__in=by_pk).order_by().values_list("pk", flat=True):
            by_pk[pk].is_taught = True
        return found

    def judge(self, name: str, known: Known | None) -> Verdict:
        """Decide about a row that is right by itself."""
        if known is None:
            return Verdict(Outcome.NEW)
        is_named = spell_name(known.name) != spell_name(name)
        if known.is_enrolled and known.cohort == self.cohort.pk:
            return Verdict(Outcome.HERE, facts={"named": True} if is_named else {}, known=known)
        if self.is_dry_run and not self.is_in_reach(known):
            return Verdict(Outcome.NEW)
        if problem := self.find_problem(known):
            return Verdict(Outcome.ERROR, problem, known=known)
        return Verdict(Outcome.CLASH if is_named else Outcome.ADD, known=known)

    def find_problem(self, known: Known) -> str:
        """Return why the class cannot take this person by a roster; empty if it can."""
        if not self.is_in_reach(known):
            return "elsewhere"
        if known.pk in self.teachers:
            return "trainer"
        if self.cohort.mentor_id and lineage.has_taught(self.pupils, known.pk, self.cohort.mentor_id):
            return "circle"
        if not known.is_active:
            return "closed" if known.has_signed_in else "waiting"
        if known.is_enrolled and known.cohort:
            return "other_class"
        if known.has_left:
            return "left"
        nearest = self.find_nearest(known)
        if nearest and nearest.status != Status.GRANTED and nearest.decided_at:
            return "role_over"
        return ""

    def take_seat(self) -> bool:
        """Return whether there is a seat for one more of the roster, and count it."""
        if self.left is None:
            return True
        self.left -= 1
        return self.left >= 0

    def is_in_reach(self, known: Known) -> bool:
        return known.is_taught or any(
            held.status in OPEN and held.path.startswith(self.reach) for held in known.held
        )

    def has_place(self, known: Known | None) -> bool:
        """Return whether somebody belongs to the class's place or a village below it already; the roster's village then
        changes nothing.
        """
        return known is not None and self.find_nearest(known) is not None

    def is_request(self, held: Held) -> bool:
        """Return whether somebody has only asked to belong to a place below the class's; its organisers decide about it."""
        return held.status == Status.ASKED and held.decided_at is None and held.place != self.cohort.place_id

    def find_nearest(self, known: Known) -> Held | None:
        """Return the membership by which the class takes the person, as progress.enrolment.services.find_place does."""
        path = self.cohort.place.path
        mine = [
            one
            for one in known.held
            if one.role == Role.TRAINEE and one.path.startswith(path) and not self.is_request(one)
        ]
        return min(mine, key=lambda one: NEAREST.index(one.status), default=None)
