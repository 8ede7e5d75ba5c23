"""What was oversold is made good, and what a platform pays back goes out of the books."""

import pytest

from live.exceptions import ActionNotAllowed
from live.models import Livestream
from live.on_air import accounting, lifecycle, sales
from shops import stock as stocks
from shops.models import Product, StockMove
from tests.live.air.airs import books, make_air, new, stock


@pytest.fixture
def over(air, item, helper) -> Livestream:
    """Thirty-five boxes sold, five of them oversold, and ended: ¥1,046.50 in the books."""
    sales.record_sale(item, 35, helper, new())
    return lifecycle.end_live(air, helper)


def test_settle_sends_from_what_is_picked_later(over, item, oranges, helper):
    with pytest.raises(ActionNotAllowed) as refused:
        sales.settle_oversold(item, 2, "sent", helper, new())
    assert (refused.value.field, "库存只有 0 箱" in refused.value.sentence) == ("quantity", True)
    stocks.move(oranges, 4, StockMove.Reason.HARVEST, helper)
    event = new()
    first = sales.settle_oversold(item, 3, "sent", helper, event)
    assert sales.settle_oversold(item, 3, "sent", helper, event) == first
    assert (stock(oranges), accounting.remaining(item)["owed"]) == (1, 2)


def test_settle_of_more_than_is_owed_is_refused(over, item, helper):
    sales.settle_oversold(item, 4, "swapped", helper, new())
    for quantity in (0, 2):
        with pytest.raises(ActionNotAllowed) as refused:
            sales.settle_oversold(item, quantity, "swapped", helper, new())
        assert "只有 1 箱" in refused.value.sentence


def test_settle_by_paying_back_goes_out_of_the_books(over, item, shop, helper):
    sales.settle_oversold(item, 5, "refunded", helper, new(), fen=14950, note="说了对不起")
    assert books(shop) == [("live", 104_650, 87_500), ("refund", -14950, -12_500)]
    assert shop.entries.order_by("-id").first().page == f"/live/{over.pk}/sales/"
    sums = accounting.live_totals(over)
    assert (sums.units, sums.fen, sums.oversold, sums.owed, sums.net_fen) == (35, 104_650, 5, 0, 89_700)


def test_settle_while_it_is_on_or_in_a_rehearsal_is_refused(air, item, helper, shop, oranges):
    sales.record_sale(item, 31, helper, new())
    with pytest.raises(ActionNotAllowed):
        sales.settle_oversold(item, 1, "swapped", helper, new())
    with pytest.raises(ActionNotAllowed):
        sales.record_refund(make_air(shop, kind="rehearsal"), 100, helper, new())


def test_refund_goes_out_and_the_box_comes_back(over, item, oranges, shop, helper):
    event = new()
    facts = {"item": item, "quantity": 1, "is_back": True, "note": "压坏了"}
    first = sales.record_refund(over, 2990, helper, event, **facts)
    assert sales.record_refund(over, 2990, helper, event, **facts) == first
    assert (books(shop)[1:], stock(oranges)) == ([("refund", -2990, -2500)], 1)
    sales.record_refund(over, 500, helper, new(), note="运费险")
    assert (books(shop)[2:], stock(oranges)) == ([("refund", -500, 0)], 1)


def test_refund_above_what_was_paid_or_sold_is_refused(over, item, shop, helper):
    sales.settle_oversold(item, 5, "refunded", helper, new(), fen=14950)
    with pytest.raises(ActionNotAllowed) as refused:
        sales.record_refund(over, 104_650, helper, new())
    assert (refused.value.field, "¥897.00" in refused.value.sentence) == ("fen", True)
    with pytest.raises(ActionNotAllowed) as refused:
        sales.record_refund(over, 100, helper, new(), item=item, quantity=31)
    assert (refused.value.field, "30 箱" in refused.value.sentence) == ("quantity", True)
    assert len(books(shop)) == 2


def test_undo_of_what_was_paid_back_already_is_refused(over, item, helper):
    sale = over.livesales.get()
    sales.settle_oversold(item, 1, "refunded", helper, new(), fen=2990)
    with pytest.raises(ActionNotAllowed):
        sales.undo_sale(sale, helper, new())


def test_what_goes_back_weighs_what_was_sold_and_not_what_the_listing_says_by_now(
    over, item, oranges, shop, helper
):
    Product.objects.filter(pk=oranges.pk).update(net_grams=5000)
    sales.record_refund(over, 2990, helper, new(), item=item, quantity=1)
    sales.settle_oversold(item, 2, "refunded", helper, new(), fen=5980)
    assert books(shop)[1:] == [("refund", -2990, -2500), ("refund", -5980, -5000)]
