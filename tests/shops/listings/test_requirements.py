"""What prevents a listing from being published: the seller's identity, the category's certificate, the batch's pledge."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from media.models import Document
from shops.listings import requirements, review
from shops.models import Category, Paper, Product, Shop
from shops.traceability import batches
from tests.factories import make_batch, make_category, make_product, make_shop, make_waiting_product

LICENCE = "93431299000000710H"


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village, contact=seller.phone, address="石榴冲村三组 18 号")


@pytest.fixture
def product(shop) -> Product:
    return make_waiting_product(shop)


def make_paper(shop: Shop, **fields) -> Paper:
    facts = {"kind": "licence", "number": "SC1", "holder": shop.legal_name, "status": "accepted"}
    return Paper.objects.create(shop=shop, file=Document.objects.create(sha256="x"), **facts | fields)


def missing(product: Product) -> list[str]:
    return review.list_missing(Product.objects.select_related("shop__owner", "category").get(pk=product.pk))


def sold_by(shop: Shop, seller: str, **fields) -> None:
    card = {"seller": seller, "licence_no": LICENCE, "exemption": ""}
    Shop.objects.filter(pk=shop.pk).update(**card | fields)
    shop.refresh_from_db()


def test_shop_without_a_card_sells_nothing(product):
    assert missing(product) == []
    Shop.objects.update(seller="", legal_name="", sources="", exemption="")
    assert missing(product) == ["还没说是谁在卖", "还没填姓名或单位全称", "还没说卖谁家的"]
    reason = missing(product)[0]
    assert (reason.url, reason.for_owner) == (f"/me/shop/{product.shop_id}/", True)


def test_kind_that_needs_a_licence_waits_for_one_in_force(shop, product):
    Category.objects.update(needs="licence", name="果酱果脯")
    [reason] = missing(product)
    assert reason == "卖果酱果脯要有食品生产或经营许可证，还没有核对过、没过期的"
    assert reason.url == f"/me/shop/papers/new/?shop={shop.pk}&kind=licence"
    paper = make_paper(shop, status="waiting")
    assert missing(product) == [reason]
    paper.status, paper.expires_on = "accepted", timezone.localdate()
    paper.save()
    assert missing(product) == []
    paper.expires_on = timezone.localdate() - datetime.timedelta(days=1)
    paper.save()
    assert missing(product) == [reason]


def test_filing_is_no_licence(shop, product):
    Category.objects.update(needs="filing")
    make_paper(shop)
    assert len(missing(product)) == 1
    make_paper(shop, kind="filing")
    assert missing(product) == []


def test_paper_of_another_shop_counts_for_nothing(product, stranger, other_village):
    Category.objects.update(needs="licence")
    make_paper(make_shop(stranger, other_village))
    assert len(missing(product)) == 1


def test_bought_fruit_contradicts_a_card_that_says_own(product):
    Product.objects.update(grower="neighbours")
    assert missing(product) == ["这一款不是自家种的，卖家名片上却写着“只卖自家种的”"]
    Shop.objects.update(sources="mixed", exemption="small")
    assert missing(product) == []


@pytest.mark.parametrize(
    ("who", "grower", "must"),
    [
        ("person", "own", False),
        ("person", "neighbours", False),
        ("trader", "own", False),
        ("trader", "neighbours", True),
        ("coop", "coop", True),
        ("coop", "own", True),
        ("company", "own", True),
    ],
)
def test_who_must_pledge(who, grower, must, shop):
    sold_by(shop, who)
    assert requirements.must_pledge(make_product(shop, grower=grower)) is must


def test_made_food_needs_no_pledge(shop):
    sold_by(shop, "coop")
    assert not requirements.must_pledge(make_product(shop, category=make_category("果酱", needs="licence")))


def test_cooperative_submits_only_with_a_pledge_for_the_batch(shop, product, seller):
    sold_by(shop, "coop")
    [reason] = missing(product)
    assert reason == "合作社、公司卖的，还有收购来混装、分装的，每一批都要开承诺达标合格证：先记批次"
    assert reason.url == f"/me/shop/batches/new/?shop={shop.pk}&product={product.pk}"
    batch = make_batch(shop)
    batches.choose_batch(product, batch, seller)
    [reason] = missing(product)
    assert (reason, reason.url) == ("这一批还没开承诺达标合格证", f"/me/shop/batches/{batch.pk}/")
    pledge = batches.issue_pledge(batch, "control", seller)
    assert missing(product) == []
    batches.withdraw_pledge(pledge, "写错了", seller)
    assert missing(product) == ["这一批还没开承诺达标合格证"]


def test_farmer_is_only_encouraged(product):
    assert missing(product) == []
    assert requirements.list_warnings(product) == [
        "农户不一定要开承诺达标合格证，开了买家更放心：记一个批次，点一下就开好。"
    ]


def test_unregistered_reseller_is_told_what_it_means(shop):
    Shop.objects.update(sources="mixed", exemption="small")
    shop.refresh_from_db()
    told = requirements.list_warnings(make_product(shop, grower="neighbours"))
    assert told[0].startswith("收来的果子不算自产：要办执照，或者以合作社的名义卖。")


@pytest.mark.parametrize("name", ["有机冰糖橙", "绿色食品脐橙", "富硒米", "国家地理标志蜜柚"])
def test_mark_is_not_in_the_name(name, product):
    Product.objects.update(name=name)
    [reason] = missing(product)
    assert "证书交上来、核对过会自动挂出来" in reason


def test_seller_sees_where_each_lack_is_mended(shop, product, as_user, seller):
    sold_by(shop, "coop")
    Product.objects.update(status="draft")
    html = as_user(seller).get(f"/me/shop/products/{product.pk}/").content.decode()
    assert f'<a href="/me/shop/batches/new/?shop={shop.pk}&amp;product={product.pk}">去记批次</a>' in html


# --- the tree of kinds --------------------------------------------------------------------------------------


def test_tree_is_planted_once_and_hangs_loose_kinds_on_it(db):
    loose = make_category("橙子", slug="orange", hints="脐橙")
    for _time in range(2):
        call_command("plant_kinds", verbosity=0)
    loose.refresh_from_db()
    assert (loose.parent.slug, loose.hints) == ("fruit", "脐橙")
    assert (Category.objects.count(), Category.objects.leaves().count()) == (19, 15)
    assert Category.objects.get(slug="preserve").needs == "licence"
    assert not Category.objects.get(slug="tea").is_perishable


def test_only_leaves_are_offered(db, as_user, seller, client):
    call_command("plant_kinds", verbosity=0)
    html = client.get("/products/").content.decode()
    assert "category=orange" in html
    assert "category=fruit" not in html
    page = as_user(seller).get("/me/shop/new/")
    offered = set(page.context["form"].fields["category"].queryset.values_list("slug", flat=True))
    assert "orange" in offered
    assert "fruit" not in offered
