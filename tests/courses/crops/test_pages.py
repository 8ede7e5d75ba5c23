"""The pages of the packs: a list for everybody, each pack for who is signed in, in both languages."""

import re

from courses.crops.packs import find_pack, list_packs, load_packs

PARTS = ["spec", "scripts", "faults", "questions", "packing", "forbidden", "year", "listing", "comments"]


def html(response) -> str:
    return " ".join(response.content.decode().split())


def test_visitor_sees_all_packs_and_signs_in_for_one(client, db):
    page = html(client.get("/courses/crops/"))
    assert re.findall(r'href="/courses/crops/([a-z-]+)/"', page) == list(load_packs())
    assert page.count("要有证才能卖") == 3
    answer = client.get("/courses/crops/pomelo/")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=%2Fcourses%2Fcrops%2Fpomelo%2F")


def test_pack_shows_its_nine_parts_each_with_an_anchor(as_user, trainee):
    page = html(as_user(trainee).get("/courses/crops/pomelo/"))
    assert re.findall(r'<section class="stack" id="(\w+)">', page) == PARTS
    assert re.findall(r'class="pill" href="#(\w+)"', page) == PARTS
    pack = load_packs()["pomelo"]
    for text in (pack.scripts[2].proof, pack.questions[14].answer, pack.comments[11].wants, pack.sources[0]):
        assert text in page
    assert "没有能换的说法，不说。" in page


def test_pack_of_licensed_goods_says_first_which_papers(as_user, trainee):
    page = html(as_user(trainee).get("/courses/crops/cured-meat/"))
    assert page.index("要有证才能卖") < page.index("没有证怎么办") < page.index('id="spec"')


def test_english_pages_are_english(as_user, trainee):
    client = as_user(trainee)
    client.cookies["django_language"] = "en"
    page = html(client.get("/courses/crops/"))
    assert [f">{pack.title}</a>" in page for pack in load_packs("en").values()] == [True] * 15
    assert "not in English yet" not in page
    page = html(client.get("/courses/crops/cured-meat/"))
    assert '<h1 lang="en">Cured meat</h1>' in page
    assert "What must not be said" in page
    assert "not in English yet" not in page


def test_where_a_language_has_no_pack_the_chinese_one_is_shown():
    assert list_packs("fr") == list(load_packs().values())
    pack = find_pack("pomelo", "fr")
    assert pack is not None
    assert pack.language == "zh-hans"


def test_pack_that_is_not_there_is_not_found(as_user, trainee):
    assert as_user(trainee).get("/courses/crops/durian/").status_code == 404
