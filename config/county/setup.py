"""Write what a county begins with: places, kinds of produce, the written course, its first people. Again without harm."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone, translation

from accounts import demo, second_factor
from accounts.audit import AuditVerb
from accounts.auth.password_reset import make_nonce, make_password
from accounts.models import AuditEntry, Membership, Place, User
from accounts.people import memberships
from config.county.plan import BadPlan, CountyPlan, PersonPlan
from courses.import_export.programme import check_own_law, import_programme
from courses.models import Course
from programme.certificates.requirements import create_first_rules
from shops.models import Category
from shops.products.categories import plant_kinds
from ui.responses import page_cache

Kind, Role = Place.Kind, Membership.Role
Say = Callable[[str], None]


@dataclass
class Access:
    """What a person signs in with for the first time: a password of one day, and the code for the second factor."""

    person: User
    password: str
    code: str


@dataclass
class Started:
    county: Place
    new_places: int = 0
    new_kinds: int = 0
    is_course_new: bool = False
    access: list[Access] = field(default_factory=list)


def start_county(plan: CountyPlan, say: Say = lambda _line: None) -> Started:
    """Create what is missing, and leave what is there; raises BadPlan on a site that holds the demo or another county,
    and UnreadableFile where the county's own module of the law is missing or wrong.
    """
    if demo.can_sign_in():
        raise BadPlan(
            "This site holds the demo's people, whose password everybody knows. A real site begins with a database of its own."
        )
    with translation.override("en"):
        check_own_law()  # before anything is written
    say(f"{plan.county}: {len(plan.townships)} townships, {plan.count_villages()} villages…")
    with transaction.atomic():
        started = Started(*add_places(plan))
        kinds = Category.objects.count()
        started.new_kinds = len(plant_kinds()) - kinds
        started.access = add_people(plan, started.county)
    say("The written course, with its pictures and films…")
    had_course = Course.objects.exists()
    create_first_rules(import_programme(started.county))
    started.is_course_new = not had_course
    page_cache.invalidate("shops")
    page_cache.invalidate("courses")
    return started


# --- places ---


def add_places(plan: CountyPlan) -> tuple[Place, int]:
    """Return the county and the number of places that are new."""
    before = Place.objects.count()
    above = find_or_add(plan.county.province, Kind.PROVINCE, None, plan.county.code[:2] + "0000")
    if plan.county.city:
        above = find_or_add(plan.county.city, Kind.CITY, above, plan.county.code[:4] + "00")
    county = find_or_add(plan.county.name, Kind.COUNTY, above, plan.county.code)
    known = {(place.parent_id, place.name): place for place in Place.objects.within(county)}
    for name, villages in plan.townships.items():
        township = known.get((county.pk, name)) or Place.objects.create(
            name=name, kind=Kind.TOWNSHIP, parent=county
        )
        for village in villages:
            if (township.pk, village) not in known:
                Place.objects.create(name=village, kind=Kind.VILLAGE, parent=township)
    return county, Place.objects.count() - before


def find_or_add(name: str, kind: str, parent: Place | None, code: str) -> Place:
    """Find the place by its code, else by its name; a place that was renamed keeps its new name."""
    place = Place.objects.filter(code=code).first()
    place = place or Place.objects.filter(name=name, parent=parent).first()
    if place is None:
        return Place.objects.create(name=name, kind=kind, parent=parent, code=code)
    if not place.code:
        place.code = code
        place.save(update_fields=["code"])
    return place


# --- people ---


def add_people(plan: CountyPlan, county: Place) -> list[Access]:
    """Create the administrator and the organiser; return what those sign in with who never have."""
    administrator = find_or_create(plan.administrator)
    if not administrator.is_superuser:
        administrator.is_superuser = administrator.is_staff = administrator.is_active = True
        administrator.save()
    organiser = find_or_create(plan.organiser)
    give_role(organiser, county)
    return [
        give_access(person)
        for person in dict.fromkeys([administrator, organiser])
        if person.last_login is None
    ]


def find_or_create(plan: PersonPlan) -> User:
    if found := User.objects.filter(phone=plan.phone).first():
        return found
    person = User.objects.create_user(plan.phone, name=plan.name)
    AuditEntry.write(None, AuditVerb.PERSON_ADDED, person, by="start_county")
    return person


def give_role(person: User, county: Place) -> None:
    """Grant the organiser's role. One that ended or was declined since stays so: somebody has decided it."""
    with suppress(memberships.NoLonger):
        memberships.grant_role_by_code(person, county, Role.ORGANISER, by="start_county")


def give_access(person: User) -> Access:
    """Give a password of one day, which is to be changed at the first sign-in, and a code for the second factor."""
    words = make_password(make_nonce())
    person.set_password("".join(words))
    person.password_change_due, person.password_reset_at, person.is_active = True, timezone.now(), True
    person.save()
    AuditEntry.write(None, AuditVerb.PASSWORD_RESET, person, by="start_county")
    return Access(person, " ".join(words), second_factor.give_setup_code(person, None))
