"""The whole site under orders and events from phones while its processes are killed one after another by SIGKILL.

    python -m bench.kills [SECONDS]

Whoever sends keeps what was not acknowledged and sends it again under the same id, as a phone does. Afterwards every
acknowledged order and event must be there once, and the stock must be the sum of its moves.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

from bench.ground import ask
from bench.serving import ROOT, free_port

SECONDS, EVERY = 600, 10
# The app is two things: the process that serves, and its parent, which starts it again.
VICTIMS = ("server", "app", "worker", "spool", "front")
BUYERS, PHONES = 2, 2
MOST_SILENCE = 20  # s; the front keeps a request for 15 s while the app starts


def prepare(lessons: int) -> dict[str, Any]:
    """In the site itself: a shop with one product, and people with a course to send events about."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import Membership, Place, User
    from bench.sessions import session_of
    from courses.models import Course, Lesson, Module
    from progress.models import Enrolment
    from shops import stock
    from shops.models import Category, FreightRate, Product, Shop, StockMove

    now, today = timezone.now(), timezone.localdate()
    place = Place.objects.create(name="石榴冲村", kind=Place.Kind.VILLAGE)
    owner = User.objects.create(phone="+8613900000001", name="周梅英", password="x")
    Membership.objects.create(user=owner, place=place, role=Membership.Role.SELLER, status="granted")
    shop = Shop.objects.create(owner=owner, place=place, name="梅姨家的橙园", slug="kills")
    category = Category.objects.create(name="冰糖橙", slug="kills")
    product = Product.objects.create(
        shop=shop, category=category, name="冰糖橙", net_grams=2500, price_fen=2990, status="published",
        grower="own", listed_at=now, harvest_from=today, harvest_until=today + timedelta(days=9),
    )  # fmt: skip
    FreightRate.objects.create(shop=shop, province="430000", first_grams=3000, first_fen=600, step_fen=100)
    stock.move(product, 100_000, StockMove.Reason.HARVEST, None)
    course = Course.objects.create(place=place, title="课", slug="kills", state="published")
    module = Module.objects.create(course=course, title="单元")
    rows = [Lesson(module=module, title="课", state="published") for _n in range(lessons)]
    Lesson.objects.bulk_create(rows)
    phones = []
    for n in range(PHONES):
        person = User.objects.create(phone=f"+861390000010{n}", name="田巧云", password="x")
        Enrolment.objects.create(user=person, course=course, enrolled_at=now - timedelta(days=20))
        phones.append({"user": person.pk, "session": session_of(person)})
    numbers = list(Lesson.objects.filter(module=module).values_list("pk", flat=True))
    return {"product": product.pk, "slug": shop.slug, "phones": phones, "lessons": numbers}


def check(orders: list[str], events: list[str]) -> dict[str, Any]:
    """In the site itself: what of the acknowledged is missing or doubled, and whether the stock is right."""
    from django.db import connection
    from django.db.models import Sum

    from outbox.models import Event
    from progress.models import LessonDone
    from shops.models import Order, Product

    def found(rows, name: str) -> list[str]:
        return [str(value) for value in rows.values_list(name, flat=True)]

    placed, done = found(Order.objects, "key"), found(LessonDone.objects, "event_id")
    receipts = found(Event.objects.filter(state=Event.State.APPLIED), "event_id")
    product = Product.objects.get(shop__slug="kills")
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


# --- who sends ---


@dataclass
class Traffic:
    """What was acknowledged, when the site answered, and what went wrong beyond a dead connection."""

    port: int
    orders: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    again: int = 0
    errors: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: str = "", address: str = "127.0.0.1"
    ):
        """(status, headers, text), or None where nobody answered or the front said that the app is gone."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(address, 0))
        try:
            line.request(method, path, body.encode(), headers)
            answer = line.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException):
            return None
        finally:
            line.close()
        return None if answer.status in (502, 503, 504) else (answer.status, answer.headers, text)

    def insist(self, *what: Any, **how: Any):
        """The same again until somebody answers; raises TimeoutError where the site is gone for good."""
        end = time.monotonic() + 120
        while (answer := self.ask(*what, **how)) is None:
            if time.monotonic() > end:
                raise TimeoutError("the site does not answer any more")
            self.again += 1
            time.sleep(0.1)
        return answer


def order(traffic: Traffic, site: dict[str, Any], buyer: int) -> None:
    """One request after another, each from an address and with a phone of its own, under a key of its own."""
    path, product = f"/shops/{site['slug']}/order/", site["product"]
    status, headers, page = traffic.insist("GET", f"{path}?product={product}", {})
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    cookie = headers["Set-Cookie"].split(";")[0]
    query = urlencode({f"q{product}": 1, "province": "430000"})
    _status, _headers, page = traffic.insist("GET", f"{path}sum/?{query}", {"Cookie": cookie})
    total = re.search(r'name="seen_total" value="(\d+)"', page)[1]
    send = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    for n in itertools.count():
        if traffic.over.is_set():
            return
        key = str(uuid.uuid4())
        fields = {
            "csrfmiddlewaretoken": token, "key": key, f"q{product}": 1, f"seen-{product}": 2990, "seen_total": total,
            "province": "430000", "city": "430100", "county": "430104", "address": "麓山路 1 号", "buyer": "陈小禾",
            "phone": f"13{500 + buyer}{n:06d}", "perishable_ok": "on", "do": "send",
        }  # fmt: skip
        address = f"127.{10 + buyer}.{n // 250}.{n % 250 + 1}"
        status, headers, page = traffic.insist("POST", path, send, urlencode(fields), address=address)
        if status != 302 or not headers["Location"].startswith("/orders/"):
            raise RuntimeError(f"order: {status} {re.findall('class=.error.*?</', page)[:3]}")
        traffic.orders.append(key)


def sync(traffic: Traffic, phone: dict[str, Any], lessons: list[int]) -> None:
    """Lesson after lesson, a batch of two at a time; when all are done the phone is content."""
    headers = {
        "Cookie": f"sessionid={phone['session']}; csrftoken={'t' * 32}",
        "X-CSRFToken": "t" * 32,
        "Content-Type": "application/json",
    }
    for n in range(0, len(lessons) - 1, 2):
        if traffic.over.is_set():
            return
        at = datetime.now(UTC).isoformat()
        events = [
            {"id": str(uuid.uuid4()), "kind": "done", "at": at, "body": {"lesson": lesson}}
            for lesson in lessons[n : n + 2]
        ]
        body = json.dumps({"user": phone["user"], "events": events})
        status, _headers, text = traffic.insist("POST", "/sync/", headers, body)
        if status != 200 or text.count('"applied"') + text.count('"already"') != 2:
            raise RuntimeError(f"sync: {status} {text[:300]}")
        traffic.events += [event["id"] for event in events]


def visit(traffic: Traffic) -> None:
    """A page twenty times a second, and when it was answered."""
    while not traffic.over.is_set():
        answer = traffic.ask("GET", "/courses/", {})
        if answer and answer[0] == 200:
            traffic.answers.append(time.monotonic())
        time.sleep(0.05)


@contextmanager
def sending(port: int, site: dict[str, Any]) -> Iterator[Traffic]:
    """Buyers, phones and a visitor until the end of the block; an error of any of them is raised there."""
    traffic = Traffic(port)

    def guarded(work: Callable[..., None], *arguments: Any) -> None:
        try:
            work(traffic, *arguments)
        except Exception as error:
            traffic.errors.append(repr(error))

    jobs: list[tuple[Any, ...]] = [(visit,)]
    jobs += [(order, site, buyer) for buyer in range(BUYERS)]
    jobs += [(sync, phone, site["lessons"]) for phone in site["phones"]]
    threads = [threading.Thread(target=guarded, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield traffic
    finally:
        traffic.over.set()
        for thread in threads:
            thread.join()
    if traffic.errors:
        raise RuntimeError("; ".join(traffic.errors))


# --- who is killed ---


class Site:
    """The supervisor of `make run` and what it keeps going."""

    def __init__(self, process: subprocess.Popen, port: int) -> None:
        self.top, self.port = psutil.Process(process.pid), port

    def find(self, victim: str) -> psutil.Process | None:
        mark = {"worker": "/work", "front": "/run", "spool": "/config.spooling"}.get(victim, "/granian")
        for child in self.top.children():
            with suppress(psutil.Error):
                if any(f"/{part}".endswith(mark) for part in child.cmdline()[:4]):
                    if victim != "server":
                        return child
                    return next(iter(child.children()), None)
        return None

    def kill(self, victim: str) -> None:
        """By SIGKILL; comes back when another process stands in its place and the site is well."""
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
        wrong = {name: value for name, value in self.checked.items() if value not in (0, True, "ok")}
        return not wrong and min(self.orders, self.events) > 0 and max(self.silence.values()) <= MOST_SILENCE


def trial(
    env: dict[str, str],
    site: dict[str, Any],
    count: Callable[[list[str], list[str]], dict],
    kills: int,
    every: float,
) -> Outcome:
    """Kills one after another, `every` seconds apart; `count` is `check`, asked once all is quiet."""
    deaths = []
    with running(env) as family:
        with sending(family.port, site) as traffic:
            for victim in itertools.islice(itertools.cycle(VICTIMS), kills):
                time.sleep(every)
                deaths.append((time.monotonic(), victim))
                family.kill(victim)
            time.sleep(every)
            wait_for(family.is_ready)
        checked = count(traffic.orders, traffic.events)
    return Outcome(
        kills=kills,
        orders=len(traffic.orders),
        events=len(traffic.events),
        again=traffic.again,
        silence=silences(traffic.answers, deaths),
        checked=checked,
    )


def silences(answers: list[float], deaths: list[tuple[float, str]]) -> dict[str, float]:
    """The longest pause between two answers in the time from each victim's death to the next one's."""
    longest = dict.fromkeys(VICTIMS, 0.0)
    for before, after in itertools.pairwise(answers):
        of_whom = [victim for moment, victim in deaths if moment < after]
        if of_whom:
            longest[of_whom[-1]] = max(longest[of_whom[-1]], after - before)
    return longest


def main() -> None:
    from bench.orders import site_of_one_shop

    seconds = float(sys.argv[1]) if sys.argv[1:] else SECONDS
    with site_of_one_shop("sqlite") as env:
        made = ask(
            env, f"import json, bench.kills\nprint(json.dumps(bench.kills.prepare({int(seconds * 20)})))"
        )

        def count(orders: list[str], events: list[str]) -> dict[str, Any]:
            lists = Path(env["VAR_DIR"], "acknowledged.json")
            lists.write_text(json.dumps([orders, events]))
            code = f"import json, bench.kills\nprint(json.dumps(bench.kills.check(*json.load(open({str(lists)!r})))))"
            return json.loads(ask(env, code).splitlines()[-1])

        outcome = trial(env, json.loads(made.splitlines()[-1]), count, int(seconds / EVERY), EVERY)
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
