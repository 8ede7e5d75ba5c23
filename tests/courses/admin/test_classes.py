"""Classes in the admin: their code, their days, their course, and their members."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from courses.models import Cohort
from progress.models import Enrolment
from tests.factories import make_cohort, make_course
from tests.pages import list_messages


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


def class_facts(course, place, trainer, **more) -> dict:
    return {
        "course": course.pk, "place": place.pk, "name": "一班", "trainers": [trainer.pk],
        "starts_on": "2026-11-24", "ends_on": "2026-12-24", "is_open": "on", "join_code": "AAAAAA",
    } | {"openings-TOTAL_FORMS": 0, "openings-INITIAL_FORMS": 0} | more  # fmt: skip


def test_a_class_gets_a_code_that_nobody_chose(trainer, village, client):
    client.force_login(trainer)
    url = reverse("admin:courses_cohort_add")
    assert client.get(url).context["adminform"].form.initial["trainers"] == [trainer.pk]
    assert client.post(url, class_facts(make_course(village), village, trainer)).status_code == 302
    cohort = Cohort.objects.get()
    assert (len(cohort.join_code), cohort.join_code == "AAAAAA") == (6, False)
    assert list(cohort.trainers.all()) == [trainer]


@pytest.mark.long
def test_a_class_shows_its_code_once_it_has_one(trainer, village, client):
    """Each look at the empty form would show another code, and none of them would be the class's."""
    client.force_login(trainer)
    assert "进班码" not in client.get(reverse("admin:courses_cohort_add")).content.decode()
    cohort = make_cohort(make_course(village), village, trainer, join_code="ABC234")
    html = client.get(reverse("admin:courses_cohort_change", args=[cohort.pk])).content.decode()
    assert '<div class="readonly">ABC234</div>' in html


def test_a_class_ends_after_it_starts(trainer, village, client):
    client.force_login(trainer)
    wrong = class_facts(make_course(village), village, trainer, ends_on="2026-11-23")
    answer = client.post(reverse("admin:courses_cohort_add"), wrong)
    assert answer.context["adminform"].form.errors == {"ends_on": ["结业不能早于开班。"]}


def test_a_code_that_got_around_is_renewed(trainer, village, client):
    cohort = make_cohort(make_course(village), village, trainer)
    old = cohort.join_code
    client.force_login(trainer)
    answer = client.post(reverse("admin:courses_cohort_renew_code", args=[cohort.pk]))
    cohort.refresh_from_db()
    assert cohort.join_code != old
    assert list_messages(answer) == [f"新的进班码是 {cohort.join_code}，旧的不能用了。"]
    assert AuditEntry.objects.get(verb="join_code_renewed").place == village


def test_a_class_with_people_in_it_keeps_its_course(trainer, trainee, village, client):
    """Its people are enrolled in that course; a class of another course would show nothing of their work."""
    cohort = make_cohort(make_course(village), village, trainer)
    url, other = reverse("admin:courses_cohort_change", args=[cohort.pk]), make_course(village)
    client.force_login(trainer)
    assert client.post(url, class_facts(other, village, trainer)).status_code == 302
    cohort.refresh_from_db()
    assert cohort.course == other
    Enrolment.objects.create(user=trainee, course=other, cohort=cohort)
    assert (
        client.post(url, class_facts(make_course(village), village, trainer, name="二班")).status_code == 302
    )
    cohort.refresh_from_db()
    assert (cohort.course, cohort.name) == (other, "二班")


def test_a_class_in_use_is_not_deleted(trainer, trainee, village, client):
    cohort = make_cohort(make_course(village), village, trainer)
    Enrolment.objects.create(user=trainee, course=cohort.course, cohort=cohort)
    client.force_login(trainer)
    assert (
        client.post(reverse("admin:courses_cohort_delete", args=[cohort.pk]), {"post": "yes"}).status_code
        == 403
    )


def test_a_class_counts_who_is_in_it_now(trainer, trainee, seller, village, client):
    cohort = make_cohort(make_course(village), village, trainer)
    cohort.trainers.add(seller)
    for person in (trainee, seller):
        Enrolment.objects.create(user=person, course=cohort.course, cohort=cohort)
    Enrolment.objects.filter(user=seller).update(left_at=timezone.now())
    client.force_login(trainer)
    shown = client.get(reverse("admin:courses_cohort_changelist")).context["cl"].queryset
    assert [row.people_inside for row in shown] == [1]


def test_classes_that_start_soon_are_found_by_their_days(trainer, village, client):
    today = timezone.localdate()
    for days in (-1, 0, 7, 8):
        make_cohort(
            make_course(village), village, starts_on=today + datetime.timedelta(days=days), name=f"{days}"
        )
    client.force_login(trainer)
    wait = next(
        wait for wait in client.get(reverse("admin:index")).context["waits"] if "7 天" in wait.sentence
    )
    assert wait.count == 2
    assert {row.name for row in client.get(wait.admin_url).context["cl"].queryset} == {"0", "7"}
