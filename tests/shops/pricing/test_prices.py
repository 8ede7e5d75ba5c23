from datetime import timedelta

import pytest
from django.utils import timezone

from shops.models import PriceChange, Product
from shops.pricing import prices
from tests.factories import make_product, make_shop
from ui.models import Stamp


@pytest.fixture
def product(seller, village) -> Product:
    return make_product(make_shop(seller, village), price_fen=2990, net_grams=2500)


def fields(product: Product) -> tuple:
    return Product.objects.values_list("price_fen", "net_grams", "unit", "millifen_per_jin").get(
        pk=product.pk
    )


def test_set_price_writes_product_and_log_together(product, seller):
    change = prices.set_price(product, 3000, 2500, "box", seller)
    assert (change.price_fen, change.net_grams, change.unit, change.actor) == (3000, 2500, "box", seller)
    assert fields(product) == (3000, 2500, "box", 600_000)
    assert product.price_fen == 3000


def test_set_price_by_weight_changes_what_a_unit_weighs(product, seller):
    prices.set_price(product, 598, prices.get_grams("jin", 2500), "jin", seller, stock=50)
    assert fields(product) == (598, 500, "jin", 598_000)
    prices.set_price(product, 1196, prices.get_grams("kg", None), "kg", seller, stock=25)
    assert fields(product) == (1196, 1000, "kg", 598_000)
    assert prices.get_grams("box", 2500) == 2500


def test_another_unit_is_counted_anew(product, seller):
    """10 boxes must not become 10 斤."""
    with pytest.raises(prices.CountNeeded):
        prices.set_price(product, 598, 500, "jin", seller)
    assert fields(product) == (2990, 2500, "box", 598_000)
    prices.set_price(product, 598, 500, "jin", seller, stock=60)
    product.refresh_from_db()
    assert (product.unit, product.stock) == ("jin", 60)
    assert list(product.moves.values_list("delta", "reason", "actor")) == [
        (50, "count", seller.pk),
        (10, "first", None),
    ]


def test_set_price_without_a_difference_writes_no_row(product, seller):
    before = Stamp.objects.get(name="shops").number
    assert prices.set_price(product, 2990, 2500, "box", seller) is None
    assert product.price_changes.count() == 1
    assert Stamp.objects.get(name="shops").number == before


def test_set_price_compares_with_what_is_stored_and_not_with_an_old_reading(product, seller):
    stale = Product.objects.get(pk=product.pk)
    prices.set_price(product, 3500, 2500, "box", seller)
    assert prices.set_price(stale, 2990, 2500, "box", seller).price_fen == 2990
    assert fields(product)[0] == 2990


def test_set_price_leaves_stock_and_words_alone(product, seller):
    Product.objects.filter(pk=product.pk).update(stock=4, name="蜜橘")
    prices.set_price(product, 3500, 2500, "box", seller)
    assert Product.objects.values_list("stock", "name").get(pk=product.pk) == (4, "蜜橘")


def test_the_newest_row_is_what_the_product_costs(product, seller):
    for fen in (3100, 3200, 3300):
        prices.set_price(product, fen, 2500, "box", seller)
    newest = product.price_changes.first()
    assert (newest.price_fen, product.price_fen, product.price_changes.count()) == (3300, 3300, 4)


def test_a_failing_log_row_takes_the_price_back(product, seller, monkeypatch):
    def fail(**fields):
        raise RuntimeError

    monkeypatch.setattr(PriceChange.objects, "create", fail)
    with pytest.raises(RuntimeError):
        prices.set_price(product, 9900, 2500, "box", seller)
    assert fields(product)[0] == 2990


def test_rows_say_when(product, seller):
    change = prices.set_price(product, 3000, 2500, "box", seller)
    assert timezone.now() - change.at < timedelta(minutes=1)
