"""Items are picked, typed, changed, moved and removed; errors are shown at the field."""

import uuid

import pytest

from live.models import RundownItem
from live.readiness import checklist
from shops.models import Product
from shops.products import search
from tests.factories import make_product, make_shop
from tests.lives import make_item, make_live, open_codes


def html(answer):
    return answer.content.decode()


def names(live):
    return [str(item) for item in live.load_items()]


def typed(**fields):
    told = {"key": str(uuid.uuid4()), "name": "柚子", "unit": "box", "net_grams": "5", "price_fen": "29.9",
            "role": "earner", "minutes": "3", "talking_points": "切开"}  # fmt: skip
    return told | fields


def test_goods_are_picked_several_at_once(as_user, live, seller, shop, product):
    other = make_product(shop, name="柚子", status="draft")
    page = html(as_user(seller).get(f"/live/{live.pk}/add/"))
    assert page.count('type="checkbox"') == 2
    answer = as_user(seller).post(f"/live/{live.pk}/add/", {"products": [other.pk, product.pk]})
    assert answer.url == f"/live/{live.pk}/"
    assert names(live) == ["柚子", "冰糖橙"]


def test_what_is_in_the_rundown_is_marked(as_user, live, item, seller):
    page = html(as_user(seller).get(f"/live/{live.pk}/add/"))
    assert "已经在表里" in page
    assert "disabled" in page


def test_a_real_live_offers_only_what_is_on_sale(as_user, seller, shop, product):
    live = make_live(seller, shop=shop, kind="real")
    draft = make_product(shop, name="草稿", status="draft")
    assert "草稿" not in html(as_user(seller).get(f"/live/{live.pk}/add/"))
    answer = as_user(seller).post(f"/live/{live.pk}/add/", {"products": [draft.pk]})
    assert answer.context["form"].errors == {"products": ["有一款不能选，重新点一次"]}
    assert as_user(seller).get(f"/live/{live.pk}/add/typed/").url == f"/live/{live.pk}/add/"


@pytest.mark.long
def test_anothers_goods_and_none_are_refused(as_user, live, seller, stranger, other_village, product):
    theirs = make_product(make_shop(stranger, other_village))
    for chosen in ([theirs.pk], ["x"], []):
        answer = as_user(seller).post(f"/live/{live.pk}/add/", {"products": chosen})
        assert list(answer.context["form"].errors) == ["products"]
    assert names(live) == []


def test_a_shop_without_goods_leads_on(as_user, seller, shop):
    assert "自己写一样" in html(as_user(seller).get(f"/live/{make_live(seller, shop=shop).pk}/add/"))
    real = make_live(seller, shop=shop, kind="real")
    assert "上架一款" in html(as_user(seller).get(f"/live/{real.pk}/add/"))


def test_goods_are_typed_once_under_their_key(as_user, trainee, village):
    live, told = make_live(trainee, village), typed()
    for _again in range(2):
        answer = as_user(trainee).post(f"/live/{live.pk}/add/typed/", told)
    item = live.items.get()
    assert answer.url == f"/live/{live.pk}/"
    assert (item.name, item.net_grams, item.price_fen, item.minutes) == ("柚子", 2500, 2990, 3)


def test_a_jin_weighs_what_it_says(as_user, trainee, village):
    live = make_live(trainee, village)
    as_user(trainee).post(f"/live/{live.pk}/add/typed/", typed(unit="jin", net_grams=""))
    assert live.items.get().net_grams == 500


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "橙🍊"}, "name"),
        ({"net_grams": ""}, "net_grams"),
        ({"net_grams": "-5"}, "net_grams"),
        ({"net_grams": "9999"}, "net_grams"),
        ({"price_fen": "0"}, "price_fen"),
        ({"price_fen": "便宜"}, "price_fen"),
        ({"price_fen": "0.01"}, "price_fen"),
        ({"unit": "car"}, "unit"),
        ({"role": "hero"}, "role"),
        ({"minutes": "241"}, "minutes"),
        ({"talking_points": "长" * 501}, "talking_points"),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_kept(as_user, trainee, village, fields, field):
    live = make_live(trainee, village)
    answer = as_user(trainee).post(f"/live/{live.pk}/add/typed/", typed(**fields))
    assert list(answer.context["form"].errors) == [field]
    assert 'value="柚子"' in html(answer) or field == "name"
    assert live.items.count() == 0


def change(**fields):
    return {
        "role": "crowd",
        "minutes": "8",
        "live_price_fen": "26",
        "quota": "5",
        "talking_points": "说风疤",
    } | fields


def test_a_line_is_changed(as_user, live, item, seller):
    answer = as_user(seller).post(f"/live/{live.pk}/items/{item.pk}/", change())
    item.refresh_from_db()
    assert answer.url == f"/live/{live.pk}/"
    assert (item.role, item.minutes, item.live_price_fen, item.quota, item.talking_points) == (
        "crowd", 8, 2600, 5, "说风疤",
    )  # fmt: skip


def test_quota_above_stock_is_refused_with_what_is_there(as_user, live, item, seller):
    answer = as_user(seller).post(f"/live/{live.pk}/items/{item.pk}/", change(quota="9"))
    assert answer.context["form"].errors == {"quota": ["库存只有 8 箱，留不了这么多"]}
    assert "说风疤" in html(answer)
    assert as_user(seller).post(f"/live/{live.pk}/items/{item.pk}/", change(quota="8")).status_code == 302


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"live_price_fen": "0.01"}, "live_price_fen"), ({"quota": "0"}, "quota"), ({"quota": "两箱"}, "quota")],
)
def test_bad_figures_are_told(as_user, live, item, seller, fields, field):
    answer = as_user(seller).post(f"/live/{live.pk}/items/{item.pk}/", change(**fields))
    assert list(answer.context["form"].errors) == [field]


def test_price_and_quota_may_stay_open(as_user, live, item, seller):
    as_user(seller).post(f"/live/{live.pk}/items/{item.pk}/", change(live_price_fen="", quota=""))
    item.refresh_from_db()
    assert (item.live_price_fen, item.quota) == (None, None)


def test_typed_goods_are_changed_by_their_own_form(as_user, trainee, village):
    live = make_live(trainee, village)
    item = make_item(live)
    page = as_user(trainee).get(f"/live/{live.pk}/items/{item.pk}/")
    assert page.context["form"]["net_grams"].value() == "5"
    as_user(trainee).post(f"/live/{live.pk}/items/{item.pk}/", typed(name="甜柚"))
    item.refresh_from_db()
    assert item.name == "甜柚"


def test_a_line_is_taken_away_after_asking(as_user, live, item, seller):
    url = f"/live/{live.pk}/items/{item.pk}/remove/"
    assert "把“冰糖橙”从排品表拿掉？" in html(as_user(seller).get(url))
    assert as_user(seller).post(url).url == f"/live/{live.pk}/"
    assert not RundownItem.objects.exists()


@pytest.mark.long
def test_an_item_of_another_live_is_not_here(as_user, live, item, seller, shop):
    other = make_live(seller, shop=shop)
    for page in ("", "remove/", "script/", "script/versions/", "script/wording/"):
        assert as_user(seller).get(f"/live/{other.pk}/items/{item.pk}/{page}").status_code == 404


@pytest.mark.long
def test_lines_are_moved_by_buttons_and_by_a_whole_order(as_user, live, seller, shop):
    a, b, c = (make_item(live, make_product(shop, name=name)) for name in "abc")
    url = f"/live/{live.pk}/order/"
    assert as_user(seller).post(url, {"move": f"{c.pk}:up"}).url == f"/live/{live.pk}/#item-{c.pk}"
    assert names(live) == ["a", "c", "b"]
    assert as_user(seller).post(url, {"order": f"{b.pk} {a.pk} {c.pk}"}).status_code == 204
    assert names(live) == ["b", "a", "c"]
    for stale in ("", f"{a.pk}", f"{a.pk} {b.pk} 999999", "x y z", f"{a.pk} {a.pk} {b.pk}"):
        assert as_user(seller).post(url, {"order": stale}).status_code == 409
    for odd in ("", "x:up", "99999999999999999999:up", "-1:down"):
        assert as_user(seller).post(url, {"move": odd}).status_code == 404
    assert names(live) == ["b", "a", "c"]
    assert as_user(seller).get(url).url == f"/live/{live.pk}/"


def test_goods_are_found_by_pinyin_and_what_was_ticked_stays(as_user, live, seller, shop, product):
    pomelo, tea = make_product(shop, name="柚子"), make_product(shop, name="茶油")
    search.index_many(Product.objects.all())
    find = {"find": "1", "q": "yz", "products": [tea.pk]}
    answer = as_user(seller).post(f"/live/{live.pk}/add/", find)
    assert [good for good, _there in answer.context["goods"]] == [tea, pomelo]
    assert html(answer).count(" checked") == 1
    assert names(live) == []
    nothing = as_user(seller).post(f"/live/{live.pk}/add/", find | {"q": "榴莲"})
    assert [good for good, _there in nothing.context["goods"]] == [tea]
    assert "没有找到" in html(nothing)


@pytest.mark.long
def test_few_goods_need_no_search(as_user, live, seller, shop, product):
    assert 'type="search"' not in html(as_user(seller).get(f"/live/{live.pk}/add/"))
    for n in range(12):
        make_product(shop, name=f"柚子{n}")
    assert 'type="search"' in html(as_user(seller).get(f"/live/{live.pk}/add/"))


@pytest.mark.long
def test_new_goods_open_the_papers_again(as_user, live, seller, shop, product):
    checklist.tick_line(live, "papers", True, seller)
    client = as_user(seller)
    answer = client.post(f"/live/{live.pk}/add/", {"products": [product.pk]}, follow=True)
    assert "新加的货，证件要再看一遍。" in html(answer)
    assert "papers" in open_codes(live)
    checklist.tick_line(live, "papers", True, seller)
    client.post(f"/live/{live.pk}/add/", {"products": [product.pk]})  # it is there already
    assert "papers" not in open_codes(live)
