"""Sales of a platform: from the quota, then the stock, then oversold; never refused, undone by a further row."""

import datetime
import uuid

import pytest
from django.utils import timezone

from live.exceptions import ActionNotAllowed, LiveNotStarted
from live.models import LiveSale, Livestream, QuotaMove
from live.on_air import host_actions, ledger, lifecycle, sales
from shops.exceptions import IdempotencyConflict
from shops.inventory import stock as stocks
from shops.models import Deal, LedgerEntry, Product, StockMove
from tests.factories import make_product, make_shop
from tests.live.on_air.airs import add_item, began_before, books, left, make_air, new, on_air, split, stock
from ui.models import Stamp

pytestmark = pytest.mark.both_databases


def test_sale_goes_from_the_quota_then_the_stock_then_beyond(item, oranges, helper):
    assert (left(item), stock(oranges)) == (10, 20)
    assert split(sales.record_sale(item, 8, helper, new())) == (8, 0, 0)
    assert split(sales.record_sale(item, 5, helper, new())) == (2, 3, 0)
    assert split(sales.record_sale(item, 20, helper, new())) == (0, 17, 3)
    assert split(sales.record_sale(item, 2, helper, new())) == (0, 0, 2)
    assert (left(item), stock(oranges)) == (0, 0)


def test_sale_says_who_when_and_at_what_price(air, item, helper):
    sale = sales.record_sale(item, 2, helper, new())
    assert (sale.by, sale.price_fen, sale.net_grams, sale.fen, sale.entry) == (helper, 2990, 2500, 5980, None)
    assert abs(sale.happened_at - timezone.now()) < datetime.timedelta(seconds=5)
    assert sales.record_sale(item, 1, helper, new(), price_fen=1990).price_fen == 1990
    host_actions.start_flash_price(item, 2500, 5, helper, new())
    assert sales.record_sale(item, 1, helper, new()).price_fen == 2500


def test_sale_moves_the_version_and_the_shops_stamp(air, item, helper):
    version, stamp = air.version, Stamp.objects.get(name="shops").number
    sales.record_sale(item, 1, helper, new())
    air.refresh_from_db()
    assert (air.version, Stamp.objects.get(name="shops").number) == (version + 1, stamp)
    sales.record_sale(item, 10, helper, new())
    assert Stamp.objects.get(name="shops").number == stamp + 1


def test_sale_sent_again_is_the_first_row(item, oranges, helper, seller):
    event = new()
    first = sales.record_sale(item, 3, helper, event)
    assert sales.record_sale(item, 3, seller, event) == first
    assert (left(item), stock(oranges), LiveSale.objects.count()) == (7, 20, 1)


def test_sale_under_the_id_of_another_live_is_refused(shop, item, helper):
    other = make_air(shop)
    add_item(other, make_product(shop, name="脐橙"))
    event = new()
    sales.record_sale(item, 3, helper, event)
    with pytest.raises(IdempotencyConflict):
        sales.record_sale(on_air(other).items.get(), 3, helper, event)


@pytest.mark.parametrize("quantity", [0, -1, 1_000_001])
def test_sale_of_a_number_that_is_none_is_refused(item, helper, quantity):
    with pytest.raises(ActionNotAllowed):
        sales.record_sale(item, quantity, helper, new())
    assert not LiveSale.objects.exists()


def test_sale_before_the_start_is_refused(shop, oranges, helper):
    item = add_item(make_air(shop), oranges, quota=10)
    with pytest.raises(LiveNotStarted):
        sales.record_sale(item, 1, helper, new())
    assert stock(oranges) == 30


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (datetime.timedelta(hours=1), datetime.timedelta()),  # an hour fast
        (-datetime.timedelta(hours=1), -datetime.timedelta(minutes=30)),  # an hour slow: when it began
        (-datetime.timedelta(minutes=10), -datetime.timedelta(minutes=10)),  # keyed in without a connection
    ],
)
def test_sale_by_a_phone_whose_clock_is_wrong_is_within_the_live(air, item, helper, said, kept):
    began_before(air, minutes=30)
    now = timezone.now()
    sale = sales.record_sale(item, 1, helper, new(), happened_at=now + said)
    assert abs(sale.happened_at - (now + kept)) < datetime.timedelta(seconds=5)
    assert abs(sale.received_at - now) < datetime.timedelta(seconds=5)


def test_undo_puts_back_where_it_came_from(item, oranges, helper, seller):
    sale = sales.record_sale(item, 32, helper, new())
    assert split(sale) == (10, 20, 2)
    undone = sales.undo_sale(sale, seller, new())
    assert (split(undone), undone.quantity, undone.by, undone.undoes) == ((-10, -20, -2), -32, seller, sale)
    assert (left(item), stock(oranges)) == (10, 20)
    reasons = list(StockMove.objects.order_by("id").values_list("reason", "delta"))
    assert reasons == [("first", 30), ("live_held", -10), ("live_sold", -20), ("live_undo", 20)]


def test_undo_tapped_again_by_anybody_changes_nothing(item, oranges, helper, seller):
    sale, event = sales.record_sale(item, 3, helper, new()), new()
    first = sales.undo_sale(sale, helper, event)
    assert sales.undo_sale(sale, helper, event) == first == sales.undo_sale(sale, seller, new())
    assert (left(item), LiveSale.objects.count()) == (10, 2)
    with pytest.raises(ActionNotAllowed):
        sales.undo_sale(first, seller, new())


def test_undo_under_the_id_of_a_sale_is_refused(item, helper):
    one, other = (sales.record_sale(item, 1, helper, new()) for _n in range(2))
    with pytest.raises(IdempotencyConflict):
        sales.undo_sale(one, helper, other.event_id)


def test_sale_keyed_in_after_the_end_is_booked_at_once(air, item, oranges, shop, helper):
    sales.record_sale(item, 4, helper, new())
    lifecycle.end_live(air, helper)
    assert (left(item), stock(oranges)) == (0, 26)
    late = sales.record_sale(item, 2, helper, new())
    assert (split(late), late.entry.fen, late.entry.page) == ((0, 2, 0), 5980, f"/live/{air.pk}/sales/")
    assert books(shop) == [("live", 11960, 10_000), ("live", 5980, 5000)]
    assert list(Deal.objects.values_list("quantity", flat=True).order_by("id")) == [4, 2]


def test_undo_after_the_end_takes_it_out_of_the_books(air, item, oranges, shop, helper):
    sale = sales.record_sale(item, 4, helper, new())
    lifecycle.end_live(air, helper)
    undone = sales.undo_sale(sale, helper, new())
    assert (stock(oranges), left(item)) == (30, 0)
    assert books(shop) == [("live", 11960, 10_000), ("live", -11960, -10_000)]
    assert undone.entry.fen == -11960


def test_rehearsal_sells_nothing_and_lets_overselling_be_practised(shop, oranges, helper):
    live = make_air(shop, kind="rehearsal")
    item = add_item(live, oranges, quota=10)
    on_air(live)
    assert split(sales.record_sale(item, 28, helper, new())) == (10, 18, 0)
    sale = sales.record_sale(item, 5, helper, new())
    assert split(sale) == (0, 2, 3)
    sales.undo_sale(sale, helper, new())
    assert split(sales.record_sale(item, 2, helper, new())) == (0, 2, 0)
    lifecycle.end_live(live, helper)
    sales.record_sale(item, 1, helper, new())
    assert (stock(oranges), left(item)) == (30, 0)
    assert not QuotaMove.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert not Deal.objects.exists()


def test_rehearsal_of_what_is_typed_by_hand_never_runs_out(village, trainee):
    live = make_air(make_shop(trainee, village), kind="rehearsal")
    item = add_item(live, name="竹笋", unit="jin", price_fen=1200, net_grams=500)
    quoted = add_item(live, name="茶油", unit="jin", price_fen=6000, quota=2)
    on_air(live)
    assert split(sales.record_sale(item, 500, trainee, new())) == (0, 500, 0)
    assert split(sales.record_sale(quoted, 3, trainee, new())) == (2, 0, 1)
    assert Product.objects.count() == 0


def test_sale_after_twelve_hours_ends_what_nobody_ended(air, item, oranges, shop, helper):
    sales.record_sale(item, 4, helper, new())
    began_before(air, hours=13)
    late = sales.record_sale(item, 1, helper, uuid.uuid4())
    air.refresh_from_db()
    assert (split(late), late.entry.fen) == ((0, 1, 0), 2990)
    assert air.ended_at == air.started_at + datetime.timedelta(hours=12)
    assert (books(shop), stock(oranges)) == ([("live", 11960, 10_000), ("live", 2990, 2500)], 25)


@pytest.fixture
def over(air, item, helper) -> Livestream:
    """Return a live that has ended with thirty-five boxes sold, five of them oversold: ¥1,046.50 in the ledger."""
    sales.record_sale(item, 35, helper, new())
    return lifecycle.end_live(air, helper)


def test_settle_sends_from_what_is_picked_later(over, item, oranges, helper):
    with pytest.raises(ActionNotAllowed) as refused:
        sales.settle_oversold(item, 2, "sent", helper, new())
    assert (refused.value.field, "库存只有 0 箱" in refused.value.sentence) == ("quantity", True)
    stocks.change_stock(oranges, 4, StockMove.Reason.HARVEST, helper)
    event = new()
    first = sales.settle_oversold(item, 3, "sent", helper, event)
    assert sales.settle_oversold(item, 3, "sent", helper, event) == first
    assert (stock(oranges), ledger.count_remaining(item)["owed"]) == (1, 2)


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
    sums = ledger.calculate_totals(over)
    assert (sums.units, sums.fen, sums.oversold, sums.owed, sums.net_fen) == (35, 104_650, 5, 0, 89_700)


def test_settle_while_it_is_on_or_in_a_rehearsal_is_refused(air, item, helper, shop, oranges):
    sales.record_sale(item, 31, helper, new())
    with pytest.raises(ActionNotAllowed):
        sales.settle_oversold(item, 1, "swapped", helper, new())
    with pytest.raises(ActionNotAllowed):
        sales.record_refund(make_air(shop, kind="rehearsal"), 100, helper, new())


@pytest.mark.long
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


@pytest.mark.long
def test_what_goes_back_weighs_what_was_sold_and_not_what_the_listing_says_by_now(
    over, item, oranges, shop, helper
):
    Product.objects.filter(pk=oranges.pk).update(net_grams=5000)
    sales.record_refund(over, 2990, helper, new(), item=item, quantity=1)
    sales.settle_oversold(item, 2, "refunded", helper, new(), fen=5980)
    assert books(shop)[1:] == [("refund", -2990, -2500), ("refund", -5980, -5000)]
