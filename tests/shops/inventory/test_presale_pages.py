"""A seller opens, changes and ends a presale."""

import datetime
import uuid

import pytest
from django.utils import timezone

from shops.inventory import presales
from shops.models import Order, Presale, StockMove
from tests.factories import make_product, make_rate, make_shop
from tests.pages import list_messages
from tests.shops.orders.order_requests import make_order

DAY = datetime.timedelta(days=1)


@pytest.fixture
def product(seller, village):
    return make_product(make_shop(seller, village), stock=0)


def url(product) -> str:
    return f"/me/shop/products/{product.pk}/presale/"


def typed(**fields) -> dict:
    today = timezone.localdate()
    whole = {
        "key": str(uuid.uuid4()),
        "quota": "５０箱",
        "closes_on": (today + 10 * DAY).isoformat(),
        "ship_by": (today + 16 * DAY).isoformat(),
        "own_words": "霜降后采。",
    }
    return whole | fields


def errors(response) -> dict:
    return {name: list(told) for name, told in response.context["form"].errors.items()}


def test_presale_is_opened_and_shown_with_its_terms(as_user, client, seller, product):
    response = as_user(seller).post(url(product), typed(), follow=True)
    assert list_messages(response) == ["预售开了，买家能订了。"]
    presale, today = Presale.objects.get(), timezone.localdate()
    assert (presale.quota, presale.left, presale.ship_by) == (50, 50, today + 16 * DAY)
    assert presale.terms == presales.TERMS + "霜降后采。"
    client.logout()
    page = client.get(product.get_absolute_url()).content.decode()
    for words in ("预售 · ", "还能订", "50 箱", "15 天内退回全部已付的钱，并付利息", "霜降后采。"):
        assert words in page
    cards = client.get("/products/").content.decode()
    assert "预售 · " in cards
    assert "卖完了" not in cards


def test_presale_that_is_booked_out_says_so_until_a_request_runs_out(client, seller, product):
    """On the card and on the product's page; the last box returns if its order is not accepted within 48 hours."""
    now = timezone.now()
    today = timezone.localdate()
    make_rate(product.shop)
    presales.open_presale(product, seller, quota=2, closes_on=today + 5 * DAY, ship_by=today + 9 * DAY)
    first = make_order((product, 1), now=now - datetime.timedelta(hours=47), phone_verified=True)
    assert "预售 · " in client.get("/products/").content.decode()
    make_order((product, 1), now=now, phone_verified=True)
    for path in ("/products/", product.get_absolute_url()):
        page = client.get(path).content.decode()
        assert "预售订完了" in page, path
        assert "预售 · " not in page.partition('class="facts"')[0].rpartition("<h2>")[0], path
    Order.objects.filter(pk=first.pk).update(expires_at=now - datetime.timedelta(minutes=1))
    Presale.objects.update(free_at=now - datetime.timedelta(minutes=1))
    assert "预售 · " in client.get("/products/").content.decode()


def test_presale_that_is_over_leaves_the_card_sold_out(client, seller, product):
    today = timezone.localdate()
    presale = presales.open_presale(product, seller, quota=5, closes_on=today, ship_by=today)
    assert "卖完了" not in client.get("/products/").content.decode()
    Presale.objects.filter(pk=presale.pk).update(closes_on=today - DAY)
    presale.refresh_from_db()
    presale.save()
    for path in ("/products/", product.get_absolute_url()):
        page = client.get(path).content.decode()
        assert "卖完了" in page, path
        assert "预售 · " not in page, path


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"quota": "0"}, {"quota": ["要大于 0"]}),
        ({"quota": "-1"}, {"quota": ["不能是负数"]}),
        ({"quota": "0.5"}, {"quota": ["要整数，比如 40"]}),
        ({"quota": "1000000000"}, {"quota": ["最多 1,000,000，看看是不是多打了 0"]}),
        ({"quota": ""}, {"quota": ["这一项要填"]}),
        ({"closes_on": "2020-01-01"}, {"closes_on": ["这一天已经过了"]}),
        ({"ship_by": "2099-01-01"}, {"ship_by": ["太远了，最多写到一年以后"]}),
        ({"ship_by": "明年吧"}, {"ship_by": ["写成 12月10日 或 12.10 这样"]}),
        ({"ship_by": "今天"}, {"ship_by": ["发货的日子不能早过预售的最后一天"]}),
        ({"own_words": "长" * 101}, {"own_words": ["最多 100 个字，多了 1 个"]}),
        ({"key": "x"}, {"key": ["没看懂，再记一次"]}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(as_user, seller, product, fields, found):
    given = typed(**fields)
    response = as_user(seller).post(url(product), given)
    assert (response.status_code, errors(response)) == (200, found)
    for name, value in given.items():
        assert response.context["form"][name].value() == value
    assert not Presale.objects.exists()


@pytest.mark.long
def test_one_tap_is_one_presale(as_user, seller, product):
    client, given = as_user(seller), typed()
    for _tap in range(5):
        client.post(url(product), given)
    assert (Presale.objects.count(), StockMove.objects.filter(reason="quota").count()) == (1, 1)


def test_quota_is_changed_and_never_below_what_is_ordered(as_user, seller, product):
    client = as_user(seller)
    client.post(url(product), typed())
    Presale.objects.update(left=30)
    StockMove.objects.create(product=product, presale=Presale.objects.get(), delta=-20, reason="held")
    key = str(uuid.uuid4())
    assert (
        list_messages(client.post(url(product), {"key": key, "quota": "60"}, follow=True))[-1]
        == "名额改好了。"
    )
    presale = Presale.objects.get()
    assert (presale.quota, presale.left) == (60, 40)
    response = client.post(url(product), {"key": str(uuid.uuid4()), "quota": "19"})
    assert errors(response) == {"quota": ["已经订出去 20，不能比它少"]}
    assert response.context["form"]["quota"].value() == "19"


def test_key_of_another_move_changes_nothing(as_user, seller, product):
    client, key = as_user(seller), uuid.uuid4()
    other = make_product(product.shop)
    StockMove.objects.create(product=other, delta=1, reason="harvest", event_id=key)
    assert client.post(url(product), typed(key=str(key))).status_code == 200
    assert not Presale.objects.exists()
    client.post(url(product), typed())
    assert client.post(url(product), {"key": str(key), "quota": "70"}).status_code == 200
    assert Presale.objects.get().quota == 50


def test_presale_is_ended_on_a_page_of_its_own(as_user, seller, product):
    client = as_user(seller)
    client.post(url(product), typed())
    assert client.get(url(product) + "end/").status_code == 200
    assert Presale.objects.get().ended_at is None
    client.post(url(product) + "end/")
    client.post(url(product) + "end/")
    assert Presale.objects.get().ended_at is not None
    page = client.get(url(product)).content.decode()
    assert "开预售" in page
    assert "以前的预售" in page


@pytest.mark.long
def test_presale_of_others_is_not_there(as_user, stranger, organiser, product):
    for person in (stranger, organiser):
        for path in (url(product), url(product) + "end/"):
            assert as_user(person).get(path).status_code == 404
            assert as_user(person).post(path, typed()).status_code == 404
    assert not Presale.objects.exists()


def test_stock_and_presale_have_logs_of_their_own(as_user, seller, product):
    client = as_user(seller)
    client.post(url(product), typed())
    moves = client.get(f"/me/shop/products/{product.pk}/").context["moves"]
    quota = client.get(url(product)).context["moves"]
    assert ([delta for _row, delta, _unit in moves], [delta for _row, delta, _unit in quota]) == ([], ["+50"])
