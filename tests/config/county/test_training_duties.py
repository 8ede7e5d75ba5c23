"""The page on the duties of a body that trains hosts: who sees it, and that it says how far the law was read."""

import pytest

from config.county import training_duties

pytestmark = pytest.mark.django_db
PAGE = "/me/site/duties/"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


def test_organisers_and_trainers_find_it_under_me(organiser, trainer, trainee, as_user):
    for person, finds in ((organiser, True), (trainer, True), (trainee, False)):
        client = as_user(person)
        assert (PAGE in client.get("/me/").content.decode()) is finds
        assert client.get(PAGE).status_code == (200 if finds else 404)


def test_it_names_articles_the_day_of_reading_and_what_was_not_read(organiser, as_user):
    page = as_user(organiser).get(PAGE).content.decode()
    assert "11月24日摘的要点" in page
    assert "非官方文本" in page
    assert "第三十八条、第四十二条没有摘" in page
    named = [duty.source for duty in training_duties.list_agency_duties()]
    assert named == ["第三十九条", "第四十条", "第四十一条", "第四十三条", "第四十四条", "第四十五条",
                     "第六十三、六十四条", "第十条"]  # fmt: skip


def test_the_english_page_says_the_same(organiser, as_user):
    client = as_user(organiser)
    client.cookies["django_language"] = "en"
    page = client.get(PAGE).content.decode()
    assert "Article 45" in page
    assert "unofficial copies" in page
