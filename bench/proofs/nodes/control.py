"""Spoil a county's database, bucket and disks, to see that the checker finds each of it."""

from __future__ import annotations

from typing import Any

import psycopg

from bench.proofs.kills import is_right
from bench.proofs.nodes.county import BUCKET, County

# What is done to one row → what the checker must then find to be wrong.
STATEMENTS = {
    "acknowledged orders lost": "UPDATE shops_order SET key = gen_random_uuid() WHERE id = (SELECT min(id) FROM shops_order)",
    "orders whose held units differ from their lines": "UPDATE shops_orderline SET quantity = quantity + 1"
    " WHERE id = (SELECT max(id) FROM shops_orderline)",
    "acknowledged events lost": "UPDATE progress_lessondone SET event_id = gen_random_uuid()"
    " WHERE id = (SELECT min(id) FROM progress_lessondone)",
    "receipts lost": "DELETE FROM outbox_event WHERE id = (SELECT min(id) FROM outbox_event)",
    "acknowledged sales of the live lost": "UPDATE live_livesale SET event_id = gen_random_uuid()"
    " WHERE id = (SELECT min(id) FROM live_livesale)",
    "boxes = sold + ordered + left": "UPDATE live_livesale SET from_quota = from_quota + 1, quantity = quantity + 1"
    " WHERE id = (SELECT max(id) FROM live_livesale)",
    "products whose stock is not the sum of its moves": "UPDATE shops_product SET stock = stock + 1"
    " WHERE id = (SELECT min(id) FROM shops_product)",
    "films that are not done": "UPDATE media_video SET status = 'waiting' WHERE id = (SELECT min(id) FROM media_video)",
    "photos that are not done": "UPDATE media_photo SET status = 'waiting' WHERE id = (SELECT min(id) FROM media_photo)",
}
FILES = {
    "files of films missing in the bucket": "private/videos/",
    "photos without their pictures in the bucket": "media/photos/",
}
ON_A_DISK = "files on a node's disk that another would need"


def spoil(county: County) -> list[str]:
    """Do each of it once; return what the checker must find."""
    with psycopg.connect(county.store.database_url) as database:
        database.execute("SET session_replication_role = replica")
        for statement in STATEMENTS.values():
            database.execute(statement)
    client = county.store.make_client()
    for folder in FILES.values():
        files = client.list_objects_v2(Bucket=BUCKET, Prefix=folder)["Contents"]
        # The last one: the first rows are those of which the status was spoiled.
        newest = max(
            (file for file in files if not file["Key"].endswith(".webp") or folder.startswith("media")),
            key=lambda file: file["LastModified"],
        )
        client.delete_object(Bucket=BUCKET, Key=newest["Key"])
    (county.nodes[0].computer.root / "var/lib/newfarmwork/intake").mkdir(exist_ok=True)
    (county.nodes[0].computer.root / "var/lib/newfarmwork/intake/left").touch()
    return [*STATEMENTS, *FILES, ON_A_DISK]


def list_unseen(expected: list[str], found: dict[str, Any]) -> list[str]:
    return [name for name in expected if is_right(found[name])]
