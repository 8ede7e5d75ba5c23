"""A live begins by reserving its quotas and ends with all units in stock or in the ledger."""

import datetime

import pytest
from django.utils import timezone

from live.exceptions import ActionNotAllowed, LiveNotStarted, NotReady
from live.models import Frozen, Livestream
from live.on_air import host_actions, lifecycle, sales, snapshots
from live.planning import rundown
from media import cleanup
from media.models import Photo
from shops.models import Deal, Order, Product, StockMove
from shops.pricing import prices
from tests.factories import make_photo, make_product, make_rate, make_shop
from tests.live.on_air.airs import add_item, began_before, books, left, make_air, new, on_air, stock
from tests.shops.orders.order_requests import make_order


@pytest.fixture
def planned(shop, oranges, monkeypatch) -> Livestream:
    """Return a live for which nothing is missing: the checklist has its own tests."""
    monkeypatch.setattr(lifecycle, "list_missing_requirements", lambda live: [])
    live = make_air(shop)
    add_item(live, oranges, quota=10)
    return live


def test_start_sets_the_quota_aside(planned, oranges, helper):
    lifecycle.start_live(planned, helper)
    item = planned.items.get()
    assert (left(item), stock(oranges), planned.started_by, planned.version) == (10, 20, helper, 1)
    moves = StockMove.objects.filter(reason="live_held").values_list("delta", "actor")
    assert list(moves) == [(-10, helper.pk)]


def test_start_tapped_twice_is_one_start(planned, oranges, helper, seller):
    lifecycle.start_live(planned, helper)
    began = planned.started_at
    again = Livestream.objects.get(pk=planned.pk)
    lifecycle.start_live(again, seller)
    lifecycle.begin(again, again.load_items(), seller)
    assert (again.started_at, again.started_by, stock(oranges)) == (began, helper, 20)


def test_start_with_a_quota_above_the_stock_says_what_is_there(planned, shop, oranges, helper):
    few = make_product(shop, name="脐橙", stock=3)
    add_item(planned, few, quota=4)
    with pytest.raises(ActionNotAllowed) as refused:
        lifecycle.start_live(planned, helper)
    assert "“脐橙”想留 4，库存只有 3 箱" in refused.value.sentence
    planned.refresh_from_db()
    assert (planned.started_at, stock(oranges), stock(few)) == (None, 30, 3)


def test_start_counts_what_orders_hold_no_longer(planned, oranges, shop, helper):
    make_rate(shop)
    make_order((oranges, 25))
    assert stock(oranges) == 5
    with pytest.raises(ActionNotAllowed):
        lifecycle.start_live(planned, helper)
    past = timezone.now() - datetime.timedelta(minutes=1)
    Product.objects.update(free_at=past)
    Order.objects.update(expires_at=past)
    lifecycle.start_live(planned, helper)
    assert (left(planned.items.get()), stock(oranges)) == (10, 20)


def test_start_without_a_complete_checklist_is_refused(shop, oranges, helper, monkeypatch):
    live = make_air(shop)
    add_item(live, oranges, quota=10)
    monkeypatch.setattr(lifecycle, "list_missing_requirements", lambda live: ["声音"])
    with pytest.raises(NotReady) as refused:
        lifecycle.start_live(live, helper)
    assert (refused.value.missing, live.started_at, stock(oranges)) == (["声音"], None, 30)


def test_start_of_what_is_not_the_shops_is_refused(planned, stranger, other_village, helper):
    foreign = make_product(make_shop(stranger, other_village), name="竹笋")
    add_item(planned, foreign)
    add_item(planned, name="茶油", price_fen=100)
    with pytest.raises(ActionNotAllowed) as refused:
        lifecycle.start_live(planned, helper)
    assert "竹笋、茶油" in refused.value.sentence


def test_start_of_a_real_live_on_a_training_ground_is_refused(planned, helper, settings):
    settings.SITE_ROLE = "practice"
    with pytest.raises(ActionNotAllowed):
        lifecycle.start_live(planned, helper)


def test_end_gives_back_and_books_once(air, item, oranges, shop, helper, seller):
    sales.record_sale(item, 4, helper, new())
    sales.undo_sale(sales.record_sale(item, 3, helper, new()), helper, new())
    lifecycle.end_live(air, seller)
    ended = air.ended_at
    lifecycle.end_live(Livestream.objects.get(pk=air.pk), helper)
    air.refresh_from_db()
    assert (air.ended_at, air.ended_by) == (ended, seller)
    assert (left(item), stock(oranges)) == (0, 26)
    assert books(shop) == [("live", 11960, 10_000)]
    entry = shop.entries.get()
    assert (entry.on, entry.note, entry.page) == (
        timezone.localdate(),
        "雾岭专场",
        f"/live/{air.pk}/sales/",
    )
    assert entry.live_sales.count() == 3


@pytest.mark.long
def test_end_writes_deals_of_what_was_truly_sold(air, item, oranges, helper):
    sales.record_sale(item, 4, helper, new(), price_fen=1990)
    sales.undo_sale(sales.record_sale(item, 3, helper, new(), price_fen=100), helper, new())
    assert not Deal.objects.exists()
    lifecycle.end_live(air, helper)
    deal = Deal.objects.get()
    assert (deal.product, deal.price_fen, deal.net_grams, deal.quantity) == (oranges, 1990, 2500, 4)


def test_end_of_a_live_that_sold_nothing_books_nothing(air, item, oranges, shop, helper):
    sales.undo_sale(sales.record_sale(item, 3, helper, new()), helper, new())
    lifecycle.end_live(air, helper)
    assert (books(shop), stock(oranges)) == ([], 30)


def test_end_before_the_start_is_refused(shop, helper):
    with pytest.raises(LiveNotStarted):
        lifecycle.end_live(make_air(shop), helper)


def test_live_nobody_ended_is_over_when_read(air):
    assert (air.is_on, air.is_over) == (True, False)
    began_before(air, hours=11, minutes=59)
    assert (air.is_on, air.is_over) == (True, False)
    assert (Livestream.objects.on_air().count(), Livestream.objects.forgotten().count()) == (1, 0)
    began_before(air, hours=12)
    assert (air.is_on, air.is_over) == (False, True)
    assert (Livestream.objects.on_air().count(), Livestream.objects.forgotten().count()) == (0, 1)


def test_sweep_books_what_nobody_ended(air, item, oranges, shop, helper):
    sales.record_sale(item, 4, helper, new())
    assert lifecycle.end_forgotten_lives() == 0
    began_before(air, hours=30)
    assert (lifecycle.end_forgotten_lives(), lifecycle.end_forgotten_lives()) == (1, 0)
    air.refresh_from_db()
    assert (air.ended_at, air.ended_by) == (air.started_at + datetime.timedelta(hours=12), None)
    assert (books(shop), stock(oranges), left(item)) == ([("live", 11960, 10_000)], 26, 0)
    assert shop.entries.get().on == timezone.localdate(air.ended_at)


@pytest.mark.long
def test_pages_are_frozen_at_the_start_and_when_they_change(air, item, oranges, seller):
    first = Frozen.objects.get()
    assert (first.item, first.page["name"], first.page["price_fen"]) == (item, "冰糖橙", 2990)
    snapshots.refresh_snapshots()
    assert Frozen.objects.count() == 1
    prices.set_price(oranges, 2690, 2500, "box", seller)
    snapshots.refresh_snapshots()
    pages = Frozen.objects.order_by("id").values_list("page__price_fen", flat=True)
    assert list(pages) == [2990, 2690]
    lifecycle.end_live(air, seller)
    oranges.refresh_from_db()
    prices.set_price(oranges, 2000, 2500, "box", seller)
    snapshots.refresh_snapshots()
    assert Frozen.objects.count() == 2


def test_rehearsal_freezes_nothing(shop, oranges):
    live = make_air(shop, kind="rehearsal")
    add_item(live, oranges)
    on_air(live)
    assert not Frozen.objects.exists()


def test_flash_price_holds_for_its_minutes_by_the_servers_clock(air, item, helper):
    row = host_actions.start_flash_price(item, 1990, 5, helper, new())
    assert row.until - row.received_at == pytest.approx(
        datetime.timedelta(minutes=5), abs=datetime.timedelta(seconds=1)
    )
    later = row.until + datetime.timedelta(seconds=1)
    assert (host_actions.get_current_price(item), host_actions.get_current_price(item, later)) == (1990, 2990)
    host_actions.start_flash_price(item, 1890, 3, helper, new())
    assert host_actions.get_current_price(item) == 1890
    version = Livestream.objects.get(pk=air.pk).version
    assert (host_actions.stop_flash_price(item), host_actions.stop_flash_price(item)) == (True, False)
    assert (host_actions.get_current_price(item), Livestream.objects.get(pk=air.pk).version) == (
        2990,
        version + 1,
    )


def test_flash_price_sent_again_is_one_and_must_be_lower(air, item, helper):
    event = new()
    assert host_actions.start_flash_price(item, 1990, 5, helper, event) == host_actions.start_flash_price(
        item, 1990, 5, helper, event
    )
    with pytest.raises(ActionNotAllowed):
        host_actions.start_flash_price(item, 2990, 5, helper, new())
    lifecycle.end_live(air, helper)
    with pytest.raises(ActionNotAllowed):
        host_actions.start_flash_price(item, 1000, 5, helper, new())


def test_photos_of_a_listing_stay_for_three_years_whatever_its_seller_does(seller, village):
    live = make_air(make_shop(seller, village))
    product = make_product(live.shop, stock=6)
    photo = make_photo(seller)
    product.photos.create(photo=photo, position=0)
    item = add_item(live, product)
    on_air(live)
    product.photos.all().delete()
    assert (list(item.frozen.get().photos.all()), item.frozen.get().page["photos"]) == ([photo], [photo.pk])
    Photo.objects.update(created_at=timezone.now() - datetime.timedelta(days=400))
    cleanup.drop_unused_photos()
    assert Photo.objects.filter(pk=photo.pk).exists()


@pytest.mark.long
def test_plan_changed_while_it_is_checked_does_not_begin(planned, oranges, shop, helper, monkeypatch):
    """Goods that nobody has checked would be sold, and their quota not be reserved."""
    unchecked = make_product(shop, name="金桔", status=Product.Status.SUBMITTED)

    def change_meanwhile(live: Livestream) -> list:
        rundown.add_products(Livestream.objects.get(pk=live.pk), [unchecked], helper)
        return []

    monkeypatch.setattr(lifecycle, "list_missing_requirements", change_meanwhile)
    with pytest.raises(ActionNotAllowed) as refused:
        lifecycle.start_live(planned, helper)
    assert refused.value.sentence == "计划刚刚改过，看一眼再点一次。"
    planned.refresh_from_db()
    assert (planned.started_at, stock(oranges)) == (None, 30)
