"""Compare the programme's pages for a county of 3,000 trainees with those for a tenth of it: CPU time of a request (median of
ten) of impact, a figure's rows, a class's boards, the lineage and the ladder.

`python -m bench.scenarios.programme`; called inside the bench's own site (bench.harness.site.run_module). The rows are inserted,
60,000 entries of ledgers among them; `bench.proofs.year` times the same pages after a year of the real functions.
"""

from __future__ import annotations

import datetime
import statistics
import time
import uuid

from django.utils import timezone

PEOPLE, CLASSES, SHOPS, ENTRIES, ROUNDS = 3000, 120, 90, 60_000, 10
GRADUATES, TEACHERS = 0.6, 0.1


def main() -> None:
    import django

    django.setup()
    print(f"\nThe programme's pages: {PEOPLE // 10:,} trainees, and {PEOPLE:,} (median CPU ms)")
    few, many = plant(10), plant(1)
    print(f"{'':22}{'a tenth':>10}{'all':>10}")
    for name, url in few[1].items():
        small, large = cost(few[0], url), cost(many[0], many[1][name])
        print(f"{name:22}{small:>10.1f}{large:>10.1f}   {large / small:.1f}×", flush=True)


def plant(part: int):
    """Insert a county with its `part`th of everything; return a client of its organiser and the pages by name."""
    from django.test import Client
    from django.urls import reverse

    from accounts.models import Membership, Place
    from courses.models import Cohort, Course
    from programme.models import Step, Teaching
    from progress.models import Enrolment
    from shops.ledger import entries
    from shops.models import LedgerEntry, Shop

    today, mark = timezone.localdate(), uuid.uuid4().hex[:6]
    county = Place.objects.create(name=f"量县{mark}", kind=Place.Kind.COUNTY, parent=Place.objects.first())
    town = Place.objects.create(name=f"量镇{mark}", kind=Place.Kind.TOWNSHIP, parent=county)
    villages = [
        Place.objects.create(name=f"量{n}村", kind=Place.Kind.VILLAGE, parent=town)
        for n in range(60 // part or 1)
    ]
    organiser, *people = make_people(PEOPLE // part + 1)
    granted = {"status": Membership.Status.GRANTED}
    Membership.objects.create(user=organiser, place=county, role=Membership.Role.ORGANISER, **granted)
    Membership.objects.bulk_create(
        [
            Membership(user=one, place=villages[n % len(villages)], role="trainee", **granted)
            for n, one in enumerate(people)
        ]
    )
    course = Course.objects.create(title="量的课", slug=f"bench-{mark}", place=county, state="published")
    cohorts = Cohort.objects.bulk_create(
        [
            Cohort(
                course=course, place=town, name=f"{n}班", join_code=f"{mark[:4]}{n:03d}",
                starts_on=today - datetime.timedelta(days=90),
                ends_on=today + datetime.timedelta(days=5),
            )
            for n in range(CLASSES // part)
        ]
    )  # fmt: skip
    Enrolment.objects.bulk_create(
        [Enrolment(user=one, course=course, cohort=cohorts[n % len(cohorts)]) for n, one in enumerate(people)]
    )
    now = timezone.now()
    Step.objects.bulk_create(
        [
            Step(
                user=one,
                step=step,
                reached_at=now - datetime.timedelta(days=n % 300),
                evidence_kind="lesson",
                evidence_id=n,
            )
            for n, one in enumerate(people)
            for step in (("learner", "graduate") if n < len(people) * GRADUATES else ("learner",))
        ]
    )
    teachers = people[: int(len(people) * TEACHERS)]
    Teaching.objects.bulk_create(
        [
            Teaching(
                teacher=teachers[n % len(teachers)], pupil=one, since=today - datetime.timedelta(days=200)
            )
            for n, one in enumerate(people[len(teachers) : len(people) // 2])
        ]
    )
    shops = Shop.objects.bulk_create(
        [
            Shop(slug=f"bench-{mark}-{n}", place=villages[n % len(villages)], owner=people[n], name=f"{n}店")
            for n in range(SHOPS // part)
        ]
    )
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                shop=(shop := shops[n % len(shops)]), villager=shop.owner, kind="order", fen=3000 + n % 50, grams=2500,
                on=today - datetime.timedelta(days=n % 360), at=now - datetime.timedelta(days=n % 360),
            )
            for n in range(ENTRIES // part)
        ],
        batch_size=2000,
    )  # fmt: skip
    for shop in shops:
        entries.rebuild_months(shop)
    client = Client(SERVER_NAME="localhost")
    client.force_login(organiser)
    cohort = cohorts[0].pk
    return client, {
        "impact": reverse("programme:impact"),
        "rows of a figure": f"{reverse('programme:impact_rows')}?figure=sales",
        "class board": reverse("progress:class", args=[cohort]),
        "who is stuck": reverse("programme:support", args=[cohort]),
        "lineage": reverse("programme:lineage"),
        "ladder": reverse("programme:ladder_list"),
    }


def make_people(count: int) -> list:
    from accounts.models import User

    first = uuid.uuid4().int % 10**7
    return User.objects.bulk_create(
        [User(phone=f"+86156{(first + n) % 10**8:08d}", name=f"量的人{n}") for n in range(count)]
    )


def cost(client, url: str) -> float:
    taken = []
    for _round in range(ROUNDS):
        began = time.process_time()
        answer = client.get(url)
        taken.append((time.process_time() - began) * 1000)
        assert answer.status_code == 200, (url, answer.status_code)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
