"""A live on air: five phones that enter sales poll its figures every three seconds, two hundred viewers the counter every
five.

First measures one request (CPU of the server's processes, 200 and 304), then a minute of all of them at once while something
is sold every two seconds: the 99th percentile of the answer's time, and the load of two cores.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import threading
import time
import uuid
from urllib.parse import urlencode

from bench.harness.load import Connection, Figures, measure
from bench.harness.servers import Server, app_server
from bench.harness.site import SECRET, database_url, manage, run_code

HELPERS, VIEWERS, SECONDS, ITEMS = 5, 200, 60, 8
APP, CHEAPEST = "config.wsgi:application", "bench.harness.cheapest_page:application"
TOKEN = "t" * 32

PREPARE = """
import datetime, json
from bench.harness.sessions import create_session
from django.utils import timezone
from accounts.models import Membership, Place, User
from live.models import Livestream, RundownItem
from live.on_air import host_actions, lifecycle
from shops.inventory import stock
from shops.models import Category, Product, Shop, StockMove
import uuid
place = Place.objects.create(name="石榴冲村", kind=Place.Kind.VILLAGE)
people = [User.objects.create(phone=f"+861390000{{n:04d}}", name="周梅英", password="x") for n in range({helpers})]
shop = Shop.objects.create(owner=people[0], place=place, name="梅姨家的橙园", slug="bench")
shop.helpers.add(*people[1:])
Membership.objects.bulk_create(Membership(user=one, place=place, role="seller", status="granted") for one in people)
kind, today = Category.objects.create(name="橙子", slug="cheng"), timezone.localdate()
live = Livestream.objects.create(kind="real", shop=shop, place=place, host=people[0], title="专场", starts_at=timezone.now())
for n in range({items}):
    product = Product.objects.create(shop=shop, category=kind, name=f"冰糖橙{{n}}", net_grams=2500, price_fen=2990,
        status="published", grower="own", listed_at=timezone.now(), harvest_from=today,
        harvest_until=today + datetime.timedelta(days=9))
    stock.change_stock(product, 10_000, StockMove.Reason.HARVEST, None)
    RundownItem.objects.create(livestream=live, product=product, position=n, quota=500)
lifecycle.begin(live, live.load_items(), people[0])
item = live.items.first()
host_actions.feature_item(item, people[0], uuid.uuid4())
sessions = []
for person in people:
    sessions.append(create_session(person))
print(json.dumps({{"live": live.pk, "token": live.token, "item": item.pk, "sessions": sessions}}))
"""


def main(database: str = "sqlite") -> None:
    print(f"\nA live on air, {ITEMS} items; {HELPERS} helpers and {VIEWERS} viewers poll it ({database})")
    with (
        tempfile.TemporaryDirectory(prefix="newfarmwork-live-") as folder,
        database_url(database, folder) as url,
    ):
        env = {
            "VAR_DIR": folder,
            "DATABASE_URL": url,
            "SECRET_KEY": SECRET,
            "LOG_LEVEL": "ERROR",
            "DEMO": "1",
        }
        for command in (["migrate", "-v0"], ["createcachetable"], ["collectstatic", "--noinput", "-v0"]):
            manage(env, *command)
        site = json.loads(run_code(env, PREPARE.format(helpers=HELPERS, items=ITEMS)).splitlines()[-1])
        with app_server(CHEAPEST, env) as server:
            cheapest = measure(server, ["/"])
        with app_server(APP, env) as server:
            each(server, site, cheapest)
            together(server, site)


def each(server: Server, site: dict, cheapest: Figures) -> None:
    cookie = {"Cookie": f"sessionid={site['sessions'][0]}"}
    asked = {
        "a helper's figures": (f"/live/{site['live']}/now.json", cookie),
        "the viewers' counter": (f"/live/on/{site['token']}/now.json", {}),
        "the viewers' page": (f"/live/on/{site['token']}/", {}),
    }
    for name, (path, headers) in asked.items():
        tag = Connection(server.port).get(path, headers)[2][b"etag"].decode()
        for suffix, more in (("", {}), (", unchanged", {"If-None-Match": tag})):
            it = measure(server, [path], headers | more)
            times = f"{it.cpu_ms:>7.2f} ms CPU ({it.cpu_ms / cheapest.cpu_ms:.2f}× least)"
            print(f"{name + suffix:32}{it.status:>5}{times}, p99 {it.p99_ms:.1f} ms", flush=True)


def together(server: Server, site: dict) -> None:
    until, times, lock = (
        time.monotonic() + SECONDS,
        {"helper": [], "viewer": [], "sale": []},
        threading.Lock(),
    )
    people = [("helper", f"/live/{site['live']}/now.json", 3.0, session) for session in site["sessions"]]
    people += [("viewer", f"/live/on/{site['token']}/now.json", 5.0, None)] * VIEWERS
    works = [threading.Thread(target=poll, args=(server, *one, until, times, lock)) for one in people]
    works.append(threading.Thread(target=sell, args=(server, site, until, times["sale"])))
    cpu = server.cpu_seconds()
    for work in works:
        work.start()
    for work in works:
        work.join()
    busy = (server.cpu_seconds() - cpu) / SECONDS
    for name, found in times.items():
        ranks = statistics.quantiles(found, n=100)
        print(
            f"  {name:8}{len(found):>6} asked, p50 {ranks[49] * 1000:.1f} ms, p99 {ranks[98] * 1000:.1f} ms"
        )
    print(f"  all of it keeps {busy:.2f} of a core busy", flush=True)


def poll(server: Server, kind: str, path: str, every: float, session: str | None, until, times, lock) -> None:
    time.sleep(random.random() * every)
    line, headers = Connection(server.port), {"Cookie": f"sessionid={session}"} if session else {}
    while time.monotonic() < until:
        begin = time.perf_counter()
        status, _body, found = line.get(path, headers)
        with lock:
            times[kind].append(time.perf_counter() - begin)
        if status not in (200, 304):
            raise ValueError(f"{path} answered {status}")
        headers["If-None-Match"] = found[b"etag"].decode()
        time.sleep(every)


def sell(server: Server, site: dict, until: float, times: list[float]) -> None:
    line = Connection(server.port)
    headers = {
        "Cookie": f"sessionid={site['sessions'][1]}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    while time.monotonic() < until:
        body = urlencode({"event_id": uuid.uuid4(), "quantity": 1, "seen_fen": 2990}).encode()
        begin = time.perf_counter()
        status, _body, _headers = line.post(f"/live/{site['live']}/air/{site['item']}/sale/", headers, body)
        times.append(time.perf_counter() - begin)
        if status != 302:
            raise ValueError(f"a sale was answered {status}")
        time.sleep(2)


if __name__ == "__main__":
    for name in sys.argv[1:] or ["sqlite"]:
        main(name)
