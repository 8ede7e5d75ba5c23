import re

import pytest
from django.conf import settings
from django.utils.translation import trans_real

from tests.factories import make_course, make_product, make_shop


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village)


def test_home_shows_visitors_what_there_is(client, shop, county):
    make_product(shop, name="冰糖橙")
    make_course(county, title="乡村直播实训")
    make_course(county, title="Selling live", language="en")
    html = client.get("/").content.decode()
    headings = [re.sub(r"<[^>]*>", "", one) for one in re.findall(r"<h\d[^>]*>(.*?)</h\d>", html)]
    assert headings[:4] == ["手机是新农具，直播是新农活", "眼下在采的", "冰糖橙", "村"]
    assert sorted(headings[4:6]) == ["柑子坪村", "石榴冲村"]
    assert headings[6:] == ["课程"]
    assert "乡村直播实训" in html
    assert "Selling live" not in html
    assert '<a class="btn btn--main" href="/accounts/signup/">' in html
    assert html.count("注册</a>") == 2  # as the poster of a class calls it


def test_home_in_english_shows_english_courses(client, county):
    make_course(county, title="乡村直播实训")
    make_course(county, title="Selling live", language="en")
    html = client.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert "Selling live" in html
    assert "乡村直播实训" not in html


def test_home_shows_six_that_can_be_had_now(client, shop):
    for n in range(7):
        make_product(shop, name=f"橙{n}")
    make_product(shop, name="卖完的", stock=0)
    html = client.get("/").content.decode()
    assert re.findall(r"<h3><a[^>]*>(橙\d|卖完的)</a>", html) == ["橙6", "橙5", "橙4", "橙3", "橙2", "橙1"]


def test_home_of_an_empty_site(client, db):
    html = client.get("/").content.decode()
    assert "手机是新农具" in html
    assert "眼下在采的" not in html


def test_home_leads_the_signed_in_to_learning(as_user, trainee):
    response = as_user(trainee).get("/")
    assert (response.status_code, response["Location"]) == (302, "/learn/")


@pytest.mark.parametrize("count", [1, 6, 24])
def test_home_takes_five_queries(client, shop, county, django_assert_num_queries, count):
    for _n in range(count):
        make_product(shop)
    with django_assert_num_queries(5):
        client.get("/")


@pytest.mark.parametrize(
    ("who", "tabs"),
    [
        ("trainee", ["学习", "练习", "直播", "小店", "我"]),
        ("seller", ["学习", "练习", "直播", "小店", "我"]),
        ("trainer", ["学习", "班级", "点评", "直播", "小店", "我"]),
        ("organiser", ["学习", "班级", "点评", "直播", "小店", "我"]),
    ],
)
@pytest.mark.parametrize("path", ["/me/name/", "/me/roles/", "/me/"])
def test_the_tab_of_classes_is_for_staff(request, as_user, who, tabs, path):
    """On a page that asks for nothing else of their places, and on one that knows them already."""
    answer = as_user(request.getfixturevalue(who)).get(path)
    assert [tab.label for tab in answer.context["nav"]] == tabs


def test_the_tab_of_classes_goes_with_the_role(as_user, trainer):
    trainer.memberships.update(status="ended")
    tabs = [tab.label for tab in as_user(trainer).get("/me/name/").context["nav"]]
    assert tabs == ["学习", "练习", "直播", "小店", "我"]


def test_home_answers_head_as_get_without_the_body(client, db):
    whole, head = client.get("/"), client.head("/")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])


def test_switching_to_a_language_that_the_site_has_not_changes_nothing(client):
    """Django would keep a catalogue of every made-up code in memory."""
    before = len(trans_real._translations)
    for code in ("fr-x1", "fr", "en-x-a", "", "x" * 300):
        answer = client.post("/language/", {"language": code, "next": "/products/"})
        assert (answer.status_code, answer["Location"]) == (302, "/products/")
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies
    assert len(trans_real._translations) == before
    client.post("/language/", {"language": "en", "next": "/products/"})
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


@pytest.mark.long
def test_foot_of_every_page_leads_to_verifying_and_to_what_the_training_came_to(client, as_user, trainee):
    for html in (client.get("/").text, as_user(trainee).get("/learn/").text):
        foot = html[html.index('<footer class="foot">') :]
        assert re.findall(r'<a href="(/[^"]*)">([^<]*)</a>', foot) == [
            ("/privacy/", "隐私说明"),
            ("/verify/", "查验证书"),
            ("/impact/", "培训成效"),
        ]
    assert [client.get(url).status_code for url in ("/verify/", "/impact/")] == [200, 200]
