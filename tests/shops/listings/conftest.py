import pytest

from shops.models import Category, Shop
from tests.factories import make_category, make_photo, make_rate, make_shop


@pytest.fixture
def kinds(db) -> dict[str, Category]:
    words = {"橙子": "橙", "柚子": "柚", "禽蛋": "蛋", "茶叶": "茶"}
    return {name: make_category(name, hints=hints) for name, hints in words.items()}


@pytest.fixture
def shop(seller, village, kinds) -> Shop:
    """Return a shop with a freight rate to Hunan."""
    shop = make_shop(seller, village, contact=seller.phone, address="石榴冲村三组")
    make_rate(shop)
    return shop


@pytest.fixture
def photo(seller):
    return make_photo(seller)
