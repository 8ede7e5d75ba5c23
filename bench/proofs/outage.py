"""Stop PostgreSQL for some seconds under the whole site and its traffic: what is shown, what says when to come again, and when
all is well again.

    python -m bench.proofs.outage [SECONDS]

Readers ask for pages that the site has in memory, for others, and for the probes; buyers order and phones send events, each
under the same id until it is acknowledged. Nobody may get a 500 or no answer. Afterwards every acknowledged order and event
must be there once, and the worker must make a photo that is sent then.

Then the app alone runs on a server that takes connections and says nothing, as behind a broken line: the process's own probe
must still be answered.
"""

from __future__ import annotations

import io
import itertools
import json
import socket
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.harness import traffic
from bench.harness.postgres import Postgres, own_postgres
from bench.harness.servers import app_server
from bench.harness.site import SECRET, manage, run_code
from bench.harness.traffic import Seen, Traffic, send_photo, sending, signed_in
from bench.proofs import kills

SECONDS, AROUND = 11.0, 4.0
READERS, PAUSE = 8, 0.1
LEAST_REQUESTS = 500
# The most seconds after PostgreSQL accepts connections: until a page from the database is shown, and until the last failure.
MOST_TO_RECOVER = 2.0
# The most seconds that the process's own probe and a page in memory may take while the database is away.
MOST_SECONDS = 1.0
# A server that says nothing: for how long, and in which first part the threads may wait for their connections.
SILENT_SECONDS, FIRST_SECONDS = 12.0, 5.0
KNOWN = ("/", "/courses/", "/products/", "/villages/")
WARMING = 60
HTML = {"Accept": "text/html"}


def read(visits: Traffic, site: dict[str, Any], number: int) -> None:
    """Ask for one page after another, each once, until the traffic is over."""
    person = site["phones"][number % len(site["phones"])][0]
    for n in itertools.count(number):
        if visits.over.is_set():
            return
        known = KNOWN[n % len(KNOWN)]
        visits.ask("GET", known, HTML)
        visits.ask("GET", *[("/healthz", {}), (f"/products/?q={uuid.uuid4().hex}", HTML)][n % 2])
        visits.ask("GET", *[("/readyz", {}), ("/learn/", HTML | signed_in(person)), (known, HTML)][n % 3])
        time.sleep(PAUSE)


def run_with_outage(
    postgres: Postgres, port: int, site: dict[str, Any], seconds: float
) -> tuple[list[Seen], float, float, Traffic]:
    """Run the traffic over one outage; return all answers, when PostgreSQL was stopped and back, and who wrote."""
    visits = Traffic(port)
    for path in KNOWN:
        for _n in range(WARMING):  # all processes of the app know it
            visits.ask("GET", path, HTML)
    with sending(port, site, PAUSE) as writes:
        readers = [threading.Thread(target=read, args=(visits, site, n)) for n in range(READERS)]
        for reader in readers:
            reader.start()
        time.sleep(AROUND)
        postgres.stop()
        stopped = time.monotonic()
        time.sleep(seconds)
        back = postgres.start()
        time.sleep(AROUND)
        visits.over.set()
        for reader in readers:
            reader.join()
    return visits.seen + writes.seen, stopped, back, writes


def name_kind(seen: Seen) -> str:
    if seen.method == "POST":
        return "events" if seen.path == "/sync/" else "orders"
    if seen.path in KNOWN and seen.method == "GET":
        return "page in memory"
    return {"/healthz": "healthz", "/readyz": "readyz", "/sync/": "events"}.get(seen.path, "other page")


def name_answer(seen: Seen) -> str:
    if seen.status == 200 and seen.cache_control == "no-store":
        return "200 from memory"
    return traffic.name_answer(seen)


def count_log_lines(folder: Path) -> Counter:
    """Count the lines of the log about the outage, and those with a trace."""
    lines: Counter = Counter()
    for path in folder.glob("app-*.jsonl"):
        for line in map(json.loads, path.read_text().splitlines()):
            if line["logger"] == "farm.database":
                lines[line["message"]] += 1
            lines["a trace"] += "trace" in line
    return lines


def time_photo(port: int, site: dict[str, Any]) -> float:
    """Send a photo and return the seconds until the worker has made its pictures."""
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (800, 600), "#f6a02a").save(file, "JPEG")
    begun, phone, person = time.monotonic(), Traffic(port), site["phones"][0][0]
    url = f"/uploads/photos/{send_photo(phone, person, file.getvalue())}/"

    def is_ready() -> bool:
        return json.loads(phone.insist("GET", url, signed_in(person))[2])["status"] == "ready"

    kills.wait_for(is_ready, 60)
    return time.monotonic() - begun


def report(
    answers: list[Seen], stopped: float, back: float, checked: dict[str, Any], lines: Counter, photo: float
) -> bool:
    away = [seen for seen in answers if seen.begun >= stopped and seen.ended <= back]
    print(f"\nPostgreSQL was away for {back - stopped:.1f} s; {len(away)} requests meanwhile")
    for kind, answer in sorted({(name_kind(seen), name_answer(seen)) for seen in away}):
        found = [seen.seconds for seen in away if (name_kind(seen), name_answer(seen)) == (kind, answer)]
        print(f"  {kind:15}{answer:22}{len(found):>6}   slowest {max(found):5.2f} s")
    # A request that was under way when the server stopped or started counts too.
    around = [seen for seen in answers if seen.ended >= stopped]
    bad = [seen for seen in around if name_answer(seen) in ("500", "no answer", "503 without", "502", "504")]
    first = min(
        seen.ended
        for seen in around
        if seen.begun >= back and name_kind(seen) == "other page" and seen.status == 200
    )
    failed = [
        seen.ended for seen in around if seen.ended > back and seen.status == 503 and seen.path != "/readyz"
    ]
    last = max(failed, default=back)
    slowest = max(seen.seconds for seen in away if name_kind(seen) in ("healthz", "page in memory"))
    kept = all(seen.status == 200 for seen in away if name_kind(seen) in ("healthz", "page in memory"))
    print(f"  500, 502, 504, no answer, 503 without Retry-After: {len(bad)} (0)")
    print(
        f"  all pages in memory and /healthz were shown: {kept}; the slowest took {slowest:.2f} s (≤ {MOST_SECONDS})"
    )
    print(f"  first page from the database {first - back:.2f} s after its return (≤ {MOST_TO_RECOVER})")
    print(f"  last failure {last - back:.2f} s after its return (≤ {MOST_TO_RECOVER})")
    print(f"  a photo sent after it was made by the worker in {photo:.1f} s")
    print(f"  log of all processes: {dict(lines)}")
    for name, value in checked.items():
        print(f"  {name}: {value}")
    wrong = [name for name, value in checked.items() if not kills.is_right(value)]
    is_good = not (bad or wrong or lines["a trace"]) and kept and slowest <= MOST_SECONDS
    return is_good and max(first, last) - back <= MOST_TO_RECOVER and len(away) >= LEAST_REQUESTS


def make_counter(env: dict[str, str]) -> Callable[[Traffic], dict[str, Any]]:
    def count(writes: Traffic) -> dict[str, Any]:
        lists = Path(env["VAR_DIR"], "acknowledged.json")
        lists.write_text(json.dumps([writes.orders, writes.events]))
        call = f"kills.check(*json.load(open({str(lists)!r})))"
        return json.loads(
            run_code(
                env, f"import json\nfrom bench.proofs import kills\nprint(json.dumps({call}))"
            ).splitlines()[-1]
        )

    return count


def prove_silence(env: dict[str, str]) -> bool:
    """Ask an app whose database takes connections and never answers; return whether its probe was quick enough."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(512)  # connections are made by the system, and nobody reads what they bring
        url = f"postgres://farm@127.0.0.1:{silent.getsockname()[1]}/farm"
        with app_server(
            "config.wsgi:application", env | {"DATABASE_URL": url, "LOG_LEVEL": "CRITICAL"}
        ) as server:
            visits = Traffic(server.port)
            begun = time.monotonic()

            def visit(path: str) -> None:
                while time.monotonic() < begun + SILENT_SECONDS:
                    visits.ask("GET", path, HTML)
                    time.sleep(PAUSE / 2)

            threads = [
                threading.Thread(target=visit, args=[path]) for path in ("/products/",) * 16 + ("/healthz",)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    pages = [seen for seen in visits.seen if seen.path != "/healthz"]
    probes = [seen for seen in visits.seen if seen.path == "/healthz"]
    first = max(seen.seconds for seen in probes if seen.begun < begun + FIRST_SECONDS)
    later = max(seen.seconds for seen in probes if seen.begun >= begun + FIRST_SECONDS)
    print(
        f"\nA server that takes connections and says nothing, for {SILENT_SECONDS:.0f} s; {len(visits.seen)} requests"
    )
    print(
        f"  pages: {dict(Counter(map(name_answer, pages)))}, slowest {max(seen.seconds for seen in pages):.2f} s"
    )
    print(f"  /healthz: slowest {first:.2f} s in the first {FIRST_SECONDS:.0f} s (≤ {FIRST_SECONDS}),")
    print(f"  {later:.2f} s afterwards (≤ {MOST_SECONDS})")
    is_good = {name_answer(seen) for seen in pages} == {"503 with Retry-After"}
    return (
        is_good
        and {seen.status for seen in probes} == {200}
        and later <= MOST_SECONDS
        and first <= FIRST_SECONDS
    )


def main() -> None:
    seconds = float(sys.argv[1]) if sys.argv[1:] else SECONDS
    with tempfile.TemporaryDirectory(prefix="newfarmwork-outage-") as folder, own_postgres() as postgres:
        env = {
            "VAR_DIR": folder,
            "DATABASE_URL": postgres.url,
            "SECRET_KEY": SECRET,
            "DEMO": "1",
            "LOG_LEVEL": "WARNING",
        }
        for command in (["migrate", "-v0"], ["createcachetable"], ["collectstatic", "--noinput", "-v0"]):
            manage(env, *command)
        call = f"bench.harness.traffic.prepare({int(seconds * 100)})"
        site = json.loads(
            run_code(env, f"import json, bench.harness.traffic\nprint(json.dumps({call}))").splitlines()[-1]
        )
        with kills.running(env) as programs:
            answers, stopped, back, writes = run_with_outage(postgres, programs.port, site, seconds)
            photo = time_photo(programs.port, site)
        lines = count_log_lines(Path(folder, "log"))
        is_good = report(answers, stopped, back, make_counter(env)(writes), lines, photo)
        print(
            f"  {len(writes.orders)} orders and {len(writes.events)} events acknowledged, {writes.again} sent again"
        )
        is_good = prove_silence(env) and is_good
    print("  ok" if is_good else "  NOT AS PROMISED")
    sys.exit(not is_good)


if __name__ == "__main__":
    main()
