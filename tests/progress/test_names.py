"""People are listed by pinyin, a page at a time, and found by a part of their name."""

import pytest

from accounts.models import User
from progress import names
from progress.enrolment.services import enrol
from tests.factories import make_person

pytestmark = pytest.mark.django_db
# 曾, 单 and 解 are read otherwise as surnames than usually.
SPELLED = ["安甲", "单小红", "Tom", "田巧云", "解放", "曾春生", "周迟"]


@pytest.fixture
def people():
    return User.objects.filter(pk__in=[make_person(name).pk for name in reversed(SPELLED)])


def test_pages_are_by_pinyin_and_go_on_after_the_last_shown(people, monkeypatch):
    expected = names.sort_by_name(people, lambda one: (one.name, one.pk))
    assert [one.name for one in expected] == SPELLED
    first = names.fetch_by_name(people, size=3)
    second = names.fetch_by_name(people, after=first.after, size=3)
    third = names.fetch_by_name(people, after=second.after, size=3)
    assert [[one.name for one in page.items] for page in (first, second, third)] == [
        ["安甲", "单小红", "Tom"], ["田巧云", "解放", "曾春生"], ["周迟"]
    ]  # fmt: skip
    assert third.after == ""
    # Whoever was the last one has left meanwhile: the page begins where they stood.
    User.objects.filter(name="Tom").delete()
    assert names.fetch_by_name(people, after=first.after, size=3) == second
    assert names.fetch_by_name(people, after="x", size=1).items[0].name == "安甲"
    monkeypatch.setattr(names, "MOST_SORTED", 5)
    by_column = list(people.order_by("name", "pk"))
    found = names.fetch_by_name(people, size=4)
    assert [*found.items, *names.fetch_by_name(people, after=found.after, size=4).items] == by_column


def test_the_class_is_by_pinyin_on_its_page_its_lessons_and_its_export(
    as_user, trainer, course, cohort, lessons
):
    for name in reversed(SPELLED):
        enrol(make_person(name), course, cohort)
    client, url = as_user(trainer), f"/classes/{cohort.pk}/"
    page = client.get(url)
    assert [one.name for one in page.context["board"].trainees] == SPELLED
    assert 'role="search"' not in page.text
    assert [
        one.user.name for one in client.get(f"{url}lessons/{lessons[0].pk}/").context["missing"]
    ] == SPELLED
    exported = b"".join(client.post(f"{url}export/", {"as": "csv"}).streaming_content).decode("utf-8-sig")
    assert [row.split(",")[0] for row in exported.splitlines()[1:]] == SPELLED


@pytest.mark.long
def test_somebody_is_searched_for_where_a_class_is_longer_than_a_screen(
    as_user, trainer, course, cohort, lessons
):
    for name in [*SPELLED, "田小满", "江田"]:
        enrol(make_person(name), course, cohort)
    client, url = as_user(trainer), f"/classes/{cohort.pk}/"
    assert 'role="search" action="#people"' in client.get(url).text
    found = client.get(url, {"q": " 田 "})
    assert [one.name for one in found.context["board"].trainees] == ["江田", "田巧云", "田小满"]
    assert found.context["board"].people == 9
    nobody = client.get(url, {"q": "没有"})
    assert "班里没有叫这个名字的人。" in nobody.text
    assert 'value="没有"' in nobody.text
