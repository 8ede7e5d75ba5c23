"""Events from a hall of phones: rows per second through the real /sync/, compared with plain inserts of the same rows.

Batches of 50, each of another person, on the same database in the same run; rounds of both alternate, and the median round
counts. The plain way is `bulk_create` in a transaction of its own for each 50: no request, no person, no event row, no check
of permissions.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from bench.harness.load import Connection
from bench.harness.servers import app_server
from bench.harness.site import run_code, temporary_site

BATCH, BATCHES, ROUNDS = 50, 40, 5
APP = "config.wsgi:application"

PREPARE = """
import json
from datetime import timedelta
from bench.harness.sessions import create_session
from django.utils import timezone
from accounts.models import User
from courses.models import Course, Lesson, Module
from media.models import Video
from progress.models import Enrolment
template = Lesson.objects.select_related("module__course").first()
course = template.module.course
course.pk, course.slug, course.twin = None, "sync-bench", None
course.save()
module = Module.objects.create(course=course, title="m")
video = Video.objects.create(status="ready", duration_ms=600_000)
lessons = [Lesson(module=module, title="l", state="published", video=video) for _n in range({batch})]
Lesson.objects.bulk_create(lessons)
people = [User(phone=f"+86188{{n:08d}}", name="p", password="x") for n in range({people})]
User.objects.bulk_create(people)
long_ago = timezone.now() - timedelta(days=20)
Enrolment.objects.bulk_create(Enrolment(user=p, course=course, enrolled_at=long_ago) for p in people)
sessions = []
for person in people[:{senders}]:
    sessions.append((person.pk, create_session(person)))
print(json.dumps({{"lessons": [l.pk for l in lessons], "senders": sessions,
    "bare": [p.pk for p in people[{senders}:]]}}))
"""

BARE = """
import time
from datetime import timedelta
from django.db import transaction
from django.utils import timezone
from progress.models import LessonDone, Watch
lessons, people, now = {lessons}, {people}, timezone.now()
def done(user):
    return [LessonDone(user_id=user, lesson_id=l, happened_at=now, received_at=now) for l in lessons]
def watched(user):
    return [Watch(user_id=user, lesson_id=l, intervals=[[0, 60000]], watched_ms=60000, last_ms=60000,
        furthest_ms=60000, first_at=now, last_at=now) for l in lessons]
model, rows = {{"done": (LessonDone, done), "watched": (Watch, watched)}}["{kind}"]
spent = 0
for n, person in enumerate(people):
    begin = time.perf_counter()
    with transaction.atomic():
        model.objects.bulk_create(rows(person))
    if n >= 3:
        spent += time.perf_counter() - begin
print((len(people) - 3) * len(lessons) / spent)
"""


def compare(database: str = "sqlite") -> dict[str, float]:
    """Return, by kind of event, our rows per second divided by those of plain inserts."""
    senders = 2 * ROUNDS * BATCHES
    with temporary_site("sync", database, products=10) as env:
        code = PREPARE.format(batch=BATCH, people=2 * senders, senders=senders)
        site = json.loads(run_code(env, code).splitlines()[-1])
        with app_server(APP, env, workers=1) as server:
            line = Connection(server.port)
            return {kind: compared(env, line, site, kind) for kind in ("done", "watched")}


def compared(env: dict[str, str], line: Connection, site: dict, kind: str) -> float:
    ours, bare = [], []
    for _round in range(ROUNDS):
        senders, people = taken(site["senders"]), taken(site["bare"])
        code = BARE.format(lessons=site["lessons"], people=people, kind=kind)
        bare.append(float(run_code(env, code).splitlines()[-1]))
        ours.append(sent(line, senders, site["lessons"], kind))
    us, them = statistics.median(ours), statistics.median(bare)
    print(
        f"{'sync, ' + kind:22}{us:>8.0f} rows/s   bare{them:>8.0f} rows/s{us / them * 100:>8.0f} %",
        flush=True,
    )
    return us / them


def taken(people: list) -> list:
    """Return the next people, who have sent nothing yet."""
    found = people[:BATCHES]
    del people[:BATCHES]
    return found


def sent(line: Connection, senders: list, lessons: list[int], kind: str) -> float:
    """Return rows per second over one connection; the first three batches warm it up."""
    batches = [
        (session, json.dumps({"user": user, "events": list(events(kind, lessons))}))
        for user, session in senders
    ]
    token = "t" * 32
    begin = time.perf_counter()
    for n, (session, batch) in enumerate(batches):
        if n == 3:
            begin = time.perf_counter()
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/json",
        }
        status, body, _headers = line.post("/sync/", headers, batch.encode())
        if status != 200 or body.count(b'"applied"') != len(lessons):
            raise ValueError(f"{status}: {body[:300]!r}")
    return (len(batches) - 3) * len(lessons) / (time.perf_counter() - begin)


def events(kind: str, lessons: list[int]) -> Iterator[dict]:
    """Yield what a phone has after a long day: each lesson once, with a minute watched."""
    start = datetime.now(UTC) - timedelta(hours=5)
    for n, lesson in enumerate(lessons):
        since, until = start + timedelta(minutes=n), start + timedelta(minutes=n + 1)
        body: dict = {"lesson": lesson}
        if kind == "watched":
            body |= {"intervals": [[0, 60_000]], "position": 60_000, "rung": "240"}
            body |= {"from": since.isoformat(), "to": until.isoformat()}
        yield {"id": str(uuid4()), "kind": kind, "at": until.isoformat(), "body": body}


if __name__ == "__main__":
    for name in sys.argv[1:] or ["sqlite"]:
        print(f"\n{name}: batches of {BATCH}")
        compare(name)
