from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from courses.models import Announcement
from progress.classes import announcements
from progress.enrolment.services import enrol, leave
from tests.class_messages import make_announcement
from tests.factories import make_cohort, make_course


def text(response) -> str:
    return response.content.decode()


def trail() -> list[tuple]:
    return [(row.verb, row.subject, row.detail) for row in AuditEntry.objects.order_by("pk")]


def test_same_words_within_an_hour_are_one_announcement(trainer, organiser, cohort):
    first = announcements.announce(trainer, cohort, "周三上课")
    assert announcements.announce(trainer, cohort, "周三上课") == first
    assert announcements.announce(organiser, cohort, "周三上课") != first
    Announcement.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert announcements.announce(trainer, cohort, "周三上课") != first
    assert Announcement.objects.count() == 3
    assert trail()[0] == ("announced", f"announcement {first.pk}", {"name": "秋季班"})
    assert len(trail()) == 3


@pytest.mark.long
def test_trainer_tells_the_class_and_takes_it_back(as_user, trainer, learner, cohort):
    page = f"/classes/{cohort.pk}/announcements/"
    client = as_user(trainer)
    assert client.post(page, {"text": "周三带一箱果子来。\n九点到。"})["Location"] == page
    row = Announcement.objects.get()
    assert (row.cohort, row.author, row.text) == (cohort, trainer, "周三带一箱果子来。\n九点到。")
    assert "周三带一箱果子来。<br>九点到。" in text(client.get(page))
    assert "周三带一箱果子来。<br>九点到。" in text(as_user(learner).get("/learn/"))
    removal = f"{page}{row.pk}/remove/"
    client = as_user(trainer)
    assert "撤下这条通知？" in text(client.get(removal))
    assert Announcement.objects.get().removed_at is None
    for _sent in range(2):
        assert client.post(removal)["Location"] == page
    assert [verb for verb, _subject, _detail in trail()] == ["announced", "announcement_removed"]
    for person, seen in ((trainer, page), (learner, "/learn/"), (learner, "/learn/announcements/")):
        assert "周三带一箱果子来" not in text(as_user(person).get(seen))


def test_too_long_or_empty_is_told_and_kept(as_user, trainer, cohort):
    page, client = f"/classes/{cohort.pk}/announcements/", as_user(trainer)
    html = text(client.post(page, {"text": "通" * 601}))
    assert "最多 600 个字，多了 1 个" in html
    assert "通" * 601 in html
    assert "写一写要告诉大家什么。" in text(client.post(page, {"text": "\n"}))
    assert Announcement.objects.count() == 0


@pytest.mark.long
def test_announcements_are_written_by_who_leads_the_class(
    as_user, learner, seller, stranger, organiser, trainer, course, cohort, village
):
    row = make_announcement(cohort, trainer)
    page = f"/classes/{cohort.pk}/announcements/"
    for person, status in ((learner, 404), (seller, 404), (stranger, 404), (organiser, 200)):
        client = as_user(person)
        assert [client.get(url).status_code for url in (page, f"{page}{row.pk}/remove/")] == [status] * 2
        assert client.post(page, {"text": ""}).status_code == status
    other = make_announcement(make_cohort(course, village, trainer), trainer)
    assert as_user(trainer).get(f"{page}{other.pk}/remove/").status_code == 404
    assert as_user(trainer).post(f"{page}987654/remove/").status_code == 404


@pytest.mark.long
def test_home_shows_the_last_two_of_each_class(as_user, learner, trainer, county, cohort):
    now = timezone.now()
    second = make_cohort(make_course(county), county, trainer, name="二班")
    enrol(learner, second.course, second)
    for n in range(4):
        make_announcement(cohort, trainer, f"一班{n}", created_at=now - timedelta(days=n))
    make_announcement(cohort, trainer, "撤了的", created_at=now, removed_at=now)
    make_announcement(second, trainer, "二班的", created_at=now - timedelta(days=40))
    shown = as_user(learner).get("/learn/").context["classes"]
    assert {row.cohort.name: [told.text for told in row.announcements] for row in shown} == {
        "秋季班": ["一班0", "一班1"],
        "二班": ["二班的"],
    }
    all_told = as_user(learner).get("/learn/announcements/").context["page"].items
    assert [row.text for row in all_told] == ["一班0", "一班1", "一班2", "一班3", "二班的"]


@pytest.mark.long
def test_who_left_or_never_was_in_it_hears_nothing(
    as_user, client, learner, stranger, trainer, course, cohort
):
    make_announcement(cohort, trainer, "只给班里")
    assert "只给班里" in text(as_user(learner).get("/learn/announcements/"))
    leave(learner, course)
    for person in (learner, stranger):
        assert "还没有通知" in text(as_user(person).get("/learn/announcements/"))
        assert "只给班里" not in text(as_user(person).get("/learn/"))
    client.logout()
    assert client.get("/learn/announcements/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("count", [1, 24])
def test_lists_take_the_same_queries_for_any_number(
    as_user, learner, trainer, cohort, count, django_assert_num_queries
):
    for n in range(count):
        make_announcement(cohort, trainer, f"通知{n}")
    client = as_user(learner)
    with django_assert_num_queries(4):
        # session, person, roles; announcements
        assert len(client.get("/learn/announcements/").context["page"].items) == count
    client = as_user(trainer)
    with django_assert_num_queries(5):
        # session, person, roles; class; announcements
        assert len(client.get(f"/classes/{cohort.pk}/announcements/").context["page"].items) == count
