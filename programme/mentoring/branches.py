"""Build the tree of who taught whom within the rights of its reader, and what each branch came to.

Somebody with several teachers stands once, below the first of them (by day, then by number), so that the sums of two branches
never count anybody twice. All is read at once, in the same number of queries for two people as for two thousand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts.models import Consent, Membership, Place, User
from courses.models import Cohort
from programme.ladder import steps
from programme.models import Step, Teaching, find_people_below
from progress.models import Enrolment
from shops.ledger import reports

# What one page shows; further people are behind "show this branch".
MOST_PEOPLE, MOST_PUPILS, MOST_GENERATIONS = 120, 30, 6

Pairs = list[tuple[int, int]]


def read_pairs(pupils: QuerySet[User] | None = None) -> Pairs:
    """Return (teacher, pupil) of the rows that count, the first teacher of each pupil first. One query."""
    rows = Teaching.objects.counting().order_by("since", "pk")
    if pupils is not None:
        rows = rows.filter(pupil__in=pupils.order_by().values("pk"))
    return list(rows.values_list("teacher", "pupil"))


class Forest:
    """The trees over these pairs: `pupils` by their first teacher, `roots` who has none, all in the order of beginning."""

    def __init__(self, pairs: Pairs, root: int | None = None) -> None:
        if root is not None:
            pairs = keep_below(pairs, root)
        self.teacher: dict[int, int] = {}
        self.pupils: dict[int, list[int]] = defaultdict(list)
        for teacher, pupil in pairs:
            if pupil not in self.teacher:
                self.teacher[pupil] = teacher
                self.pupils[teacher].append(pupil)
        self.roots = [
            one for one in dict.fromkeys(teacher for teacher, _pupil in pairs) if one not in self.teacher
        ]

    def list_branch(self, person: int) -> list[tuple[int, int]]:
        """Return (person, generation) of the branch, each generation after the one above; the person is generation 0."""
        found = [(person, 0)]
        for one, generation in found:
            found += [(pupil, generation + 1) for pupil in self.pupils.get(one, ())]
        return found

    def count_below(self) -> Counter[int]:
        """Return how many people stand below each."""
        below: Counter[int] = Counter()
        for root in self.roots:
            for person, _generation in reversed(self.list_branch(root)):
                if (teacher := self.teacher.get(person)) is not None:
                    below[teacher] += below[person] + 1
        return below

    def __contains__(self, person: object) -> bool:
        return person in self.teacher or person in self.pupils


def keep_below(pairs: Pairs, root: int) -> Pairs:
    """Return the pairs below this person, also of pupils who had another teacher first."""
    by_teacher: dict[int, list[int]] = defaultdict(list)
    for teacher, pupil in pairs:
        by_teacher[teacher].append(pupil)
    below, waiting = {root}, [root]
    while waiting:
        new = [pupil for pupil in by_teacher[waiting.pop()] if pupil not in below]
        below.update(new)
        waiting += new
    return [(teacher, pupil) for teacher, pupil in pairs if teacher in below and pupil != root]


# --- rights ---


@dataclass(frozen=True)
class Rights:
    """Of whom the reader sees the name, the steps, and what they sold. Names also of who has agreed to be public."""

    names: frozenset[int]
    steps: frozenset[int] = frozenset()
    incomes: frozenset[int] = frozenset()


def find_earners_below(user: User) -> QuerySet[User]:
    """Return the people whose income the reader may see: those of an organiser's places."""
    people = User.objects.all()
    if user.is_superuser:
        return people
    held = Place.objects.held_by(user, Membership.Role.ORGANISER)
    there = Membership.objects.granted().filter(place__in=held).order_by()
    return people.filter(pk__in=there.values("user"))


def find_guided(user: User, pairs: Pairs) -> Rights:
    """Return what one sees of the own branch: the names of oneself and of those one has taught, the steps of oneself and of
    those in classes whose mentor one is, nobody's income. At most one query.
    """
    mine = {user.pk}
    names = mine | {pupil for teacher, pupil in pairs if teacher == user.pk}
    guided: set[int] = set()
    if user.places_with_role(Membership.Role.MENTOR):
        classes = Cohort.objects.mentored_by(user).order_by().values("pk")
        inside = Enrolment.objects.active().filter(cohort__in=classes).order_by()
        guided = set(inside.values_list("user", flat=True)) & names
    return Rights(frozenset(names), frozenset(mine | guided))


# --- what is shown ---


@dataclass(frozen=True)
class Figures:
    """What a branch came to, over those whom the reader may see; `fen` and `grams` are None without such a right."""

    people: int
    generations: int
    by_step: list[tuple[str, int]]
    fen: int | None
    grams: int | None


@dataclass
class Node:
    """One person of the drawing; `name` is empty where the reader may not know it, `hidden` counts who is not shown below."""

    person: int
    name: str
    step: str
    hidden: int = 0
    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Facts:
    """What the reader may know of people: the steps that they have reached, and what they sold as (fen, grams)."""

    rights: Rights
    reached: dict[int, set[str]]
    sold: dict[int, tuple[int, int]]

    @classmethod
    def load_for_staff(cls, user: User) -> Facts:
        """Load what a trainer or organiser may see: the steps of everybody below, incomes only as an organiser. Four queries."""
        people, earners = find_people_below(user).order_by(), find_earners_below(user).order_by()
        below = frozenset(people.values_list("pk", flat=True))
        incomes = frozenset(earners.values_list("pk", flat=True)) & below
        sold = reports.sum_sales(earners.values("pk")) if incomes else {}
        return cls(Rights(below, below, incomes), read_steps(people.values("pk")), sold)

    @classmethod
    def load_for_person(cls, user: User, pairs: Pairs) -> Facts:
        """Load what one sees of the own branch. Two queries."""
        rights = find_guided(user, pairs)
        return cls(rights, read_steps(rights.steps), {})

    def sum_up(self, branch: list[tuple[int, int]]) -> Figures:
        """Return the figures of a branch without the person it begins with."""
        people = {person for person, generation in branch if generation}
        known = people & self.rights.steps
        counted = Counter(step for person in known for step in self.reached.get(person, ()))
        seen = people & self.rights.incomes
        sums = [self.sold.get(person, (0, 0)) for person in seen]
        return Figures(
            people=len(people),
            generations=max((generation for _person, generation in branch), default=0),
            by_step=[(str(step.label), counted[step.value]) for step in steps.ORDER] if known else [],
            fen=sum(fen for fen, _grams in sums) if seen else None,
            grams=sum(grams for _fen, grams in sums) if seen else None,
        )

    def name_step(self, person: int) -> str:
        """Return the label of the furthest step that the reader may see."""
        if person not in self.rights.steps:
            return ""
        found = [step for step in steps.ORDER if step.value in self.reached.get(person, ())]
        return str(found[-1].label) if found else ""


def read_steps(people: Collection[int] | QuerySet) -> dict[int, set[str]]:
    """Return the stored steps of these people. One query."""
    found: dict[int, set[str]] = defaultdict(set)
    for person, step in Step.objects.valid().filter(user__in=people).order_by().values_list("user", "step"):
        found[person].add(step)
    return found


def load_names(people: Iterable[int], rights: Rights) -> dict[int, str]:
    """Return the names that the reader may know: by right, or by the person's consent to be named in public. Two queries."""
    people = set(people)
    others = people - rights.names
    consents = Consent.objects.filter(kind=Consent.Kind.PUBLIC_STORY, withdrawn_at__isnull=True)
    public = (
        set(consents.filter(user__in=others).order_by().values_list("user", flat=True)) if others else set()
    )
    rows = User.objects.filter(pk__in=(people & rights.names) | public).order_by()
    return dict(rows.values_list("pk", "name"))


def build_tree(forest: Forest, facts: Facts, root: int, skip: int = 0) -> tuple[Node, int]:
    """Return the branch as far as one page shows it, generation by generation, and how many pupils of its root are left.

    `skip`: so many pupils of the root come on earlier pages.
    """
    below = forest.count_below()
    shown: dict[int, Node] = {}
    order: list[tuple[int, int | None, int]] = [(root, None, 0)]
    for person, _teacher, generation in order:
        pupils = forest.pupils.get(person, [])
        start = skip if person == root else 0
        room = MOST_PEOPLE - len(order) if generation + 1 < MOST_GENERATIONS else 0
        order += [
            (pupil, person, generation + 1)
            for pupil in pupils[start : start + min(MOST_PUPILS, max(room, 0))]
        ]
    names = load_names((person for person, _teacher, _generation in order), facts.rights)
    for person, teacher, _generation in order:
        node = shown[person] = Node(person, names.get(person, ""), facts.name_step(person), below[person])
        if teacher is not None:
            shown[teacher].children.append(node)
            shown[teacher].hidden -= below[person] + 1
    first = shown[root]
    left = max(len(forest.pupils.get(root, [])) - skip - len(first.children), 0)
    first.hidden = 0
    return first, left
