"""Order requests of twenty buyers at once: reservations per second and each buyer's wait, on SQLite and PostgreSQL.

Every buyer has their own address and phone, has opened the form and taps once; then opens the next form. The product has
enough stock for all, so every request reserves: all wait for the same row of stock.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from bench.harness.load import Connection
from bench.harness.servers import app_server
from bench.harness.site import SECRET, database_url, manage, run_code

BUYERS, EACH = 20, 25
APP = "config.wsgi:application"

PREPARE = """
import datetime, json
from django.utils import timezone
from accounts.models import Place, User
from shops.inventory import stock
from shops.models import Category, FreightRate, Product, Shop, StockMove
place = Place.objects.create(name="石榴冲村", kind=Place.Kind.VILLAGE)
owner = User.objects.create(phone="+8613900000001", name="周梅英", password="x")
shop = Shop.objects.create(owner=owner, place=place, name="梅姨家的橙园", slug="bench")
today = timezone.localdate()
product = Product.objects.create(shop=shop, category=Category.objects.create(name="橙子", slug="cheng"),
    name="冰糖橙", net_grams=2500, price_fen=2990, status="published", grower="own", listed_at=timezone.now(),
    harvest_from=today, harvest_until=today + datetime.timedelta(days=9))
FreightRate.objects.create(shop=shop, province="430000", first_grams=3000, first_fen=600, step_fen=100)
stock.change_stock(product, 100_000, StockMove.Reason.HARVEST, None)
print(json.dumps({"slug": shop.slug, "product": product.pk, "price": product.price_fen}))
"""

HELD = """
from shops.models import Order, Product, StockMove
from django.db.models import Sum
product = Product.objects.get(pk={product})
moves = product.moves.aggregate(sum=Sum("delta"))["sum"]
held = -(product.moves.filter(reason="held").aggregate(sum=Sum("delta"))["sum"] or 0)
print(held, product.stock == moves)
"""


class Buyer:
    def __init__(self, port: int, number: int, site: dict) -> None:
        self.line, self.number, self.site = Connection(port), number, site
        self.path = f"/shops/{site['slug']}/order/"
        self.headers = {"X-Forwarded-For": f"10.1.{number // 200}.{number % 200 + 1}"}
        status, body, found = self.line.get(f"{self.path}?product={site['product']}", self.headers)
        assert status == 200, status
        self.headers["Cookie"] = found[b"set-cookie"].decode().split(";")[0]
        self.headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', body)[1].decode()
        self.total = self.seen_total()

    def fields(self, n: int) -> dict:
        product = self.site["product"]
        return {
            "csrfmiddlewaretoken": self.token,
            "key": str(uuid.uuid4()),
            f"q{product}": 1,
            f"seen-{product}": self.site["price"],
            "province": "430000",
            "city": "430100",
            "county": "430104",
            "address": "麓山路 1 号",
            "buyer": "陈小禾",
            "phone": f"13{self.number:03d}{n:06d}",
            "perishable_ok": "on",
            "do": "send",
        }

    def seen_total(self) -> int:
        query = urlencode({f"q{self.site['product']}": 1, "province": "430000"})
        headers = self.headers | {"HX-Request": "true"}
        _status, body, _found = self.line.get(f"{self.path}sum/?{query}", headers)
        return int(re.search(rb'name="seen_total" value="(\d+)"', body)[1])

    def tap(self, n: int) -> float:
        body = urlencode(self.fields(n) | {"seen_total": self.total}).encode()
        begin = time.perf_counter()
        status, page, _found = self.line.post(self.path, self.headers, body)
        assert status == 302, (status, re.findall(r'class="error">.*?</p>', page.decode())[:3])
        return time.perf_counter() - begin


def rush(port: int, site: dict) -> tuple[list[float], float]:
    """Return the duration of each request, and of all together."""
    buyers = [Buyer(port, 300 + n, site) for n in range(BUYERS)]
    buyers[0].tap(999_999)  # warm
    times, start = [], threading.Barrier(BUYERS + 1)

    def work(buyer: Buyer) -> None:
        start.wait()
        for n in range(EACH):
            times.append(buyer.tap(n))

    threads = [threading.Thread(target=work, args=[buyer]) for buyer in buyers]
    for thread in threads:
        thread.start()
    start.wait()
    begin = time.perf_counter()
    for thread in threads:
        thread.join()
    return times, time.perf_counter() - begin


@contextmanager
def site_of_one_shop(kind: str) -> Iterator[dict[str, str]]:
    """Make a site with nothing but what PREPARE creates: the request is measured, not the catalogue."""
    with (
        tempfile.TemporaryDirectory(prefix="newfarmwork-orders-") as folder,
        database_url(kind, folder) as url,
    ):
        env = {
            "VAR_DIR": folder,
            "DATABASE_URL": url,
            "SECRET_KEY": SECRET,
            "DEMO": "1",
            "LOG_LEVEL": "ERROR",
        }
        for command in (["migrate", "-v0"], ["createcachetable"], ["collectstatic", "--noinput", "-v0"]):
            manage(env, *command)
        yield env


def compare() -> None:
    print(f"{'':12}{'held/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'requests':>10}   stock = sum of moves")
    for kind in ("sqlite", "postgres"):
        with site_of_one_shop(kind) as env:
            site = json.loads(run_code(env, PREPARE))
            with app_server(APP, env) as server:
                times, wall = rush(server.port, site)
            held, balanced = run_code(env, HELD.format(**site)).split()
            ranks = statistics.quantiles(times, n=100)
            ok = balanced == "True" and int(held) >= len(times) == BUYERS * EACH
            print(
                f"{kind:12}{len(times) / wall:>8.0f}{ranks[49] * 1000:>9.0f}{ranks[98] * 1000:>9.0f}{len(times):>10}"
                f"   {'yes' if ok else 'NO'}",
                flush=True,
            )
            if not ok:
                sys.exit("an order was lost, or stock and moves differ")


def main() -> None:
    print(f"\nOrder requests, {BUYERS} buyers at once, each {EACH} times, all for one product")
    compare()


if __name__ == "__main__":
    main()
