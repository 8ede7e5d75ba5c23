"""Pick-up points, as the seller enters them."""

import pytest

from shops.models import PickUpPoint
from shops.sellers import services
from tests.factories import make_shop

PAGE = "/me/shop/points/"
WHOLE = {"name": "镇上驿站", "address": "青溪镇老街 8 号", "hours": "每天 8 点到 18 点", "is_open": "on"}


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village)


def errors(response) -> dict:
    return {name: list(told) for name, told in response.context["form"].errors.items()}


def test_point_is_added_once_however_often_it_is_sent(as_user, seller, shop):
    client = as_user(seller)
    for _tap in range(3):
        client.post(PAGE, WHOLE)
    point = PickUpPoint.objects.get()
    assert (point.shop, point.name, point.is_open) == (shop, "镇上驿站", True)
    assert "镇上驿站" in client.get(PAGE).content.decode()


def test_point_is_changed_and_closed(as_user, seller, shop):
    point = PickUpPoint.objects.create(shop=shop, name="自家", address="石榴冲村三组", hours="白天")
    as_user(seller).post(
        f"{PAGE}{point.pk}/", {"name": "自家", "address": "石榴冲村三组 18 号", "hours": "白天"}
    )
    point.refresh_from_db()
    assert (point.address, point.is_open) == ("石榴冲村三组 18 号", False)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, {"name": ["这一项要填"]}),
        ({"name": "站🍊点"}, {"name": ["这里不能用表情符号"]}),
        ({"address": "街"}, {"address": ["至少写 4 个字"]}),
        ({"address": "长" * 121}, {"address": ["最多 120 个字，多了 1 个"]}),
        ({"hours": ""}, {"hours": ["这一项要填"]}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(as_user, seller, shop, fields, told):
    response = as_user(seller).post(PAGE, WHOLE | fields)
    assert (response.status_code, errors(response)) == (200, told)
    assert response.context["form"]["hours"].value() == (WHOLE | fields)["hours"]
    assert not PickUpPoint.objects.exists()


def test_forbidden_words_in_a_point_are_refused_and_nothing_typed_is_lost(as_user, seller, shop):
    wrong = WHOLE | {"name": "全网最低价自提点", "address": "包治百病果园门口"}
    response = as_user(seller).post(PAGE, wrong)
    told = {name: [one.split("：")[0] for one in said] for name, said in errors(response).items()}
    assert told == {"name": ["“全网最低价”不能用"], "address": ["“包治百病”不能用"]}
    assert response.context["form"]["name"].value() == "全网最低价自提点"
    assert not PickUpPoint.objects.exists()


def test_no_shop_needs_more_than_twenty_points(as_user, seller, shop):
    for n in range(services.MOST_POINTS):
        services.add_point(
            shop, {"name": f"点{n}", "address": "青溪镇老街", "hours": "白天", "is_open": True}, seller
        )
    response = as_user(seller).post(PAGE, WHOLE)
    assert errors(response) == {"__all__": ["自提点太多了，先改用不着的那个。"]}


def test_point_of_others_is_not_there(as_user, seller, stranger, organiser, shop):
    point = PickUpPoint.objects.create(shop=shop, name="自家", address="石榴冲村三组", hours="白天")
    for person in (stranger, organiser):
        assert as_user(person).get(f"{PAGE}{point.pk}/").status_code == 404
        assert as_user(person).post(f"{PAGE}{point.pk}/", WHOLE).status_code == 404
    assert as_user(seller).get(f"{PAGE}999999/").status_code == 404
    point.refresh_from_db()
    assert point.name == "自家"


def test_trainee_has_no_points(as_user, trainee):
    assert as_user(trainee).get(PAGE)["Location"] == "/me/shop/"
