"""The ledger's pages (收支): every figure links to its rows."""

import csv
import datetime
import io
import re
import uuid

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from shops.models import LedgerEntry
from tests.factories import add_helpers, make_shop
from tests.shops.ledger.books import DAY, earn, spend

pytestmark = pytest.mark.both_databases

Kind = LedgerEntry.Kind
URL = "/me/shop/ledger/"


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village, name="梅姨家的橙园")


@pytest.fixture
def books(shop):
    earn(shop, 209_30, 17_500)
    spend(shop, 60_00)
    spend(shop, 41_00, Kind.FREIGHT)
    return shop


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def new(**fields) -> dict:
    return {
        "kind": "boxes",
        "fen": "260",
        "on": "2026-11-20",
        "note": "200 套纸箱",
        "key": str(uuid.uuid4()),
    } | fields


def test_it_works(client, seller, books):
    client.force_login(seller)
    response = client.get(URL, {"month": "2026-11"})
    text = text_of(response)
    assert "108.30 元" in text
    assert "离 5,000 元还差 4,891.70" in text
    assert "卖出 35斤（17.5公斤）" in text
    assert response.context["month"].net == 108_30


@pytest.mark.parametrize(
    ("part", "fens"), [("sold", [20930]), ("parcels", [-6000, -4100]), ("back", []), ("boxes", [-6000])]
)
def test_figure_opens_to_its_rows(client, seller, books, part, fens):
    client.force_login(seller)
    page = client.get(f"{URL}rows/", {"month": "2026-11", "part": part}).context["page"]
    assert sorted(entry.fen for entry in page.items) == sorted(fens)
    assert (
        client.get(URL, {"month": "2026-11"}).context["month"].part(part) == sum(fens)
        if part in ("sold", "parcels")
        else True
    )


@pytest.mark.long
def test_other_months_and_nonsense(client, seller, books):
    client.force_login(seller)
    assert client.get(URL, {"month": "2026-10"}).context["month"].net == 0
    this = timezone.localdate().replace(day=1)
    for nonsense in ("x", "2026-13", "9999-01", "2026-11-20", "²", "-1"):
        assert client.get(URL, {"month": nonsense}).context["month"].first == this
    for nonsense in ("x", "²", "1" * 40):
        assert client.get(URL, {"villager": nonsense}).status_code == 200
    assert client.get(URL, {"villager": "999999"}).status_code == 404


@pytest.mark.long
def test_same_queries_for_one_row_and_many(client, seller, shop, django_assert_num_queries):
    client.force_login(seller)
    earn(shop)
    # What is not yet settled is counted for the present month only.
    month = f"{timezone.localdate():%Y-%m}"
    client.get(URL, {"month": month})
    for _round in range(2):
        with django_assert_num_queries(9):
            client.get(URL, {"month": month})
        for n in range(24):
            earn(shop, on=datetime.date(2026, n % 11 + 1, 3))


@pytest.mark.long
def test_others_see_nothing(client, stranger, trainee, organiser, books):
    entry = LedgerEntry.objects.first()
    for person in (stranger, trainee, organiser):
        client.force_login(person)
        for url in (
            URL,
            f"{URL}?shop={books.pk}",
            f"{URL}rows/?shop={books.pk}",
            f"{URL}{entry.pk}/",
            f"{URL}csv/?shop={books.pk}",
        ):
            assert client.get(url).status_code == 404


def test_cost_is_written_down_once(client, seller, shop):
    client.force_login(seller)
    form = new()
    for _tap in range(3):
        response = client.post(f"{URL}new/", form)
    assert response.status_code == 302
    entry = LedgerEntry.objects.get()
    assert (entry.kind, entry.fen, entry.on, entry.note, entry.made_by) == (
        "boxes",
        -26000,
        DAY,
        "200 套纸箱",
        seller,
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"fen": "0"}, "fen"),
        ({"fen": "-5"}, "fen"),
        ({"fen": "1e9"}, "fen"),
        ({"fen": "0.001"}, "fen"),
        ({"fen": "99999999999"}, "fen"),
        ({"on": "2999-01-01"}, "on"),
        ({"on": "1999-01-01"}, "on"),
        ({"on": "x"}, "on"),
        ({"kind": "order"}, "kind"),
        ({"grams": "5"}, "grams"),
        ({"note": "长" * 101}, "note"),
        ({"key": "x"}, "key"),
    ],
)
def test_bad_input_keeps_what_was_typed(client, seller, shop, fields, field):
    client.force_login(seller)
    response = client.post(f"{URL}new/", new(**fields))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert LedgerEntry.objects.count() == 0


def test_full_width_figures(client, seller, shop):
    client.force_login(seller)
    client.post(f"{URL}new/", new(fen="２６０．５元"))
    assert LedgerEntry.objects.get().fen == -26050


def test_correct_a_slip(client, seller, shop):
    client.force_login(seller)
    client.post(f"{URL}new/", new(fen="2600"))
    wrong = LedgerEntry.objects.get()
    response = client.post(f"{URL}{wrong.pk}/", new(fen="260", why="多写了一个零", do="right"))
    assert response.status_code == 302
    assert sorted(LedgerEntry.objects.values_list("fen", flat=True)) == [-260000, -26000, 260000]
    assert "已经冲销" in text_of(client.get(f"{URL}{wrong.pk}/"))


def test_take_back_needs_only_the_reason(client, seller, shop):
    client.force_login(seller)
    wrong = spend(shop)
    assert (
        client.post(f"{URL}{wrong.pk}/", {"do": "back", "why": "", "key": str(uuid.uuid4())}).status_code
        == 200
    )
    assert (
        client.post(
            f"{URL}{wrong.pk}/", {"do": "back", "why": "记重了", "key": str(uuid.uuid4())}
        ).status_code
        == 302
    )
    assert sorted(LedgerEntry.objects.values_list("fen", flat=True)) == [-26000, 26000]


def test_csv_adds_up_and_runs_nothing(client, seller, books):
    spend(books, 5_00, Kind.OTHER_OUT, note="=cmd|' /C calc'!A0")
    client.force_login(seller)
    rows = list(csv.reader(io.StringIO(b"".join(client.get(f"{URL}csv/")).decode("utf-8-sig"))))
    assert rows[0][:4] == ["日期", "类型", "金额（元）", "重量（斤）"]
    assert [row[2] for row in rows[1:]] == ["209.3", "-60", "-41", "-5"]
    assert rows[4][6] == "'=cmd|' /C calc'!A0"


def test_xlsx_has_the_same_totals(client, seller, books, tmp_path):
    spend(books, 5_00, Kind.OTHER_OUT, note="=1+1")
    client.force_login(seller)
    response = client.get(f"{URL}xlsx/", {"month": "2026-11"})
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert [row[2].value for row in sheet.iter_rows(min_row=2, max_row=5)] == [209.3, -60, -41, -5]
    assert sheet["C7"].value == "=SUM(C2:C5)"
    assert (sheet["G5"].value, sheet["G5"].data_type) == ("'=1+1", "s")


def test_helper_reads_and_writes_the_books(client, trainee, shop):
    add_helpers(shop, trainee)
    client.force_login(trainee)
    client.post(f"{URL}new/", new(villager=trainee.pk))
    assert LedgerEntry.objects.get().villager == trainee
    assert client.get(URL, {"villager": trainee.pk, "month": "2026-11"}).context["month"].net == -26000


@pytest.mark.long
def test_villager_of_another_shop_cannot_be_named(client, seller, shop, stranger, trainee):
    add_helpers(shop, trainee)
    client.force_login(seller)
    response = client.post(f"{URL}new/", new(villager=stranger.pk))
    assert list(response.context["form"].errors) == ["villager"]
