"""`make prove`: back up a site of 100,000 orders during a minute of writes, and restore it on both kinds of database.

    python -m bench.proofs.copies [ORDERS [SECONDS [sqlite] [postgres]]]

The whole site runs (front, app, worker) while buyers order and phones send events. For each backup and each site restored
from it: every table has the rows and checksums named in the backup; rows older than the writes are the same as on the first
site; every write acknowledged before the backup began is there, and each write acknowledged during it is there whole or not
at all; signed-in people are still signed in, and an upload continues where it stopped. The limits MOST and MOST_MIB are not
exceeded.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.harness import traffic
from bench.harness.servers import ROOT, whole_site
from bench.harness.site import database_url, run_code
from bench.harness.traffic import Traffic, Write, list_ids, sending, signed_in
from bench.scenarios.orders import site_of_one_shop

ORDERS, SECONDS = 100_000, 60
KINDS = ("sqlite", "postgres")
MOST = {"copied": 180.0, "restored": 360.0, "p99": 1.0}  # s
MOST_MIB = 150  # of one process
# Pause of each of the four senders between two writes (s).
PAUSE = 0.1
EVENTS = 10_000  # of each of the two phones
# The least time of writes before the backup begins and after it has ended (s).
AROUND = 5
AT_ONCE = 2000
PHOTO_BYTES, FILM_BYTES, FILMS = 12_000, 8_000_000, 4
PIECE = b"\x1aE\xdf\xa3" + bytes(50_000)  # as a recording begins
# Tables whose rows never change after they are written: rows older than the writes can be compared after them.
KEPT = ("shops.Order", "shops.OrderLine", "shops.OrderEvent", "shops.StockMove", "media.Photo", "media.Video")


# --- code that runs inside the site ---


def fill(orders: int) -> dict[str, Any]:
    """Make a shop, people, finished orders, photos and films; return what the senders need."""
    from django.utils import timezone

    from accounts.models import User
    from media.models import Photo, Video
    from media.uploads import recordings
    from shops.models import Order, OrderEvent, OrderLine, Product, StockMove
    from shops.orders.placement import place_order
    from shops.orders.request import OrderRequest
    from shops.products import search

    site = traffic.prepare(EVENTS)
    product = Product.objects.get(pk=site["product"])
    order_request = OrderRequest(
        shop=product.shop, lines=[(product, 1, product.price_fen)], buyer="陈小禾", phone="+8613700000001",
        province="430000", city="430100", county="430104", region="湖南省长沙市岳麓区", address="麓山路 1 号",
        perishable_ok=True,
    )  # fmt: skip
    order = place_order(order_request, uuid.uuid4())
    Order.objects.update(status=Order.Status.RECEIVED, received_at=timezone.now())
    for verb in (OrderEvent.Verb.ACCEPTED, OrderEvent.Verb.SHIPPED, OrderEvent.Verb.RECEIVED):
        OrderEvent.objects.create(order=order, verb=verb, by=OrderEvent.By.SELLER)
    order.refresh_from_db()
    for start in range(1, orders, AT_ONCE):
        Order.objects.bulk_create(again(order) for _n in range(min(AT_ONCE, orders - start)))
    for part in [*OrderLine.objects.all(), *OrderEvent.objects.all(), *StockMove.objects.filter(order=order)]:
        give_others(part)
    Product.objects.update(stock=100_000)
    StockMove.objects.create(product=product, delta=orders, reason=StockMove.Reason.HARVEST)

    search.index_many(Product.objects.all())
    person = User.objects.get(pk=site["phones"][0][0]["user"])
    photos = [Photo(owner=person, status="ready", width=1080, height=810) for _n in range(orders // 100)]
    for photo in Photo.objects.bulk_create(photos):
        for name in photo.names:
            write_noise("default", name, PHOTO_BYTES)
    for _n in range(FILMS):
        write_noise(
            "private", Video.objects.create(owner=person, status="ready").name_of("240.mp4"), FILM_BYTES
        )
    taken = [recordings.issue_ticket(person, f"take {n}", 10**6) for n in range(2)]
    return site | {"tickets": taken, "orders": Order.objects.count()}


def again(row):
    """Return a copy of the row with new keys."""
    from django.db import models

    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    for field in row._meta.concrete_fields:
        if field.unique:
            fresh = uuid.uuid4()
            fields[field.attname] = (
                fresh if isinstance(field, models.UUIDField) else fresh.hex[: field.max_length]
            )
    del fields[row._meta.pk.attname]
    return type(row)(**fields)


def give_others(part) -> None:
    """Copy this row, which belongs to one order, for every other order. Uses SQL: seconds instead of the ORM's minutes."""
    from django.db import connection

    fresh = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}[connection.vendor]
    fields = [field for field in part._meta.concrete_fields if not field.primary_key]
    values = [
        "o.id" if field.name == "order" else fresh if field.unique else f"p.{field.column}"
        for field in fields
    ]
    table = part._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(field.column for field in fields)})"
            f" SELECT {', '.join(values)} FROM shops_order o, {table} p WHERE p.id = %s AND o.id <> p.order_id",
            [part.pk],
        )


def write_noise(kind: str, name: str, size: int) -> None:
    from django.core.files.storage import storages

    path = Path(storages[kind].path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(secrets.token_bytes(size))


def last_rows() -> dict[str, int]:
    """Return the highest id of each table of KEPT."""
    from django.apps import apps
    from django.db.models import Max

    return {label: apps.get_model(label)._base_manager.aggregate(last=Max("pk"))["last"] for label in KEPT}


def read_kept(last: dict[str, int]) -> dict[str, str]:
    """Return the content of the rows of KEPT up to these ids, and of photos and films; does not use `config.copies`."""
    from django.apps import apps
    from django.core.files.storage import storages

    found = {}
    for label, number in last.items():
        digest = hashlib.sha256()
        rows = apps.get_model(label)._base_manager.filter(pk__lte=number).order_by("pk").values_list()
        for row in rows.iterator(chunk_size=AT_ONCE):
            digest.update(json.dumps(row, sort_keys=True, default=str).encode())
        found[label] = digest.hexdigest()
    for kind in ("default", "private"):
        root = Path(storages[kind].path(""))
        for folder in ("photos", "videos"):
            digest = hashlib.sha256()
            for path in sorted((root / folder).rglob("*.*")):
                digest.update(
                    f"{path.relative_to(root)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode()
                )
            found[f"{kind}/{folder}"] = digest.hexdigest()
    return found


def count_rows() -> dict[str, list]:
    """Return rows and checksum of every table, as a backup made now would name them."""
    from django.apps import apps

    from config.copies import rows

    return {
        model._meta.label: list(
            rows.compute_digest(model, "default", [field.column for field in rows.list_columns(model)])
        )
        for model in rows.list_models(apps)
    }


def read_manifest(path: str, key: str) -> dict[str, list]:
    """Return rows and checksums from a backup, which is read completely."""
    from config.copies.restore import check_copy

    tables = check_copy(Path(path), Path(key).read_bytes().strip()).manifest["tables"]
    return {label: [table["rows"], table["sha256"]] for label, table in tables.items()}


def check(writes: dict[str, Any]) -> dict[str, Any]:
    """Return the "orders" and "events" acknowledged before the backup that are missing, and later ones that came incomplete."""
    from django.db.models import Sum

    from outbox.models import Event
    from progress.models import LessonDone
    from shops.models import Order, Product

    def found(rows, name: str) -> set[str]:
        return set(map(str, rows.values_list(name, flat=True)))

    placed = found(Order.objects, "key")
    done, receipts = found(LessonDone.objects, "event_id"), found(Event.objects, "event_id")
    product = Product.objects.get()
    moves = product.moves.aggregate(sum=Sum("delta"))["sum"]
    bare = [Order.objects.filter(**{part: None}).count() for part in ("lines", "events", "moves")]
    meanwhile = [len(done & set(batch)) for batch in writes["batches"]]
    return {
        "orders missing": len(set(writes["orders"]) - placed),
        "events missing": len(set(writes["events"]) - done) + len(set(writes["events"]) - receipts),
        "orders by halves": sum(bare),
        "batches by halves": sum(0 < n < 2 for n in meanwhile) + len(done ^ receipts),
        "stock apart from its moves": abs(product.stock - moves),
    }


def inside(env: dict[str, str], call: str, *arguments: Any) -> Any:
    """Call a function of this module inside the site and return its result; the arguments are passed in a file."""
    with tempfile.NamedTemporaryFile("w") as file:
        json.dump(arguments, file)
        file.flush()
        code = f"import json, bench.proofs.copies\nprint(json.dumps(bench.proofs.copies.{call}(*json.load(open({file.name!r})))))"
        return json.loads(run_code(env, code).splitlines()[-1])


# --- measurements ---


class Measured:
    """A management command: its duration (s) and the highest memory of one of its processes (MiB)."""

    def __init__(self, env: dict[str, str], *command: str) -> None:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=os.environ | env, stdout=subprocess.DEVNULL
        )
        _pid, status, used = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"`manage.py {' '.join(command)}` failed")
        self.seconds, self.mib = time.monotonic() - began, used.ru_maxrss / 1024


def p99(writes: list[Write]) -> float:
    return statistics.quantiles([write.ended - write.begun for write in writes], n=100)[98]


class Verdict:
    """A check and whether it held; printed at once."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def say(self, text: str, good: bool = True) -> None:
        print(f"  {text}{'' if good else '   <- NOT GOOD'}", flush=True)
        if not good:
            self.wrong.append(text)

    def most(self, name: str, value: float, most: float, unit: str, more: str = "") -> None:
        self.say(
            f"{name}: {value:.{2 if unit == 's' and most <= 1 else 0}f} {unit} (≤ {most:.0f}){more}",
            value <= most,
        )


# --- people who were signed in before ---


class Phone:
    """A signed-in person who sends a recording by a ticket: session and upload must survive the loss of the site's computer."""

    def __init__(self, site: dict[str, Any]) -> None:
        self.tickets: list[str] = site["tickets"]
        self.headers = signed_in(site["phones"][0][0])
        self.tus = self.headers | {"Tus-Resumable": "1.0.0"}
        self.place, self.sent = "", 0

    def begin(self, port: int, ticket: int) -> str:
        metadata = f"ticket {b64encode(self.tickets[ticket].encode()).decode()}"
        headers = self.tus | {"Upload-Metadata": metadata, "Upload-Defer-Length": "1"}
        status, found, text = Traffic(port).insist("POST", "/uploads/video/", headers)
        if status != 201:
            raise RuntimeError(f"upload: {status} {text[:300]}")
        return found["Location"]

    def send(self, port: int) -> int:
        """Send the next piece; return the status of the answer."""
        headers = self.tus | {
            "Upload-Offset": str(self.sent),
            "Content-Type": "application/offset+octet-stream",
        }
        status, _found, _text = Traffic(port).insist("PATCH", self.place, headers, PIECE)
        self.sent += len(PIECE)
        return status

    def record(self, port: int) -> None:
        self.place = self.begin(port, 0)
        if self.send(port) != 204:
            raise RuntimeError("the first piece was not taken")

    def goes_on(self, port: int) -> dict[str, bool]:
        """Return whether the restored site knows the session and the upload. `sent`: what the first site received."""
        status, _found, page = Traffic(port).insist("GET", "/me/", self.headers)
        _status, found, _text = Traffic(port).insist("HEAD", self.place, self.tus)
        stands = found.get("Upload-Offset") == str(self.sent)
        before = self.sent
        answers = {
            "signed in still": status == 200 and "田巧云" in page,
            "upload where it was": stands,
            "its next piece taken": self.send(port) == 204,
            "unused ticket taken": self.begin(port, 1) != self.place,
        }
        self.sent = before
        return answers


# --- a backup of one kind of database, and the sites restored from it ---


@contextmanager
def empty_site(kind: str) -> Iterator[dict[str, str]]:
    """Yield the environment of a machine that has nothing but the program."""
    with (
        tempfile.TemporaryDirectory(prefix="newfarmwork-empty-") as folder,
        database_url(kind, folder) as url,
    ):
        yield {"VAR_DIR": folder, "DATABASE_URL": url, "DEMO": "1", "LOG_LEVEL": "ERROR"}


def prove(kind: str, orders: int, seconds: float, folder: Path, verdict: Verdict) -> None:
    copy, key = folder / f"{kind}.copy", folder / "key"
    print(f"\n{kind}", flush=True)
    with site_of_one_shop(kind) as env:
        began = time.monotonic()
        site = inside(env, "fill", orders)
        verdict.say(f"filled with {site['orders']:,} orders: {time.monotonic() - began:.0f} s")
        last, phone = inside(env, "last_rows"), Phone(site)
        with whole_site(env) as site_url:
            port = urlsplit(site_url).port
            phone.record(port)
            with sending(port, site, PAUSE) as going:
                began = time.monotonic()
                time.sleep(AROUND)
                start = time.monotonic()
                copied = Measured(env, "backup", str(copy), "--key-file", str(key))
                end = time.monotonic()
                time.sleep(max(AROUND, began + seconds - end))
        kept = inside(env, "read_kept", last)
    before = [write for write in going.writes if write.ended <= start]
    meanwhile = [write for write in going.writes if write.ended > start and write.begun < end]
    after = [write for write in going.writes if write.begun >= end]
    more = f"; written and read back, {copy.stat().st_size / 1e6:.0f} MB"
    verdict.most("copied", copied.seconds, MOST["copied"], "s", more)
    verdict.most("memory", copied.mib, MOST_MIB, "MiB")
    verdict.say(
        f"writes acknowledged: {len(before)} before, {len(meanwhile)} meanwhile, {len(after)} after",
        good=min(map(len, (before, meanwhile, after))) > 20,
    )
    quiet = f"; {p99([*before, *after]):.2f} s before and after"
    verdict.most("p99 of a write meanwhile", p99(meanwhile), MOST["p99"], "s", quiet)
    expected = {
        "tables": inside({"VAR_DIR": str(folder), "DEMO": "1"}, "read_manifest", str(copy), str(key)),
        "kept": kept,
        "writes": {
            "orders": list_ids(before, "order"),
            "events": list_ids(before, "batch"),
            "batches": [write.ids for write in meanwhile if write.kind == "batch"],
        },
    }
    for other in KINDS:
        come_back(other, copy, key, last, expected, phone, verdict)


def come_back(
    kind: str, copy: Path, key: Path, last: dict, expected: dict[str, Any], phone: Phone, verdict: Verdict
) -> None:
    print(f"  made again on {kind}", flush=True)
    with empty_site(kind) as env:
        restored = Measured(env, "restore", str(copy), "--key-file", str(key))
        verdict.most("  restored", restored.seconds, MOST["restored"], "s", "; with its migrations")
        verdict.most("  memory", restored.mib, MOST_MIB, "MiB")
        first, second = expected["tables"], inside(env, "count_rows")
        differ = [name for name in first if first[name] != second.get(name) and name != "ui.Stamp"]
        rows = sum(count for count, _digest in second.values())
        verdict.say(
            f"  {rows:,} rows, counts and checksums of {len(first)} tables: {differ or 'equal'}", not differ
        )
        kept = inside(env, "read_kept", last)
        differ = [name for name in kept if kept[name] != expected["kept"][name]]
        verdict.say(f"  rows and files of before, read on both sites: {differ or 'equal'}", not differ)
        for name, count in inside(env, "check", expected["writes"]).items():
            verdict.say(f"  {name}: {count}", not count)
        with whole_site(env) as site_url:
            for name, good in phone.goes_on(urlsplit(site_url).port).items():
                verdict.say(f"  {name}: {'yes' if good else 'no'}", good)


def main() -> None:
    orders, seconds, *kinds = [*sys.argv[1:], ORDERS, SECONDS][: max(2, len(sys.argv) - 1)]
    print(f"\nA site of {int(orders):,} orders copied under {seconds} s of orders and events", flush=True)
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="newfarmwork-copies-") as folder:
        Path(folder, "key").write_text("a key that is only for measuring\n")
        for kind in kinds or KINDS:
            prove(kind, int(orders), float(seconds), Path(folder), verdict)
    print("\nok" if not verdict.wrong else f"\nNOT GOOD: {len(verdict.wrong)}")
    sys.exit(bool(verdict.wrong))


if __name__ == "__main__":
    main()
