"""The same small load with each failure: 300 pages, asked for once, and 25 batches of events and 25 orders, sent again."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.harness import traffic as sent
from bench.harness.traffic import Seen, Traffic, name_answer
from bench.proofs.nodes import faults, load
from bench.proofs.nodes.checker import Site
from bench.proofs.nodes.county import BUCKET, County

PAGES, BATCHES, ORDERS = 300, 25, 25
# The requests are spread over so many seconds; the failure comes after the first.
SECONDS, CALM = 20.0, 4.0


def end_node(county: County) -> None:
    county.nodes[-1].lose_power()


RUNS: tuple[tuple[str, int, Callable[[County], None] | None], ...] = (
    ("nothing", 16, None),
    ("kill -9 of a node's app", 5, faults.kill_app),
    ("kill -9 of a node's app", 16, faults.kill_app),
    ("kill -9 of a whole node", 5, end_node),
    ("kill -9 of a whole node", 16, end_node),
    ("PostgreSQL restarted", 16, faults.restart_postgres),
    (f"PostgreSQL away for {faults.SECONDS_AWAY} s", 16, faults.take_postgres_away),
    ("nodes restarted one after the other", 12, faults.restart_nodes),
)


@dataclass(frozen=True)
class Row:
    name: str
    clients: int
    seen: list[Seen]
    again: int
    written: int
    lost: int
    doubled: int

    @property
    def pages(self) -> list[Seen]:
        return [seen for seen in self.seen if seen.method == "GET"]

    def count(self, answers: list[Seen]) -> Counter:
        return Counter(name_answer(seen) for seen in answers if seen.status == 0 or seen.status >= 500)

    @property
    def is_good(self) -> bool:
        """Nothing is lost or there twice, and nobody got a 500, a page that was cut, or no word when to come again."""
        is_complete = not (self.lost or self.doubled) and self.written == BATCHES + ORDERS
        return is_complete and not set(self.count(self.seen)) - {"503 with Retry-After"}


class Run:
    """One load: its requests are due one after the other, and each client takes the next."""

    def __init__(self, county: County, site: dict[str, Any], number: int, clients: int) -> None:
        self.site, self.number, self.traffic = site, number, county.make_traffic()
        chance = random.Random(number)  # noqa: S311 - in which order
        pages = load.list_pages(site, number)
        jobs: list[Callable[[sent.Buyer], object]] = []
        for _n in range(PAGES):
            page = load.choose_page(chance, pages)
            jobs.append(lambda _form, page=page: self.traffic.ask("GET", *page))
        for n in range(ORDERS):
            jobs.append(lambda form, n=n: form.send(number * 100 + n))
        # A batch of two lessons that this person has not reported before.
        people = [person for phone in site["phones"] for person in phone]
        for n in range(BATCHES):
            at = (number * BATCHES + n) * 2
            lessons = site["lessons"][at : at + 2]
            jobs.append(lambda _form, lessons=lessons: sent.send_events(self.traffic, people[0], lessons))
        chance.shuffle(jobs)
        self.jobs, self.lock = list(enumerate(jobs)), threading.Lock()
        forms = [sent.Buyer(county.make_traffic(), site, 20 + client) for client in range(clients)]
        for form in forms:
            form.traffic = self.traffic
        self.forms = forms

    def go(self) -> None:
        begun = time.monotonic()

        def work(_traffic: Traffic, form: sent.Buyer) -> None:
            while True:
                with self.lock:
                    if not self.jobs:
                        return
                    number, job = self.jobs.pop(0)
                time.sleep(max(0.0, begun + number * SECONDS / (PAGES + BATCHES + ORDERS) - time.monotonic()))
                job(form)

        with sent.at_work(self.traffic, [(work, form) for form in self.forms]):
            pass


def run(county: County, site: dict[str, Any], number: int) -> Row:
    name, clients, fault = RUNS[number]
    load_run = Run(county, site, number, clients)
    thread = threading.Thread(target=load_run.go)
    thread.start()
    time.sleep(CALM)
    if fault:
        fault(county)
    thread.join()
    traffic = load_run.traffic
    if traffic.errors:
        raise RuntimeError("; ".join(traffic.errors))
    lost, doubled = count_stored(county, traffic)
    return Row(name, clients, traffic.seen, traffic.again, len(traffic.writes), lost, doubled)


def count_stored(county: County, traffic: Traffic) -> tuple[int, int]:
    """Return how many acknowledged orders and events are lost, and how many are stored twice."""
    facts = {
        "database": county.store.database_url,
        "bucket": {"url": county.store.bucket_url, "name": BUCKET},
        "acknowledged": {"order": traffic.orders, "batch": traffic.events},
    }
    site = Site(facts)
    orders = site.count_lost_and_doubled("order", "SELECT key FROM shops_order")
    events = site.count_lost_and_doubled("batch", "SELECT event_id FROM progress_lessondone")
    site.database.close()
    return orders[0] + events[0], orders[1] + events[1]


def prove(county: County) -> bool:
    """Run the load once with each failure, print the table; return whether nothing was lost and nobody got a 500."""
    site = county.prepare_people(len(RUNS) * 20, 30)
    print(f"\nFailures counted: {PAGES} pages, {BATCHES} batches of events and {ORDERS} orders a run")
    rows = []
    for number in range(len(RUNS)):
        row = run(county, site, number)
        rows.append(row)
        posts = [seen for seen in row.seen if seen.method == "POST"]
        print(
            f"  {row.name:38}{row.clients:>3} clients   pages not given {dict(row.count(row.pages))} of {len(row.pages)},"
            f" slowest {max(seen.seconds for seen in row.pages):.1f} s; events and orders: {dict(row.count(posts))} of"
            f" {len(posts)} tries, {row.again} sent again, {row.written} acknowledged, {row.lost} lost, {row.doubled} twice,"
            f" slowest {max(seen.seconds for seen in posts):.1f} s",
            flush=True,
        )
        for seen in row.seen:
            if seen.status == 0 or name_answer(seen) in ("500", "503 without"):
                print(f"    {name_answer(seen)} after {seen.seconds:.2f} s: {seen.method} {seen.path}")
        for node in county.nodes:
            if not node.is_running:
                node.replace_disk()
        county.wait_until_ready()
        time.sleep(3)
    return all(row.is_good for row in rows)
