"""`make prove`: a site of 100,000 orders copied under a minute of orders, and made again on both kinds of database.

Every order that a buyer was answered before the copy began must be in it; every table must have the same rows and checksum where
it is made again; neither copying nor restoring may need more than MOST_MIB beyond a command that does nothing.

    python -m bench.copies [orders [seconds]]
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bench.ground import ask, database_url, manage
from bench.orders import APP, PREPARE, Buyer, site_of_one_shop
from bench.serving import ROOT, serving

ORDERS, SECONDS, BUYERS = 100_000, 60, 3
MOST_MIB = 80
OTHER = {"sqlite": "postgres", "postgres": "sqlite"}
# The one order that a buyer has placed, over and over, with its lines and events.
MANY = """
import uuid
from django.db import models
from shops.models import Order, OrderEvent, OrderLine

def again(row, **changes):
    fields = {{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}}
    for f in row._meta.concrete_fields:
        if f.unique and not f.primary_key:
            fresh = uuid.uuid4()
            fields[f.attname] = fresh if isinstance(f, models.UUIDField) else fresh.hex[: f.max_length]
    return type(row)(**fields | changes)

order = Order.objects.get()
parts = [*order.lines.all(), *OrderEvent.objects.filter(order=order)]
for start in range(0, {orders}, 2000):
    orders = Order.objects.bulk_create(again(order) for _n in range(2000))
    for part in parts:
        type(part).objects.bulk_create(again(part, order_id=one.pk) for one in orders)
print(Order.objects.count())
"""
TABLES = """
import json
from pathlib import Path
from config.copies.restore import check_copy
found = check_copy(Path({path!r}), Path({key!r}).read_bytes().strip()).manifest["tables"]
found.pop("ui.Stamp")
print(json.dumps(found))
"""
MISSING = """
import json
from pathlib import Path
from shops.models import Order
wanted = json.loads(Path({path!r}).read_text())
there = set(Order.objects.filter(token__in=wanted).values_list("token", flat=True))
print(len(set(wanted) - there), Order.objects.count())
"""


def measured(env: dict[str, str], *command: str) -> tuple[float, float]:
    """Seconds, and the most memory in MiB, of a management command."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=os.environ | env, stdout=subprocess.DEVNULL
    )
    _pid, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"`manage.py {' '.join(command)}` failed")
    return time.monotonic() - began, used.ru_maxrss / 1024


def idle_mib(env: dict[str, str]) -> float:
    return measured(env, "backup", "--help")[1]


class Market:
    """Buyers who order one after the other until the market is over; `placed` are the links they were answered."""

    def __init__(self, port: int, site: dict) -> None:
        self.placed: list[str] = []
        self.is_over = threading.Event()
        self.threads = [
            threading.Thread(target=self.buy, args=[Buyer(port, 400 + n, site)]) for n in range(BUYERS)
        ]

    def buy(self, buyer: Buyer) -> None:
        n = 0
        while not self.is_over.is_set():
            n += 1
            body = urlencode(buyer.fields(n) | {"seen_total": buyer.total}).encode()
            status, _page, found = buyer.line.post(buyer.path, buyer.headers, body)
            if status == 302:
                self.placed.append(re.search(r"/orders/([^/]+)/", found[b"location"].decode())[1])

    def __enter__(self) -> Market:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()


@contextmanager
def empty_site(kind: str) -> Iterator[dict[str, str]]:
    """A machine with nothing on it but the program."""
    with (
        tempfile.TemporaryDirectory(prefix="newfarmwork-empty-") as folder,
        database_url(kind, folder) as url,
    ):
        yield {"VAR_DIR": folder, "DATABASE_URL": url, "DEMO": "1", "LOG_LEVEL": "ERROR"}


def prove(kind: str, orders: int, seconds: float, folder: Path) -> bool:
    copy, key = str(folder / f"{kind}.copy"), str(folder / "key")
    with site_of_one_shop(kind) as env:
        site = json.loads(ask(env, PREPARE))
        manage(env, "index_products")
        with serving(APP, env) as server:
            Buyer(server.port, 399, site).tap(1)
            ask(env, MANY.format(orders=orders))
            with Market(server.port, site) as market:
                began = time.monotonic()
                time.sleep(2)
                acknowledged = list(market.placed)
                took, memory = measured(env, "backup", copy, "--key-file", key)
                memory -= idle_mib(env)
                time.sleep(max(0, seconds - (time.monotonic() - began)))
    size = Path(copy).stat().st_size / 1e6
    (folder / "placed").write_text(json.dumps(acknowledged))
    print(
        f"{kind}: copied in {took:.1f} s (written and read back), {size:.1f} MB, {memory:.0f} MiB beyond an idle command;"
        f" {len(acknowledged)} orders before it, {len(market.placed)} in all",
        flush=True,
    )
    return all(
        [memory <= MOST_MIB, *(came_back(kind, other, copy, key, folder) for other in (OTHER[kind], kind))]
    )


def came_back(kind: str, other: str, copy: str, key: str, folder: Path) -> bool:
    with empty_site(other) as env:
        took, memory = measured(env, "restore", copy, "--key-file", key)
        memory -= idle_mib(env)
        missing, count = ask(env, MISSING.format(path=str(folder / "placed"))).split()
        again = str(folder / f"{kind}-{other}.copy")
        measured(env, "backup", again, "--key-file", key)
        first, second = (json.loads(ask(env, TABLES.format(path=path, key=key))) for path in (copy, again))
    Path(again).unlink()
    for label in [label for label in first if first[label] != second.get(label)]:
        print(f"    {label}: {first[label]} {second.get(label)}")
    is_good = first == second and missing == "0" and memory <= MOST_MIB
    print(
        f"  on {other}: restored in {took:.1f} s with its migrations, {memory:.0f} MiB beyond an idle command; {count} orders,"
        f" {missing} missing; rows and checksums {'equal' if first == second else 'DIFFER'}"
        f" in {len(first)} tables  {'ok' if is_good else 'NOT GOOD'}",
        flush=True,
    )
    return is_good


def main() -> None:
    orders, seconds, *kinds = [*sys.argv[1:], ORDERS, SECONDS][: max(2, len(sys.argv) - 1)]
    print(f"\nA site of {int(orders):,} orders copied under {seconds} s of orders", flush=True)
    with tempfile.TemporaryDirectory(prefix="newfarmwork-copies-") as folder:
        Path(folder, "key").write_text("a key that is only for measuring\n")
        good = [prove(kind, int(orders), float(seconds), Path(folder)) for kind in kinds or OTHER]
    if not all(good):
        sys.exit("a copy lost something, or needed too much memory")


if __name__ == "__main__":
    main()
