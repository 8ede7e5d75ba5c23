"""Publishing and withdrawing listings: each step, many at once, and four at the same time."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry
from media.models import Photo
from shops.exceptions import ActionNotAllowed
from shops.listings import review
from shops.models import Product, ProductPhoto, Shop
from tests.factories import make_photo, make_product, make_shop, make_waiting_product
from ui.models import Stamp

Status = Product.Status


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village)


@pytest.fixture
def product(shop) -> Product:
    """Return a complete submitted product."""
    return make_waiting_product(shop)


def put(product: Product, status: str) -> Product:
    Product.objects.filter(pk=product.pk).update(status=status)
    product.refresh_from_db()
    return product


def audit() -> list[tuple]:
    return list(AuditEntry.objects.order_by("id").values_list("verb", "subject", "actor__name", "detail"))


def test_publish_puts_it_on_sale(product, organiser):
    review.publish(product, organiser)
    product.refresh_from_db()
    assert (product.status, product.decided_by) == ("published", organiser)
    assert product.cover == product.photos.get().photo
    assert timezone.now() - product.listed_at < timedelta(minutes=1)
    assert list(Product.objects.published()) == [product]
    assert audit() == [("product_published", f"product {product.pk}", "向满姑", {"name": "冰糖橙"})]


def test_publish_again_keeps_the_day_it_was_first_listed(product, organiser, seller):
    review.publish(product, organiser)
    first = product.listed_at
    review.recheck(product, seller)
    review.publish(product, organiser)
    product.refresh_from_db()
    assert product.listed_at == first


def test_publish_takes_the_first_ready_photo_for_a_cover(product, organiser, seller):
    ProductPhoto.objects.filter(product=product).update(position=2)
    broken = make_photo(seller, status=Photo.Status.FAILED)
    ProductPhoto.objects.create(product=product, photo=broken, position=1)
    review.publish(product, organiser)
    assert product.cover == product.photos.get(position=2).photo


def test_return_tells_the_seller_why(product, organiser):
    review.return_to_seller(product, "  照片太暗，窗边再拍一张 ", organiser)
    product.refresh_from_db()
    assert (product.status, product.return_reason) == ("returned", "照片太暗，窗边再拍一张")
    assert audit()[-1][3] == {"name": "冰糖橙", "reason": "照片太暗，窗边再拍一张"}


def test_return_needs_a_reason(product, organiser):
    with pytest.raises(ActionNotAllowed) as problem:
        review.return_to_seller(product, "  ", organiser)
    assert problem.value.reasons == ["写一句为什么退回，卖家才知道改哪里"]
    assert audit() == []


def test_submit_after_a_return_forgets_the_reason(product, organiser, seller):
    review.return_to_seller(product, "照片太暗", organiser)
    review.submit(product, seller)
    product.refresh_from_db()
    assert (product.status, product.return_reason) == ("submitted", "")


def test_withdrawn_is_out_of_sight_and_can_be_submitted_again(product, organiser, seller):
    review.publish(product, organiser)
    review.withdraw(product, seller)
    assert not Product.objects.published().exists()
    review.submit(product, seller)
    assert put(product, product.status).status == "submitted"


@pytest.mark.parametrize(
    ("step", "allowed"),
    [
        ("submit", {"draft", "returned", "withdrawn"}),
        ("recheck", {"published"}),
        ("publish", {"submitted"}),
        ("return_to_seller", {"submitted", "published"}),
        ("withdraw", {"submitted", "published", "returned"}),
    ],
)
def test_each_step_leaves_only_its_own_states(step, allowed, product, organiser):
    given = (product, "原因", organiser) if step == "return_to_seller" else (product, organiser)
    for status in Status:
        put(product, status)
        if status.value in allowed:
            getattr(review, step)(*given)
            assert put(product, product.status).status != status
            continue
        with pytest.raises(ActionNotAllowed) as problem:
            getattr(review, step)(*given)
        assert problem.value.reasons == [f"这款现在是“{status.label}”，这一步做不了"]
        product.refresh_from_db()
        assert product.status == status


def test_publish_refuses_what_lacks_something_with_all_reasons(shop, organiser):
    product = make_product(shop, status="submitted", listed_at=None)
    with pytest.raises(ActionNotAllowed) as problem:
        review.publish(product, organiser)
    assert problem.value.reasons == [
        "小店还没填实际地址",
        "小店还没有公开的联系电话",
        "还没有照片",
        "还没说运费：填运费表，或者勾上包邮，或者写个自提点",
    ]
    product.refresh_from_db()
    assert (product.status, product.listed_at) == ("submitted", None)
    assert audit() == []


def test_every_step_moves_the_stamp(product, organiser, seller):
    before = Stamp.objects.get(name="shops").number
    review.publish(product, organiser)
    review.recheck(product, seller)
    review.return_to_seller(product, "看不清", organiser)
    review.withdraw(product, seller)
    assert Stamp.objects.get(name="shops").number == before + 4


def seen(*products: Product) -> dict[str, str]:
    """Return the versions that a page shows now."""
    return {str(product.pk): review.compute_version(product) for product in products}


def test_publish_many_tells_which_and_why_not(product, shop, organiser, stranger, other_village):
    bare = make_product(shop, status="submitted", submitted_at=timezone.now(), freight_included=True)
    elsewhere = make_waiting_product(make_shop(stranger, other_village))
    done, refused = review.publish_many(Product.objects.all(), organiser, seen(product, bare, elsewhere))
    assert done == [product]
    assert refused == [(bare, ["还没有照片"])]
    assert put(elsewhere, "submitted").listed_at is None


@pytest.mark.long
def test_publish_many_of_ten_asks_no_more_to_find_them_than_of_one(shop, organiser):
    """Three queries find them, whatever the number; each then needs its own for consent, shipping and the stored check."""
    make_waiting_product(shop)
    for products in (1, 10):
        while Product.objects.filter(status=Status.SUBMITTED).count() < products:
            make_waiting_product(shop)
        organiser.granted  # noqa: B018 - the one query a request makes anyway
        shown = seen(*Product.objects.all())
        with connection.execute_wrapper(counter := Counter()):
            waiting = Product.objects.filter(status="submitted")
            assert len(review.publish_many(waiting, organiser, shown)[0]) == products
        assert (counter.reads, counter.writes) == (3 + 4 * products, 4 * products)


class Counter:
    """Count statements by kind, without savepoints."""

    reads = writes = 0

    def __call__(self, execute, sql, params, many, context):
        self.reads += sql.startswith("SELECT")
        self.writes += sql.startswith(("UPDATE", "INSERT"))
        return execute(sql, params, many, context)


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_published_four_times_at_once_is_decided_once(product, organiser):
    start, answers = threading.Barrier(4), []

    def decide() -> None:
        mine = Product.objects.get(pk=product.pk)
        try:
            start.wait(20)
            review.publish(mine, organiser)
            answers.append("done")
        except ActionNotAllowed:
            answers.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == ["done", "too late", "too late", "too late"]
    assert AuditEntry.objects.filter(verb="product_published").count() == 1
