from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Notice
from shops.complaints import services
from shops.models import Complaint
from tests.factories import make_product, make_shop

TEXT = {"text": "收到的橙子烂了一半，打电话不接", "name": "王先生", "phone": "13812345678"}


@pytest.fixture(autouse=True)
def _without_a_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def product(seller, village):
    return make_product(make_shop(seller, village))


def complain(client, product, **fields):
    return client.post(f"/complaints/?product={product.pk}", TEXT | fields)


def test_complaint_gets_a_number_a_day_and_a_link(client, product):
    answer = complain(client, product)
    row = Complaint.objects.get()
    assert answer.url == f"/complaints/{row.token}/"
    assert (row.product, row.shop, row.place) == (product, product.shop, product.place)
    assert row.due_at - row.at < timedelta(days=7, minutes=1)
    page = client.get(answer.url).content.decode()
    assert row.number in page
    assert "13812345678" not in page
    assert AuditEntry.objects.get().verb == "complaint_made"


def test_complaint_sent_twice_is_one(client, product):
    assert complain(client, product).url == complain(client, product).url
    assert Complaint.objects.count() == 1


def test_complaint_is_told_what_is_wrong_with_nothing_lost(client, product):
    page = complain(client, product, phone="12", text="烂")
    assert set(page.context["form"].errors) == {"phone", "text"}
    assert page.context["form"]["name"].value() == "王先生"


def test_complaints_of_one_phone_are_limited_while_they_wait(client, product):
    for n in range(4):
        page = complain(client, product, text=f"第 {n} 次说，橙子烂了")
    assert Complaint.objects.count() == 3
    assert page.status_code == 200


def test_complaint_by_a_machine_is_dropped(client, product):
    complain(client, product, website="http://x")
    assert Complaint.objects.count() == 0


def test_complaint_without_anything_to_complain_of_leads_on(client, db):
    assert "投诉什么" in client.get("/complaints/").content.decode()
    assert client.get("/complaints/?product=99999").status_code == 404
    assert client.get("/complaints/?order=guessed").status_code == 404
    assert client.get("/complaints/guessed/").status_code == 404


def test_organiser_answers_once_and_the_complainer_is_told(client, as_user, organiser, product):
    complain(client, product)
    row = Complaint.objects.get()
    url = f"/me/complaints/{row.pk}/"
    as_user(organiser).post(url, {"answer": "查过了，卖家三天内退款。"})
    as_user(organiser).post(url, {"answer": "第二个答复不算数的。"})
    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("查过了，卖家三天内退款。", organiser)
    assert Notice.objects.get().params == {"number": row.number, "link": f"/complaints/{row.token}/"}
    assert "三天内退款" in client.get(f"/complaints/{row.token}/").content.decode()


def test_overdue_complaints_come_first_and_only_the_places_own(
    client, as_user, organiser, stranger, seller, product
):
    complain(client, product)
    complain(client, product, text="另一件事：少了一箱")
    late = Complaint.objects.order_by("-id").first()
    Complaint.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=1))
    rows = as_user(organiser).get("/me/complaints/").context["rows"]
    assert [(row.pk, row.overdue) for row in rows][0] == (late.pk, True)
    assert services.list_unanswered(stranger).count() == 0
    assert as_user(stranger).get(f"/me/complaints/{late.pk}/").status_code == 404
    assert as_user(seller).get("/me/complaints/").status_code == 404


@pytest.mark.parametrize("address", ["?order=%00", "?shop=%00", "%00/", f"{'x' * 60}/"])
def test_odd_addresses_are_not_found(client, db, address):
    assert client.get(f"/complaints/{address}").status_code == 404
