"""The page of a live's sales down to its rows, its table, settlements and refunds."""

import csv
import io

import pytest
from django.utils import timezone

from live.models import LiveRefund, Settlement
from live.on_air import host_actions, lifecycle, sales
from shops.models import LedgerEntry
from tests.factories import make_product
from tests.live.on_air.airs import add_item, books, make_air, new, stock


@pytest.fixture
def over(air, item, helper, seller):
    """Return a live with thirty-two boxes sold, two of them oversold, and one accidental sale."""
    sales.record_sale(item, 31, helper, new())
    sales.record_sale(item, 1, seller, new(), price_fen=1990)
    sales.undo_sale(sales.record_sale(item, 4, helper, new()), seller, new())
    host_actions.record_correction(air, "全网最低", "今天 5.98 元一斤", helper, new(), item=item)
    host_actions.feature_item(item, helper, new())
    return lifecycle.end_live(air, seller)


@pytest.fixture
def mine(as_user, helper):
    return as_user(helper)


def page_of(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_sales_add_up_and_open_to_their_rows(mine, over, item):
    url = f"/live/{over.pk}/sales/"
    page = page_of(mine, url)
    assert '<p class="big">946.80<small>元</small></p>' in page  # 31 × 29.90 + 19.90
    assert "32 份·160斤" in page
    assert "2 份没处理" in page
    assert page.count("已撤回") == 1
    for link in (f"?item={item.pk}#rows", "?over=1#rows", f"/live/{over.pk}/sales.csv"):
        assert f'href="{link}"' in page
    rows = page_of(mine, f"{url}?over=1")
    assert (rows.count("<b>冰糖橙 <span"), "超卖的" in rows) == (4, True)
    assert "“全网最低”改成“今天 5.98 元一斤”" in page
    assert "几点讲的哪一款" in page


@pytest.mark.long
def test_sales_of_a_live_that_is_over_lead_to_its_recap(mine, air, item, seller):
    url, recap = f"/live/{air.pk}/sales/", f'href="/live/{air.pk}/recap/"'
    assert recap not in page_of(mine, url)
    lifecycle.end_live(air, seller)
    assert recap in page_of(mine, url)
    assert mine.get(f"/live/{air.pk}/recap/").status_code == 200


@pytest.mark.long
def test_sales_of_one_item_are_its_own(mine, over, item, helper):
    other = add_item(over, make_product(over.shop, name="脐橙", stock=5))
    sales.record_sale(other, 1, helper, new())
    rows = page_of(mine, f"/live/{over.pk}/sales/?item={other.pk}").split('id="rows"')[1]
    assert rows.count("<b>脐橙 <span") == 1
    assert "<b>冰糖橙 <span" not in rows
    for asked in ("x", "9999999999999999999999"):
        page_of(mine, f"/live/{over.pk}/sales/?item={asked}&after={asked}")


@pytest.mark.long
def test_sales_page_by_page_with_the_same_queries(mine, air, item, helper, django_assert_num_queries):
    url = f"/live/{air.pk}/sales/"
    sales.record_sale(item, 1, helper, new())
    page_of(mine, url)
    with django_assert_num_queries(15):
        page_of(mine, url)
    for _n in range(60):
        sales.record_sale(item, 1, helper, new())
    with django_assert_num_queries(15):
        page = page_of(mine, url)
    assert (page.count("<b>冰糖橙 <span"), 'rel="next"' in page) == (50, True)


@pytest.mark.long
def test_sales_as_a_table(mine, over):
    answer = mine.get(f"/live/{over.pk}/sales.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[2:10] == [
        "哪一款",
        "几份",
        "一份多少钱（元）",
        "金额（元）",
        "重量（斤）",
        "名额里出的",
        "库存里出的",
        "超卖",
    ]
    assert [row[2:11] for row in rows] == [
        ["冰糖橙", "31", "29.90", "926.90", "155", "10", "20", "1", "田小满"],
        ["冰糖橙", "1", "19.90", "19.90", "5", "0", "0", "1", "周梅英"],
        ["冰糖橙", "4", "29.90", "119.60", "20", "0", "0", "4", "田小满"],
        ["冰糖橙", "-4", "29.90", "-119.60", "-20", "0", "0", "-4", "周梅英"],
    ]


@pytest.mark.long
def test_sales_are_seen_by_those_who_teach_and_not_by_strangers(
    as_user, over, item, trainer, stranger, trainee, settings
):
    page = page_of(as_user(trainer), f"/live/{over.pk}/sales/")
    assert ("946.80" in page, "记平台退款" in page, "处理超卖" in page, 'aria-label="撤回' in page) == (
        True,
        False,
        False,
        False,
    )
    settings.DEMO = False
    assert as_user(trainer).get(f"/live/{over.pk}/sales/").status_code == 302
    assert as_user(trainer).get(f"/live/{over.pk}/sales.csv").status_code == 302
    for person in (stranger, trainee):
        for url in ("sales/", "sales.csv"):
            assert as_user(person).get(f"/live/{over.pk}/{url}").status_code == 404


@pytest.mark.long
def test_late_sale_by_the_form_is_in_the_books(mine, over, item, shop):
    url = f"/live/{over.pk}/air/{item.pk}/sale/"
    assert "补记的马上进账" in page_of(mine, url)
    answer = mine.post(url, {"event_id": new(), "quantity": 1, "price_fen": "29.9"}, follow=True)
    assert answer.redirect_chain == [(f"/live/{over.pk}/sales/", 302)]
    assert "补记好了，已经进账：冰糖橙 1 箱。" in answer.content.decode()
    assert books(shop)[-1] == ("live", 2990, 2500)


@pytest.mark.long
def test_oversold_is_settled_by_the_form(mine, over, item, shop):
    url = f"/live/{over.pk}/sales/{item.pk}/settle/"
    assert 'value="2"' in page_of(mine, url)
    tries = [
        ({"quantity": 3, "how": "swapped"}, "还没处理的超卖只有 2 箱"),
        ({"quantity": 1, "how": "sent"}, "库存只有 0 箱"),
        ({"quantity": 1, "how": "refunded"}, "退了钱就要写退了多少"),
        ({"quantity": 1, "how": "refunded", "fen": "5000"}, "这场最多还能退 ¥946.80。"),
        ({"quantity": 1, "how": "burnt"}, "没有这一项"),
    ]
    for fields, said in tries:
        page = mine.post(url, {"event_id": new()} | fields).content.decode()
        assert said in page
    assert not Settlement.objects.exists()
    event = new()
    for _tap in range(2):
        mine.post(
            url, {"event_id": event, "quantity": 2, "how": "refunded", "fen": "59.80", "note": "道过歉"}
        )
    assert books(shop)[1:] == [("refund", -5980, -5000)]
    page = page_of(mine, f"/live/{over.pk}/sales/")
    assert ("道过歉" in page, "份没处理" in page, "887.00" in page) == (True, False, True)


@pytest.mark.long
def test_refund_by_the_form(mine, over, item, oranges, shop):
    url = f"/live/{over.pk}/refund/"
    tries = [
        ({"fen": ""}, "这一项要填"),
        ({"fen": "10000"}, "这场最多还能退 ¥946.80。"),
        ({"fen": "29.9", "quantity": 1}, "退了货就要说是哪一款"),
        ({"fen": "29.9", "quantity": 33, "item": item.pk}, "这一款最多还有 32 箱能退"),
    ]
    for fields, said in tries:
        page = mine.post(url, {"event_id": new()} | fields).content.decode()
        assert said in page
    assert not LiveRefund.objects.exists()
    facts = {
        "event_id": new(),
        "fen": "29.9",
        "quantity": 1,
        "item": item.pk,
        "is_back": "on",
        "note": "压坏",
    }
    for _tap in range(2):
        assert mine.post(url, facts).status_code == 302
    assert (books(shop)[1:], stock(oranges)) == ([("refund", -2990, -2500)], 1)
    assert "货回来了" in page_of(mine, f"/live/{over.pk}/sales/")


def test_forms_of_what_is_not_over_say_so(mine, air, item):
    page = mine.post(f"/live/{air.pk}/refund/", {"event_id": new(), "fen": "1"}).content.decode()
    assert "下播以后才记得了这个。" in page


@pytest.mark.long
def test_ledger_row_opens_to_the_sales(as_user, over, seller):
    entry = LedgerEntry.objects.get()
    link = f'<a href="/live/{over.pk}/sales/">'
    client = as_user(seller)
    assert f"{link}看每一笔成交</a>" in page_of(client, f"/me/shop/ledger/{entry.pk}/")
    for url in (
        f"/me/shop/ledger/?month={timezone.localdate():%Y-%m}",
        "/me/shop/ledger/rows/?part=sold",
    ):
        page = page_of(client, url)
        assert ("直播收入" in page, f"{link}看成交</a>" in page) == (True, True)


def test_plan_that_was_never_begun_has_an_empty_page(mine, shop, oranges):
    live = make_air(shop)
    add_item(live, oranges)
    page = page_of(mine, f"/live/{live.pk}/sales/")
    assert ("还没播" in page, "这里没有成交。" in page) == (True, True)


@pytest.mark.long
def test_refund_of_money_alone_belongs_to_no_item(over, helper):
    sales.record_refund(over, 500, helper, new())
    row = LiveRefund.objects.get()
    assert (row.item, row.quantity, row.is_back, row.entry.fen, row.entry.grams) == (None, 0, False, -500, 0)
