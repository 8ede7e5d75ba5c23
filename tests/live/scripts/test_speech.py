"""The teleprompter's page: the script as it is spoken, only for the people who run the live."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from live.scripts import speech
from tests.factories import add_helpers, make_person, make_product
from tests.lives import make_item, make_live, make_script


def url(live) -> str:
    return reverse("live:prompter", args=[live.pk])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "我是石榴冲村的周梅英。昨天摘的！坏了赔吗？赔。",
            ["我是石榴冲村的周梅英。", "昨天摘的！", "坏了赔吗？", "赔。"],
        ),
        ("净重5.5斤，29.9元一箱。", ["净重5.5斤，29.9元一箱。"]),
        ("她说：“甜！”然后切开。", ["她说：“甜！”", "然后切开。"]),
        ("一行\n\n  又一行  ", ["一行", "又一行"]),
        ("It is sweet. Picked at 6.30 a.m. today!", ["It is sweet.", "Picked at 6.30 a.m.", "today!"]),
        ("。", ["。"]),
        ("", []),
    ],
)
def test_text_is_cut_where_one_breathes(text, lines):
    assert [line.text for line in speech.split_lines(text)] == lines


def test_a_line_takes_as_long_as_its_characters():
    assert [line.characters for line in speech.split_lines("昨天摘的。\n…")] == [4, 1]


def test_script_is_told_in_order_with_its_facts(as_user, seller, live, item):
    make_script(item, price="净重{净重}，{价钱}一箱。")
    second = make_item(live, None, name="甜柚", minutes=3)
    page = " ".join(as_user(seller).get(url(live)).content.decode().split())
    assert (
        page.index('data-named="1 冰糖橙"')
        < page.index(">净重5斤，29.9元一箱。<")
        < page.index('data-named="2 甜柚"')
    )
    assert f'data-item="{second.pk}" data-seconds="180"' in page
    assert 'data-fen="2990" data-count="8" data-one="箱" data-many="箱"' in page
    assert page.count("这一款还没写脚本") == 1
    assert 'data-rate="200" data-slowest="120" data-fastest="320"' in page


def test_talking_points_stand_for_a_script(live, seller, as_user):
    make_item(live, None, talking_points="切开\n上秤")
    page = " ".join(as_user(seller).get(url(live)).content.decode().split())
    assert ">切开</p>" in page
    assert ">上秤</p>" in page
    assert "这一款还没写脚本" not in page


def test_plan_without_items_says_so(live, seller, as_user):
    assert "排品表还空着" in as_user(seller).get(url(live)).content.decode()


def test_words_of_a_script_are_words(live, seller, as_user, item):
    make_script(item, who="<script>alert(1)</script>，您好。")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;，您好。" in as_user(seller).get(url(live)).content.decode()


@pytest.mark.long
def test_only_who_runs_it_reads_it(
    client, as_user, live, seller, trainer, organiser, stranger, trainee, village
):
    mentor, helper = make_person("向师傅"), make_person("田小满")
    live.mentor = mentor
    live.save()
    add_helpers(live.shop, helper)
    assert client.get(url(live)).status_code == 302
    for person in (seller, mentor, helper):
        assert as_user(person).get(url(live)).status_code == 200
    for person in (trainer, organiser, stranger, trainee):
        assert as_user(person).get(url(live)).status_code == 404
    assert as_user(seller).post(url(live)).status_code == 405


def test_the_page_asks_for_its_scripts(live, seller, as_user):
    page = as_user(seller).get(f"/live/{live.pk}/prompter/").content.decode()
    assert page.count("ui/start.js") == 1


def test_page_is_kept_nowhere_on_the_way(live, seller, as_user):
    answer = as_user(seller).get(url(live))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.long
def test_as_many_queries_for_one_item_as_for_many(as_user, seller, shop):
    counts = []
    for number in (1, 12):
        live = make_live(seller, shop=shop)
        for _n in range(number):
            make_script(make_item(live, make_product(shop, freight_included=True)))
        client = as_user(seller)
        client.get(url(live))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url(live)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [("", 0), ("。，！", 0), ("我是石榴冲村的", 7), ("29.9元", 4), ("two boxes", 4), ("好果 good", 4)],
)
def test_characters_are_what_is_said(text, said):
    assert speech.count_characters(text) == said


def test_two_hundred_characters_take_a_minute():
    assert speech.measure_text("橙" * 200) == 60
    assert speech.measure_text("橙" * 201) == 61
    assert speech.measure_text("橙" * 200, rate=100) == 120
    assert speech.measure_text("") == 0
