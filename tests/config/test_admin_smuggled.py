"""A manipulated POST to the admin neither uses nor changes rows of another county."""

import datetime

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from courses.models import Cohort, Course, Lesson
from media.models import Photo
from progress.models import Enrolment
from shops.models import Shop, Village
from tests.factories import make_cohort, make_course, make_photo, make_product, make_shop


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


def errors(answer) -> dict:
    assert answer.status_code == 200
    return dict(answer.context["adminform"].form.errors)


def course_facts(place, **more) -> dict:
    blank = {f"modules-{key}": value for key, value in no_rows().items()}
    facts = {
        "title": "新课",
        "language": "zh-hans",
        "twin": "",
        "place": place.pk,
        "summary": "简介",
        "slug": "",
    }
    return facts | blank | more


def no_rows() -> dict:
    return {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}


UNKNOWN_CHOICE = ["没有这一项，重新选一个"]


def test_a_course_cannot_be_put_into_another_county(trainer, village, other_village, client):
    client.force_login(trainer)
    url = reverse("admin:courses_course_add")
    assert errors(client.post(url, course_facts(other_village))) == {"place": UNKNOWN_CHOICE}
    assert client.post(url, course_facts(village)).status_code == 302
    assert Course.objects.get().place == village
    assert client.post(
        reverse("admin:courses_course_change", args=[Course.objects.get().pk]), course_facts(other_village)
    ).context["adminform"].form.errors == {"place": UNKNOWN_CHOICE}


def test_a_course_cannot_be_twinned_with_another_countys(trainer, village, other_village, client):
    theirs = make_course(other_village, language="en")
    client.force_login(trainer)
    answer = client.post(reverse("admin:courses_course_add"), course_facts(village, twin=theirs.pk))
    assert errors(answer) == {"twin": UNKNOWN_CHOICE}


def test_a_lesson_cannot_be_put_into_another_countys_course(trainer, village, other_village, client):
    module = make_course(other_village).modules.get()
    client.force_login(trainer)
    facts = {"module": module.pk, "title": "课", "minutes": 5, "state": "draft", "body": "字"}
    facts |= {f"pictures-{key}": value for key, value in no_rows().items()}
    assert errors(client.post(reverse("admin:courses_lesson_add"), facts)) == {"module": UNKNOWN_CHOICE}


def test_another_countys_module_cannot_be_changed_from_the_page_of_ones_own_course(
    trainer, village, other_village, client
):
    mine, theirs = make_course(village), make_course(other_village)
    module = theirs.modules.get()
    client.force_login(trainer)
    rows = no_rows() | {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1", "0-id": module.pk, "0-course": mine.pk}
    rows |= {"0-number": 1, "0-title": "改了", "0-hours": 1}
    facts = course_facts(village) | {f"modules-{key}": value for key, value in rows.items()}
    client.post(reverse("admin:courses_course_change", args=[mine.pk]), facts)
    module.refresh_from_db()
    assert (module.title, module.course) == ("单元1", theirs)
    assert mine.modules.count() == 1


def cohort_facts(course, place, *trainers, **more) -> dict:
    today = timezone.localdate()
    return {
        "course": course.pk, "place": place.pk, "name": "一班", "trainers": [person.pk for person in trainers],
        "starts_on": f"{today}", "ends_on": f"{today + datetime.timedelta(days=30)}", "is_open": "on",
    } | {f"openings-{key}": value for key, value in no_rows().items()} | more  # fmt: skip


@pytest.mark.parametrize("wrong", ["course", "place", "trainers"])
def test_a_class_takes_nothing_of_another_county(wrong, trainer, village, other_village, stranger, client):
    course, theirs = make_course(village), make_course(other_village)
    client.force_login(trainer)
    facts = cohort_facts(
        theirs if wrong == "course" else course,
        other_village if wrong == "place" else village,
        stranger if wrong == "trainers" else trainer,
    )
    answer = client.post(reverse("admin:courses_cohort_add"), facts)
    assert list(errors(answer)) == [wrong]
    assert not Cohort.objects.exists()


def test_a_trainee_cannot_be_made_teacher_of_a_class(trainer, trainee, village, client):
    client.force_login(trainer)
    facts = cohort_facts(make_course(village), village, trainee)
    assert list(errors(client.post(reverse("admin:courses_cohort_add"), facts))) == ["trainers"]


def test_an_invited_teacher_saves_a_class_elsewhere_without_moving_it(
    trainer, other_village, village, client
):
    """The present value of a row can be kept on its page, even if the person could not choose it otherwise."""
    course = make_course(other_village)
    cohort = make_cohort(course, other_village, trainer)
    client.force_login(trainer)
    url = reverse("admin:courses_cohort_change", args=[cohort.pk])
    assert client.post(url, cohort_facts(course, other_village, trainer, name="改名")).status_code == 302
    cohort.refresh_from_db()
    assert (cohort.name, cohort.place, cohort.course) == ("改名", other_village, course)


def test_a_learner_is_not_moved_into_another_countys_class(trainer, trainee, village, other_village, client):
    course = make_course(village)
    own, second, theirs = (make_cohort(course, place) for place in (village, village, other_village))
    another = make_cohort(make_course(village), village)
    enrolment = Enrolment.objects.create(user=trainee, course=course, cohort=own)
    client.force_login(trainer)
    url = reverse("admin:progress_enrolment_change", args=[enrolment.pk])
    for cohort in (theirs, another):  # the other is of another course
        assert errors(client.post(url, {"cohort": cohort.pk})) == {"cohort": UNKNOWN_CHOICE}
    assert (
        client.post(url, {"cohort": second.pk, "user": trainer.pk, "left_at": "2020-01-01"}).status_code
        == 302
    )
    enrolment.refresh_from_db()
    assert (enrolment.cohort, enrolment.user, enrolment.left_at) == (second, trainee, None)


@pytest.mark.parametrize("wrong", ["owner", "place"])
def test_a_shop_is_not_opened_for_or_in_another_county(
    wrong, organiser, seller, stranger, village, other_village, client
):
    client.force_login(organiser)
    facts = {"name": "新店", "owner": seller.pk, "place": village.pk, "story": "", "address": ""}
    facts |= {"owner": stranger.pk} if wrong == "owner" else {"place": other_village.pk}
    assert errors(client.post(reverse("admin:shops_shop_add"), facts)) == {wrong: UNKNOWN_CHOICE}
    assert not Shop.objects.exists()


def test_a_village_page_is_not_made_in_another_county(organiser, other_village, client):
    Village.objects.filter(place=other_village).delete()
    client.force_login(organiser)
    answer = client.post(reverse("admin:shops_village_add"), {"place": other_village.pk, "story": ""})
    assert errors(answer) == {"place": UNKNOWN_CHOICE}


def test_a_place_is_not_added_under_another_county_or_without_one_above(
    organiser, county, other_village, client
):
    client.force_login(organiser)
    url = reverse("admin:accounts_place_add")
    facts = {"kind": "village", "name": "新村", "name_en": ""}
    assert errors(client.post(url, facts | {"parent": other_village.parent_id})) == {"parent": UNKNOWN_CHOICE}
    assert list(errors(client.post(url, facts | {"parent": ""}))) == ["parent"]


def test_a_photo_of_somebody_else_cannot_be_taken_by_its_key(trainer, village, stranger, client):
    """Keys are secret, but a leaked one must not let a picture be published by others."""
    lesson = make_course(village, lessons=1).modules.get().lessons.get()
    theirs = make_photo(stranger, Photo.Status.WAITING)
    client.force_login(trainer)
    rows = no_rows() | {"TOTAL_FORMS": "1", "0-photo": theirs.key, "0-alt": "图", "0-name": "a"}
    facts = {"module": lesson.module_id, "title": "课", "minutes": 5, "state": "draft", "body": "字"}
    facts |= {f"pictures-{key}": value for key, value in rows.items()}
    answer = client.post(reverse("admin:courses_lesson_change", args=[lesson.pk]), facts)
    assert answer.status_code == 200
    assert not Lesson.objects.get(pk=lesson.pk).pictures.exists()


def test_an_action_passes_over_rows_of_another_county(
    organiser, stranger, other_village, village, seller, client
):
    theirs = make_product(make_shop(stranger, other_village), status="submitted")
    client.force_login(organiser)
    facts = {"action": "withdraw", "index": "0", "_selected_action": [theirs.pk], "select_across": "1"}
    answer = client.post(reverse("admin:shops_product_changelist") + "?status=all", facts)
    assert answer.status_code == 302
    theirs.refresh_from_db()
    assert theirs.status == "submitted"


def test_an_action_one_may_not_use_is_not_offered(trainer, organiser, client):
    client.force_login(organiser)
    assert (
        "remove_second_factor" not in client.get(reverse("admin:accounts_user_changelist")).content.decode()
    )
    facts = {"action": "remove_second_factor", "index": "0", "_selected_action": [organiser.pk]}
    answer = client.post(reverse("admin:accounts_user_changelist"), facts, follow=True)
    assert answer.status_code == 200


@pytest.mark.long
@pytest.mark.both_databases
def test_rows_chosen_by_what_is_no_key_are_not_chosen(village, organiser, client):
    """In every list whose rows can be chosen: a stale or made-up form is no server error."""
    client.force_login(organiser)
    asked = RequestFactory().get("/")
    asked.user = organiser
    with_actions = [
        (one.model._meta.label_lower, next(iter(actions)))
        for one in admin.site._registry.values()
        if one.has_view_permission(asked) and (actions := one.get_actions(asked))
    ]
    assert len(with_actions) > 5
    for label, action in with_actions:
        url = reverse(f"admin:{label.replace('.', '_')}_changelist")
        for key in ("", "甲", "\0", "1\0", "٣", "9" * 5000, str(2**63), "1, 2"):
            answer = client.post(url, {"action": action, "_selected_action": key, "index": "0"})
            assert answer.status_code in (200, 302), (label, key)
