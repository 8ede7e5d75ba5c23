"""A shop's lives are for its present sellers: a helper who leaves loses them."""

import pytest
from django.utils import timezone

from live.models import Livestream
from live.planning import plans
from live.readiness import checklist, checks
from tests.factories import add_helpers, make_person
from tests.lives import make_item, make_live, make_ready_live, make_ready_shop, open_codes, tick_all

Kind = Livestream.Kind


@pytest.fixture
def helper(shop):
    person = make_person("田小满")
    add_helpers(shop, person)
    return person


def fresh(live: Livestream) -> Livestream:
    return Livestream.objects.select_related("shop__owner", "place", "host", "drill").get(pk=live.pk)


def form_of(live: Livestream, **fields) -> dict:
    at = timezone.localtime(live.starts_at)
    facts = {"starts_on": f"{at:%Y-%m-%d}", "starts_time": f"{at:%H:%M}", "platform": "douyin"}
    return facts | {"planned_minutes": 60, "title": "专场"} | fields


@pytest.mark.parametrize("kind", [Kind.REAL, Kind.REHEARSAL])
def test_who_has_left_the_shop_plans_no_more_of_its_lives(as_user, helper, shop, product, kind):
    old = make_live(helper, shop=shop, kind=kind)
    make_item(old, product)
    assert as_user(helper).post(f"/live/{old.pk}/again/").url == f"/live/{old.pk + 1}/"
    shop.helpers.remove(helper)
    response = as_user(helper).post(f"/live/{old.pk}/again/", follow=True)
    assert Livestream.objects.count() == 2
    if kind == Kind.REAL:  # its sales name the shop's buyers
        assert response.status_code == 404
        return
    assert "这家店现在不归你卖货了，排不了它的直播" in [str(told) for told in response.context["messages"]]


def test_a_mentor_who_sat_beside_once_plans_none_either(as_user, seller, shop):
    mentor = make_person("向师傅")
    old = make_live(seller, shop=shop, kind=Kind.REAL, mentor=mentor)
    assert as_user(mentor).post(f"/live/{old.pk}/again/").url == f"/live/{old.pk}/"
    assert Livestream.objects.count() == 1


def test_again_is_spoken_by_who_asks_where_the_old_one_has_left(helper, seller, shop):
    old = make_live(helper, shop=shop, kind=Kind.REAL)
    shop.helpers.remove(helper)
    assert plans.repeat_plan(old, seller).host == seller


def test_a_live_planned_before_its_host_left_may_not_begin(helper, seller, shop, product):
    live = make_ready_live(seller, shop, product)
    Livestream.objects.filter(pk=live.pk).update(host=helper)
    sentence = "田小满现在不在这家店卖货，不能替它开播"
    assert sentence not in checks.list_missing_requirements(fresh(live))
    shop.helpers.remove(helper)
    assert sentence in checks.list_missing_requirements(fresh(live))


def test_a_helper_of_one_shop_is_not_planned_to_speak_for_another(as_user, seller, village, helper, shop):
    other = make_ready_shop(seller, village, name="另一家")
    live = make_live(seller, shop=shop, kind=Kind.REAL)
    url = f"/live/{live.pk}/edit/"
    response = as_user(seller).post(url, form_of(live, shop=other.pk, host=helper.pk))
    assert response.context["form"].errors == {"host": ["这个人不在选的这家店卖货，换一个"]}
    assert as_user(seller).post(url, form_of(live, shop=shop.pk, host=helper.pk)).status_code == 302
    assert fresh(live).host == helper


@pytest.mark.long
def test_another_host_is_checked_anew(as_user, seller, helper, shop, product):
    live = make_live(seller, shop=shop, kind=Kind.REAL)
    make_item(live, product)
    tick_all(live, seller)
    assert open_codes(live) == []
    data = form_of(live, host=seller.pk)
    as_user(seller).post(f"/live/{live.pk}/edit/", data)
    assert open_codes(live) == []
    as_user(seller).post(f"/live/{live.pk}/edit/", data | {"host": helper.pk})
    assert open_codes(live) == [checklist.Code.IDENTITY]
    newest = live.ticks.order_by("-id").first()
    assert (newest.is_done, newest.by) == (False, seller)
