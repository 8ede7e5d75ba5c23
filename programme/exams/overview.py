"""What a class's page of examinations shows of each person: the placement test, the theory, the practical."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Cohort, Module, Quiz
from programme.exams.bookings import find_seats
from programme.models import ExamSeat
from progress.classes.board import find_members
from progress.models import Attempt, EarlyOpening
from progress.names import fetch_by_name
from progress.quizzes import final_theory
from progress.quizzes.placement import Placement, load_placements
from ui.formats import day

A_PAGE = 50


@dataclass
class Person:
    """One trainee. `known`: the numbers of the modules that the placement test shows as known; `left`: lessons before the
    theory; `best`: percent of the best try at it.
    """

    pk: int
    name: str
    placement: Placement | None = None
    known: list[int] = field(default_factory=list)
    left: int = 0
    is_opened: bool = False
    tries: int = 0
    best: int | None = None
    passed: bool = False
    seats: list[ExamSeat] = field(default_factory=list)

    # Whether the course has a theory examination.
    has_theory: bool = False

    @property
    def lines(self) -> list[str]:
        """Return the three examinations, each in a sentence."""
        theory = [self.describe_theory()] if self.has_theory else []
        return [self.describe_placement(), *theory, *self.describe_practical()]

    def describe_placement(self) -> str:
        if self.placement is None:
            return _("没测摸底")
        held_on = day(timezone.localtime(self.placement.held_at).date())
        if not self.known:
            return _("摸底（%(day)s）：没有能跳过的单元") % {"day": held_on}
        numbers = _("、").join(map(str, self.known))
        return _("摸底（%(day)s）：会了第 %(numbers)s 单元") % {"day": held_on, "numbers": numbers}

    def describe_theory(self) -> str:
        if self.passed:
            return _("理论：%(best)s%%，过了") % {"best": self.best}
        if self.best is not None:
            words = ngettext(
                "理论：考了 %(n)d 次，最好 %(best)s%%", "理论：考了 %(n)d 次，最好 %(best)s%%", self.tries
            )
            return words % {"n": self.tries, "best": self.best}
        if self.waits:
            return ngettext("理论：还差 %(n)d 课", "理论：还差 %(n)d 课", self.left) % {"n": self.left}
        return _("理论：提前开了，还没考") if self.is_opened and self.left else _("理论：可以考了")

    def describe_practical(self) -> list[str]:
        return [describe_seat(seat) for seat in self.seats] or [_("没排实操")]

    @property
    def waits(self) -> bool:
        """Return whether the theory is still closed to the person."""
        return bool(self.left) and not (self.is_opened or self.tries)


def describe_seat(seat: ExamSeat) -> str:
    facts = {"day": day(timezone.localtime(seat.exam.starts_at).date()), "total": seat.total}
    if seat.settled_at is None:
        return _("实操（%(day)s）：还没出分") % facts
    if seat.passed:
        return _("实操（%(day)s）：%(total)s 分，过了") % facts
    return _("实操（%(day)s）：%(total)s 分，没过") % facts


def load_people(cohort: Cohort, after: str = "") -> tuple[list[Person], str]:
    """Load a page of the class by pinyin, and where the next one begins. A constant number of queries."""
    rows = find_members(cohort).select_related("user")
    page = fetch_by_name(rows, "user__name", after, A_PAGE)
    people = {row.user_id: Person(row.user_id, row.user.name) for row in page.items}
    numbers = dict(Module.objects.filter(course=cohort.course_id).order_by().values_list("pk", "number"))
    for pk, placement in load_placements(list(people), cohort.course_id).items():
        people[pk].placement = placement
        people[pk].known = sorted(numbers[module] for module in placement.known if module in numbers)
    if quiz := final_theory.find_quiz(cohort.course_id):
        add_theory(people, cohort, quiz)
    seats = find_seats(cohort.course_id).filter(user__in=list(people)).select_related("exam")
    for seat in seats.order_by("number"):
        people[seat.user_id].seats.append(seat)
    return list(people.values()), page.after


def add_theory(people: dict[int, Person], cohort: Cohort, quiz: Quiz) -> None:
    """Add what is left before the theory examination, who may sit it early, and how it went."""
    for pk, left in final_theory.count_left(list(people), cohort.course_id).items():
        people[pk].left, people[pk].has_theory = left, True
    opened = EarlyOpening.objects.filter(quiz=quiz, user__in=list(people)).order_by()
    for pk in opened.values_list("user", flat=True):
        people[pk].is_opened = True
    tries = Attempt.objects.filter(quiz=quiz, user__in=list(people)).order_by()
    for row in tries.values_list("user", "right", "total", "passed", "finished_at"):
        pk, right, total, passed, finished_at = row
        person = people[pk]
        person.tries += 1
        person.passed = person.passed or passed
        if finished_at and total:
            person.best = max(person.best or 0, right * 100 // total)
