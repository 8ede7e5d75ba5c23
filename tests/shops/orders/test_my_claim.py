"""The seller's page of a damage claim: photos next to that of the packed box, and an answer in fen, boxes or words."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from shops.models import Claim, StockMove
from shops.orders import transitions
from tests.factories import add_helpers, make_person
from tests.pages import list_messages, squeeze
from tests.shops.orders.order_requests import in_hand, ledger
from tests.shops.orders.seller_side import keyed, make_claim, make_document, order_at, page_url


@pytest.fixture
def mine(as_user, seller):
    return as_user(seller)


@pytest.fixture
def order(oranges, seller):
    """Two boxes of 5 斤, packed with a photo and sent: ¥59.80 and ¥9 freight."""
    order = order_at("paid", oranges, 2)
    key = keyed()["key"]
    transitions.pack(order, seller, key, 6100, make_document(seller, width=500))
    transitions.ship(order, seller, keyed()["key"], "中通快递", "78123456789012")
    assert order.total_fen == 6880
    return order


@pytest.fixture
def claim(order) -> Claim:
    return make_claim(order)


def url_of(claim: Claim) -> str:
    return f"{page_url(claim.order)}claims/{claim.pk}/"


def send(client, claim: Claim, **fields):
    response = client.post(url_of(claim), keyed(**fields), follow=True)
    claim.refresh_from_db()
    claim.order.refresh_from_db()
    return response


def test_it_works(mine, claim):
    page = mine.get(url_of(claim)).content.decode()
    photo, packed = claim.photos.get(), claim.order.events.get(verb="packed").photo
    for seen in ("压坏了两个", photo.key, packed.key, "12.2斤（6.1公斤）", "最多还能退 ¥68.80", "24 小时"):
        assert seen in page
    for document in (photo, packed):
        assert mine.get(f"{page_url(claim.order)}photos/{document.key}/").status_code == 200


@pytest.mark.long
def test_a_part_goes_back_in_fen(mine, claim, seller):
    response = send(mine, claim, way="refund", refund_fen="12.34", answer="对不住，退您两个的钱")
    assert list_messages(response) == ["告诉买家了。"]
    assert (claim.status, claim.refund_fen, claim.answered_by) == ("settled", 1234, seller)
    assert (claim.order.refunded_fen, claim.order.status) == (1234, "shipped")
    assert ledger(claim.order) == [("order", 6880, 5000), ("refund", -1234, 0)]
    page = mine.get(page_url(claim.order)).content.decode()
    for seen in ("处理坏果", "¥−12.34", "对不住，退您两个的钱"):
        assert seen in page


@pytest.mark.long
def test_never_more_than_was_paid(mine, claim):
    response = send(mine, claim, way="refund", refund_fen="68.81", answer="退您")
    assert response.context["form"].errors == {"refund_fen": ["最多还能退 ¥68.80"]}
    assert "退您" in response.content.decode()
    send(mine, claim, way="refund", refund_fen="68.80")
    second = make_claim(claim.order)
    response = send(mine, second, way="refund", refund_fen="0.01")
    assert response.context["form"].errors == {"refund_fen": ["最多还能退 ¥0.00"]}
    assert claim.order.refunded_fen == 6880


@pytest.mark.long
@pytest.mark.parametrize("typed", ["", "0", "-1", "abc", "1.234", "9" * 30])
def test_what_is_no_sum_is_asked_again(mine, claim, typed):
    response = send(mine, claim, way="refund", refund_fen=typed)
    assert list(response.context["form"].errors) == ["refund_fen"]
    assert claim.status == "open"


@pytest.mark.long
def test_boxes_are_sent_again_through_the_guard(mine, claim, oranges, seller):
    [line] = claim.order.lines.all()
    body = keyed(way="resend", answer="新单号 78999999999999") | {f"line-{line.pk}": "1"}
    for _tap in range(5):
        assert list_messages(mine.post(url_of(claim), body, follow=True))[-1] == "告诉买家了。"
    claim.refresh_from_db()
    assert (claim.resend, claim.refund_fen, in_hand(oranges)) == (True, 0, 7)
    move = StockMove.objects.get(reason="resent")
    assert (move.delta, move.order, move.actor) == (-1, claim.order, seller)
    assert "补发：冰糖橙 1 箱" in mine.get(page_url(claim.order)).content.decode()


@pytest.mark.long
def test_an_empty_stock_sends_nothing_again_and_loses_nothing(mine, claim, oranges):
    type(oranges).objects.update(stock=1)
    [line] = claim.order.lines.all()
    response = send(mine, claim, way="both", refund_fen="5", answer="都给您", **{f"line-{line.pk}": "2"})
    assert response.context["form"].non_field_errors() == ["“冰糖橙”只剩 1 箱，补发不了这么多。"]
    assert "都给您" in response.content.decode()
    assert (claim.status, claim.order.refunded_fen, StockMove.objects.filter(reason="resent").count()) == (
        "open",
        0,
        0,
    )
    assert [row[0] for row in ledger(claim.order)] == ["order"]


@pytest.mark.long
def test_no_more_boxes_than_were_bought(mine, claim):
    [line] = claim.order.lines.all()
    for typed in ("3", "-1", "0.5", "x", ""):
        response = send(mine, claim, way="resend", **{f"line-{line.pk}": typed})
        assert list(response.context["form"].errors) == [f"line-{line.pk}"]
    assert claim.status == "open"


@pytest.mark.long
def test_no_wants_a_reason(mine, claim):
    response = send(mine, claim, way="refuse", answer="不")
    assert response.context["form"].errors == {"answer": ["写清楚为什么不同意，买家才好明白"]}
    send(mine, claim, way="refuse", refund_fen="50", answer="照片里是别家的箱子")
    assert (claim.status, claim.refund_fen, claim.order.refunded_fen) == ("refused", 0, 0)


@pytest.mark.long
def test_answered_twice_says_so(mine, claim):
    send(mine, claim, way="refund", refund_fen="1")
    response = send(mine, claim, way="refund", refund_fen="2")
    assert list_messages(response)[-1] == "这一条已经处理过了。"
    assert claim.order.refunded_fen == 100
    assert "你的答复" in mine.get(url_of(claim)).content.decode()


@pytest.mark.long
def test_the_buyer_reads_the_answer_and_how_to_complain(mine, claim, client):
    send(mine, claim, way="refund", refund_fen="12.34", answer="对不住")
    client.post(reverse("shops:order_tail", args=[claim.order.token]), {"tail": str(claim.order.phone)[-4:]})
    page = client.get(claim.order.get_absolute_url()).content.decode()
    for seen in ("退 ¥12.34", "对不住", "我要投诉"):
        assert seen in page


@pytest.mark.long
def test_anothers_claim_is_not_there(as_user, shop, claim, oranges, stranger, organiser, trainee, seller):
    other = order_at("shipped", oranges)
    for person in (stranger, organiser, trainee):
        assert as_user(person).get(url_of(claim)).status_code == 404
        assert as_user(person).post(url_of(claim), keyed(way="refund", refund_fen="1")).status_code == 404
    assert as_user(seller).get(f"{page_url(other)}claims/{claim.pk}/").status_code == 404
    helper = make_person("帮手")
    add_helpers(shop, helper)
    send(as_user(helper), claim, way="refund", refund_fen="1")
    assert claim.answered_by == helper


@pytest.mark.long
def test_claim_that_waits_longer_than_was_promised_is_called_late(claim, mine):
    assert '"chip chip--ask">等你答复<' in squeeze(mine.get(url_of(claim)).content.decode())
    Claim.objects.update(at=timezone.now() - datetime.timedelta(hours=25))
    assert '"chip chip--stop">过了时间<' in squeeze(mine.get(url_of(claim)).content.decode())
