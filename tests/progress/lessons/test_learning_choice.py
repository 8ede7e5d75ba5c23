"""/me/learning/: how a person likes to learn; the same on every device."""

import pytest

from progress.models import LearningChoice

WHOLE = {"rendition": "240", "speed_percent": "125", "fen_per_gb": "3", "captions": "on"}


def stored() -> list[tuple]:
    return list(LearningChoice.objects.values_list("rendition", "speed_percent", "fen_per_gb", "captions"))


def test_visitor_signs_in_first(client):
    assert client.get("/me/learning/")["Location"] == "/accounts/login/?next=%2Fme%2Flearning%2F"


def test_looking_stores_nothing(as_user, trainee, django_assert_num_queries):
    client = as_user(trainee)
    with django_assert_num_queries(4):
        html = client.get("/me/learning/").content.decode()
    assert "看信号自动选" in html
    assert stored() == []


def test_choice_is_stored_and_changed(as_user, trainee):
    client = as_user(trainee)
    assert client.post("/me/learning/", WHOLE)["Location"] == "/me/learning/"
    assert stored() == [("240", 125, 300, True)]
    client.post("/me/learning/", {"rendition": "", "speed_percent": "100", "fen_per_gb": ""})
    assert stored() == [("", 100, None, False)]


def test_lessons_page_posts_the_rendition_alone(as_user, trainee):
    LearningChoice.objects.create(user=trainee, rendition="480", fen_per_gb=300, speed_percent=150)
    posted = {"rendition": "listen", "next": "/learn/lessons/3/"}
    assert as_user(trainee).post("/me/learning/", posted)["Location"] == "/learn/lessons/3/"
    assert stored() == [("listen", 150, 300, True)]


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "elsewhere"])
def test_nobody_is_led_away(as_user, trainee, target):
    posted = {"rendition": "240", "next": target}
    assert as_user(trainee).post("/me/learning/", posted)["Location"] == "/me/learning/"


def test_bad_price_keeps_what_was_typed(as_user, trainee):
    response = as_user(trainee).post("/me/learning/", WHOLE | {"fen_per_gb": "三块", "rendition": "4k"})
    html = response.content.decode()
    assert response.status_code == 200
    assert "用数字写，比如 29.90" in html
    assert "没有这一项，重新选一个" in html
    assert 'value="三块"' in html
    assert stored() == []


def test_lessons_form_without_a_rendition_leaves_the_choice(as_user, trainee):
    client = as_user(trainee)
    client.post("/me/learning/", WHOLE)
    stored = LearningChoice.objects.get(user=trainee)
    assert client.post("/me/learning/", {"rung": "240", "next": "/learn/lessons/3/"}).status_code == 200
    assert LearningChoice.objects.get(user=trainee).rendition == stored.rendition != ""
