"""What people do to the county while its computers fail: pages, searches, orders, events, films, photos, and a live.

Every sender keeps what was not acknowledged and sends it again under the same id, as a phone does.
"""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import random
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.harness import traffic as sent
from bench.harness.traffic import Traffic, Write, signed_in

HTML = {"Accept": "text/html"}
CHUNK = 512 * 1024
READERS, BUYERS, FILMERS, PHOTOGRAPHERS, HELPERS = 4, 2, 2, 1, 3
FILM_SECONDS, FILMS = 6, 3
# Seconds between two of one sender. Of the last boxes the live sells the most.
PAUSES = {
    "pages": 0.2,
    "orders": 0.4,
    "events": 0.4,
    "last boxes": 2.0,
    "sales": 1.0,
    "photos": 4.0,
    "films": 40.0,
}
# The live has boxes for this part of its time; then the last are sold, and more.
SOLD_OUT_AFTER = 0.6
TRAINERS = 6


# --- inside the site ---


def prepare(seconds: float, boxes: int) -> dict[str, Any]:
    """Create, inside the site, the shop and the people of the traffic, trainers who send films, and a live on air."""
    from django.utils import timezone

    from accounts.models import Membership, Place, User
    from bench.harness.sessions import create_session
    from live.models import Livestream, RundownItem
    from live.on_air import host_actions, lifecycle
    from shops.inventory import stock
    from shops.models import Product, Shop, StockMove

    site = sent.prepare(int(seconds * 10) + 200)
    shop = Shop.objects.get(slug=site["slug"])
    trainers = []
    for n in range(TRAINERS):
        person = User.objects.create(phone=f"+861390020{n:04d}", name="罗老师", password="x")
        Membership.objects.create(
            user=person, place=shop.place, role=Membership.Role.TRAINER, status="granted"
        )
        trainers.append({"user": person.pk, "session": create_session(person)})
    last = Product.objects.get(shop=shop)
    last.pk, last.stock, last.name, last._state.adding = None, 0, "最后几箱冰糖橙", True
    last.save()
    stock.change_stock(last, boxes, StockMove.Reason.HARVEST, None)
    live = Livestream.objects.create(
        kind="real", shop=shop, place=Place.objects.get(pk=shop.place_id), host=shop.owner, title="专场",
        starts_at=timezone.now(),
    )  # fmt: skip
    RundownItem.objects.create(livestream=live, product=last, position=0, quota=boxes // 3)
    lifecycle.begin(live, live.load_items(), shop.owner)
    item = live.items.first()
    host_actions.feature_item(item, shop.owner, uuid.uuid4())
    seller = {"user": shop.owner.pk, "session": create_session(shop.owner)}
    facts = {"id": live.pk, "token": live.token, "item": item.pk, "product": last.pk}
    return site | {"trainers": trainers, "live": facts, "seller": seller, "boxes": boxes}


# --- senders ---


def read_pages(traffic: Traffic, site: dict[str, Any], number: int) -> None:
    """Open one page after another, each once."""
    chance = random.Random(number)  # noqa: S311 - which page is next
    pages = list_pages(site, number)
    while not traffic.over.is_set():
        traffic.ask("GET", *choose_page(chance, pages))
        time.sleep(traffic.pause)


def list_pages(site: dict[str, Any], number: int) -> list[tuple[str, dict[str, str]]]:
    """Return the pages of everybody and of one person, each with its headers."""
    own = HTML | signed_in(site["phones"][number % len(site["phones"])][0])
    paths = ["/", "/courses/", "/products/", f"/shops/{site['slug']}/", f"/products/{site['product']}/"]
    paths.append(f"/live/on/{site['live']['token']}/")
    return [*((path, HTML) for path in paths), ("/learn/", own), ("/me/", own)]


def choose_page(chance: random.Random, pages: list[tuple[str, dict[str, str]]]) -> tuple[str, dict[str, str]]:
    """Return one of the pages, or one time in five a search, half of which find nothing."""
    words = chance.choice(["冰糖橙", "橙", uuid.UUID(int=chance.getrandbits(128)).hex[:6]])
    search = f"/products/?{urlencode({'q': words})}"
    return chance.choice([*pages, (search, HTML), (search, HTML)])


def buy_last(traffic: Traffic, site: dict[str, Any], number: int) -> None:
    """Order the last boxes, which a live sells at the same time, until they are refused."""
    form = sent.Buyer(traffic, site | {"product": site["live"]["product"]}, number)
    for n in itertools.count():
        if traffic.over.is_set() or not form.send(n):
            return
        time.sleep(traffic.pause)


def sell(traffic: Traffic, site: dict[str, Any]) -> None:
    """Key in one sale of the live after another."""
    live = site["live"]
    path = f"/live/{live['id']}/air/{live['item']}/sale/"
    headers = signed_in(site["seller"]) | {"Content-Type": "application/x-www-form-urlencoded"}
    while not traffic.over.is_set():
        event, begun = str(uuid.uuid4()), time.monotonic()
        body = urlencode({"event_id": event, "quantity": 1, "seen_fen": 2990})
        status, _headers, text = traffic.insist("POST", path, headers, body)
        if status != 302:
            raise RuntimeError(f"sale: {status} {text[:300]}")
        traffic.writes.append(Write("sale", (event,), begun, time.monotonic()))
        time.sleep(traffic.pause)


def send_photos(traffic: Traffic, site: dict[str, Any], number: int) -> None:
    """Send one photo after another, small ones and ones that the spool receives."""
    from PIL import Image

    for n in itertools.count(number):
        if traffic.over.is_set():
            return
        file, side = io.BytesIO(), (160, 480)[n % 2]
        noise = random.Random(uuid.uuid4().int).randbytes(side * side * 3)  # noqa: S311 - a picture unlike any other
        Image.frombytes("RGB", (side, side), noise).save(file, "JPEG", quality=85)
        sent.send_photo(traffic, site["trainers"][n % TRAINERS], file.getvalue())
        wait(traffic, traffic.pause)


def send_films(traffic: Traffic, site: dict[str, Any], films: list[bytes], number: int) -> None:
    """Upload one film after another in chunks, from the byte on that the site has."""
    for n in itertools.count():
        if traffic.over.is_set():
            return
        person = site["trainers"][(number + n * FILMERS) % TRAINERS]
        # A box without meaning makes the film different from every other, or the site would store it once.
        film = films[n % len(films)] + b"\0\0\0\x18free" + uuid.uuid4().bytes
        send_film(traffic, person, film)
        wait(traffic, traffic.pause)


def send_film(traffic: Traffic, person: dict[str, Any], film: bytes) -> None:
    tus, size, begun = signed_in(person) | {"Tus-Resumable": "1.0.0"}, len(film), time.monotonic()
    name = base64.b64encode("橙子.mp4".encode()).decode()
    headers = tus | {"Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
    status, found, text = traffic.insist("POST", "/uploads/video/", headers)
    if status != 201:
        raise RuntimeError(f"film: {status} {text[:300]}")
    place, offset = found["Location"], 0
    while offset < size:
        headers = tus | {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        answer = traffic.ask("PATCH", place, headers, film[offset : offset + CHUNK])
        if answer is None:
            traffic.again += 1
            time.sleep(0.5)
            answer = traffic.insist("HEAD", place, tus)
        status, found, text = answer
        if status not in (200, 204, 409):
            raise RuntimeError(f"film: {status} at {offset} of {size}: {text[:300]}")
        offset = int(found["Upload-Offset"])
    key = place.partition("?")[0].rstrip("/").rpartition("/")[2]
    digest = hashlib.sha256(film).hexdigest()
    traffic.writes.append(Write("film", (f"{key} {digest}",), begun, time.monotonic()))


def wait(traffic: Traffic, seconds: float) -> None:
    traffic.over.wait(seconds)


def list_jobs(site: dict[str, Any], films: list[bytes]) -> dict[str, list[tuple[Any, ...]]]:
    """Return by kind what runs at the same time (bench.harness.traffic.at_work)."""
    return {
        "pages": [(read_pages, site, number) for number in range(READERS)],
        "orders": [(sent.order, site, buyer) for buyer in range(BUYERS)],
        "events": [(sent.sync, people, site["lessons"]) for people in site["phones"]],
        "last boxes": [(buy_last, site, 10)],
        "sales": [(sell, site) for _helper in range(HELPERS)],
        "photos": [(send_photos, site, number) for number in range(PHOTOGRAPHERS)],
        "films": [(send_films, site, films, number) for number in range(FILMERS)],
    }


@contextmanager
def mixed_load(
    make_traffic: Callable[[float], Traffic], site: dict[str, Any], films: list[bytes]
) -> Iterator[dict[str, Traffic]]:
    """Run all senders until the end of the block, where an error of any of them is raised."""
    traffics = {kind: make_traffic(pause) for kind, pause in PAUSES.items()}
    with ExitStack() as stack:
        for kind, jobs in list_jobs(site, films).items():
            stack.enter_context(sent.at_work(traffics[kind], jobs))
        try:
            yield traffics
        finally:
            for traffic in traffics.values():
                traffic.over.set()


def make_films(folder: Path, seconds: int = FILM_SECONDS) -> list[bytes]:
    """Film moving shapes under noise, of some megabytes each."""
    import imageio_ffmpeg

    made, binary = [], shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()
    for n in range(FILMS):
        path = folder / f"film-{n}.mp4"
        picture = f"testsrc2=size=480x320:rate=15,hue=h={n * 60},noise=alls=20:allf=t"
        command = [binary, "-loglevel", "error", "-y", "-f", "lavfi", "-i", picture]
        command += [
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=440",
            "-t",
            str(seconds),
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
        ]
        command += ["-b:v", "2500k", "-pix_fmt", "yuv420p", "-c:a", "aac", str(path)]
        subprocess.run(command, check=True)
        made.append(path.read_bytes())
    return made
