"""The script's page: saved whatever is found, checked while typing, corrected by one tap, stored in versions."""

import pytest

from live.scripts import services
from tests.factories import make_product
from tests.lives import PARTS, make_item, make_live, make_ready_live, make_script


def html(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def url(live, item):
    return f"/live/{live.pk}/items/{item.pk}/script/"


def test_a_script_is_saved(as_user, seller, item, url):
    page = html(as_user(seller).get(url))
    assert 'data-put="{价钱}" data-also="{price}" data-value="29.9元"' in page
    answer = as_user(seller).post(url, PARTS | {"do": "save"})
    assert answer.url == f"/live/{item.livestream_id}/"
    assert item.scripts.get().parts == PARTS
    assert item.scripts.get().made_by == seller


@pytest.mark.long
def test_a_blocked_line_is_kept_and_told(as_user, seller, item, url):
    answer = as_user(seller).post(url, PARTS | {"what": "全县最甜。", "do": "save"}, follow=True)
    assert answer.redirect_chain == [(url, 302)]
    assert "存好了。还有 1 处不能说。" in html(answer)
    assert "<mark>全县最甜</mark>" in html(answer)
    assert item.scripts.get().parts["what"] == "全县最甜。"


@pytest.mark.long
def test_a_finding_is_mended_by_its_button_without_a_script(as_user, seller, item, url):
    [found] = [slip for one in as_user(seller).post(url, {"what": "这是{品名}，最甜。", "do": "rewrite:what:0:0"}).context["form"].worded for slip in one["slot"].findings]  # fmt: skip # noqa: E501
    assert found.rewritten is not None
    page = as_user(seller).post(url, {"what": "这是{品名}，最甜。", "do": found.act})
    assert page.context["form"].shown["what"] == "这是{品名}，很甜。"
    assert item.scripts.count() == 0


@pytest.mark.parametrize("act", ["rewrite:", "rewrite:title:0:2", "rewrite:what:9:9", "rewrite:what:x"])
def test_an_unknown_mending_changes_nothing(as_user, seller, item, url, act):
    page = as_user(seller).post(url, {"what": "最甜。", "do": act})
    assert page.context["form"].shown["what"] == "最甜。"
    assert "这段话跟刚才不一样了，没有替你改。" in html(page)
    assert item.scripts.count() == 0


def test_too_long_a_part_is_told_and_kept(as_user, seller, item, url):
    page = as_user(seller).post(url, {"what": "甜" * 2001, "do": "save"})
    assert page.context["form"].errors == {"what": ["最多 2000 个字，多了 1 个"]}
    assert "甜" * 2001 in html(page)
    assert item.scripts.count() == 0
    page = html(as_user(seller).post(f"{url}wording/", {"field": "what", "what": "甜" * 20_000}))
    assert "一共 20,000 个字，太长，没有查。删到 4,000 个字以内再看。" in page


def test_the_drills_words_come_back_on_asking(as_user, seller, shop, drill):
    live = make_live(seller, shop=shop, drill=drill)
    item = make_item(live, make_product(shop))
    page = as_user(seller).post(f"/live/{live.pk}/items/{item.pk}/script/", {"who": "别的", "do": "drill"})
    assert page.context["form"].shown == PARTS
    assert item.scripts.count() == 0


def test_one_box_is_looked_at_while_it_is_typed(as_user, seller, item, url):
    page = html(
        as_user(seller).post(f"{url}wording/", {"field": "what", "what": "{品名}，全网最甜", "seen": ""})
    )
    assert 'id="wording-what"' in page
    assert "<mark>全网最甜</mark>" in page
    assert f'hx-post="{url}wording/"' in page
    assert item.scripts.count() == 0


def test_what_is_shown_already_is_not_drawn_again(as_user, seller, url):
    clean = as_user(seller).get(url).context["form"].worded[1]["slot"].seen
    told = {"field": "what", "what": "甜", "seen": clean}
    assert as_user(seller).post(f"{url}wording/", told).status_code == 204


@pytest.mark.parametrize("told", [{"field": "title"}, {}])
def test_odd_boxes_are_refused(as_user, seller, url, told):
    assert as_user(seller).post(f"{url}wording/", told).status_code == 422
    assert as_user(seller).get(f"{url}wording/").url == url


@pytest.mark.long
def test_versions_are_listed_and_an_older_one_taken_up(as_user, seller, item, url):
    make_script(item, who="第一遍。")
    make_script(item, who="第二遍。")
    page = html(as_user(seller).get(f"{url}versions/"))
    assert page.index("第二遍。") < page.index("第一遍。")
    assert as_user(seller).post(f"{url}versions/", {"number": 1}).url == url
    assert services.find_latest_versions([item])[item.pk].parts["who"] == "第一遍。"
    assert item.scripts.count() == 3
    for odd in ("", "x", "77", "9" * 30):
        assert as_user(seller).post(f"{url}versions/", {"number": odd}).status_code == 404


@pytest.mark.long
def test_script_tags_are_harmless(as_user, seller, item, url):
    as_user(seller).post(url, {"who": "<script>alert(1)</script>", "do": "save"})
    for page in (url, f"{url}versions/", f"/live/{item.livestream_id}/sheet/"):
        assert "<script>alert" not in html(as_user(seller).get(page))


@pytest.mark.long
def test_others_do_not_read_it(as_user, url, trainer, stranger):
    for person in (trainer, stranger):
        for page in (url, f"{url}versions/", f"{url}wording/"):
            assert as_user(person).get(page).status_code == 404
            assert as_user(person).post(page).status_code == 404


def test_the_sheet_has_the_rundown_and_the_scripts(as_user, seller, shop, product):
    live = make_ready_live(seller, shop, product, title="周五", platform_url="https://v.douyin.com/x")
    item = live.items.get()
    item.quota, item.talking_points = 5, "说风疤\n切开"
    item.save()
    second = make_item(live, make_product(shop, name="柚子"), minutes=8)
    answer = as_user(seller).get(f"/live/{live.pk}/sheet/")
    assert [row["at"] for row in answer.context["rows"]] == ["0:00", "0:10"]
    lines = answer.context["words"].splitlines()
    assert lines[0] == "周五"
    assert lines[2:] == [
        "https://v.douyin.com/x",
        "",
        "1. 0:00 冰糖橙 · 29.9元一箱 · 利润款 · 10 分钟 · 留 5箱",
        "   说风疤",
        "   切开",
        f"2. 0:10 {second} · 29.9元一箱 · 利润款 · 8 分钟",
    ]
    assert "净重5斤，29.9元一箱" in html(answer)
    assert "净重5斤，29.9元一箱" not in html(as_user(seller).get(f"/live/{live.pk}/sheet/?scripts=0"))
