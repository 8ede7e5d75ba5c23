"""小店: the shelf and the page of one product."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Consent, Membership
from shops.models import ListingDraft, Product, ProductPhoto, Shop, StockMove
from tests.factories import make_person, make_photo, make_product, make_shop, make_waiting_product

MINE = "/me/shop/"
Status = Product.Status

NO_FREIGHT = "还没说运费：填运费表，或者勾上包邮，或者写个自提点"


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village)


def names(response) -> list[str]:
    return [product.name for product in response.context["page"].items]


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# --- the shelf ----------------------------------------------------------------------------------------------


def test_it_works(as_user, seller, shop):
    product = make_product(shop, stock=64)
    response = as_user(seller).get(MINE)
    html = response.content.decode()
    assert names(response) == ["冰糖橙"]
    assert "¥5.98/斤" in html
    assert "一箱 ¥29.90·净重 5斤" in html
    assert "<output>64 箱</output>" in html
    assert f'href="/me/shop/products/{product.pk}/price/"' in html
    assert response.context["share_url"] == f"http://testserver/shops/{shop.slug}/"


def test_what_wants_doing_comes_first(as_user, seller, shop):
    for status in (Status.PUBLISHED, Status.WITHDRAWN, Status.SUBMITTED, Status.RETURNED, Status.DRAFT):
        make_product(shop, name=status.label, status=status, return_reason="照片太暗")
    response = as_user(seller).get(MINE)
    assert names(response) == ["退回修改", "草稿", "等审核", "在卖", "已下架"]
    assert response.content.decode().count("照片太暗") == 1


def test_states_are_counted_and_filter(as_user, seller, shop):
    for status, number in ((Status.PUBLISHED, 3), (Status.RETURNED, 1)):
        for n in range(number):
            make_product(shop, name=f"{status.label}{n}", status=status)
    response = as_user(seller).get(f"{MINE}?shop={shop.pk}&state=published")
    assert [(one["value"], one["count"]) for one in response.context["states"]] == [
        ("returned", 1),
        ("published", 3),
    ]
    assert names(response) == ["在卖2", "在卖1", "在卖0"]


def test_an_unknown_state_shows_all(as_user, seller, shop):
    make_product(shop)
    assert names(as_user(seller).get(f"{MINE}?state=' OR 1=1")) == ["冰糖橙"]


def test_the_empty_shelf_offers_the_first_listing(as_user, seller, shop):
    html = as_user(seller).get(MINE).content.decode()
    assert "小店还空着" in html
    assert f'href="/me/shop/new/?shop={shop.pk}"' in html


def test_a_seller_without_a_shop_is_offered_the_first_listing(as_user, seller, village):
    response = as_user(seller).get(MINE)
    assert response.context["shop"] is None
    assert f'href="/me/shop/new/?place={village.pk}"' in response.content.decode()


def test_who_may_not_sell_sees_what_it_takes(as_user, trainee):
    html = as_user(trainee).get(MINE).content.decode()
    assert "申请做卖家" in html
    assert 'href="/me/roles/?role=seller"' in html


def test_who_has_asked_sees_that_it_waits(as_user, trainee, village):
    Membership.objects.create(user=trainee, place=village, role="seller")
    html = as_user(trainee).get(MINE).content.decode()
    assert "您申请在石榴冲村卖东西" in html
    assert "申请做卖家" not in html


def test_nobody_signs_in_first(client):
    assert client.get(MINE)["Location"] == "/accounts/login/?next=%2Fme%2Fshop%2F"


def test_nothing_of_others_is_on_the_shelf(as_user, seller, shop, stranger, other_village):
    make_product(make_shop(stranger, other_village), name="别人的橙")
    response = as_user(seller).get(MINE)
    assert names(response) == []
    assert "别人的橙" not in response.content.decode()


def test_a_shop_of_others_is_404(as_user, seller, shop, organiser, stranger, other_village):
    theirs = make_shop(stranger, other_village)
    assert as_user(seller).get(f"{MINE}?shop={theirs.pk}").status_code == 404
    assert as_user(organiser).get(f"{MINE}?shop={shop.pk}").status_code == 404
    assert as_user(seller).get(f"{MINE}?shop=x").status_code == 404


def test_several_shops_are_switched_between(as_user, seller, shop, village):
    other = make_shop(make_person("龙二妹", ("seller", village)), village, name="二妹的店")
    other.helpers.add(seller)
    make_product(shop, name="自己的橙")
    make_product(other, name="二妹的橙")
    client = as_user(seller)
    assert names(client.get(f"{MINE}?shop={shop.pk}")) == ["自己的橙"]
    response = client.get(f"{MINE}?shop={other.pk}")
    assert names(response) == ["二妹的橙"]
    html = response.content.decode()
    assert f'href="?shop={shop.pk}"' in html
    assert "改小店" not in html
    assert "帮手" not in html


def test_a_helper_with_a_village_of_their_own_may_open_a_shop_too(as_user, trainee, shop, county):
    shop.helpers.add(trainee)
    elsewhere = Membership.objects.create(
        user=trainee,
        place=county.children.get().children.get(name="柑子坪村"),
        role="seller",
        status="granted",
    )
    response = as_user(trainee).get(MINE)
    assert response.context["shop"] == shop
    assert f'href="?place={elsewhere.place_id}"' in response.content.decode()


def test_drafts_of_this_shop_and_person_are_listed(as_user, seller, shop, trainee):
    shop.helpers.add(trainee)
    mine = ListingDraft.objects.create(user=seller, shop=shop, typed={"name": ["脐橙"]})
    ListingDraft.objects.create(user=trainee, shop=shop, typed={"name": ["帮手的"]})
    ListingDraft.objects.create(user=seller, shop=shop, typed={"photos": ["x"]}, is_open=True)
    response = as_user(seller).get(MINE)
    assert response.context["drafts"] == [mine]
    assert f"/me/shop/new/?shop={shop.pk}&amp;draft={mine.pk}" in response.content.decode()


def test_as_many_queries_for_24_products_as_for_one(as_user, seller, shop):
    client, counts = as_user(seller), []
    client.get(MINE)
    for wanted in (1, 24):
        while Product.objects.count() < wanted:
            product = make_product(shop, cover=make_photo(seller))
            ProductPhoto.objects.create(product=product, photo=product.cover)
            ListingDraft.objects.create(user=seller, shop=shop, typed={"name": ["橙"]})
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(names(client.get(MINE))) == wanted
        counts.append(len(queries))
    assert counts == [8, 8]


def test_more_than_a_page_goes_on_by_cursor(as_user, seller, shop):
    for n in range(26):
        make_product(shop, name=f"橙{n:02d}")
    client = as_user(seller)
    first = client.get(MINE)
    assert names(first) == [f"橙{n:02d}" for n in range(25, 1, -1)]
    assert names(client.get(f"{MINE}?after={first.context['page'].after}")) == ["橙01", "橙00"]


# --- one product --------------------------------------------------------------------------------------------


def page_of(product: Product) -> str:
    return f"/me/shop/products/{product.pk}/"


def test_the_page_shows_price_and_both_logs(as_user, seller, shop):
    product = make_product(shop, stock=40)
    StockMove.objects.create(product=product, delta=-3, reason="loss", actor=seller)
    response = as_user(seller).get(page_of(product))
    assert [(row.reason, delta, unit) for row, delta, unit in response.context["moves"]] == [
        ("loss", "−3", "箱"),
        ("first", "+40", "箱"),
    ]
    assert [row.price_fen for row in response.context["prices"]] == [2990]
    html = response.content.decode()
    assert "<b data-per-jin>5.98</b>" in html
    assert "−3 箱" in html


def test_the_page_costs_the_same_for_1_and_24_rows(as_user, seller, shop):
    product, client, counts = make_product(shop), as_user(seller), []
    for wanted in (1, 24):
        while product.moves.count() < wanted:
            StockMove.objects.create(product=product, delta=1, reason="harvest", actor=seller)
            product.price_changes.create(price_fen=1, net_grams=500, unit="jin", actor=seller)
            ProductPhoto.objects.create(product=product, photo=make_photo(seller))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(product)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_another_s_product_is_404_in_every_way(as_user, stranger, organiser, shop):
    product = make_waiting_product(shop)
    for person in (stranger, organiser):
        client = as_user(person)
        for path in ("", "edit/", "stock/", "price/", "submit/", "withdraw/"):
            assert client.get(page_of(product) + path).status_code == 404
            assert client.post(page_of(product) + path).status_code in (404, 405)
    product.refresh_from_db()
    assert (product.status, product.stock) == ("submitted", 10)


def test_a_helper_may_all_of_it(as_user, trainee, shop):
    shop.helpers.add(trainee)
    product = make_waiting_product(shop)
    client = as_user(trainee)
    for path in ("", "edit/", "stock/", "price/", "withdraw/"):
        assert client.get(page_of(product) + path).status_code == 200
    client.post(page_of(product) + "withdraw/")
    product.refresh_from_db()
    assert product.status == "withdrawn"


def test_submit_asks_for_approval(as_user, seller, shop):
    product = make_waiting_product(shop, status="draft")
    response = as_user(seller).post(page_of(product) + "submit/", follow=True)
    product.refresh_from_db()
    assert product.status == "submitted"
    assert told(response) == ["收到了，管理员看过就上架。"]


def test_submit_says_all_that_is_missing(as_user, seller, shop):
    product = make_product(shop, status="draft")
    client = as_user(seller)
    lacks = ["小店还没填实际地址", "小店还没有公开的联系电话", "还没有照片", NO_FREIGHT]
    assert client.get(page_of(product)).context["missing"] == lacks
    assert told(client.post(page_of(product) + "submit/", follow=True)) == lacks
    product.refresh_from_db()
    assert product.status == "draft"


def test_a_get_of_submit_changes_nothing(as_user, seller, shop):
    product = make_waiting_product(shop, status="draft")
    assert as_user(seller).get(page_of(product) + "submit/")["Location"] == page_of(product)
    product.refresh_from_db()
    assert product.status == "draft"


def test_withdraw_asks_first(as_user, seller, shop):
    product = make_waiting_product(shop, status="published")
    client = as_user(seller)
    assert "把“冰糖橙”下架？" in client.get(page_of(product) + "withdraw/").content.decode()
    product.refresh_from_db()
    assert product.status == "published"
    assert told(client.post(page_of(product) + "withdraw/", follow=True)) == ["已下架，买家看不到了。"]
    product.refresh_from_db()
    assert product.status == "withdrawn"


def test_withdrawing_twice_is_told(as_user, seller, shop):
    product = make_waiting_product(shop, status="withdrawn")
    response = as_user(seller).post(page_of(product) + "withdraw/", follow=True)
    assert told(response) == ["这款现在是“已下架”，这一步做不了"]


def test_a_returned_product_shows_why(as_user, seller, shop):
    product = make_waiting_product(shop, status="returned", return_reason="照片太暗")
    assert "照片太暗" in as_user(seller).get(page_of(product)).content.decode()


def test_what_people_wrote_is_words_only(as_user, seller, shop):
    bad = "<img src=x onerror=alert(1)>"
    Shop.objects.update(name=bad)
    product = make_product(shop, name=bad, status="returned", return_reason=bad)
    client = as_user(seller)
    for url in (MINE, page_of(product), f"{page_of(product)}withdraw/", f"{page_of(product)}edit/"):
        assert bad not in client.get(url).content.decode()


def test_the_consent_taken_back_is_named_on_the_product(as_user, seller, shop):
    product = make_waiting_product(shop, status="draft")
    Consent.objects.filter(user=seller, kind="public_contact").update(withdrawn_at=product.created_at)
    assert as_user(seller).get(page_of(product)).context["missing"] == ["小店还没有公开的联系电话"]
