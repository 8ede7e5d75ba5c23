"""The demo's payment code pays nobody, and damage waits for an answer; planted twice it is there once."""

from accounts.models import Notice
from config.demo.selling import plant_selling
from shops.models import Claim, PayCode
from tests.factories import make_photo
from tests.shops.ordering.conftest import oranges, shop  # noqa: F401 - fixtures
from tests.shops.ordering.selling import order_at


def test_it_is_planted_once(oranges, seller):  # noqa: F811
    oranges.cover = make_photo(seller)
    oranges.save()
    order_at("shipped", oranges)
    for _time in range(2):
        plant_selling([oranges.shop])
    assert (PayCode.objects.count(), Claim.objects.get().photos.count()) == (1, 1)
    assert Notice.objects.filter(template="paycode_changed", seen_at=None).count() == 0
