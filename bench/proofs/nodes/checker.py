"""Look into the database and the bucket of a county: is everything that was acknowledged there, once, and nothing else wrong?

    python -I checker.py FACTS

This file knows nothing of the site's code, so that an error there cannot hide itself: it reads tables and files. FACTS is
JSON: {"database", "bucket": {"url", "name"}, "acknowledged": {"order", "batch", "sale", "photo", "film"}, "live", "boxes",
"folders": {name: folder}}. Prints JSON: what was asked → what was found, all of which must be 0 or true, and counts.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import boto3
import psycopg

# Below the data folder: collected styles, logs, drawn posters that can be drawn again, counts of its own processes, a lock.
# What a killed worker has left of a film in videos-in-work is needed by nobody: another has made the film anew (check_films), and
# media.cleanup deletes it in time.
OWN_OF_A_NODE = ("static", "grouped", "log", "posters", "metrics", "copy.lock", "videos-in-work", "computer")
WIDTHS = (320, 720, 1200)


class Site:
    """The county's database and bucket."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.database = psycopg.connect(facts["database"])
        store = facts["bucket"]
        client = boto3.client(
            "s3", endpoint_url=store["url"], region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
        )  # fmt: skip
        self.client, self.bucket = client, store["name"]
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        self.files = {file["Key"]: file["Size"] for page in pages for file in page.get("Contents", [])}

    def read(self, query: str, *values: Any) -> list[tuple]:
        return self.database.execute(query, values).fetchall()

    def count_lost_and_doubled(self, kind: str, query: str) -> tuple[int, int]:
        """Return how many acknowledged ids the column lacks, and how many rows are there twice."""
        found = Counter(str(value) for (value,) in self.read(query))
        return len(set(self.facts["acknowledged"][kind]) - set(found)), sum(found.values()) - len(found)


def check_orders(site: Site) -> dict[str, Any]:
    lost, doubled = site.count_lost_and_doubled("order", "SELECT key FROM shops_order")
    held = "SELECT order_id, sum(-delta) FROM shops_stockmove WHERE reason = 'held' GROUP BY order_id"
    lines = "SELECT order_id, sum(quantity) FROM shops_orderline GROUP BY order_id"
    placed = {order for (order,) in site.read("SELECT id FROM shops_order")}
    units = dict(site.read(lines))
    return {
        "acknowledged orders lost": lost,
        "orders stored twice": doubled,
        "orders without an answer that nobody sent again": len(placed)
        - len(site.facts["acknowledged"]["order"]),
        "orders without a line": len(placed - set(units)),
        "orders whose held units differ from their lines": sum(
            units.get(order) != taken for order, taken in site.read(held)
        )
        + len(placed - {order for order, _taken in site.read(held)}),
    }


def check_events(site: Site) -> dict[str, Any]:
    lost, doubled = site.count_lost_and_doubled("batch", "SELECT event_id FROM progress_lessondone")
    receipts, twice = site.count_lost_and_doubled(
        "batch", "SELECT event_id FROM outbox_event WHERE state = 'applied'"
    )
    return {
        "acknowledged events lost": lost,
        "events stored twice": doubled,
        "receipts lost": receipts,
        "receipts twice": twice,
    }


def check_stock(site: Site) -> dict[str, Any]:
    """Add up the moves of every product in their order: the stock is their sum, and none of the sums is below 0."""
    sums: Counter = Counter()
    below = 0
    for product, delta in site.read(
        "SELECT product_id, delta FROM shops_stockmove WHERE presale_id IS NULL ORDER BY id"
    ):
        sums[product] += delta
        below += sums[product] < 0
    stocks = site.read("SELECT id, stock FROM shops_product")
    return {
        "products whose stock is not the sum of its moves": sum(
            sums[product] != stock for product, stock in stocks
        ),
        "products with a stock below 0": sum(stock < 0 for _product, stock in stocks),
        "moves after which the sum was below 0": below,
    }


def check_live(site: Site) -> dict[str, Any]:
    """Compare all boxes of the live's product with where they have gone."""
    lost, doubled = site.count_lost_and_doubled("sale", "SELECT event_id FROM live_livesale")
    sales = "SELECT sum(quantity), sum(from_quota + from_stock), sum(oversold) FROM live_livesale WHERE livestream_id = %s"
    [(sold, given, over)] = site.read(sales, site.facts["live"]["id"])
    product = site.facts["live"]["product"]
    [(stock,)] = site.read("SELECT stock FROM shops_product WHERE id = %s", product)
    [(ordered,)] = site.read(
        "SELECT coalesce(sum(-delta), 0) FROM shops_stockmove WHERE product_id = %s AND reason = 'held'",
        product,
    )
    [(left,)] = site.read('SELECT "left" FROM live_rundownitem WHERE id = %s', site.facts["live"]["item"])
    [(moved,)] = site.read(
        "SELECT sum(delta) FROM live_quotamove WHERE item_id = %s", site.facts["live"]["item"]
    )
    return {
        "acknowledged sales of the live lost": lost,
        "sales stored twice": doubled,
        "each sale has its units or is oversold": sold == given + over,
        "boxes = sold + ordered + left": site.facts["boxes"] == given + ordered + left + stock,
        "what is left of the live is the sum of its moves": left == moved and left >= 0,
        "the last box was sold, and more was asked for": stock + left == 0 and over > 0,
    }


def check_films(site: Site) -> dict[str, Any]:
    """Look whether each acknowledged upload is a film, once, whose files are in the bucket with the sizes of its row."""
    query = (
        "SELECT u.key, u.state, v.key, v.status, v.sha256, v.renditions FROM media_upload u LEFT JOIN media_video v"
        " ON v.id = u.video_id"
    )
    uploads = {row[0]: row[1:] for row in site.read(query)}
    sent = dict(one.split(" ") for one in site.facts["acknowledged"]["film"])
    lost = unfinished = other = missing = 0
    for key, digest in sent.items():
        state, video, status, sha256, renditions = uploads.get(key, ("", None, "", "", {}))
        lost += state != "whole" or video is None
        unfinished += status != "ready"
        other += status == "ready" and sha256 != digest
        for name, facts in (renditions or {}).items():
            ending = "m4a" if name == "listen" else "mp4"
            missing += site.files.get(f"private/videos/{video[:2]}/{video}-{name}.{ending}") != facts["bytes"]
    digests = Counter(digest for (digest,) in site.read("SELECT sha256 FROM media_video WHERE sha256 != ''"))
    [(rows,)] = site.read("SELECT count(*) FROM media_video")
    whole = {key for key, facts in uploads.items() if facts[0] == "whole"}
    chunks = {name.split("/")[2] for name in site.files if name.startswith("intake/uploads/")}
    return {
        "acknowledged films lost": lost,
        "films that are not done": unfinished,
        "films with other bytes than were sent": other,
        "files of films missing in the bucket": missing,
        "films stored twice": sum(digests.values()) - len(digests) + rows - len(whole),
        "finished films whose chunks are still in the intake": len(chunks & whole),
    }


def check_photos(site: Site) -> dict[str, Any]:
    rows = {key: facts for key, *facts in site.read("SELECT key, status, width FROM media_photo")}
    sent = set(site.facts["acknowledged"]["photo"])
    missing = 0
    for key, (status, width) in rows.items():
        most = min(width, max(WIDTHS))
        widths = [one for one in WIDTHS if one < most] + [most]
        names = [name for name in site.files if name.startswith(f"media/photos/{key[:2]}/{key}-")]
        missing += status == "ready" and len(names) < len(widths)
    originals = [name for name in site.files if name.startswith("intake/photos/")]
    [(twice,)] = site.read(
        "SELECT count(*) - count(DISTINCT (owner_id, sha256)) FROM media_photo WHERE status != 'failed'"
    )
    return {
        "acknowledged photos lost": len(sent - set(rows)),
        "photos that are not done": sum(rows[key][0] != "ready" for key in sent & set(rows)),
        "photos without their pictures in the bucket": missing,
        "photos stored twice": twice,
        "originals of photos left in the intake": len(originals),
    }


def check_tasks(site: Site) -> dict[str, Any]:
    [(waiting,)] = site.read(
        "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'READY' AND run_after <= now()"
    )
    return {"tasks that nobody has begun": waiting}


def check_folders(site: Site) -> dict[str, Any]:
    """List what lies in the nodes' data folders and is neither made anew at a start nor a log."""
    left = [
        f"{name}: {path.relative_to(folder)}"
        for name, folder in site.facts["folders"].items()
        for path in Path(folder).rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] not in OWN_OF_A_NODE
    ]
    return {"files on a node's disk that another would need": len(left), "_left": left[:20]}


def main() -> None:
    site = Site(json.loads(Path(sys.argv[1]).read_text()))
    found: dict[str, Any] = {}
    for check in (
        check_orders, check_events, check_stock, check_live, check_films, check_photos, check_tasks, check_folders
    ):  # fmt: skip
        found |= check(site)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
