"""Moving to another class of the course: what stays, what counts, and undoing it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Notice
from courses.models import Cohort
from programme.attendance.hours import count_minutes, summarise_class
from programme.models import Attendance
from progress.enrolment import join_codes, seats, transfers
from progress.models import Enrolment, Transfer
from tests.factories import make_cohort, make_course, make_person
from tests.programme.attendance.rows import make_session, mark


@pytest.fixture
def other_class(course, village, trainer) -> Cohort:
    return make_cohort(course, village, trainer, name="冬季班")


def where(user) -> str:
    return Enrolment.objects.active().get(user=user).cohort.name


def test_hours_and_marks_stay_where_they_were_and_count_for_the_course(
    session, learner, trainer, cohort, other_class
):
    mark(session, trainer, learner)
    transfers.transfer(trainer, learner, cohort, other_class)
    new = make_session(other_class, trainer, starts_at=timezone.now() - timedelta(minutes=5), minutes=90)
    mark(new, trainer, learner)
    assert where(learner) == "冬季班"
    assert Attendance.objects.filter(user=learner, session=session, mark="present").exists()
    assert count_minutes([learner.pk], cohort.course) == {learner.pk: 210}
    old, now = (
        [(p.name, p.minutes, p.elsewhere) for p in summarise_class(one)] for one in (cohort, other_class)
    )
    assert (old, now) == ([("田巧云", 120, 90)], [("田巧云", 90, 120)])
    assert Notice.objects.get(phone=learner.phone).template == "class_transferred"
    entry = AuditEntry.objects.get(verb="class_transferred")
    assert (entry.actor, entry.detail) == (trainer, {"from": "秋季班", "to": "冬季班"})


def test_undoing_ends_after_a_day(learner, trainer, cohort, other_class):
    made = transfers.transfer(trainer, learner, cohort, other_class)
    transfers.undo_transfer(trainer, made)
    assert where(learner) == "秋季班"
    with pytest.raises(transfers.TooLate):
        transfers.undo_transfer(trainer, made)
    late = transfers.transfer(trainer, learner, cohort, other_class)
    Transfer.objects.filter(pk=late.pk).update(made_at=timezone.now() - timedelta(hours=24))
    with pytest.raises(transfers.TooLate):
        transfers.undo_transfer(trainer, late)
    assert where(learner) == "冬季班"


def test_full_class_takes_nobody_and_the_freed_seat_goes_to_who_waits(learner, trainer, cohort, other_class):
    Cohort.objects.filter(pk=cohort.pk).update(most_people=1)
    Cohort.objects.filter(pk=other_class.pk).update(most_people=1)
    waits = make_person("等着的人")
    join_codes.redeem_or_wait(waits, cohort.join_code)
    made = transfers.transfer(trainer, learner, cohort, other_class)
    assert where(waits) == "秋季班"
    with pytest.raises(seats.ClassFull):
        transfers.undo_transfer(trainer, made)
    with pytest.raises(seats.ClassFull):
        transfers.transfer(trainer, waits, cohort, other_class)


def test_only_classes_of_the_course_that_one_leads_and_that_run_are_offered(
    trainer, village, county, course, cohort, other_class, other_village
):
    make_cohort(make_course(county), village, trainer)
    make_cohort(course, village, trainer, ends_on=timezone.localdate() - timedelta(days=1))
    make_cohort(course, other_village)
    assert [one.name for one in transfers.find_targets(trainer, cohort)] == ["冬季班"]


@pytest.mark.long
def test_pages(as_user, learner, trainer, cohort, other_class, course, other_village):
    client = as_user(trainer)
    url = f"/classes/{cohort.pk}/trainees/{learner.pk}/transfer/"
    assert "冬季班" in client.get(url).content.decode()
    foreign = make_cohort(course, other_village)
    assert client.post(url, {"target": foreign.pk}).context["form"].errors
    there = f"/classes/{other_class.pk}/trainees/{learner.pk}/"
    assert client.post(url, {"target": other_class.pk})["Location"] == there
    assert client.post(url, {"target": other_class.pk})["Location"] == there  # sent twice
    made = Transfer.objects.get()
    html = client.get(there).content.decode()
    assert ("从“秋季班”转来的" in html, f"/transfers/{made.pk}/undo/" in html) == (True, True)
    undo = f"/classes/{other_class.pk}/transfers/{made.pk}/undo/"
    assert client.post(undo)["Location"] == f"/classes/{cohort.pk}/trainees/{learner.pk}/"
    assert client.post(undo)["Location"] == f"/classes/{other_class.pk}/"
    assert where(learner) == "秋季班"
    assert as_user(learner).get(url).status_code == 404
