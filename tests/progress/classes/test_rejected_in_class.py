"""Rejected events for the trainer of the class: applied, or settled with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from outbox.models import Event
from outbox.reception import receive_batch
from progress.enrolment.services import enrol, leave
from progress.models import Enrolment, LessonDone
from progress.quizzes import attempts
from tests.factories import make_course, make_person
from tests.outbox.phone import event, played
from tests.progress.classes.rejected import State, make_rejected
from tests.quizzes import make_quiz


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def trainer_client(as_user, trainer):
    return as_user(trainer)


def test_trainer_sees_those_of_the_class_and_course(trainer_client, cohort, kept, learner, county, seller):
    other = make_course(county, lessons=1).modules.get().lessons.get()
    elsewhere = make_rejected(learner, reason="not_enrolled", body={"lesson": other.pk})
    make_rejected(seller)
    response = trainer_client.get(f"/classes/{cohort.pk}/aside/")
    assert [one.event for one in response.context["rejected_events"]] == [kept]
    assert "田巧云" in text(response)
    for what in ("apply", "dismiss"):
        assert trainer_client.post(f"/classes/{cohort.pk}/aside/{elsewhere.pk}/{what}/").status_code == 404


@pytest.mark.parametrize("count", [1, 24])
def test_class_page_takes_the_same_queries_for_any_number(
    trainer_client, cohort, learner, lessons, count, django_assert_num_queries
):
    for n in range(count):
        make_rejected(learner, body={"lesson": lessons[n % 6].pk})
    trainer_client.get(f"/classes/{cohort.pk}/aside/")
    with django_assert_num_queries(7):
        assert text(trainer_client.get(f"/classes/{cohort.pk}/aside/")).count("<article") == count


def test_trainer_puts_it_on_record(trainer_client, trainer, cohort, learner, lessons):
    """What the clock forbids the trainer may vouch for."""
    Enrolment.objects.update(enrolled_at=timezone.now() - timedelta(hours=1))
    since = timezone.now() - timedelta(minutes=30)
    receive_batch(
        learner, [played(lessons[0].pk, 0, 500, since, to=(since + timedelta(seconds=10)).isoformat())]
    )
    kept = Event.objects.get()
    assert (kept.reason, learner.watches.get().watched_ms) == ("too_fast", 21_000)
    response = trainer_client.post(f"/classes/{cohort.pk}/aside/{kept.pk}/apply/", follow=True)
    assert [str(m) for m in response.context["messages"]] == ["给田巧云记上了。"]
    assert learner.watches.get().watched_ms == 500_000
    entry = AuditEntry.objects.get(verb="aside_applied")
    assert (entry.actor, entry.subject, entry.place) == (trainer, f"event {kept.pk}", cohort.place)
    assert entry.detail == {"name": "田巧云", "kind": "看视频"}


def test_what_was_done_after_leaving_the_trainer_may_count(trainer_client, cohort, kept, learner):
    assert trainer_client.post(f"/classes/{cohort.pk}/aside/{kept.pk}/apply/").status_code == 302
    assert LessonDone.objects.get().user == learner


@pytest.mark.long
def test_a_try_at_another_courses_quiz_is_not_this_trainers(trainer_client, cohort, learner, other_village):
    """With its tries used up it is closed for good, unless somebody who answers for that course says otherwise."""
    elsewhere = make_course(other_village)
    enrol(learner, elsewhere)
    try_at = attempts.start_attempt(learner, make_quiz(elsewhere, "single", tries=1))
    attempts.finish_attempt(learner, try_at.key)
    receive_batch(learner, [event("attempt", attempt=str(try_at.key), answers={"1": "b"}, finished=True)])
    kept = Event.objects.get()
    assert "<article" not in text(trainer_client.get(f"/classes/{cohort.pk}/aside/"))
    for act in ("apply", "dismiss"):
        assert (
            trainer_client.post(
                f"/classes/{cohort.pk}/aside/{kept.pk}/{act}/", {"reason": "没做"}
            ).status_code
            == 404
        )
    try_at.refresh_from_db()
    kept.refresh_from_db()
    assert (try_at.right, try_at.passed, kept.state) == (0, False, State.REJECTED)


def test_a_try_at_the_courses_own_quiz_is_put_on_record(trainer_client, cohort, learner):
    try_at = attempts.start_attempt(learner, make_quiz(cohort.course, "single", tries=1))
    attempts.finish_attempt(learner, try_at.key)
    receive_batch(learner, [event("attempt", attempt=str(try_at.key), answers={"1": "b"}, finished=True)])
    trainer_client.post(f"/classes/{cohort.pk}/aside/{Event.objects.get().pk}/apply/")
    try_at.refresh_from_db()
    assert (try_at.right, try_at.passed) == (1, True)


@pytest.fixture
def late(cohort, learner):
    """Return what a phone sent of an examination after its paper had been handed in elsewhere."""
    exam = make_quiz(cohort.course, "single", clears="first_live")
    try_at = attempts.start_attempt(learner, exam)
    attempts.finish_attempt(learner, try_at.key)
    receive_batch(learner, [event("attempt", attempt=str(try_at.key), answers={"1": "b"}, finished=True)])
    return Event.objects.get()


BARRED = "这是考试的卷子，老师不能自己补记，要请不教这个班的管理员来看。"


def test_an_examination_is_not_put_on_record_by_its_trainer(trainer_client, cohort, learner, late):
    """Nor by an organiser who teaches the class."""
    page = f"/classes/{cohort.pk}/aside/"
    for role in ("trainer", "organiser"):
        cohort.trainers.get().memberships.update(role=role)
        html = text(trainer_client.get(page))
        assert BARRED in html
        assert f"{page}{late.pk}/apply/" not in html
        response = trainer_client.post(f"{page}{late.pk}/apply/", follow=True)
        assert [str(m) for m in response.context["messages"]] == [BARRED]
    assert (Event.objects.get().state, learner.attempts.get().passed) == ("aside", False)
    assert not learner.clearances.exists()


def test_an_organiser_puts_an_examination_on_record(as_user, organiser, cohort, learner, late):
    page = f"/classes/{cohort.pk}/aside/"
    assert BARRED not in text(as_user(organiser).get(page))
    assert as_user(organiser).post(f"{page}{late.pk}/apply/").status_code == 302
    assert learner.attempts.get().passed
    assert AuditEntry.objects.get(verb="aside_applied").actor == organiser


def test_nobody_vouches_for_themselves(trainer_client, trainer, cohort):
    enrol(trainer, cohort.course)
    Enrolment.objects.filter(user=trainer).update(cohort=cohort)
    own = make_rejected(trainer, body={"lesson": cohort.course.modules.first().lessons.first().pk})
    response = trainer_client.post(f"/classes/{cohort.pk}/aside/{own.pk}/apply/", follow=True)
    assert [str(m) for m in response.context["messages"]] == ["自己的不能自己补记，请别的老师来看。"]
    assert not LessonDone.objects.exists()


def test_what_does_not_go_stays_and_is_told(trainer_client, cohort, learner):
    stays = make_rejected(learner)
    response = trainer_client.post(f"/classes/{cohort.pk}/aside/{stays.pk}/apply/", follow=True)
    assert [str(m) for m in response.context["messages"]] == ["还是记不上：这一课已经没有了。"]
    assert Event.objects.get().state == "aside"
    assert not AuditEntry.objects.exists()


def test_trainer_settles_it_with_a_reason(trainer_client, trainer, cohort, learner):
    stays = make_rejected(learner)
    url = f"/classes/{cohort.pk}/aside/{stays.pk}/dismiss/"
    assert "田巧云交来的这件不记？" in text(trainer_client.get(url))
    assert trainer_client.post(url, {"reason": " "}).context["form"].errors == {"reason": ["这一项要填"]}
    assert trainer_client.post(url, {"reason": "点错了"})["Location"] == f"/classes/{cohort.pk}/aside/"
    stays.refresh_from_db()
    assert (stays.state, stays.reason, stays.body) == ("settled", "no_lesson", {"lesson": 987_654})
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.detail) == (
        "aside_dismissed",
        {"name": "田巧云", "kind": "学完一课", "reason": "点错了"},
    )
    assert trainer_client.post(url, {"reason": "再来"}).status_code == 404


@pytest.mark.long
def test_others_have_nothing_to_see_there(as_user, cohort, kept, learner, stranger):
    for person in (learner, stranger):
        client = as_user(person)
        assert client.get(f"/classes/{cohort.pk}/aside/").status_code == 404
        assert client.post(f"/classes/{cohort.pk}/aside/{kept.pk}/apply/").status_code == 404
    assert not LessonDone.objects.exists()


def test_who_has_left_the_class_is_out_of_sight(trainer_client, cohort, kept, learner, course):
    leave(learner, course)
    assert trainer_client.get(f"/classes/{cohort.pk}/aside/").context["rejected_events"] == []
    assert trainer_client.post(f"/classes/{cohort.pk}/aside/{kept.pk}/apply/").status_code == 404


@pytest.mark.long
def test_admin_lists_those_of_the_classes_one_sees(as_user, trainer, kept, stranger, settings):
    settings.DEMO = True
    make_rejected(make_person("自己学的"))
    assert list(as_user(trainer).get("/admin/outbox/event/").context["cl"].queryset) == [kept]
    assert as_user(trainer).get(f"/admin/outbox/event/{kept.pk}/change/").status_code == 200
    assert list(as_user(stranger).get("/admin/outbox/event/").context["cl"].queryset) == []
    assert as_user(trainer).post(f"/admin/outbox/event/{kept.pk}/delete/").status_code == 403
