from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shops.listings import review
from shops.models import Product, Proof
from shops.texts import evidence
from tests.factories import make_shop, make_waiting_product

URL = "/me/queue/"


@pytest.fixture(autouse=True)
def _without_a_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village)


@pytest.fixture
def product(shop):
    return make_waiting_product(shop, submitted_at=timezone.now() - timedelta(hours=3))


def test_queue_shows_what_waited_longest_and_how_many(as_user, organiser, shop, product):
    later = make_waiting_product(shop)
    page = as_user(organiser).get(URL)
    assert (page.context["product"], page.context["count"]) == (product, 2)
    assert (page.context["before"], page.context["after"]) == (None, later.pk)
    page = as_user(organiser).get(f"{URL}{later.pk}/")
    assert (page.context["before"], page.context["after"]) == (product.pk, None)


def test_queue_is_empty_and_says_so(as_user, organiser):
    assert "都看完了" in as_user(organiser).get(URL).content.decode()


def test_queue_is_not_there_for_others(as_user, seller, stranger, product):
    assert as_user(seller).get(URL).status_code == 404
    assert as_user(stranger).get(URL).context["count"] == 0
    assert as_user(stranger).post(f"{URL}{product.pk}/publish/").status_code == 404


def test_queue_asks_for_the_second_factor(as_user, organiser, product, settings):
    settings.DEMO = False
    assert as_user(organiser).get(URL).url == "/accounts/2fa/totp/activate/"


@pytest.mark.long
def test_queue_asks_no_more_for_twenty_four(as_user, organiser, shop, product):
    client, counts = as_user(organiser), []
    for rows in (1, 24):
        while Product.objects.filter(status="submitted").count() < rows:
            make_waiting_product(shop)
        client.get(URL)
        with CaptureQueriesContext(connection) as asked:
            client.get(URL)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_publish_takes_only_what_was_seen(as_user, organiser, product):
    client = as_user(organiser)
    client.post(f"{URL}{product.pk}/publish/", {"seen": "2020"})
    product.refresh_from_db()
    assert product.status == "submitted"
    answer = client.post(f"{URL}{product.pk}/publish/", {"seen": review.compute_version(product)})
    product.refresh_from_db()
    assert (answer.url, product.status, product.decided_by) == (URL, "published", organiser)


@pytest.mark.long
def test_publish_asks_once_more_where_findings_stand(as_user, organiser, product):
    Product.objects.update(description="糖度14度。")
    Proof.objects.create(product=product, rule="A5", words="糖度14度", asks=True)
    client, sent = as_user(organiser), {"seen": review.compute_version(product)}
    page = client.post(f"{URL}{product.pk}/publish/", sent)
    assert "确定发布" in page.content.decode()
    product.refresh_from_db()
    assert product.status == "submitted"
    client.post(f"{URL}{product.pk}/publish/", sent | {"sure": "1"})
    product.refresh_from_db()
    assert product.status == "published"


def test_publish_never_passes_blocking_words(as_user, organiser, product):
    Product.objects.update(name="最甜冰糖橙")
    sent = {"seen": review.compute_version(product), "sure": "1"}
    as_user(organiser).post(f"{URL}{product.pk}/publish/", sent)
    product.refresh_from_db()
    assert product.status == "submitted"


def test_send_back_needs_a_reason_and_takes_a_quick_one(as_user, organiser, product):
    client = as_user(organiser)
    client.post(f"{URL}{product.pk}/return/", {"reason": " "})
    product.refresh_from_db()
    assert product.status == "submitted"
    client.post(f"{URL}{product.pk}/return/", {"reason": "", "quick": "照片看不清，重拍一张"})
    product.refresh_from_db()
    assert (product.status, product.return_reason) == ("returned", "照片看不清，重拍一张")


@pytest.mark.long
def test_appeal_of_a_draft_waits_in_the_queue_until_it_is_decided(as_user, organiser, seller, product):
    Product.objects.update(name="最甜冰糖橙", status="draft")
    product.refresh_from_db()
    check = evidence.appeal_finding(product, "最甜是商标名", seller)
    page = as_user(organiser).get(URL)
    assert (page.context["product"], page.context["appeal"]) == (product, check)
    url = f"{URL}{product.pk}/appeal/"
    as_user(organiser).post(url, {"check": check.pk, "do": "pass", "reason": "商标证看过了"})
    assert as_user(organiser).get(URL).context["count"] == 0
    review.submit(product, seller)
    assert product.status == "submitted"


def test_send_back_of_what_somebody_else_has_published_leaves_it_on_sale(as_user, organiser, product):
    review.publish(product, organiser)
    answer = as_user(organiser).post(f"{URL}{product.pk}/return/", {"reason": "照片看不清"}, follow=True)
    product.refresh_from_db()
    assert (product.status, product.return_reason) == ("published", "")
    assert "这一款已经有人处理过了。" in answer.content.decode()


def test_reasons_hold_nothing_that_a_database_refuses(as_user, organiser, product):
    as_user(organiser).post(f"{URL}{product.pk}/return/", {"reason": "照片\0看不清"})
    product.refresh_from_db()
    assert product.return_reason == "照片\ufffd看不清"


@pytest.mark.long
def test_a_listing_that_lacks_something_cannot_be_published_by_a_tap(as_user, organiser, product):
    page = as_user(organiser).get(URL).content.decode()
    assert 'data-key="p">' in page
    Product.objects.update(freight_included=False)
    page = as_user(organiser).get(URL).content.decode()
    assert "还没说运费：填运费表，或者勾上包邮，或者写个自提点" in page
    assert 'data-key="p" disabled aria-describedby="not-yet">' in page
    assert 'class="pic pic--hero"' in page


@pytest.mark.long
def test_the_whole_queue_can_be_chosen_from_page_by_page(as_user, organiser, shop):
    for n in range(30):
        make_waiting_product(shop, name=f"橙{n}", submitted_at=timezone.now() - timedelta(hours=40 - n))
    client = as_user(organiser)
    page = client.get(f"{URL}all/")
    assert [one.name for one in page.context["page"].items] == [f"橙{n}" for n in range(24)]
    rest = client.get(f"{URL}all/", {"after": page.context["page"].after})
    assert [one.name for one in rest.context["page"].items] == [f"橙{n}" for n in range(24, 30)]
    assert f"{URL}all/" in client.get(URL).content.decode()
