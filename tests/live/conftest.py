import pytest

from tests.factories import make_course, make_product
from tests.lives import make_drill, make_item, make_live, make_ready_shop


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def course(county):
    return make_course(county, lessons=1)


@pytest.fixture
def drill(course):
    return make_drill(course)


@pytest.fixture
def shop(seller, village):
    return make_ready_shop(seller, village)


@pytest.fixture
def product(shop):
    return make_product(shop, stock=8, origin="石榴冲村", freight_included=True)


@pytest.fixture
def live(seller, shop):
    """Return a rehearsal of the seller, in their shop."""
    return make_live(seller, shop=shop)


@pytest.fixture
def item(live, product):
    return make_item(live, product)
