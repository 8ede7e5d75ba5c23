"""Among a million invented keys a rate limit set before them still holds, and an attempt costs what it cost alone.

Runs on a new migrated database of its own, on SQLite and PostgreSQL. The keys are inserted in bulk, as attempts leave them;
the measured attempts are made as the pages make them.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile

from bench.harness.servers import ROOT
from bench.harness.site import SECRET, database_url, manage

SIZES = (1_000, 100_000, 1_000_000)
# The ratio of an attempt among a million keys to one among a thousand: the index is two levels deeper, and the disk is
# shared.
MOST_TIMES = 2.0

MEASURE = """
import json, statistics, time
from datetime import timedelta
from django.db import DatabaseError, connection
from django.test import RequestFactory
from django.utils import timezone
from accounts import limits
from accounts.models import Limit

def tried(key, ip="203.0.113.7"):
    request = RequestFactory().post("/", REMOTE_ADDR=ip)
    return limits.allows(request, "login_failed", key)

def timed(work, times=300):
    found = []
    for n in range(times):
        begin = time.perf_counter()
        work(n)
        found.append(time.perf_counter() - begin)
    return statistics.median(found) * 1000

locked = [tried("victim") for n in range(6)] == [True] * 5 + [False]
until, there, rows = timezone.now() + timedelta(hours=5), 0, []
for size in {sizes}:
    while there < size:
        made = [Limit(digest=limits.hash_name(f"made up {{n}}"), count=1, ends_at=until)
            for n in range(there, min(there + 20_000, size))]
        Limit.objects.bulk_create(made, batch_size=5_000)
        there += len(made)
    known = timed(lambda n: limits.consume("known", 10**9, until))
    new = timed(lambda n: limits.consume(f"new {{size}} {{n}}", 5, until))
    refused = timed(lambda n: limits.consume("refused", 1, until))
    still = not tried("victim", "198.51.100.9")
    rows.append([size, known, new, refused, locked and still])
with connection.cursor() as cursor:
    table = Limit._meta.db_table
    asked = {{"sqlite": f"SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%{{table}}%'",
        "postgresql": f"SELECT pg_total_relation_size('{{table}}')"}}
    try:
        cursor.execute(asked[connection.vendor])
        megabytes = cursor.fetchone()[0] // 10**6
    except DatabaseError:
        megabytes = 0
Limit.objects.filter(digest__gt="8").update(ends_at=timezone.now())
due, begin, swept, longest = Limit.objects.filter(ends_at__lte=timezone.now()).count(), time.perf_counter(), 0, 0
while True:
    since = time.perf_counter()
    gone = limits.sweep()
    longest = max(longest, time.perf_counter() - since)
    swept += gone
    if not gone:
        break
found = {{"rows": rows, "due": due, "swept": swept, "seconds": time.perf_counter() - begin, 
    "longest": longest, "megabytes": megabytes}}
print(json.dumps(found))
"""


def prove(kind: str) -> bool:
    with (
        tempfile.TemporaryDirectory(prefix="newfarmwork-limits-") as folder,
        database_url(kind, folder) as url,
    ):
        env = {
            "VAR_DIR": folder,
            "DATABASE_URL": url,
            "SECRET_KEY": SECRET,
            "DEMO": "1",
            "LOG_LEVEL": "ERROR",
        }
        for command in (["migrate", "-v0"], ["createcachetable"]):
            manage(env, *command)
        code = MEASURE.format(sizes=SIZES)
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c", code],
            cwd=ROOT, env=os.environ | env, check=True, capture_output=True, text=True,
        )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{kind:12}{'known ms':>10}{'new ms':>9}{'refused ms':>12}   the lock is there")
    for size, known, new, refused, is_locked in found["rows"]:
        print(f"{size:>12,}{known:>10.2f}{new:>9.2f}{refused:>12.2f}   {is_locked}", flush=True)
    print(
        f"swept {found['swept']:,} of {found['due']:,} in {found['seconds']:.1f} s, a round of {found['longest']:.1f} s"
    )
    print(f"the table with its indexes: {found['megabytes']} MB (0: this SQLite cannot say)")
    first, last = found["rows"][0], found["rows"][-1]
    times = statistics.mean(last[column] / first[column] for column in (1, 2, 3))
    print(f"a try among {SIZES[-1]:,} keys takes {times:.2f} times one among {SIZES[0]:,}")
    is_held = all(row[-1] for row in found["rows"])
    return is_held and times < MOST_TIMES and found["swept"] >= found["due"]


if __name__ == "__main__":
    good = [prove(kind) for kind in sys.argv[1:] or ("sqlite", "postgres")]
    raise SystemExit(0 if all(good) else 1)
