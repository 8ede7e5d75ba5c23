"""Polling a running live: always up to date, one query, and 304 if nothing has changed."""

import datetime

import pytest
from django.utils import timezone

from live.models import FlashPrice
from live.on_air import host_actions, lifecycle, sales
from shops.inventory import stock as stocks
from shops.pricing import prices
from tests.live.on_air.airs import add_item, began_before, make_air, new, on_air
from tests.pages import squeeze


@pytest.fixture
def mine(as_user, helper):
    return as_user(helper)


@pytest.fixture
def poll(mine, air):
    """Asks with the ETag of the last answer: (status, JSON)."""
    kept = {}

    def ask(url=f"/live/{air.pk}/now.json"):
        answer = mine.get(url, headers={"If-None-Match": kept.get(url, "")})
        kept[url] = answer.headers["ETag"]
        return answer.status_code, answer.json() if answer.status_code == 200 else None

    return ask


def test_now_says_all_that_the_screen_shows(mine, air, item, helper):
    host_actions.feature_item(item, helper, new())
    sales.record_sale(item, 12, helper, new())
    told = mine.get(f"/live/{air.pk}/now.json").json()
    server = datetime.datetime.fromisoformat(told.pop("server_now"))
    assert abs(server - timezone.now()) < datetime.timedelta(seconds=5)
    assert told == {
        "version": 3,
        "state": "on",
        "item": item.pk,
        "items": [
            {
                "id": item.pk,
                "name": "冰糖橙",
                "price_fen": 2990,
                "usual_fen": 2990,
                "flash_until": None,
                "left": 0,
                "stock": 18,
                "oversold": 0,
                "sold": 12,
            }
        ],
    }


def test_now_is_304_after_one_query_of_its_own(mine, poll, django_assert_num_queries):
    assert poll()[0] == 200
    with django_assert_num_queries(3):  # the session, the person, the live
        assert poll() == (304, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda item, by: sales.record_sale(item, 1, by, new()),
        lambda item, by: host_actions.feature_item(item, by, new()),
        lambda item, by: host_actions.start_flash_price(item, 1990, 5, by, new()),
        lambda item, by: stocks.change_stock(item.product, -1, "loss", by),
        lambda item, by: prices.set_price(item.product, 2690, 2500, "box", by),
        lambda item, by: lifecycle.end_live(item.livestream, by),
        lambda item, by: began_before(item.livestream, hours=12),
    ],
    ids=["sale", "pin", "flash", "stock", "price", "end", "forgotten"],
)
def test_now_is_new_after_every_change(poll, item, seller, change):
    poll()
    change(item, seller)
    assert (poll()[0], poll()[0]) == (200, 304)


def test_now_is_new_when_a_flash_price_runs_out(poll, item, helper):
    host_actions.start_flash_price(item, 1990, 5, helper, new())
    told = poll()[1]["items"][0]
    assert (told["price_fen"], told["usual_fen"]) == (1990, 2990)
    assert poll()[0] == 304
    past = timezone.now() - datetime.timedelta(seconds=1)
    began = past - datetime.timedelta(minutes=5)
    FlashPrice.objects.update(received_at=began, until=past)
    assert poll()[1]["items"][0]["price_fen"] == 2990


def test_now_of_a_rehearsal_reckons_what_would_be_left(as_user, shop, oranges, helper):
    live = make_air(shop, kind="rehearsal")
    add_item(live, oranges, quota=10)
    typed = add_item(live, name="竹笋", unit="jin", price_fen=1200)
    on_air(live)
    sales.record_sale(live.items.first(), 12, helper, new())
    sales.record_sale(typed, 3, helper, new())
    items = as_user(shop.owner).get(f"/live/{live.pk}/now.json").json()["items"]
    assert [(one["name"], one["left"], one["stock"], one["sold"]) for one in items] == [
        ("冰糖橙", 0, 18, 12),
        ("竹笋", None, None, 3),
    ]


@pytest.mark.long
def test_viewers_see_the_one_thing_on_the_table(client, air, item, helper, django_assert_num_queries):
    page_url, now_url = f"/live/on/{air.token}/", f"/live/on/{air.token}/now.json"
    assert "马上讲下一款" in client.get(page_url).content.decode()
    host_actions.feature_item(item, helper, new())
    sales.record_sale(item, 12, helper, new())
    answer = client.get(page_url)
    page = squeeze(answer.content.decode())
    assert ("<h1>冰糖橙</h1>" in page, "<span data-there>18</span>" in page) == (True, True)
    assert ("csrf" in page, dict(answer.cookies)) == (False, {})
    told = client.get(now_url)
    names = {"id", "name", "price_fen", "usual_fen", "flash_until", "left", "stock"}
    assert [set(one) for one in told.json()["items"]] == [names]
    for url in (page_url, now_url):
        etag = client.get(url).headers["ETag"]
        with django_assert_num_queries(1):
            assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    sales.record_sale(item, 18, helper, new())
    assert "这一款卖完了" in client.get(page_url).content.decode()


def test_one_box_is_one_box_in_english(client, air, item, helper):
    host_actions.feature_item(item, helper, new())
    for sold, unit in ((28, "boxes"), (1, "box")):
        sales.record_sale(item, sold, helper, new())
        page = client.get(f"/live/on/{air.token}/", headers={"Accept-Language": "en"}).content.decode()
        page = squeeze(page)
        assert f'data-one="box" data-many="boxes">{unit}<' in page


@pytest.mark.long
def test_viewers_see_nothing_when_it_is_not_on(client, air, item, helper, shop, settings):
    host_actions.feature_item(item, helper, new())
    lifecycle.end_live(air, helper)
    page = client.get(f"/live/on/{air.token}/").content.decode()
    assert ("现在没有在播" in page, "冰糖橙" in page, "箱" in page) == (True, False, False)
    told = client.get(f"/live/on/{air.token}/now.json").json()
    assert (told["state"], told["item"], told["items"]) == ("over", None, [])
    rehearsal = make_air(shop, kind="rehearsal")
    for token in (rehearsal.token, "unknown", "x" * 40, "-.~"):
        for url in (f"/live/on/{token}/", f"/live/on/{token}/now.json"):
            assert client.get(url).status_code == 404
    settings.SITE_ROLE = "practice"
    assert client.get(f"/live/on/{air.token}/").status_code == 404


@pytest.mark.long
def test_viewer_who_is_signed_in_gets_a_page_of_their_own(as_user, client, air, trainee):
    etag = client.get(f"/live/on/{air.token}/").headers["ETag"]
    answer = as_user(trainee).get(f"/live/on/{air.token}/", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.has_header("ETag")) == (200, False)
