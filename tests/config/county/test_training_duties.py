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


def test_county_in_another_country_shows_its_own_text_or_says_that_nobody_has_written_it(
    organiser, as_user, settings, tmp_path
):
    settings.LAW, settings.PREPARATION_DIR = "own", tmp_path
    client = as_user(organiser)
    page = client.get(PAGE).text
    assert "请法制员写好，存成 duties.md" in page
    assert "直播电商监督管理办法" not in page
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "duties.md").write_text(
        '+++\ntitle = "Duties"\n+++\nKeep a list of **everybody** trained.\n'
    )
    page = client.get(PAGE).text
    assert "<strong>everybody</strong>" in page
    assert 'lang="en"><h2>Duties</h2>' in page
    assert "请法制员写好" not in page
    (tmp_path / "en" / "duties.md").write_text('+++\ntitel = "Duties"\n+++\nx\n')
    page = client.get(PAGE).text
    assert "自己写的这一页读不懂" in page
    assert "duties.md: duties.md：多了不认识的 titel" in page
