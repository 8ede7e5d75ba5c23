"""The seller's list of products: those that need an action first, of the person's own shops only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from shops.models import ListingDraft, Product, ProductPhoto, Shop
from tests.factories import add_helpers, make_person, make_photo, make_product, make_shop
from tests.pages import squeeze

MINE = "/me/shop/"
Status = Product.Status


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village)


def names(response) -> list[str]:
    return [product.name for product in response.context["page"].items]


def test_it_works(as_user, seller, shop):
    product = make_product(shop, stock=64)
    response = as_user(seller).get(MINE)
    html = response.content.decode()
    assert names(response) == ["冰糖橙"]
    assert "¥5.98/斤" in html
    assert "一箱 ¥29.90</span><br>" in squeeze(html)
    assert "净重 5斤" in html
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


def test_the_empty_list_offers_the_first_listing(as_user, seller, shop):
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
    assert "你申请在石榴冲村卖东西" in html
    assert "申请做卖家" not in html


def test_nobody_signs_in_first(client):
    assert client.get(MINE)["Location"] == "/accounts/login/?next=%2Fme%2Fshop%2F"


@pytest.mark.long
def test_nothing_of_others_is_on_the_list(as_user, seller, shop, stranger, other_village):
    make_product(make_shop(stranger, other_village), name="别人的橙")
    response = as_user(seller).get(MINE)
    assert names(response) == []
    assert "别人的橙" not in response.content.decode()


def test_a_shop_of_others_is_404(as_user, seller, shop, organiser, stranger, other_village):
    theirs = make_shop(stranger, other_village)
    assert as_user(seller).get(f"{MINE}?shop={theirs.pk}").status_code == 404
    assert as_user(organiser).get(f"{MINE}?shop={shop.pk}").status_code == 404
    assert as_user(seller).get(f"{MINE}?shop=x").status_code == 404


@pytest.mark.long
def test_several_shops_are_switched_between(as_user, seller, shop, village):
    other = make_shop(make_person("龙二妹", ("seller", village)), village, name="二妹的店")
    add_helpers(other, seller)
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


@pytest.mark.long
def test_a_helper_with_a_village_of_their_own_may_open_a_shop_too(as_user, trainee, shop, county):
    add_helpers(shop, trainee)
    elsewhere = Membership.objects.create(
        user=trainee,
        place=county.children.get().children.get(name="柑子坪村"),
        role="seller",
        status="granted",
    )
    response = as_user(trainee).get(MINE)
    assert response.context["shop"] == shop
    assert f'href="?place={elsewhere.place_id}"' in response.content.decode()


@pytest.mark.long
def test_drafts_of_this_shop_and_person_are_listed(as_user, seller, shop, trainee):
    add_helpers(shop, trainee)
    mine = ListingDraft.objects.create(user=seller, shop=shop, typed={"name": ["脐橙"]})
    ListingDraft.objects.create(user=trainee, shop=shop, typed={"name": ["帮手的"]})
    ListingDraft.objects.create(user=seller, shop=shop, typed={"photos": ["x"]}, is_open=True)
    response = as_user(seller).get(MINE)
    assert response.context["drafts"] == [mine]
    assert f"/me/shop/new/?shop={shop.pk}&amp;draft={mine.pk}" in response.content.decode()


@pytest.mark.long
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
    assert counts == [27, 27]  # thirteen of them for waiting items, five for missing facts of the shop


@pytest.mark.long
def test_more_than_a_page_goes_on_by_cursor(as_user, seller, shop):
    for n in range(26):
        make_product(shop, name=f"橙{n:02d}")
    client = as_user(seller)
    first = client.get(MINE)
    assert names(first) == [f"橙{n:02d}" for n in range(25, 1, -1)]
    assert names(client.get(f"{MINE}?after={first.context['page'].after}")) == ["橙01", "橙00"]
