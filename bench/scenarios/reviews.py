"""Compare a trainer's queue of 10,000 submissions with one of 50: the list, one class of it, a late page, and the page of
one submission; CPU time of a request and the slowest of a hundred.

`python -m bench.scenarios.reviews`; called inside the bench's own site (bench.harness.site.run_module).
"""

from __future__ import annotations

import datetime
import statistics
import time
import uuid

from django.utils import timezone

SMALL, LARGE, CLASSES, ROUNDS = 50, 10_000, 4, 100
MOST = 1.5  # how much more CPU the large one may cost, counting its rows apart


def main() -> None:
    import django

    django.setup()
    print(f"\nThe review queue with {LARGE:,} submissions beside one with {SMALL} (median CPU ms, p99 ms)")
    few, many = site(SMALL), site(LARGE)
    print(f"{'':14}{'CPU':>8}{'p99':>8}{'CPU':>9}{'p99':>8}")
    for name in few.pages:
        small, large = cost(few, name), cost(many, name)
        print(
            f"{name:14}{small[0]:>8.2f}{small[1]:>8.2f}{large[0]:>9.2f}{large[1]:>8.2f}"
            f"   {large[0] / small[0]:.2f}× CPU",
            flush=True,
        )


class Site:
    def __init__(self, client, pages: dict[str, str]) -> None:
        self.client, self.pages = client, pages


def site(count: int) -> Site:
    """Make a new trainer with four classes of one course, and `count` submissions that wait in them."""
    from django.test import Client

    from accounts.models import Membership, Place
    from courses.models import Cohort, Course, Drill, Rubric
    from rehearsals import scoring
    from rehearsals.reviews import review_queue

    village = Place.objects.filter(kind=Place.Kind.VILLAGE).first()
    trainer = person(f"有{count}份的老师")
    Membership.objects.create(user=trainer, place=village.parent, role="trainer", status="granted")
    code = uuid.uuid4().hex[:8]
    course = Course.objects.create(title="量的课", slug=f"bench-{code}", place=village, state="published")
    today, groups = timezone.localdate(), []
    for number in range(CLASSES):
        cohort = Cohort.objects.create(
            course=course, place=village, name=f"{count}-{number} 班", starts_on=today, ends_on=today
        )
        cohort.trainers.add(trainer)
        groups.append(cohort)
    drill = Drill.objects.create(course=course, code="three", title="三分钟一个品")
    rubric = Rubric.objects.filter(course__slug="live-selling").first()
    content = rubric.content if rubric else {}
    keys = plant(count, groups, drill, content, scoring.hash_rubric(content), village)
    client = Client(SERVER_NAME="localhost")
    client.force_login(trainer)
    deep = review_queue.load_page(review_queue.find_sources(trainer)).after
    pages = {
        "queue": "/review/",
        "one class": f"/review/?class={groups[0].pk}",
        "next page": f"/review/?after={deep}",
        "second scores": "/review/?show=second",
        "a submission": f"/review/{keys[len(keys) // 2]}/",
    }
    return Site(client, pages)


def person(name: str):
    from accounts.models import User

    phone = f"+86139{uuid.uuid4().int % 10**8:08d}"
    return User.objects.create_user(phone=phone, name=name, password=uuid.uuid4().hex)


def plant(count: int, groups: list, drill, content: dict, fingerprint: str, village) -> list[uuid.UUID]:
    """Create submissions of one trainee, spread over the classes, a minute apart."""
    from live.models import Livestream
    from rehearsals.models import Rehearsal, Submission

    trainee, now = person("量的学员"), timezone.now()
    plan = Livestream.objects.create(host=trainee, place=village, title="量的彩排", starts_at=now)
    facts = {"user": trainee, "drill": drill}
    rehearsals = Rehearsal.objects.bulk_create(
        [Rehearsal(livestream=plan, cohort=groups[n % CLASSES], **facts) for n in range(count)],
        batch_size=1000,
    )
    rubric = {"rubric_content": content, "rubric_hash": fingerprint}
    made = Submission.objects.bulk_create(
        [
            Submission(
                rehearsal=rehearsal, cohort_id=rehearsal.cohort_id, number=n + 1, receipt=f"B{n}",
                received_at=now - datetime.timedelta(minutes=count - n), **facts, **rubric,
            )
            for n, rehearsal in enumerate(rehearsals)
        ],
        batch_size=500,
    )  # fmt: skip
    return [one.key for one in made]


def cost(where: Site, name: str) -> tuple[float, float]:
    taken, waited = [], []
    for _round in range(ROUNDS):
        cpu, wall = time.process_time(), time.perf_counter()
        answer = where.client.get(where.pages[name])
        taken.append((time.process_time() - cpu) * 1000)
        waited.append((time.perf_counter() - wall) * 1000)
        assert answer.status_code == 200, (name, answer.status_code)
    return statistics.median(taken), sorted(waited)[int(ROUNDS * 0.99) - 1]


if __name__ == "__main__":
    main()
