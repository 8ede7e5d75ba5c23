"""Facts of a batch: the pre-harvest interval of a spray, and what may still be changed once it was sold."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from shops.models import Batch, Deal, Pledge, Shop, Spray
from shops.traceability import batches
from tests.factories import make_batch, make_category, make_product, make_shop
from tests.shops.traceability.batch_form import typed
from ui.formats import day

DAY = datetime.timedelta(days=1)
PICKED = timezone.localdate() - 3 * DAY


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village, contact=seller.phone, address="石榴冲村三组 18 号")


@pytest.fixture
def kind(db):
    return make_category(hints="橙")


# --- the spray log ------------------------------------------------------------------------------------------


def sprayed(batch: Batch, days_before: int, interval: int) -> dict:
    day = batch.harvested_on - datetime.timedelta(days=days_before)
    return {"what": "吡虫啉", "on": day, "dose": "10 克兑水", "against": "蚜虫", "interval_days": interval}


@pytest.mark.parametrize(("days", "interval", "lawful"), [(14, 14, True), (13, 14, False), (0, 0, True)])
def test_interval_must_have_passed(days, interval, lawful, shop, seller):
    batch = make_batch(shop)
    if lawful:
        assert batches.add_spray(batch, sprayed(batch, days, interval), seller).waited_days >= interval
        return
    with pytest.raises(batches.TooEarly):
        batches.add_spray(batch, sprayed(batch, days, interval), seller)
    assert not Spray.objects.exists()


def test_too_early_names_the_first_lawful_day(shop, as_user, seller):
    batch = make_batch(shop, harvested_on=PICKED)
    url = reverse("shops:new_spray", args=[batch.pk])
    used = PICKED - 4 * DAY
    facts = {"what": "吡虫啉", "on": f"{used}", "dose": "10 克", "against": "蚜虫", "interval_days": "14"}
    form = as_user(seller).post(url, facts).context["form"]
    assert form.errors["interval_days"] == [
        f"吡虫啉是{day(used)}用的，要等 14 天，最早{day(used + 14 * DAY)}才能采；这一批{day(PICKED)}就采了"
    ]
    assert form["dose"].value() == "10 克"


def test_harvest_day_cannot_be_moved_into_the_interval(shop, kind, as_user, seller):
    batch = make_batch(shop, harvested_on=PICKED, category=kind)
    batches.add_spray(batch, sprayed(batch, 20, 14), seller)
    used, earlier = PICKED - 20 * DAY, PICKED - 14 * DAY
    answer = as_user(seller).post(
        reverse("shops:edit_batch", args=[batch.pk]), typed(harvested_on=f"{earlier}", grams="500")
    )
    assert answer.context["form"].errors["harvested_on"] == [
        f"吡虫啉是{day(used)}用的，要等 14 天，最早{day(used + 14 * DAY)}才能采；这一批{day(earlier)}就采了"
    ]


def test_spray_sent_twice_is_one_line(shop, seller):
    batch = make_batch(shop)
    facts = sprayed(batch, 20, 14)
    assert batches.add_spray(batch, facts, seller) == batches.add_spray(batch, facts, seller)


def test_spray_after_the_picking_is_not_of_this_batch(shop, as_user, seller):
    batch = make_batch(shop, harvested_on=PICKED)
    facts = {"what": "药", "on": f"{PICKED + DAY}", "dose": "1", "against": "虫", "interval_days": "0"}
    form = as_user(seller).post(reverse("shops:new_spray", args=[batch.pk]), facts).context["form"]
    assert form.errors["on"] == ["采了以后才用的，不算这一批的用药"]


# --- what was sold is not rewritten -------------------------------------------------------------------------


def sell(product) -> None:
    Deal.objects.create(product=product, price_fen=2990, net_grams=2500, unit="box", quantity=1)


def facts_of(batch: Batch, **changes) -> dict:
    names = (*batches.FACTS, "note", "is_public")
    return {name: getattr(batch, name) for name in names} | changes


def test_facts_of_a_fresh_batch_may_change(shop, seller):
    batch = make_batch(shop)
    assert batches.change_batch(batch, facts_of(batch, plot="河边"), [], seller) == ["plot"]
    batch.refresh_from_db()
    assert batch.plot == "河边"


@pytest.mark.parametrize("by", ["deal", "pledge", "withdrawn", "moved on"])
def test_facts_of_a_sold_or_pledged_batch_stay(by, shop, seller):
    batch, product = make_batch(shop), make_product(shop)
    batches.choose_batch(product, batch, seller)
    if by in ("deal", "moved on"):
        sell(product)
    if by == "moved on":
        batches.choose_batch(product, None, seller)
        batch.refresh_from_db()
    if by in ("pledge", "withdrawn"):
        pledge = batches.issue_pledge(batch, Pledge.Basis.CONTROL, seller)
        if by == "withdrawn":
            batches.withdraw_pledge(pledge, "写错了", seller)
    with pytest.raises(batches.Locked):
        batches.change_batch(batch, facts_of(batch, grams=1), [], seller)
    with pytest.raises(batches.Locked):
        batches.add_spray(batch, sprayed(batch, 30, 7), seller)
    assert batches.change_batch(batch, facts_of(batch, note="甜"), [], seller) == ["note"]
    assert Batch.objects.get().grams == 250_000


def test_form_of_a_sold_batch_keeps_its_facts_whatever_is_sent(shop, kind, as_user, seller):
    batch = make_batch(shop, category=kind)
    batches.issue_pledge(batch, Pledge.Basis.CONTROL, seller)
    as_user(seller).post(reverse("shops:edit_batch", args=[batch.pk]), typed(plot="别处", note="补一句"))
    batch.refresh_from_db()
    assert (batch.plot, batch.note) == ("屋后老井边", "补一句")


def test_correction_stands_beside_what_was_said(shop, as_user, seller, client):
    batch = make_batch(shop)
    as_user(seller).post(reverse("shops:new_note", args=[batch.pk]), {"text": "地块写错了，是河边那块"})
    client.logout()
    html = client.get(batch.get_absolute_url()).content.decode()
    assert "补充：地块写错了，是河边那块" in html
    assert "屋后老井边" in html


# --- what buyers read of it -----------------------------------------------------------------------------------


def test_forbidden_words_are_refused_in_what_buyers_read_of_a_batch(shop, kind, as_user, seller):
    url = f"{reverse('shops:new_batch')}?shop={shop.pk}"
    wrong = typed(name="最甜冰糖橙", note="我家有机的，糖度＿＿度")
    form = as_user(seller).post(url, wrong).context["form"]
    assert form.errors == {
        "name": ["“最甜”不能用：这是绝对化用语，没有证明不能说。说量过的数、自家的事。"],
        "note": ["“＿＿”不能用：这里还空着。填上真实的数再发布；没有这个数，就把这句删掉。"],
    }
    assert form["note"].value() == "我家有机的，糖度＿＿度"
    assert not Batch.objects.exists()


def test_forbidden_words_are_refused_in_origin_grower_instrument_and_correction(shop, kind, as_user, seller):
    client, url = as_user(seller), f"{reverse('shops:new_batch')}?shop={shop.pk}"
    wrong = typed(
        origin="全国最甜的石榴冲", grower_name="降血压果园", brix_tenths="12.1", brix_tool="国家级糖度计"
    )
    wrong["brix_on"] = wrong["harvested_on"]
    form = client.post(url, wrong).context["form"]
    told = {name: [one.split("：")[0] for one in said] for name, said in form.errors.items()}
    assert told == {
        "origin": ["“全国最甜”不能用"],
        "grower_name": ["“降血压”不能用"],
        "brix_tool": ["“国家级”不能用"],
    }
    assert not Batch.objects.exists()
    batch = make_batch(shop)
    form = client.post(reverse("shops:new_note", args=[batch.pk]), {"text": "全网最低价"}).context["form"]
    assert [one.split("：")[0] for one in form.errors["text"]] == ["“全网最低价”不能用"]
    assert not batch.notes.exists()
