"""Three helpers enter sales at once, over real connections to a server of two processes, on the suite's own database.

LIVE_SALES is the number that each of them enters: 200 in `make prove`.
"""

import os
import random
from functools import partial

import pytest
from django.core.cache import cache
from django.db.models import Sum

from bench.harness.servers import Server
from live.models import LiveSale, Livestream, RundownItem
from live.on_air import lifecycle
from outbox.models import Event
from shops.models import Order, Product
from shops.orders.placement import place_order
from tests.factories import add_helpers, make_person, make_product, make_rate
from tests.live.on_air.airs import add_item, books, left, make_air, new, on_air, stock
from tests.live.on_air.helpers import Helper, all_at_once, sale, undoing
from tests.served import served
from tests.shops.orders.order_requests import make_request

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
EACH = int(os.environ.get("LIVE_SALES", 20))
UNITS = 3 * EACH * 2  # what three helpers sell of one thing, two boxes a sale
PRICE = 2990


@pytest.fixture(scope="module")
def server(django_db_setup) -> Server:
    with served("tests.shops.orders.served:application") as server:
        yield server


@pytest.fixture(autouse=True)
def _nobody_has_come_yet() -> None:
    cache.clear()


@pytest.fixture
def people(shop):
    """The owner, and two who help."""
    others = [make_person(name) for name in ("田小满", "向巧珍")]
    add_helpers(shop, *others)
    return [shop.owner, *others]


@pytest.fixture
def scarce(shop) -> RundownItem:
    """Return an item with three quarters of the units to be sold, half of them in the quota; the platform sells all the
    same.
    """
    product = make_product(shop, stock=UNITS * 3 // 4, name="冰糖橙")
    live = make_air(shop)
    add_item(live, product, quota=UNITS * 3 // 8)
    return on_air(live).items.select_related("product", "livestream").get()


def sums(live: Livestream) -> dict[str, int]:
    names = ("quantity", "from_quota", "from_stock", "oversold")
    return LiveSale.objects.filter(livestream=live).aggregate(**{name: Sum(name) for name in names})


def assert_exact(item: RundownItem, sold: int, quota: int, in_stock: int) -> None:
    """Check that quota and stock are used up exactly, and only what was in neither is oversold."""
    assert (left(item), stock(item.product)) == (0, 0)
    assert sums(item.livestream) == {
        "quantity": sold,
        "from_quota": quota,
        "from_stock": in_stock,
        "oversold": sold - quota - in_stock,
    }


def test_race_three_helpers_and_more_sales_than_boxes(server, scarce, people, shop):
    live, quota, in_stock = scarce.livestream, left(scarce), stock(scarce.product)
    helpers = [Helper(server.port, person) for person in people]

    def key_in(helper: Helper) -> set[int]:
        return {helper.tap(live.pk, scarce.pk, 2) for _n in range(EACH)}

    assert all_at_once([partial(key_in, helper) for helper in helpers]) == [{302}] * 3
    assert LiveSale.objects.count() == 3 * EACH
    assert_exact(scarce, UNITS, quota, in_stock)
    live.refresh_from_db()
    assert live.version == 1 + 3 * EACH
    lifecycle.end_live(live, shop.owner)
    assert books(shop) == [("live", UNITS * PRICE, UNITS * 2500)]


@pytest.mark.long
def test_race_the_same_tap_by_three_connections_is_one_sale(server, scarce, people):
    helper, event = Helper(server.port, people[0]), str(new())
    before = left(scarce)
    answers = all_at_once([lambda: helper.tap(scarce.livestream_id, scarce.pk, 1, event)] * 6)
    assert (answers, LiveSale.objects.count(), left(scarce)) == ([302] * 6, 1, before - 1)


def test_race_three_phones_on_a_line_that_comes_and_goes(server, scarce, people, shop):
    """Each enters its sales and undoes every tenth; batches are cut, doubled and their answers lost."""
    live, quota, in_stock = scarce.livestream, left(scarce), stock(scarce.product)
    facts = [[sale(live.pk, scarce.pk, 2) for _n in range(EACH)] for _person in people]
    undone = [[undoing(live.pk, one["id"]) for one in mine[::10]] for mine in facts]

    def bring(n: int) -> None:
        helper = Helper(server.port, people[n])
        helper.bring(facts[n], random.Random(n))
        helper.bring(undone[n], random.Random(n + 10))

    assert all_at_once([partial(bring, n) for n in range(3)]) == [None] * 3
    backs = sum(len(mine) for mine in undone)
    assert LiveSale.objects.count() == 3 * EACH + backs == Event.objects.filter(state="applied").count()
    told = sums(live)
    assert told["quantity"] == UNITS - 2 * backs
    assert told["from_quota"] == quota - left(scarce)
    assert told["from_stock"] == in_stock - stock(scarce.product)
    lifecycle.end_live(live, shop.owner)
    assert left(scarce) == 0
    assert stock(scarce.product) == quota + in_stock - told["from_quota"] - told["from_stock"]
    assert books(shop) == [("live", (UNITS - 2 * backs) * PRICE, (UNITS - 2 * backs) * 2500)]


@pytest.mark.long
def test_race_sales_beside_orders_of_the_same_fruit(server, scarce, people, shop):
    make_rate(shop)
    live, there = scarce.livestream, left(scarce) + stock(scarce.product)
    helpers = [Helper(server.port, person) for person in people]
    # No order may hold more than a tenth of what one phone or address may.
    orders = 6

    def order() -> int:
        place_order(make_request((scarce.product, 1)), new())
        return 302

    works = [partial(helpers[n % 3].tap, live.pk, scarce.pk, 1) for n in range(24)] + [order] * orders
    assert all_at_once(works) == [302] * 30
    told = sums(live)
    assert (Order.objects.count(), told["quantity"], told["oversold"]) == (orders, 24, 0)
    assert left(scarce) + stock(scarce.product) == there - orders - 24


@pytest.mark.long
def test_race_an_end_between_sales_books_every_one_of_them(server, scarce, people, shop):
    live, quota, in_stock = scarce.livestream, left(scarce), stock(scarce.product)
    helpers = [Helper(server.port, person) for person in people]

    def key_in(helper: Helper) -> set[int]:
        return {helper.tap(live.pk, scarce.pk, 1) for _n in range(EACH // 2)}

    def end() -> set[int]:
        return {lifecycle.end_live(Livestream.objects.get(pk=live.pk), shop.owner).pk}

    answers = all_at_once([partial(key_in, helper) for helper in helpers] + [end, end])
    assert answers == [{302}] * 3 + [{live.pk}] * 2
    sold = 3 * (EACH // 2)
    assert not LiveSale.objects.filter(entry=None).exists()
    assert sum(fen for _kind, fen, _grams in books(shop)) == sold * PRICE
    assert (left(scarce), stock(scarce.product)) == (0, quota + in_stock - sold)


def test_race_without_the_guard_the_same_box_is_sold_twice(django_db_setup, scarce, people):
    """Control: the same helpers and a site that reads first and writes what it has read."""
    quota, in_stock, each = left(scarce), stock(scarce.product), 5
    with served("tests.live.on_air.unguarded:application", workers=1) as server:
        helpers = [Helper(server.port, person) for person in people]

        def key_in(helper: Helper) -> set[int]:
            return {helper.tap(scarce.livestream_id, scarce.pk, 2) for _n in range(each)}

        assert all_at_once([partial(key_in, helper) for helper in helpers]) == [{302}] * 3
    told = sums(scarce.livestream)
    assert told["quantity"] == told["from_quota"] + told["from_stock"] == 3 * each * 2
    assert quota + in_stock - there(scarce) == each * 2


def there(item: RundownItem) -> int:
    quota = RundownItem.objects.values_list("left", flat=True).get(pk=item.pk)
    return quota + Product.objects.values_list("stock", flat=True).get(pk=item.product_id)
