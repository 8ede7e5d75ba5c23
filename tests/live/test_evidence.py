"""What is kept of a live for three years: one zip, each file under its hash."""

import hashlib
import io
import json
import zipfile

import pytest

from live import evidence
from live.exports import reading, shapes, taking
from live.models import ChecklistTick, Frozen, ScriptVersion, Slip
from tests.factories import make_product, make_shop
from tests.live.exports import files
from tests.live.kit import add_pin, add_sale, make_ended, make_item


@pytest.fixture
def live(seller, village):
    live = make_ended(make_shop(seller, village), replay_url="https://example.com/replay")
    item = make_item(live, make_product(live.shop))
    for number, words in enumerate(("自家种的", "自家坡地种的"), 1):
        ScriptVersion.objects.create(
            item=item, number=number, parts={"who": words}, text_hash="0", made_by=seller
        )
    ChecklistTick.objects.create(livestream=live, code="sound", by=seller)
    Slip.objects.create(livestream=live, said="全网最低", right="今天 5.98 元一斤", by=seller)
    Frozen.objects.create(livestream=live, item=item, page={"name": "冰糖橙"}, content_hash="1")
    add_pin(item)
    add_sale(item, 2, minute=3)
    return live


def packed(live) -> tuple[zipfile.ZipFile, dict]:
    target = io.BytesIO()
    evidence.write(live, target)
    archive = zipfile.ZipFile(target)
    return archive, json.loads(archive.read("manifest.json"))


def test_it_holds_what_the_law_wants_and_every_hash_is_right(live):
    archive, manifest = packed(live)
    assert sorted(manifest["files"]) == [
        "checklist.json", "corrections.json", "figures.json", "listings.json", "pins.json", "plan.json", "prices.json",
        "refunds.json", "rundown.json", "sales.csv", "scripts.json", "seller.json", "settlements.json",
    ]  # fmt: skip
    for name, facts in manifest["files"].items():
        content = archive.read(name)
        assert (facts["bytes"], facts["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert (manifest["replay"], manifest["missing"], manifest["keep_until"]) == (
        "https://example.com/replay",
        [],
        "2029-11-20",
    )


def test_every_version_of_a_script_is_there(live):
    scripts = json.loads(packed(live)[0].read("scripts.json"))
    assert [(row["version"], row["parts"]["who"], row["by"]["name"]) for row in scripts] == [
        (1, "自家种的", "周梅英"),
        (2, "自家坡地种的", "周梅英"),
    ]


def test_sales_are_rows_and_no_formula(live):
    text = packed(live)[0].read("sales.csv").decode()
    assert [line.split(",")[2:9] for line in text.splitlines()[1:]] == [
        ["冰糖橙", "2", "2990", "5980", "0", "2", "0"]
    ]


def test_files_of_platforms_come_along_byte_for_byte(live, seller):
    file = files.gbk()
    table = shapes.sheet(reading.read(file, files.size(file)))
    digest = hashlib.sha256(file.getvalue()).hexdigest()
    row = taking.take(live, table, file, "概览.csv", digest, seller)
    archive, manifest = packed(live)
    assert archive.read(f"exports/{row.pk}-{digest[:12]}") == file.getvalue()
    assert manifest["files"][f"exports/{row.pk}-{digest[:12]}"]["sha256"] == digest


def test_a_file_that_is_gone_is_named_and_stops_nothing(live, seller):
    row = live.imports.create(
        shape="summary", name="没了.csv", sha256="a" * 64, stored="exports/zz/none", by=seller
    )
    assert packed(live)[1]["missing"] == [f"exports/{row.pk}-aaaaaaaaaaaa"]


def test_the_same_rows_make_the_same_files(live):
    first, second = packed(live)[1], packed(live)[1]
    assert first["files"] == second["files"]
