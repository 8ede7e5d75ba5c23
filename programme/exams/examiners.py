"""Say who may examine a class, and what speaks against an examiner, when booking and again when they score."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership, Place, User
from courses.models import Cohort
from programme.models import ExamSeat, Teaching


def find_examiners(cohort: Cohort) -> QuerySet[User]:
    """Return who may examine the class: its trainers, and the trainers and organisers of its county and of what is above."""
    county = find_county(cohort.place)
    held = Membership.objects.granted().filter(role__in=Membership.STAFF_ROLES)
    near = held.filter(Q(place__path__startswith=county.path) | Q(place__path__in=county.paths_upwards()))
    teaching = cohort.trainers.order_by().values("pk")
    return User.objects.filter(Q(pk__in=near.order_by().values("user")) | Q(pk__in=teaching), is_active=True)


def find_examined(user: User, cohorts: Iterable[Cohort]) -> set[int]:
    """Return the keys of those of these classes that the person may examine now, as `find_examiners`. Three queries."""
    found = {cohort.pk: cohort.place for cohort in cohorts}
    if not found or not user.is_active:
        return set()
    taught = Cohort.trainers.through.objects.filter(user=user, cohort__in=list(found))
    mine = set(taught.values_list("cohort", flat=True))
    held = Membership.objects.granted().filter(user=user, role__in=Membership.STAFF_ROLES).order_by()
    paths = list(held.values_list("place__path", flat=True))
    above = {path for place in found.values() for path in place.paths_upwards()}
    counties = set(
        Place.objects.filter(path__in=above, kind=Place.Kind.COUNTY).order_by().values_list("path", flat=True)
    )
    for pk, place in found.items():
        county = min(counties.intersection(place.paths_upwards()), default=place.path)
        if any(path.startswith(county) or county.startswith(path) for path in paths):
            mine.add(pk)
    return mine


def find_county(place: Place) -> Place:
    """Return the county of a place, or the place itself where it is in none."""
    above = Place.objects.filter(path__in=place.paths_upwards(), kind=Place.Kind.COUNTY)
    return above.order_by("path").first() or place


def find_conflicts(cohort: Cohort, examiners: Sequence[User], people: Collection[int]) -> list[str]:
    """Return in sentences what speaks against these examiners. Three queries at most."""
    teaching = list_teaching(cohort)
    found = [
        *list_pair_conflicts(teaching, examiners),
        *list_own_conflicts(cohort, teaching, examiners, people),
    ]
    return list(dict.fromkeys(found))


def list_teaching(cohort: Cohort) -> set[int]:
    return set(cohort.trainers.order_by().values_list("pk", flat=True))


def list_pair_conflicts(teaching: Collection[int], examiners: Sequence[User]) -> Iterator[str]:
    """Yield what speaks against these two together; `teaching` are the class's trainers. No query."""
    pks = [examiner.pk for examiner in examiners]
    if len(set(pks)) < len(pks):
        yield _("考官要是两个人，不能是同一个。")
    if pks and set(teaching).issuperset(pks):
        yield _("至少一位考官不是这个班的老师。")


def list_own_conflicts(
    cohort: Cohort, teaching: Collection[int], examiners: Sequence[User], people: Collection[int]
) -> Iterator[str]:
    """Yield what speaks against each of these before these examinees. One query."""
    pks = [examiner.pk for examiner in examiners]
    mentored: dict[int, set[int]] = {}
    rows = Teaching.objects.counting().filter(teacher__in=pks, pupil__in=list(people)).order_by()
    for teacher, pupil in rows.values_list("teacher", "pupil"):
        if teacher not in teaching:
            mentored.setdefault(teacher, set()).add(pupil)
    for examiner in examiners:
        facts = {"name": examiner.name}
        if examiner.pk in people:
            yield _("%(name)s自己也在考，不能当考官。") % facts
        if examiner.pk == cohort.mentor_id or examiner.pk in mentored:
            yield _("%(name)s是考生的师傅，要避开，换一位。") % facts


def choose_third(cohort: Cohort, seat: ExamSeat) -> Iterable[User]:
    """Return who may score as the third examiner: any examiner of the class without a conflict."""
    taken = {score.examiner_id for score in seat.scores.all()}
    rows = find_examiners(cohort).exclude(pk__in=[*taken, seat.user_id]).order_by("name", "pk")
    people = list(rows)
    mentors = set(
        Teaching.objects.counting()
        .filter(teacher__in=[one.pk for one in people], pupil=seat.user_id)
        .exclude(teacher__in=cohort.trainers.order_by().values("pk"))
        .values_list("teacher", flat=True)
    )
    return [one for one in people if one.pk not in mentors and one.pk != cohort.mentor_id]
