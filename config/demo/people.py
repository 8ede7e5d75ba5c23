"""The five who can be signed in as, the growers behind the shops, and a class at every stage."""

import datetime

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.demo import PASSWORD
from accounts.models import Consent, Membership, Place, User
from config.demo.places import Land
from courses.models import Cohort, Course

Role = Membership.Role
CLASSMATES = (
    "滕小妹", "向大伟", "彭菊香", "杨光明", "石桂花", "龙安平", "田德富", "吴春燕", "罗兰", "谢青山", "周新民", "王翠翠",
    "阿依古丽·买买提", "张家旺", "李秋菊", "覃福生", "黄兰英", "刘冬生",
)  # fmt: skip


PHONES = tuple(f"+861380000000{number}" for number in range(1, 6))


def are_planted() -> bool:
    """Whether one of the five can still sign in with the password that everybody knows."""
    return any(user.check_password(PASSWORD) for user in User.objects.filter(phone__in=PHONES))


def plant_people(land: Land) -> dict[str, User]:
    """By role: trainee, trainer, seller, organiser, stranger."""
    first, *_rest = land.villages.values()
    hashed = make_password(PASSWORD)
    return {
        "trainee": person("13800000001", "周秀兰", hashed, (Role.TRAINEE, first)),
        "trainer": person("13800000002", "李建平", hashed, (Role.TRAINER, land.county)),
        "seller": person("13800000003", "周梅英", hashed, (Role.SELLER, first), (Role.TRAINEE, first)),
        "organiser": person("13800000004", "陈志远", hashed, (Role.ORGANISER, land.county)),
        "stranger": person("13800000005", "罗小满", hashed),
    }


def person(phone: str, name: str, hashed: str, *roles: tuple[str, Place], **fields) -> User:
    now = timezone.now()
    defaults = {"name": name, "password": hashed, "birth_month": datetime.date(1980, 5, 1)}
    defaults |= {"privacy_version": "2026-11-24", "privacy_at": now} | fields
    user, new = User.objects.get_or_create(phone=f"+86{phone}", defaults=defaults)
    if new:
        Consent.objects.create(user=user, kind=Consent.Kind.PRIVACY, version="2026-11-24", given_at=now)
    for role, place in roles:
        Membership.objects.get_or_create(
            user=user,
            place=place,
            role=role,
            defaults={"status": Membership.Status.GRANTED, "decided_at": now},
        )
    return user


def plant_class(land: Land, course: Course, cast: dict[str, User]) -> tuple[Cohort, list[User]]:
    """The autumn class of the township: the demo trainee and eighteen others."""
    today = timezone.localdate()
    cohort, _new = Cohort.objects.get_or_create(
        join_code="YX2026",
        defaults={
            "course": course,
            "place": land.township,
            "name": "乡村直播实训·秋季班",
            "starts_on": today - datetime.timedelta(days=21),
            "ends_on": today + datetime.timedelta(days=40),
        },
    )
    cohort.trainers.add(cast["trainer"])
    villages = list(land.villages.values())
    hashed = make_password(PASSWORD)
    mates = [
        person(f"1390010{number:04d}", name, hashed, (Role.TRAINEE, villages[number % len(villages)]))
        for number, name in enumerate(CLASSMATES)
    ]
    return cohort, [cast["trainee"], *mates]


def plant_waiting(land: Land) -> None:
    """What waits for the organiser: a sign-up without a code, and a trainee who wants to sell."""
    first, second, *_rest = land.villages.values()
    hashed = make_password(PASSWORD)
    newcomer = person("13900200001", "蒋二妹", hashed, is_active=False)
    ask(newcomer, Role.TRAINEE, second, "村口小卖部的，想学直播。")
    ask(User.objects.get(phone="+8613900100003"), Role.SELLER, first, "家里有四亩椪柑，想开店。")


def ask(user: User, role: str, place: Place, note: str) -> None:
    Membership.objects.get_or_create(user=user, role=role, place=place, defaults={"note": note})
