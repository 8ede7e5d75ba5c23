"""Kill the processes of the whole site one after another by SIGKILL while it receives orders and events from phones.

    python -m bench.proofs.kills [SECONDS]

Each sender keeps what was not acknowledged and sends it again under the same id, as a phone does. Afterwards every
acknowledged order and event must be there once, and the stock must be the sum of its moves.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.harness.servers import ROOT, free_port
from bench.harness.site import run_code
from bench.harness.traffic import Traffic, sending

SECONDS, EVERY = 600, 10
# The app is two things: the process that serves, and its parent, which starts it again.
VICTIMS = ("server", "app", "worker", "spool", "front")
MOST_SILENCE = 20  # s; the front keeps a request for 15 s while the app starts


def check(orders: list[str], events: list[str]) -> dict[str, Any]:
    """Inside the site: return acknowledged rows that are missing or doubled, and whether the stock is right."""
    from django.db import connection
    from django.db.models import Sum

    from outbox.models import Event
    from progress.models import LessonDone
    from shops.models import Order, Product

    def found(rows, name: str) -> list[str]:
        return [str(value) for value in rows.values_list(name, flat=True)]

    placed, done = found(Order.objects, "key"), found(LessonDone.objects, "event_id")
    receipts = found(Event.objects.filter(state=Event.State.APPLIED), "event_id")
    product = Product.objects.get(shop__slug="traffic")
    integrity = "ok"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            [integrity] = cursor.fetchone()
    return {
        "orders lost": len(set(orders) - set(placed)),
        "orders doubled": len(placed) - len(set(placed)),
        "events lost": len(set(events) - set(done)),
        "events doubled": len(receipts) - len(set(receipts)) + len(done) - len(set(done)),
        "receipts lost": len(set(events) - set(receipts)),
        "stock is its moves": product.stock == product.moves.aggregate(sum=Sum("delta"))["sum"],
        "stock is what was ordered": product.stock == 100_000 - len(placed),
        "integrity": integrity,
    }


def is_right(value: object) -> bool:
    """Return whether a check found no fault: it counted none, or says that it is so. To Python 1 is True, and False 0."""
    return value is True or value == "ok" or (value == 0 and value is not False)


# --- processes to kill ---


class Site:
    """The supervisor of `make run` and the processes that it keeps running."""

    def __init__(self, process: subprocess.Popen, port: int) -> None:
        self.top, self.port = psutil.Process(process.pid), port

    def find(self, victim: str) -> psutil.Process | None:
        marks = {"worker": "/work", "front": "/run", "spool": "/config.http.spool"}
        mark = marks.get(victim, "/config.processes.server")
        for child in self.top.children():
            with suppress(psutil.Error):
                if any(f"/{part}".endswith(mark) for part in child.cmdline()[:4]):
                    if victim != "server":
                        return child
                    return next(iter(child.children()), None)
        return None

    def kill(self, victim: str) -> None:
        """Kill the process by SIGKILL; return when another process has replaced it and the site is healthy."""
        process = wait_for(lambda: self.find(victim))
        os.kill(process.pid, signal.SIGKILL)
        wait_for(lambda: (found := self.find(victim)) and found.pid != process.pid and self.is_ready())

    def is_ready(self) -> bool:
        answer = Traffic(self.port).ask("GET", "/readyz", {})
        return answer is not None and answer[0] == 200


def wait_for(found: Callable[[], Any], seconds: float = 120) -> Any:
    end = time.monotonic() + seconds
    while not (answer := found()):
        if time.monotonic() > end:
            raise TimeoutError("waited in vain for a process")
        time.sleep(0.05)
    return answer


@contextmanager
def running(env: dict[str, str]) -> Iterator[Site]:
    port = free_port()
    command = [sys.executable, "-m", "config.up"]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | env | {"PORT": str(port)}, stdout=output, stderr=output, start_new_session=True
        )  # fmt: skip
        site = Site(process, port)
        try:
            wait_for(lambda: process.poll() is not None or site.is_ready())
            yield site
        except Exception:
            output.seek(0)
            print(output.read()[-4000:])
            raise
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


@dataclass(frozen=True)
class Outcome:
    kills: int
    orders: int
    events: int
    again: int
    silence: dict[str, float]  # the longest time without an answer after the kill of each
    checked: dict[str, Any]

    @property
    def is_good(self) -> bool:
        wrong = {name: value for name, value in self.checked.items() if not is_right(value)}
        return not wrong and min(self.orders, self.events) > 0 and max(self.silence.values()) <= MOST_SILENCE


def run_and_kill(
    env: dict[str, str],
    site: dict[str, Any],
    count: Callable[[list[str], list[str]], dict],
    victims: Sequence[str],
    every: float,
    pause: float = 0.0,
) -> Outcome:
    """Kill processes one after another, `every` seconds apart; `count` is `check`, called after all senders have stopped.

    Each sender pauses for `pause` seconds between two writes.
    """
    deaths = []
    with running(env) as programs:
        with sending(programs.port, site, pause) as traffic:
            for victim in victims:
                time.sleep(every)
                deaths.append((time.monotonic(), victim))
                programs.kill(victim)
            time.sleep(every)
            wait_for(programs.is_ready)
        checked = count(traffic.orders, traffic.events)
    return Outcome(
        kills=len(victims),
        orders=len(traffic.orders),
        events=len(traffic.events),
        again=traffic.again,
        silence=silences(traffic.answers, deaths),
        checked=checked,
    )


def silences(answers: list[float], deaths: list[tuple[float, str]]) -> dict[str, float]:
    """Return the longest pause between two answers from each victim's death to the next death."""
    longest = dict.fromkeys(VICTIMS, 0.0)
    for before, after in itertools.pairwise(answers):
        of_whom = [victim for moment, victim in deaths if moment < after]
        if of_whom:
            longest[of_whom[-1]] = max(longest[of_whom[-1]], after - before)
    return longest


def main() -> None:
    from bench.scenarios.orders import site_of_one_shop

    seconds = float(sys.argv[1]) if sys.argv[1:] else SECONDS
    with site_of_one_shop("sqlite") as env:
        made = run_code(
            env,
            f"import json, bench.harness.traffic\nprint(json.dumps(bench.harness.traffic.prepare({int(seconds * 40)})))",
        )

        def count(orders: list[str], events: list[str]) -> dict[str, Any]:
            lists = Path(env["VAR_DIR"], "acknowledged.json")
            lists.write_text(json.dumps([orders, events]))
            call = f"kills.check(*json.load(open({str(lists)!r})))"
            code = f"import json\nfrom bench.proofs import kills\nprint(json.dumps({call}))"
            return json.loads(run_code(env, code).splitlines()[-1])

        victims = list(itertools.islice(itertools.cycle(VICTIMS), int(seconds / EVERY)))
        outcome = run_and_kill(env, json.loads(made.splitlines()[-1]), count, victims, EVERY)
    print(f"\n{outcome.kills} processes killed, {EVERY} s apart, under orders and events")
    print(f"  {outcome.orders} orders and {outcome.events} events acknowledged, {outcome.again} sent again")
    for name, value in outcome.checked.items():
        print(f"  {name}: {value}")
    for victim, gap in outcome.silence.items():
        print(f"  longest without an answer after the death of {victim:7}{gap:6.2f} s (≤ {MOST_SILENCE})")
    print("  ok" if outcome.is_good else "  LOST")
    sys.exit(not outcome.is_good)


if __name__ == "__main__":
    main()
