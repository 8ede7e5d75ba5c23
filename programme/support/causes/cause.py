"""What every cause of being stuck has: how it is found, when it ended, who has done that very thing, what its person reads."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.models import Cohort
from courses.models.twins import pair_courses
from programme.models import Certificate, SupportCase
from programme.models.attendance import CLOSES_AFTER
from progress.classes.board import find_members

Name = SupportCase.Cause
# A person and a time at which something was done; the number is the quiz's, None where any ends it.
Event = tuple[int, datetime.datetime, int | None]
DAY = datetime.timedelta(days=1)
# Half a year after the class nobody calls about it any more.
FOLLOWED = 180 * DAY


@dataclass(frozen=True)
class Fact:
    """One thing with which a person is stuck: in words, and the page that helps with it, with the words of its link.

    `since` is when it began; a case that was opened before that is about an earlier time (programme.support.board).
    """

    user: int
    cause: str
    since: datetime.datetime
    words: str
    subject: int = 0
    title: str = ""
    url: str = ""
    button: str = ""

    @property
    def key(self) -> tuple[int, str, int]:
        return self.user, self.cause, self.subject

    @property
    def rank(self) -> int:
        """Return how pressing it is, the order of the causes: who cannot go on without a trainer comes first."""
        return list(SupportCase.Cause).index(SupportCase.Cause(self.cause))


@dataclass(frozen=True)
class Scope:
    """The people of one class that are asked about, `among` these only if given, at one moment."""

    cohort: Cohort
    among: Collection[int] | None = None
    now: datetime.datetime = field(default_factory=timezone.now)

    @property
    def members(self) -> QuerySet:
        rows = find_members(self.cohort)
        return rows if self.among is None else rows.filter(user__in=self.among)

    @property
    def users(self) -> QuerySet:
        return self.members.order_by().values("user")

    @property
    def learners(self) -> QuerySet:
        """Return the members without a certificate: whoever has one is through, whatever was left out."""
        return self.members.exclude(user__in=find_certified(self.cohort).values("user"))

    @property
    def today(self) -> datetime.date:
        return timezone.localdate(self.now)

    @property
    def is_learning(self) -> bool:
        """Return whether lessons and rehearsals are still made up for: as long as its attendance is corrected."""
        return self.today <= self.cohort.ends_on + CLOSES_AFTER


class Cause(ABC):
    """One thing with which people of a class can be stuck, whole; programme.support.causes lists them by urgency."""

    name: ClassVar[Name]
    # Who has the course's certificate is no longer stuck with it, whatever was left out.
    ends_with_certificate: ClassVar[bool] = True
    # No row says when it was solved: a case of it whose cause is gone counts as solved, without a time.
    ends_unseen: ClassVar[bool] = False

    @abstractmethod
    def find(self, scope: Scope) -> Iterator[Fact]:
        """Yield who is stuck with it now."""

    def find_ends(self, cohort: Cohort, users: Collection[int]) -> Iterable[Event]:
        """Return what these people did that ends it."""
        return ()

    def find_doers(self, cohort: Cohort, fact: Fact) -> QuerySet | None:
        """Return the ids of all who have done that very thing, and so could help; None where that cannot be said."""
        return None

    @abstractmethod
    def describe(self) -> str:
        """Return the sentence for the person: what to do next, without a reproach; `title` stands for the thing."""

    @abstractmethod
    def build_url(self, subject: int, cohort: int) -> str:
        """Return the page on which the person does it."""


def is_followed(cohort: Cohort) -> bool:
    return cohort.starts_on <= timezone.localdate() <= cohort.ends_on + FOLLOWED


def find_certified(cohort: Cohort) -> QuerySet[Certificate]:
    """Return the valid certificates of the class's course, in either language."""
    of_course = Q(course=cohort.course_id) | pair_courses("course__", cohort.course_id)
    return Certificate.objects.valid().filter(of_course).order_by()
