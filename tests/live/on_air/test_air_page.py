"""The second phone without scripts: every form works, shows errors at the field, and has no effect when repeated."""

import datetime
import re

import pytest

from accounts.models import Membership
from live.models import FlashPrice, LiveSale, Livestream, Pin, Slip
from live.on_air import host_actions, lifecycle, sales
from shops.models import StockMove
from tests.factories import make_person, make_product
from tests.live.on_air.airs import add_item, began_before, left, make_air, new, on_air, stock
from tests.lives import make_item, make_live, make_ready_live, make_ready_shop, make_script


def page_of(client, url: str) -> str:
    """The page with its whitespace as a browser shows it."""
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def form_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with this action."""
    form = re.search(rf'<form[^>]*action="{action}".*?</form>', page, re.S)[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


@pytest.fixture
def mine(as_user, helper):
    return as_user(helper)


def test_air_shows_what_is_left_and_takes_a_sale_by_one_tap(mine, air, item, helper):
    url, sale_url = f"/live/{air.pk}/air/", f"/live/{air.pk}/air/{item.pk}/sale/"
    page = page_of(mine, url)
    assert "<b data-there>30</b> " in page
    assert "<span data-price>29.90</span>" in page
    fields = form_of(page, sale_url) | {"quantity": "２"}  # a full-width digit
    for _tap in range(2):
        answer = mine.post(sale_url, fields, follow=True)
        assert answer.redirect_chain == [(url, 302)]
    page = answer.content.decode()
    assert "记下了：冰糖橙 2 箱。" in page
    assert "<b data-there>28</b> " in page
    assert "田小满" in page
    sale = LiveSale.objects.get()
    assert (sale.quantity, sale.price_fen, sale.by, left(item)) == (2, 2990, helper, 8)


def test_air_says_how_long_it_has_been_on(mine, air):
    began_before(air, hours=1, minutes=2, seconds=3)
    page = page_of(mine, f"/live/{air.pk}/air/")
    found = re.search(r'<time class="num"[^>]*data-seconds="(\d+)">(\d:\d\d:)\d\d</time>', page)
    assert (3723 <= int(found[1]) < 3783, found[2]) == (True, "1:02:")


@pytest.mark.long
def test_the_teleprompter_is_one_tap_away_and_leads_back_while_it_is_on(mine, air, helper):
    url = f"/live/{air.pk}/prompter/"
    assert f'href="{url}"' in page_of(mine, f"/live/{air.pk}/air/")
    assert f'href="/live/{air.pk}/air/" aria-label="返回"' in page_of(mine, url)
    lifecycle.end_live(air, helper)
    assert f'href="/live/{air.pk}/" aria-label="返回"' in page_of(mine, url)


@pytest.mark.parametrize(
    ("quantity", "said"),
    [("", "这一项要填"), ("0", "要大于 0"), ("-1", "不能是负数"), ("两箱", "用数字写"), ("1000001", "最多")],
)
def test_sale_of_no_number_says_so_beside_the_field(mine, air, item, quantity, said):
    answer = mine.post(
        f"/live/{air.pk}/air/{item.pk}/sale/", {"event_id": new(), "quantity": quantity, "price_fen": "19.9"}
    )
    page = answer.content.decode()
    assert (answer.status_code, said in page, 'value="19.9"' in page) == (200, True, True)
    assert not LiveSale.objects.exists()


def test_sale_at_another_price(mine, air, item):
    url = f"/live/{air.pk}/air/{item.pk}/sale/"
    assert 'value="29.90"' in page_of(mine, url)
    mine.post(url, {"event_id": new(), "quantity": 3, "price_fen": "25", "seen_fen": 2990})
    assert LiveSale.objects.get().price_fen == 2500


@pytest.mark.long
def test_sale_beyond_the_stock_is_told_in_red(mine, air, item):
    url = f"/live/{air.pk}/air/{item.pk}/sale/"
    page = mine.post(url, {"event_id": new(), "quantity": 33}, follow=True).content.decode()
    assert "超卖 3 箱，下播后要处理。" in page
    assert re.search(r'class="air__over" data-over role="status">.*?<b data-oversold>3</b>\s', page, re.S)


@pytest.mark.long
def test_sale_without_an_id_is_asked_for_again(mine, air, item):
    for event in ("", "not-an-id"):
        answer = mine.post(f"/live/{air.pk}/air/{item.pk}/sale/", {"event_id": event, "quantity": 1})
        assert (answer.status_code, "没看懂，再点一次" in answer.content.decode()) == (200, True)
    taken = sales.record_sale(item, 1, None, new())
    other = on_air(add_other(air))
    answer = mine.post(
        f"/live/{other.pk}/air/{other.items.get().pk}/sale/", {"event_id": taken.event_id, "quantity": 1}
    )
    assert "没看懂，再点一次" in answer.content.decode()
    assert LiveSale.objects.count() == 1


def add_other(air: Livestream) -> Livestream:
    other = make_air(air.shop)
    add_item(other, make_product(air.shop, name="脐橙"))
    return other


@pytest.mark.long
def test_undo_and_pin_and_flash_by_plain_forms(mine, air, item, helper):
    sale = sales.record_sale(item, 4, helper, new())
    url = f"/live/{air.pk}/air/"
    page = page_of(mine, url)
    undo = f"{url}{sale.event_id}/undo/"
    for _tap in range(2):
        page = mine.post(undo, form_of(page, undo), follow=True).content.decode() if _tap == 0 else page
    assert ("撤回了，货放回去了。" in page, left(item), "已撤回" in page) == (True, 10, True)
    pin = f"{url}{item.pk}/pin/"
    page = mine.post(pin, form_of(page, pin), follow=True).content.decode()
    assert "data-on>正在讲" in page
    assert Pin.objects.get().by == helper
    flash = f"{url}{item.pk}/flash/"
    answer = mine.post(flash, {"event_id": new(), "price_fen": "30", "minutes": 5})
    assert "限时价要比现在的 ¥29.90 低。" in answer.content.decode()
    mine.post(flash, {"event_id": new(), "price_fen": "19.9", "minutes": 5})
    assert "<span data-price>19.90</span>" in page_of(mine, url)
    mine.post(f"{url}{item.pk}/flash/stop/")
    assert "<span data-price>29.90</span>" in page_of(mine, url)
    assert FlashPrice.objects.count() == 1


@pytest.mark.parametrize("step", ["undo", "pin"])
def test_step_without_an_id_changes_nothing(mine, air, item, helper, step):
    sale = sales.record_sale(item, 4, helper, new())
    target = {"undo": f"{sale.event_id}/undo/", "pin": f"{item.pk}/pin/"}[step]
    page = mine.post(f"/live/{air.pk}/air/{target}", {"event_id": "?"}, follow=True).content.decode()
    assert "没看懂，再点一次" in page
    assert (LiveSale.objects.count(), Pin.objects.count()) == (1, 0)


@pytest.mark.long
def test_slip_is_kept_with_both_sentences(mine, air, item, helper):
    url = f"/live/{air.pk}/air/slip/"
    answer = mine.post(url, {"event_id": new(), "said": "全网最低", "right": "", "item": item.pk})
    page = answer.content.decode()
    assert ("这一项要填" in page, 'value="全网最低"' in page) == (True, True)
    event = new()
    for _tap in range(2):
        mine.post(url, {"event_id": event, "said": "全网最低", "right": "今天 5.98 元一斤", "item": item.pk})
    row = Slip.objects.get()
    assert (row.said, row.right, row.item, row.by) == ("全网最低", "今天 5.98 元一斤", item, helper)
    assert "“全网最低”改成“今天 5.98 元一斤”" in page_of(mine, f"/live/{air.pk}/sales/")


def test_start_says_what_lacks_and_where_it_is_mended(mine, shop, oranges):
    live = make_air(shop)
    add_item(live, oranges, quota=31)
    page = page_of(mine, f"/live/{live.pk}/start/")
    assert "还差几样" in page
    assert "给直播留 31，库存只有 30" in page
    assert f'href="/live/{live.pk}/checklist/?next=%2Flive%2F{live.pk}%2Fstart%2F"' in page
    assert mine.get(f"/live/{live.pk}/air/").headers["Location"] == f"/live/{live.pk}/start/"
    page = mine.post(f"/live/{live.pk}/start/").content.decode()
    assert "还差几样" in page
    live.refresh_from_db()
    assert live.started_at is None


@pytest.mark.long
def test_start_of_what_lacks_nothing_leads_to_the_air(as_user, seller, village):
    shop = make_ready_shop(seller, village)
    product = make_product(shop, stock=8, origin="石榴冲村", freight_included=True)
    live = make_ready_live(seller, shop, product)
    client = as_user(seller)
    assert "确定开播？" in page_of(client, f"/live/{live.pk}/start/")
    for _tap in range(2):
        assert client.post(f"/live/{live.pk}/start/").headers["Location"] == f"/live/{live.pk}/air/"
    live.refresh_from_db()
    assert (live.is_on, live.started_by) == (True, seller)
    frozen = live.frozen.get()
    assert frozen.script["price"].startswith("净重5斤，29.9元一箱")


@pytest.mark.long
def test_rehearsal_starts_with_something_to_show_and_is_stamped(as_user, trainee, village):
    live = make_live(trainee, place=village)
    make_script(make_item(live))
    client = as_user(trainee)
    client.post(f"/live/{live.pk}/start/")
    item = live.items.get()
    client.post(f"/live/{live.pk}/air/{item.pk}/sale/", {"event_id": new(), "quantity": 2, "seen_fen": 2990})
    for url in ("air", "sales"):
        assert "模拟" in page_of(client, f"/live/{live.pk}/{url}/")
    client.post(f"/live/{live.pk}/end/")
    page = page_of(client, f"/live/{live.pk}/sales/")
    assert ("59.80" in page, "记平台退款" in page, "模拟" in page) == (True, False, True)
    assert not StockMove.objects.exists()


@pytest.mark.long
def test_end_is_asked_once_more_and_twice_is_one(mine, air, item, oranges, helper):
    sales.record_sale(item, 4, helper, new())
    page = page_of(mine, f"/live/{air.pk}/end/")
    assert "卖了 4 箱" in page
    for _tap in range(2):
        answer = mine.post(f"/live/{air.pk}/end/")
        assert answer.headers["Location"] == f"/live/{air.pk}/sales/"
    assert stock(oranges) == 26
    assert "卖了的都进了账" in page_of(mine, f"/live/{air.pk}/sales/")
    for url in ("air", "end"):
        assert mine.get(f"/live/{air.pk}/{url}/").headers["Location"] == f"/live/{air.pk}/sales/"


@pytest.mark.long
def test_air_takes_as_many_queries_for_many(mine, air, item, helper, django_assert_num_queries):
    url = f"/live/{air.pk}/air/"
    page_of(mine, url)
    host_actions.feature_item(item, helper, new())
    with django_assert_num_queries(9):
        page_of(mine, url)
    for n in range(20):
        more = add_item(air, make_product(air.shop, name=f"橙{n}", stock=5))
        sales.record_sale(more, 7, helper, new())
        host_actions.start_flash_price(more, 1000, 5, helper, new())
    with django_assert_num_queries(10):  # of what was oversold, what was made good
        page_of(mine, url)


@pytest.mark.long
@pytest.mark.parametrize("who", ["stranger", "trainer", "organiser"])
def test_air_of_another_is_not_there(request, as_user, air, item, who):
    client = as_user(request.getfixturevalue(who))
    sale = sales.record_sale(item, 1, None, new())
    urls = ["start/", "air/", "end/", "now.json", "refund/", "air/slip/", f"sales/{item.pk}/settle/"]
    urls += [f"air/{item.pk}/{step}/" for step in ("sale", "flash")]
    for url in urls:
        assert client.get(f"/live/{air.pk}/{url}").status_code == 404
    for url in [*urls, f"air/{item.pk}/pin/", f"air/{item.pk}/flash/stop/", f"air/{sale.event_id}/undo/"]:
        if url not in ("now.json", "air/"):
            assert client.post(f"/live/{air.pk}/{url}", {"event_id": new(), "quantity": 1}).status_code == 404
    assert (LiveSale.objects.count(), Pin.objects.count()) == (1, 0)


def test_item_of_another_live_is_not_there(mine, air, shop):
    other = add_other(air)
    stray = other.items.get()
    for url in (f"air/{stray.pk}/sale/", f"air/{stray.pk}/flash/", f"sales/{stray.pk}/settle/"):
        assert mine.get(f"/live/{air.pk}/{url}").status_code == 404


def test_mentor_keys_in_and_a_helper_who_left_does_not(as_user, air, item, helper, shop, village):
    mentor = make_person("宋老师", (Membership.Role.MENTOR, village))
    Livestream.objects.update(mentor=mentor)
    assert as_user(mentor).get(f"/live/{air.pk}/air/").status_code == 200
    shop.helpers.remove(helper)
    assert as_user(helper).get(f"/live/{air.pk}/air/").status_code == 404


@pytest.mark.long
def test_forgotten_live_leads_to_its_sales(mine, air):
    began_before(air, hours=13)
    assert mine.get(f"/live/{air.pk}/air/").headers["Location"] == f"/live/{air.pk}/sales/"
    assert mine.get(f"/live/{air.pk}/now.json").json()["state"] == "over"
    lifecycle.end_forgotten_lives()
    air.refresh_from_db()
    assert air.ended_at - air.started_at == datetime.timedelta(hours=12)
