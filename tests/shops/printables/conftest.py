"""A product for a poster; posters of earlier tests are deleted from the cache."""

import pytest
from django.core.cache import caches

from tests.factories import make_photo, make_product, make_shop
from tests.shops.printables.picked import make_batch


@pytest.fixture(autouse=True)
def _no_kept_posters():
    caches["posters"].clear()


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village, name="梅姨家的橙园", contact="+8613800000003")


@pytest.fixture
def product(shop):
    """Return a product with a photo and a batch picked today that buyers may look up."""
    batch = make_batch(shop)
    return make_product(shop, name="冰糖橙", origin="柚山县青溪镇", batch=batch, cover=make_photo())
