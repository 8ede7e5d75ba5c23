import re

import pytest

from shops.catalogue import views
from shops.models import Village
from tests.factories import make_county, make_person, make_photo, make_product, make_shop
from tests.pages import squeeze


@pytest.fixture
def page(village) -> Village:
    village.village.story = "石榴冲在青溪上游。"
    village.village.cover = make_photo()
    village.village.save()
    return village.village


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village, name="梅姨家的橙园", story="树是 2014 年栽的。")


def headings(html: str, level: int) -> list[str]:
    return [re.sub(r"<[^>]*>", "", found) for found in re.findall(rf"<h{level}[^>]*>(.*?)</h{level}>", html)]


def test_village_list_works(client, page):
    html = client.get("/villages/").content.decode()
    assert headings(html, 2) == [str(one) for one in Village.objects.order_by("slug")]
    assert "石榴冲在青溪上游。" in html
    assert page.cover.src in html


def test_village_list_goes_on(client, db):
    make_county("柚山县", "青溪镇", [f"{n}号村" for n in range(30)])
    html = client.get("/villages/").content.decode()
    path = re.search(r'rel="next" href="([^"]*)"', html)[1].replace("&amp;", "&")
    rest = client.get(f"/villages/{path}").content.decode()
    assert (len(headings(html, 2)), len(headings(rest, 2))) == (24, 6)
    assert not set(headings(html, 2)) & set(headings(rest, 2))


def test_village_list_without_villages(client, db):
    assert "还没有村子开张" in client.get("/villages/").content.decode()


@pytest.mark.parametrize("count", [1, 24])
def test_village_list_takes_two_queries(client, db, django_assert_num_queries, count):
    make_county("柚山县", "青溪镇", [f"{n}号村" for n in range(count)])
    with django_assert_num_queries(2):
        client.get("/villages/")


def test_village_page_works(client, page, shop, other_village):
    make_product(shop, name="冰糖橙")
    make_product(shop, name="草稿", status="draft")
    make_product(make_shop(make_person("罗金花"), other_village), name="绿茶")
    make_shop(shop.owner, shop.place, name="关着的店", is_open=False)
    html = client.get(page.get_absolute_url()).content.decode()
    assert headings(html, 1) == ["石榴冲村"]
    assert headings(html, 3) == ["冰糖橙"]
    for words in ("石榴冲在青溪上游。", "柚山县青溪镇石榴冲村", "梅姨家的橙园", "树是 2014 年栽的。"):
        assert words in html
    assert "关着的店" not in html
    assert f'href="/products/?village={page.slug}"' in html


def test_village_page_goes_on(client, page, shop):
    for n in range(25):
        make_product(shop, name=f"橙{n}")
    html = squeeze(client.get(page.get_absolute_url()).content.decode())
    path = re.search(r'rel="next" href="([^"]*)">再看 1 款<', html)[1]
    later = client.get(path).content.decode()
    assert headings(later, 3) == ["橙0"]
    assert "梅姨家的橙园" not in later
    assert f'href="{page.get_absolute_url()}">回到最前面' in later


def test_village_page_lists_only_so_many_shops(client, page, shop, monkeypatch):
    monkeypatch.setattr(views, "MOST_SHOPS", 1)
    make_shop(shop.owner, shop.place, name="ZZ果园")
    html = client.get(page.get_absolute_url()).content.decode()
    assert html.count('class="badge"') == 1
    assert "这里列了 1 家" in html


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 24])
def test_village_page_takes_five_queries(client, page, shop, django_assert_num_queries, count):
    for n in range(count):
        make_product(make_shop(shop.owner, shop.place, name=f"店{n}"))
    with django_assert_num_queries(5):
        client.get(page.get_absolute_url())


def test_village_page_in_english(client, page, shop):
    page.place.name_en = "Shiliuchong Village"
    page.place.save()
    html = client.get(page.get_absolute_url(), headers={"Accept-Language": "en"}).content.decode()
    assert headings(html, 1) == ["Shiliuchong Village"]
    assert '<p lang="zh-Hans">石榴冲在青溪上游。</p>' in html


def test_unknown_village_is_404(client, db):
    assert client.get("/villages/nowhere/").status_code == 404
