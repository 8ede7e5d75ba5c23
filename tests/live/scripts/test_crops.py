"""A seller is offered script, answers and description of such goods; nothing typed is lost, nothing unknown is stated."""

import datetime
import re

import pytest
from django.utils import timezone

from courses.crops.packs import load_packs
from live.models import RundownItem
from live.scripts import crops, placeholders
from shops.models import Paper
from tests.factories import make_batch, make_paper, make_product
from tests.lives import PARTS, make_item, make_live

POMELO = load_packs()["pomelo"]


def html(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def product(shop):
    return make_product(shop, name="石榴冲香柚", stock=8, variety="沙田柚", freight_included=True)


@pytest.fixture
def url(live, item):
    return f"/live/{live.pk}/items/{item.pk}/script/"


def test_blanks_of_every_pack_are_filled_or_stop_a_live(item):
    for pack in load_packs().values():
        assert all(row.fact in ("", *placeholders.ENGLISH_NAMES) for row in pack.spec)
        for script in pack.scripts:
            typed = "".join(script.parts.values())
            filled = placeholders.fill_text(typed, item)
            assert "{净重}" not in filled.text
            left = set(placeholders.PLACEHOLDER.findall(filled.text))
            assert left == set(filled.unknown)


@pytest.mark.long
def test_pack_is_offered_and_its_script_put_in_by_one_tap(as_user, seller, item, url):
    client = as_user(seller)
    page = html(client.get(url))
    assert "这是香柚？看看香柚怎么讲" in page
    assert f'href="/courses/crops/pomelo/?next={url.replace("/", "%2F")}"' in page
    answer = client.post(url, PARTS | {"do": "crop:3"})
    assert answer.url == f"{url}?before=1"
    assert [one.parts for one in item.scripts.order_by("number")] == [PARTS, dict(POMELO.scripts[1].parts)]
    page = html(client.get(answer.url))
    assert "刚才写的没丢，是第 1 版。" in page
    assert "还没写：采摘日" in page  # the batch is not recorded, so a real live does not begin
    assert "5斤一箱，29.9元，算下来5.98元一斤" in placeholders.get_filled_text(POMELO.scripts[1].price, item)


def test_tap_is_undone_and_what_was_typed_meanwhile_stays(as_user, seller, item, url):
    client = as_user(seller)
    client.post(url, PARTS | {"do": "crop:1"})
    typed = PARTS | {"who": "改了一句。"}
    answer = client.post(f"{url}?before=1", typed | {"do": "crop-undo:1"})
    assert answer.url == url
    versions = [one.parts for one in item.scripts.order_by("number")]
    assert versions == [PARTS, dict(POMELO.scripts[0].parts), typed, PARTS]


def test_text_that_is_too_long_is_told_and_nothing_is_replaced(as_user, seller, item, url):
    page = as_user(seller).post(url, PARTS | {"what": "甜" * 2001, "do": "crop:3"})
    assert list(page.context["form"].errors) == ["what"]
    assert item.scripts.count() == 0


@pytest.mark.parametrize("act", ["crop:2", "crop:", "crop-undo:9", "crop-undo:x"])
def test_script_that_is_not_there_changes_nothing(as_user, seller, item, url, act):
    page = html(as_user(seller).post(url, PARTS | {"do": act}, follow=True))
    assert "没有换，脚本还是原来的。" in page
    assert item.scripts.count() == 0


def test_goods_whose_paper_the_shop_lacks_get_no_script(as_user, seller, shop, live):
    item = make_item(live, make_product(shop, name="后腿腊肉"))
    url = f"/live/{live.pk}/items/{item.pk}/script/"
    client = as_user(seller)
    page = html(client.get(url))
    assert "这样货要有证才能卖" in page
    assert "没有证怎么办" in page
    assert f"/papers/new/?shop={shop.pk}&amp;kind=licence" in page
    assert 'value="crop:3"' not in page
    client.post(url, PARTS | {"do": "crop:3"})
    assert item.scripts.count() == 0
    assert crops.list_answers([item]) == []
    paper = make_paper(shop, kind="licence", status="accepted")
    assert 'value="crop:3"' in html(client.get(url))
    Paper.objects.filter(pk=paper.pk).update(expires_on=timezone.localdate() - datetime.timedelta(days=1))
    assert 'value="crop:3"' not in html(client.get(url))


def test_goods_typed_by_hand_need_the_paper_of_their_shop(live, seller, village):
    assert crops.find_offer(make_item(live, name="自家蜂蜜")).needs
    make_paper(live.shop, kind="licence", status="accepted")
    assert not crops.find_offer(make_item(live, name="自家蜂蜜")).needs
    assert crops.find_offer(make_item(make_live(seller, village), name="自家蜂蜜")).needs


def test_answers_stand_below_the_teleprompters_text(as_user, seller, item, live):
    page = html(as_user(seller).get(f"/live/{live.pk}/prompter/"))
    assert page.count("<dt>") == 15
    assert "<dt>籽多不多？</dt>" in page
    assert "（还没写：糖度）" in page


@pytest.mark.parametrize("count", [1, 12])
def test_answers_of_a_live_take_one_query_more_for_papers(shop, live, count, django_assert_num_queries):
    make_paper(shop, kind="licence", status="accepted")
    for number in range(count):
        make_item(
            live, make_product(shop, name=f"后腿腊肉{number}", freight_included=True), position=number + 1
        )
    items = live.load_items()
    live.has_public_contact  # noqa: B018 - a fact of the shop, read once a live
    with django_assert_num_queries(1):
        assert len(crops.list_answers(items)) == count


# --- the seller's own pages ---


@pytest.mark.long
def test_page_of_a_product_offers_its_script_for_each_plan(as_user, seller, product, item, url):
    client = as_user(seller)
    page = html(client.get(f"/me/shop/products/{product.pk}/"))
    assert f'action="{url}"' in page
    assert "放进“练一场”的脚本，原来写的不会丢：" in page
    assert client.post(url, {"do": "crop:5"}).url == url
    assert item.scripts.get().parts == dict(POMELO.scripts[2].parts)


def test_product_without_a_plan_gets_a_rehearsal_with_the_script_once(as_user, seller, product):
    client = as_user(seller)
    page = html(client.get(f"/me/shop/products/{product.pk}/"))
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', page)[1]
    sent = {"do": "crop:3", "product": product.pk, "key": key}
    answers = [client.post("/live/new/", sent) for _twice in range(2)]
    item = RundownItem.objects.get()
    plan = f"/live/{item.livestream_id}/"
    assert [answer.url for answer in answers] == [f"{plan}items/{item.pk}/script/", plan]
    assert (item.livestream.kind, item.livestream.planned_minutes, item.minutes) == ("rehearsal", 3, 3)
    assert item.scripts.order_by("-number")[0].parts == dict(POMELO.scripts[1].parts)
    assert item.scripts.count() == 2


def test_rehearsal_is_planned_of_ones_own_product_only(as_user, stranger, product):
    assert as_user(stranger).post("/live/new/", {"do": "crop:3", "product": product.pk}).status_code == 404
    assert not RundownItem.objects.exists()


@pytest.mark.parametrize(
    ("name", "act"), [("后腿腊肉", "crop:3"), ("冰糖橙", "crop:3"), ("香柚", "crop:99999")]
)
def test_no_rehearsal_is_planned_with_a_script_that_is_not_offered(as_user, seller, shop, name, act):
    product = make_product(shop, name=name)
    answer = as_user(seller).post("/live/new/", {"do": act, "product": product.pk}, follow=True)
    assert "没看懂，再点一次" in html(answer)
    assert not RundownItem.objects.exists()


def test_description_states_only_what_is_recorded(product):
    lines = crops.find_product_pattern(product).text.split("\n")
    assert lines[:5] == ["品种：沙田柚", "单果重：＿", "一箱净重和个数：5斤，＿", "果形：＿", "糖度：＿"]
    assert lines[-4:] == ["毛病先说：＿", "怎么放：＿", "付款后＿天内发。", "收到坏的怎么赔：＿"]
    day = timezone.localdate()
    product.batch = make_batch(
        product.shop, harvested_on=day, brix_tenths=121, brix_on=day, brix_tool="糖度计"
    )
    lines = crops.find_product_pattern(product).text.split("\n")
    assert lines[4].startswith("糖度：12.1度，")
    assert lines[8].startswith("采收日和发汗天数：")
    assert lines[8].endswith("，＿")


def test_goods_without_a_pack_are_offered_nothing(as_user, seller, shop, live):
    product = make_product(shop, name="冰糖橙")
    assert crops.find_product_pattern(product) is None
    assert crops.find_offer(make_item(live, product)) is None
    assert 'id="pattern"' not in html(as_user(seller).get(f"/me/shop/products/{product.pk}/"))
