"""承诺达标合格证: who must issue it, its contents, that it never changes, and the page of its code."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from shops.exceptions import ActionNotAllowed
from shops.models import Batch, Pledge, Shop
from shops.traceability import batches
from tests.factories import make_batch, make_shop
from tests.pages import list_messages
from tests.shops.codes import read_code


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village, contact="+8613900000003", address="石榴冲村三组 18 号")


@pytest.fixture
def batch(shop) -> Batch:
    return make_batch(shop, name="冰糖橙", grams=250_000)


def test_one_tap_issues_it_with_all_its_fields(batch, as_user, seller):
    answer = as_user(seller).post(reverse("shops:issue_pledge", args=[batch.pk]))
    pledge = Pledge.objects.get()
    assert answer.headers["Location"] == reverse("shops:pledge", args=[pledge.pk])
    assert (pledge.name, pledge.grams, pledge.origin) == ("冰糖橙", 250_000, "柚山县青溪镇石榴冲村")
    assert (pledge.promiser, pledge.contact, pledge.basis) == ("周梅英", "139 0000 0003", "control")
    assert pledge.issued_on == timezone.localdate()
    assert pledge.promise == batches.GROWN
    assert pledge.number == f"HG{timezone.localdate():%Y%m%d}-{batch.shop_id}-1"
    assert AuditEntry.objects.get(verb="pledge_issued").detail == {"name": pledge.number}


def test_second_tap_finds_the_first(batch, seller):
    first = batches.issue_pledge(batch, "control", seller)
    assert batches.issue_pledge(batch, "own_test", seller) == first
    assert Pledge.objects.count() == 1


def test_it_stays_as_it_was_when_the_shop_changes(batch, seller):
    pledge = batches.issue_pledge(batch, "control", seller)
    Shop.objects.update(legal_name="别人", contact="+8613911112222")
    pledge.refresh_from_db()
    assert (pledge.promiser, pledge.contact) == ("周梅英", "139 0000 0003")


def test_who_gathered_it_promises_for_the_gathering(shop, seller):
    Shop.objects.update(seller="company", licence_no="914312990000009507", sources="mixed", exemption="")
    batch = make_batch(Shop.objects.get(), grower_name="五户人家")
    assert batches.issue_pledge(batch, "own_test", seller).promise == batches.GATHERED


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"legal_name": ""}, "先把卖家名片和地址填好，合格证上要写是谁承诺的"),
        ({"address": ""}, "先把卖家名片和地址填好，合格证上要写是谁承诺的"),
        ({"contact": ""}, "先公开一个联系电话，合格证上要写"),
    ],
)
def test_without_a_promiser_there_is_none(change, sentence, batch, as_user, seller):
    Shop.objects.update(**change)
    answer = as_user(seller).post(reverse("shops:issue_pledge", args=[batch.pk]), follow=True)
    assert list_messages(answer) == [sentence]
    assert not Pledge.objects.exists()


def test_unknown_basis_is_refused(batch, seller):
    with pytest.raises(ActionNotAllowed):
        batches.issue_pledge(batch, "feeling", seller)


def test_withdrawn_one_is_told_with_its_reason_and_a_new_one_may_follow(batch, as_user, seller, client):
    first = batches.issue_pledge(batch, "control", seller)
    url = reverse("shops:withdraw_pledge", args=[first.pk])
    assert as_user(seller).post(url, {"reason": ""}).context["form"].errors["reason"] == ["这一项要填"]
    as_user(seller).post(url, {"reason": "重量写错了"})
    client.logout()
    html = client.get(batch.get_absolute_url()).content.decode()
    assert f"合格证 {first.number} 已在" in html
    assert "重量写错了" in html
    second = batches.issue_pledge(batch, "control", seller)
    assert second.number.endswith("-2")
    with pytest.raises(ActionNotAllowed):
        batches.withdraw_pledge(first, "再一次", seller)


def test_printed_page_says_it_in_the_words_of_the_rule(batch, as_user, seller):
    pledge = batches.issue_pledge(batch, "control", seller)
    html = as_user(seller).get(reverse("shops:pledge", args=[pledge.pk])).content.decode()
    for word in (
        "产品名称",
        "数量（重量）",
        "产地",
        "开具日期",
        "承诺主体",
        "联系方式",
        "承诺依据",
        pledge.number,
    ):
        assert word in html
    assert '<figcaption class="center">承诺达标合格证' in html
    assert ' style="' not in html


def test_another_shops_pledge_is_not_there(batch, as_user, seller, stranger):
    pledge = batches.issue_pledge(batch, "control", seller)
    for route in ("pledge", "withdraw_pledge"):
        url = reverse(f"shops:{route}", args=[pledge.pk])
        assert as_user(stranger).get(url).status_code == 404
        assert as_user(stranger).post(url, {"reason": "坏"}).status_code in (404, 405)
    assert Pledge.objects.get().withdrawn_at is None


def test_code_is_read_by_another_library(batch, as_user, seller):
    pledge = batches.issue_pledge(batch, "control", seller)
    page = as_user(seller).get(reverse("shops:pledge", args=[pledge.pk])).content.decode()
    assert read_code(page) == f"http://testserver{batch.get_absolute_url()}"


# --- the page behind the code -------------------------------------------------------------------------------


def test_trace_tells_where_it_comes_from(batch, seller, client):
    batches.issue_pledge(batch, "control", seller)
    day = batch.harvested_on - datetime.timedelta(days=23)
    batch.sprays.create(on=day, what="吡虫啉", dose="10 克兑 15 公斤水", against="蚜虫", interval_days=14)
    answer = client.get(batch.get_absolute_url())
    html = answer.content.decode()
    for words in (
        "屋后老井边",
        "周梅英",
        "500斤",
        "规定要等 14 天才能采，等了 23 天。",
        "139 0000 0003",
        batches.GROWN,
    ):
        assert words in html
    assert answer["ETag"]
    assert client.get(batch.get_absolute_url(), headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_trace_without_a_spray_log_does_not_say_that_nothing_was_sprayed(batch, client):
    html = client.get(batch.get_absolute_url()).content.decode()
    assert "果农没有记过用药。" in html


def test_trace_hides_a_villagers_name_and_number_once_they_take_their_word_back(batch, seller, client):
    batches.issue_pledge(batch, "control", seller)
    seller.consents.update(withdrawn_at=timezone.now())
    html = client.get(batch.get_absolute_url()).content.decode()
    assert "周梅英" not in html.replace(batch.shop.name, "")
    assert "139 0000 0003" not in html


@pytest.mark.parametrize(
    "code", ["ABCDEFGHJK", "short", "ABCDEFGHJ1", "../../etc", "冰糖橙冰糖橙冰糖橙冰", "%00%00"]
)
def test_unknown_code_is_not_found(code, batch, client):
    assert client.get(f"/trace/{code}/").status_code == 404


def test_code_typed_small_leads_there(batch, client):
    assert client.get(f"/trace/{batch.code.lower()}/").headers.get("Location", f"/trace/{batch.code}/") == (
        batch.get_absolute_url()
    )


def test_batch_that_is_not_public_is_for_its_own(batch, client, as_user, seller, organiser, stranger):
    Batch.objects.update(is_public=False)
    assert client.get(batch.get_absolute_url()).status_code == 404
    found = [
        as_user(person).get(batch.get_absolute_url()).status_code for person in (seller, organiser, stranger)
    ]
    assert found == [200, 200, 404]


def test_trace_takes_the_same_queries_however_much_hangs_on_it(
    batch, client, seller, django_assert_num_queries
):
    client.get(batch.get_absolute_url())
    for number in range(5):
        batch.notes.create(text=f"第{number}条")
        batch.sprays.create(on=batch.harvested_on, what="药", dose="1", against="虫", interval_days=0)
    batch.save()
    with django_assert_num_queries(8):
        client.get(batch.get_absolute_url())
