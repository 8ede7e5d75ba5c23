"""Seed the five demo accounts, the members of the class with their progress, and open requests."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts import demo as accounts_demo
from accounts.models import Consent, Membership, Place, User
from accounts.people import memberships
from demo.seed.places import DemoPlaces
from demo.seed.timeline import Timeline

Role = Membership.Role
PRIVACY = settings.PRIVACY_VERSION
PHONES = tuple(f"+86{number}" for number in accounts_demo.PHONES)
# Days before the day of seeding.
SITE_BEGAN, CLASS_BEGAN, CLASS_LASTS = 100, 24, 62


@dataclass(frozen=True)
class Classmate:
    """A member of the class. `pre`: per cent in the pre-test; `lessons` done, the last of them `seen` days ago.

    `tries` at a module's quiz in addition to the usual one pass for each completed module, in per cent by module.
    """

    name: str
    village: int
    born: str
    pre: int | None
    lessons: int
    seen: int = 0
    tries: tuple[tuple[int, tuple[int, ...]], ...] = ()
    joined: int = CLASS_BEGAN - 1


# The demo's trainee first, with three lessons done. Villages: 0 石榴冲, 1 柑子坪, 2 雾岭.
CLASS = (
    Classmate("周秀兰", 0, "1981-05", 46, 3, 1),
    Classmate("滕小妹", 1, "1996-02", 58, 14, 0, ((3, (50, 88)),)),
    Classmate("向大伟", 2, "1989-11", 50, 11, 1),
    Classmate("彭菊香", 0, "1974-08", 38, 8, 2, ((2, (33, 67)),)),
    Classmate("杨光明", 1, "1985-03", 63, 22, 0),
    Classmate("石桂花", 2, "1978-12", 54, 26, 1, ((6, (63, 75)),)),
    Classmate("龙安平", 0, "1992-07", 42, 10, 3),
    Classmate("田德富", 1, "1966-04", 33, 9, 4, ((1, (50, 67)), (2, (50, 50, 83)))),
    Classmate("吴春燕", 2, "2000-09", 71, 58, 1, ((8, (70, 90)),)),
    Classmate("罗桂兰", 0, "1983-01", 58, 18, 2),
    Classmate("谢青山", 1, "1971-10", 46, 7, 6),
    Classmate("周新民", 2, "1969-06", 29, 5, 5, ((1, (33, 50, 50)),)),
    Classmate("王翠英", 0, "1987-02", 67, 58, 2, ((8, (60, 80)), (6, (63, 88)))),
    Classmate("阿依古丽·买买提", 1, "1994-05", 54, 15, 1),
    Classmate("张家旺", 2, "2003-03", 63, 30, 3),
    # Came in the first days and were not seen for two weeks or more.
    Classmate("李秋菊", 0, "1976-09", 42, 4, 15, ((1, (50,)),)),
    Classmate("覃福生", 1, "1963-11", 25, 2, 17),
    Classmate("黄兰英", 2, "1980-04", 50, 6, 16),
    # Only took the pre-test.
    Classmate("刘冬生", 0, "1972-01", 38, 0),
    Classmate("彭小玲", 1, "1998-12", 46, 0, joined=6),
    # Joined the class by its code, and never began.
    Classmate("向桂莲", 2, "1968-07", None, 0),
    Classmate("石建军", 0, "1990-10", None, 0, joined=9),
    Classmate("龙秀梅", 1, "1984-06", None, 0, joined=3),
    Classmate("田小红", 2, "2001-08", 58, 1, 0, joined=2),
)
MATE_PHONE = "1390010{:04d}"


def seed_people(places: DemoPlaces) -> dict[str, User]:
    """Return people by role: trainee, trainer, seller, organiser, stranger; and `colleague`, the class's second trainer."""
    first, *_rest = places.villages.values()
    return {
        "organiser": make_person("13800000004", "陈志远", "1977-02", (Role.ORGANISER, places.county)),
        "trainer": make_person("13800000002", "李建平", "1982-09", (Role.TRAINER, places.county)),
        "colleague": make_person("13900400001", "向晓燕", "1991-04", (Role.TRAINER, places.county)),
        "seller": make_person(
            "13800000003", "周梅英", "1979-03", (Role.SELLER, first), (Role.TRAINEE, first)
        ),
        "trainee": make_person("13800000001", CLASS[0].name, CLASS[0].born, (Role.TRAINEE, first)),
        "stranger": make_person("13800000005", "罗小满", "1995-06"),
    }


def make_person(phone: str, name: str, born: str, *roles: tuple[str, Place], **fields) -> User:
    """Return the user with the roles granted, at the time of the clock."""
    now = timezone.now()
    defaults = {"name": name, "password": hash_password(), "birth_month": parse_month(born)}
    defaults |= {"privacy_version": PRIVACY, "privacy_at": now} | fields
    user, new = User.objects.get_or_create(phone=f"+86{phone}", defaults=defaults)
    if new:
        Consent.objects.create(user=user, kind=Consent.Kind.PRIVACY, version=PRIVACY, given_at=now)
    for role, place in roles:
        Membership.objects.get_or_create(
            user=user,
            place=place,
            role=role,
            defaults={"status": Membership.Status.GRANTED, "decided_at": now},
        )
    return user


@cache
def hash_password() -> str:
    """Return one password hash for all, because hashing is slow on purpose."""
    return make_password(accounts_demo.PASSWORD)


def parse_month(born: str) -> datetime.date:
    return datetime.date.fromisoformat(f"{born}-01")


def seed_requests(timeline: Timeline, places: DemoPlaces, organiser: User) -> None:
    """Seed open requests for the organiser: a sign-up without a code and a trainee who wants to sell; and a declined one."""
    first, second, third = places.villages.values()

    def sign_up(phone: str, name: str, born: str, place: Place, note: str) -> Membership:
        return memberships.ask_for_role(
            make_person(phone, name, born, is_active=False), Role.TRAINEE, place, note
        )

    def decline() -> None:
        asked = sign_up("13900200002", "张老四", "1988-08", third, "想学直播卖酒。")
        memberships.decline_role(organiser, asked, "你登记的住址不在本镇，去你那边的镇上问问。")

    def ask_to_sell() -> None:
        mate = User.objects.get(phone=f"+86{MATE_PHONE.format(3)}")
        memberships.ask_for_role(mate, Role.SELLER, first, "家里有四亩椪柑，想开店。")

    timeline.add(timeline.at(8, "10:20"), decline)
    timeline.add(timeline.at(1, "19:40"), ask_to_sell)
    timeline.add(
        timeline.ago(hours=6),
        sign_up,
        "13900200001",
        "蒋二妹",
        "1993-02",
        second,
        "村口小卖部的，想学直播。",
    )
