"""The evidence of a live, stored for three years: one zip, each file with its hash."""

import csv
import hashlib
import io
import json
import re
import zipfile
from urllib.parse import unquote

import pytest
from django.core.files.storage import default_storage
from django.utils.translation import override

from live.models import ChecklistTick, Frozen, ScriptVersion, Slip
from live.recap import evidence
from live.recap.platform_exports import formats, importer, reader
from tests.factories import make_photo, make_product, make_shop
from tests.live.kit import add_pin, add_sale, make_ended, make_item
from tests.live.recap.platform_exports import files


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
    evidence.write_evidence(live, target)
    archive = zipfile.ZipFile(target)
    return archive, json.loads(archive.read("manifest.json"))


def test_it_holds_what_the_law_wants_and_every_hash_is_right(live):
    archive, manifest = packed(live)
    assert sorted(manifest["files"]) == [
        "checklist.json", "corrections.json", "figures.json", "index.html", "listings.json", "pins.json", "plan.json",
        "prices.json", "refunds.json", "rundown.json", "sales.csv", "scripts.json", "seller.json", "settlements.json",
        "tables/上桌.csv", "tables/口误更正.csv", "tables/平台退款.csv", "tables/开播前核对.csv", "tables/成交.csv",
        "tables/直播数据.csv", "tables/超卖处理.csv", "tables/限时价.csv",
    ]  # fmt: skip
    assert set(archive.namelist()) == {*manifest["files"], "manifest.json"}
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
    table = formats.recognise_table(reader.read_export(file, files.size(file)))
    digest = hashlib.sha256(file.getvalue()).hexdigest()
    row = importer.import_export(live, table, file, "概览.csv", digest, seller)
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


def table(archive: zipfile.ZipFile, name: str) -> list[list[str]]:
    text = archive.read(f"tables/{name}.csv").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_tables_are_read_in_a_spreadsheet_in_local_time_and_yuan(live):
    archive = packed(live)[0]
    head, row = table(archive, "成交")
    assert head[:6] == [
        "什么时候（北京时间）", "收到时间（北京时间）", "哪一款", "几份", "一份多少钱（元）", "金额（元）",
    ]  # fmt: skip
    assert (row[0], row[2:7]) == ("2026-11-20 20:03:00", ["冰糖橙", "2", "29.90", "59.80", "10"])
    assert table(archive, "上桌")[1] == ["2026-11-20 20:00:00", "冰糖橙", "周梅英"]
    assert table(archive, "口误更正")[1][2:] == ["全网最低", "今天 5.98 元一斤", "周梅英"]
    assert table(archive, "开播前核对")[1][1:] == ["声音：试录十秒，听得清，没有风声", "是", "周梅英"]


def test_the_cover_says_it_in_plain_words(live):
    cover = " ".join(packed(live)[0].read("index.html").decode().split())
    for words in (
        "直播留底：冰糖橙专场", "2026-11-20 20:00:00", "2026-11-20 21:00:00", "北京时间（UTC+8）", "留到 2029-11-20",
        "2 份 · ¥59.80", "周梅英", "全网最低", "今天 5.98 元一斤", "tables/成交.csv", "https://example.com/replay",
    ):  # fmt: skip
        assert words in cover


def test_the_cover_needs_nothing_from_elsewhere_and_leads_to_every_file(live):
    archive, manifest = packed(live)
    cover = archive.read("index.html").decode()
    # The replay's address is words, no link.
    assert re.findall(r'(?:src|href)="(?:[a-z]+:)?//[^"]*"|@import|url\(|<script|<link', cover) == []
    leads = {unquote(name) for name in re.findall(r'(?:src|href)="([^"]+)"', cover)}
    assert leads == set(manifest["files"]) - {"index.html"}
    for name, facts in manifest["files"].items():
        assert name == "index.html" or facts["sha256"] in cover


def test_what_a_person_typed_is_text_on_the_cover(live, seller):
    Slip.objects.create(livestream=live, said="<img src=x onerror=alert(1)>", right="=1+1", by=seller)
    archive = packed(live)[0]
    assert "<img src=x" not in archive.read("index.html").decode()
    assert table(archive, "口误更正")[2][2:4] == ["<img src=x onerror=alert(1)>", "'=1+1"]


def largest(photo) -> bytes:
    return default_storage.open(photo.name_at(photo.widths()[-1])).read()


def test_photos_of_the_listings_come_along(live, seller):
    photo = make_photo(seller)
    item = live.items.get()
    item.frozen.get().photos.add(photo)
    archive, manifest = packed(live)
    name = f"photos/{item.pk}-{photo.pk}.webp"
    assert archive.read(name) == largest(photo)
    assert manifest["files"][name]["sha256"] == hashlib.sha256(largest(photo)).hexdigest()
    assert f'<img src="{name}"' in archive.read("index.html").decode()


def test_of_a_live_of_before_the_photos_of_today_come_along(live, seller):
    photo = make_photo(seller)
    item = live.items.get()
    item.product.photos.create(photo=photo, position=0)
    assert packed(live)[0].read(f"photos/{item.pk}-{photo.pk}.webp") == largest(photo)


def test_a_listing_that_had_no_photo_on_air_gets_none_of_today(live, seller):
    item = live.items.get()
    Frozen.objects.create(livestream=live, item=item, page={"photos": []}, content_hash="2")
    item.product.photos.create(photo=make_photo(seller), position=0)
    archive, manifest = packed(live)
    assert [name for name in archive.namelist() if name.startswith("photos/")] == []
    assert manifest["missing"] == []


def test_a_photo_that_is_gone_is_named_on_the_cover(live, seller):
    item, photo = live.items.get(), make_photo(seller)
    item.frozen.get().photos.add(photo)
    default_storage.delete(photo.name_at(photo.widths()[-1]))
    archive, manifest = packed(live)
    name = f"photos/{item.pk}-{photo.pk}.webp"
    assert manifest["missing"] == [name]
    cover = archive.read("index.html").decode()
    assert (f"这些文件没找到：{name}" in cover, f'<img src="{name}"' in cover) == (True, False)


@pytest.mark.long
def test_the_zip_is_handed_out_with_its_cover(as_user, live, seller):
    answer = as_user(seller).get(f"/live/{live.pk}/evidence.zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "直播留底" in archive.read("index.html").decode()


@pytest.mark.long
def test_english_readers_get_english_tables(live):
    with override("en"):
        archive = packed(live)[0]
    assert '<html lang="en">' in archive.read("index.html").decode()
    assert any(name.startswith("tables/") and name.isascii() for name in archive.namelist())
