import pytest

from accounts.models import User
from live.models import Livestream, RundownItem
from shops.models import Product, Shop
from tests.factories import add_helpers, make_person, make_product, make_shop
from tests.live.on_air.airs import add_item, make_air, on_air


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village)


@pytest.fixture
def helper(shop, village) -> User:
    """Return a seller who helps in the shop and does not own it."""
    person = make_person("田小满")
    add_helpers(shop, person)
    return person


@pytest.fixture
def oranges(shop) -> Product:
    """Return a product: thirty boxes of 5 斤 for ¥29.90."""
    return make_product(shop, stock=30)


@pytest.fixture
def air(shop, oranges) -> Livestream:
    """Return a real live on air, with ten of thirty boxes reserved."""
    live = make_air(shop)
    add_item(live, oranges, quota=10)
    return on_air(live)


@pytest.fixture
def item(air) -> RundownItem:
    return air.items.select_related("product").get()
