"""Only what an organiser has seen is published: not what its seller changed since the page was loaded."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from shops.exceptions import ActionNotAllowed
from shops.listings import review
from shops.models import Product
from shops.sellers import services
from shops.traceability import batches
from tests.factories import make_batch, make_shop, make_waiting_product
from tests.pages import list_messages
from tests.shops.listings.test_admin import LIST, change_url, hidden, step
from tests.shops.listings.test_review import seen


@pytest.fixture
def product(seller, village) -> Product:
    return make_waiting_product(make_shop(seller, village))


def test_publish_refuses_what_its_seller_changed_meanwhile(product, organiser):
    shown = seen(product)
    Product.objects.get(pk=product.pk).mark_edited()
    with pytest.raises(ActionNotAllowed) as problem:
        review.publish(product, organiser)
    moved_on = "你打开这一页以后，卖家又改过，再看一遍再发布"
    assert problem.value.reasons == [moved_on]
    rows = Product.objects.all()
    assert review.publish_many(rows, organiser, shown) == ([], [(product, [moved_on])])
    assert review.publish_many(rows, organiser, {}) == (
        [],
        [(product, ["它不在你打开的这一页上，先看一看再发布"])],
    )
    assert not AuditEntry.objects.exists()
    assert review.publish_many(rows, organiser, seen(rows.get()))[0] == [product]


@pytest.mark.long
def test_what_its_seller_changed_since_the_page_was_loaded_is_not_published(
    organiser, product, client, settings
):
    settings.DEMO = True
    client.force_login(organiser)
    on_its_page, in_the_list = (
        hidden(client.get(url).content.decode()) for url in (change_url(product), reverse(LIST))
    )
    assert on_its_page == in_the_list == {f"seen-{product.pk}": review.compute_version(product)}
    product.mark_edited()
    refusal = "“冰糖橙”：你打开这一页以后，卖家又改过，再看一遍再发布。"
    url = reverse("admin:shops_product_publish", args=[product.pk])
    assert list_messages(client.post(url, on_its_page)) == [refusal]
    facts = {"action": "publish", "_selected_action": [product.pk], "index": "0"} | in_the_list
    assert list_messages(client.post(reverse(LIST), facts))[-1] == refusal
    product.refresh_from_db()
    assert product.status == Product.Status.SUBMITTED
    assert list_messages(step(client, "publish", product))[-1] == "发布了 1 款。"


def changed_batch(product: Product) -> None:
    batches.choose_batch(product, make_batch(product.shop), product.shop.owner)


def changed_card(product: Product) -> None:
    services.change_shop(product.shop, {"legal_name": "周梅香"}, product.shop.owner)


@pytest.mark.long
@pytest.mark.parametrize("change", [changed_batch, changed_card])
def test_what_stands_beside_it_is_seen_with_it(as_user, organiser, product, settings, change):
    settings.DEMO = True
    client, url = as_user(organiser), f"/me/queue/{product.pk}/"
    seen = client.get(url).context["review_context"].seen
    change(Product.objects.get(pk=product.pk))
    answer = client.post(f"{url}publish/", {"seen": seen, "sure": "1"}, follow=True)
    assert list_messages(answer) == [str(review.MOVED_ON)]
    seen = answer.context["review_context"].seen
    client.post(f"{url}publish/", {"seen": seen, "sure": "1"})
    product.refresh_from_db()
    assert product.status == "published"
