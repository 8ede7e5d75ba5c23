"""Write to a site while it is tested: buyers who order, phones that send events, and a visitor who reads.

Each sender keeps what was not acknowledged and sends it again under the same id, as a phone does.
"""

from __future__ import annotations

import itertools
import json
import math
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

BUYERS, PHONES = 2, 2
# One person may send EVENTS_A_DAY events; then the next person uses the phone.
EACH = 2000


def prepare(events: int) -> dict[str, Any]:
    """Create, inside the site, a shop with one product and enough people to send `events` events from each phone."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import Membership, Place, User
    from bench.harness.sessions import create_session
    from courses.models import Course, Lesson, Module
    from progress.models import Enrolment
    from shops.inventory import stock
    from shops.models import Category, FreightRate, Product, Shop, StockMove

    now, today = timezone.now(), timezone.localdate()
    place = Place.objects.create(name="石榴冲村", kind=Place.Kind.VILLAGE)
    owner = User.objects.create(phone="+8613900000001", name="周梅英", password="x")
    Membership.objects.create(user=owner, place=place, role=Membership.Role.SELLER, status="granted")
    shop = Shop.objects.create(owner=owner, place=place, name="梅姨家的橙园", slug="traffic")
    category = Category.objects.create(name="冰糖橙", slug="traffic")
    product = Product.objects.create(
        shop=shop, category=category, name="冰糖橙", net_grams=2500, price_fen=2990, status="published",
        grower="own", listed_at=now, harvest_from=today, harvest_until=today + timedelta(days=9),
    )  # fmt: skip
    FreightRate.objects.create(shop=shop, province="430000", first_grams=3000, first_fen=600, step_fen=100)
    stock.change_stock(product, 100_000, StockMove.Reason.HARVEST, None)
    course = Course.objects.create(place=place, title="课", slug="traffic", state="published")
    module = Module.objects.create(course=course, title="单元")
    rows = [Lesson(module=module, title="课", state="published") for _n in range(min(EACH, events))]
    Lesson.objects.bulk_create(rows)
    people = []
    for n in range(PHONES * math.ceil(events / EACH)):
        person = User.objects.create(phone=f"+86139001{n:05d}", name="田巧云", password="x")
        Enrolment.objects.create(user=person, course=course, enrolled_at=now - timedelta(days=20))
        people.append({"user": person.pk, "session": create_session(person)})
    numbers = list(Lesson.objects.filter(module=module).values_list("pk", flat=True))
    phones = [people[n::PHONES] for n in range(PHONES)]
    return {"product": product.pk, "slug": shop.slug, "phones": phones, "lessons": numbers}


@dataclass(frozen=True)
class Write:
    """One acknowledged request, with the ids of the rows it created; times are of `time.monotonic`."""

    kind: str  # "order", "batch", "photo"…
    ids: tuple[str, ...]
    begun: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.begun


@dataclass(frozen=True)
class Seen:
    """One answer as it came; `status` is 0 if none came. Times are of `time.monotonic`."""

    method: str
    path: str
    status: int
    retry_after: str
    cache_control: str
    begun: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.begun


def name_answer(seen: Seen) -> str:
    if seen.status == 503:
        return "503 with Retry-After" if seen.retry_after else "503 without"
    return str(seen.status or "no answer")


@dataclass
class Traffic:
    """What was acknowledged, when the site answered, and all errors except broken connections."""

    port: int
    pause: float = 0.0  # s; of each who sends, between two writes
    host: str = "127.0.0.1"
    # The IPs of buyers begin with this, and a number from this one on: each order comes from its own.
    network: tuple[str, int] = ("127", 10)
    writes: list[Write] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    again: int = 0
    errors: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def orders(self) -> list[str]:
        return list_ids(self.writes, "order")

    @property
    def events(self) -> list[str]:
        return list_ids(self.writes, "batch")

    def ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: str | bytes = "",
        ip: str = "",
    ):
        """Return (status, headers, text), or None if nobody answered or the front reported that the app is gone."""
        source = (ip, 0) if ip else None
        line = HTTPConnection(self.host, self.port, timeout=60, source_address=source)
        begun, status, caching = time.monotonic(), 0, ("", "")
        try:
            line.request(method, path, body.encode() if isinstance(body, str) else body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
            status = answer.status
            caching = answer.getheader("Retry-After", ""), answer.getheader("Cache-Control", "")
        except (OSError, HTTPException):
            return None
        finally:
            line.close()
            self.seen.append(Seen(method, path, status, *caching, begun, time.monotonic()))
        return None if answer.status in (502, 503, 504) else (answer.status, answer.headers, text)

    def make_ip(self, buyer: int, n: int) -> str:
        network, first = self.network
        return f"{network}.{first + buyer}.{n // 250}.{n % 250 + 1}"

    def insist(self, *what: Any, **how: Any):
        """Repeat the request until somebody answers; raise TimeoutError if the site does not return."""
        end = time.monotonic() + 120
        while (answer := self.ask(*what, **how)) is None:
            if time.monotonic() > end:
                raise TimeoutError("the site does not answer any more")
            self.again += 1
            time.sleep(0.1)
        return answer


def list_ids(writes: Iterable[Write], kind: str) -> list[str]:
    return [one for write in writes if write.kind == kind for one in write.ids]


class Buyer:
    """Somebody with the open form of an order, who sends it again and again, each time as another one."""

    def __init__(self, traffic: Traffic, site: dict[str, Any], number: int) -> None:
        self.traffic, self.number, self.product = traffic, number, site["product"]
        self.path = f"/shops/{site['slug']}/order/"
        _status, headers, page = traffic.insist("GET", f"{self.path}?product={self.product}", {})
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        self.cookie = headers["Set-Cookie"].split(";")[0]
        query = urlencode({f"q{self.product}": 1, "province": "430000"})
        _status, _headers, page = traffic.insist(
            "GET", f"{self.path}sum/?{query}", {"Cookie": self.cookie, "HX-Request": "true"}
        )
        self.total = re.search(r'name="seen_total" value="(\d+)"', page)[1]

    def send(self, n: int) -> bool:
        """Order one unit, from an IP and a phone of its own and with its own key; return False if it was refused."""
        key, product, traffic = str(uuid.uuid4()), self.product, self.traffic
        fields = {
            "csrfmiddlewaretoken": self.token, "key": key, f"q{product}": 1, f"seen-{product}": 2990,
            "seen_total": self.total, "province": "430000", "city": "430100", "county": "430104",
            "address": "麓山路 1 号", "buyer": "陈小禾", "phone": f"13{500 + self.number}{n:06d}", "perishable_ok": "on",
            "do": "send",
        }  # fmt: skip
        send = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        ip, begun = traffic.make_ip(self.number, n), time.monotonic()
        status, headers, page = traffic.insist("POST", self.path, send, urlencode(fields), ip=ip)
        if status == 302 and headers["Location"].startswith("/orders/"):
            traffic.writes.append(Write("order", (key,), begun, time.monotonic()))
            return True
        if status != 200:
            raise RuntimeError(f"order: {status} {page[:300]}")
        traffic.refusals.append(re.sub(r"<[^>]*>", "", "".join(re.findall("class=.error.*?</", page)[:2])))
        return False


def order(traffic: Traffic, site: dict[str, Any], buyer: int) -> None:
    """Send one order after another."""
    form = Buyer(traffic, site, buyer)
    for n in itertools.count():
        if traffic.over.is_set():
            return
        if not form.send(n):
            raise RuntimeError(f"order: {traffic.refusals[-1]}")
        time.sleep(traffic.pause)


def sync(traffic: Traffic, people: list[dict[str, Any]], lessons: list[int]) -> None:
    """Send lessons of one person after the other, two in a batch; when all are sent, the phone stops."""
    for person, n in itertools.product(people, range(0, len(lessons) - 1, 2)):
        if traffic.over.is_set():
            return
        send_events(traffic, person, lessons[n : n + 2])
        time.sleep(traffic.pause)


def send_events(traffic: Traffic, person: dict[str, Any], lessons: list[int]) -> None:
    """Report these lessons as done, in one batch."""
    at = datetime.now(UTC).isoformat()
    events = [
        {"id": str(uuid.uuid4()), "kind": "done", "at": at, "body": {"lesson": lesson}} for lesson in lessons
    ]
    body = json.dumps({"user": person["user"], "events": events})
    headers = signed_in(person) | {"Content-Type": "application/json"}
    begun = time.monotonic()
    status, _headers, text = traffic.insist("POST", "/sync/", headers, body)
    if status != 200 or text.count('"applied"') + text.count('"already"') != len(events):
        raise RuntimeError(f"sync: {status} {text[:300]}")
    ids = tuple(str(event["id"]) for event in events)
    traffic.writes.append(Write("batch", ids, begun, time.monotonic()))


def send_photo(traffic: Traffic, person: dict[str, Any], content: bytes) -> str:
    """Send a JPEG as the page's script does; return its key."""
    edge = uuid.uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
    headers = signed_in(person) | {"Content-Type": f"multipart/form-data; boundary={edge}"}
    begun = time.monotonic()
    status, _headers, text = traffic.insist("POST", "/uploads/photos/", headers, body)
    if status != 200:
        raise RuntimeError(f"photo: {status} {text[:300]}")
    key = json.loads(text)["key"]
    traffic.writes.append(Write("photo", (key,), begun, time.monotonic()))
    return key


def signed_in(person: dict[str, Any]) -> dict[str, str]:
    token = "t" * 32
    return {"Cookie": f"sessionid={person['session']}; csrftoken={token}", "X-CSRFToken": token}


def visit(traffic: Traffic) -> None:
    """Open a page twenty times a second, and record when it was answered."""
    while not traffic.over.is_set():
        answer = traffic.ask("GET", "/courses/", {})
        if answer and answer[0] == 200:
            traffic.answers.append(time.monotonic())
        time.sleep(0.05)


@contextmanager
def sending(port: int, site: dict[str, Any], pause: float = 0.0) -> Iterator[Traffic]:
    """Run buyers, phones and a visitor until the end of the block; an error of any of them is raised there."""
    traffic = Traffic(port, pause)
    jobs: list[tuple[Any, ...]] = [(visit,)]
    jobs += [(order, site, buyer) for buyer in range(BUYERS)]
    jobs += [(sync, people, site["lessons"]) for people in site["phones"]]
    with at_work(traffic, jobs):
        yield traffic


@contextmanager
def at_work(traffic: Traffic, jobs: Iterable[tuple[Any, ...]]) -> Iterator[None]:
    """Run each job (a function of the traffic, and its further arguments) in a thread until the end of the block.

    Then they are told that it is over; an error of any of them is raised.
    """

    def guarded(work: Callable[..., None], *arguments: Any) -> None:
        try:
            work(traffic, *arguments)
        except Exception as error:
            traffic.errors.append(f"{work.__name__}: {error!r}")

    threads = [threading.Thread(target=guarded, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        traffic.over.set()
        for thread in threads:
            thread.join()
    if traffic.errors:
        raise RuntimeError("; ".join(traffic.errors))
