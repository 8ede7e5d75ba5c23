from datetime import timedelta

from django.utils import timezone

from programme.attendance.hours import count_minutes, summarise_class
from programme.attendance.sessions import cancel_session
from programme.templatetags.attendance_tags import hours
from progress.enrolment.services import leave
from tests.factories import make_cohort, make_course
from tests.programme.attendance.rows import make_session, mark


def test_hours_are_credited_for_present_and_late_and_not_for_a_cancelled_session(
    cohort, course, trainer, learner, other, county
):
    ago = timezone.now() - timedelta(hours=1)
    for minutes, marks in (
        (120, ("present", "late")),
        (90, ("late", "absent")),
        (60, ("excused", "present")),
    ):
        session = make_session(cohort, minutes=minutes, starts_at=ago)
        for person, one in zip((learner, other), marks, strict=True):
            mark(session, trainer, person, one)
    called_off = make_session(cohort, minutes=300, starts_at=ago)
    mark(called_off, trainer, learner, "present")
    cancel_session(trainer, called_off, "停电")
    elsewhere = make_course(county)
    assert count_minutes([learner.pk, other.pk, trainer.pk], course) == {learner.pk: 210, other.pk: 180}
    assert count_minutes([learner.pk], elsewhere) == {}
    leave(other, course)
    assert [(one.name, one.counts, one.minutes) for one in summarise_class(cohort)] == [
        ("田巧云", {"present": 1, "late": 1, "absent": 0, "excused": 1, "open": 0}, 210),
        ("曾春生", {"present": 1, "late": 1, "absent": 1, "excused": 0, "open": 0}, 180),
    ]
    assert summarise_class(make_cohort(elsewhere, county)) == []


def test_hours_are_written_with_at_most_one_decimal():
    assert [hours(minutes) for minutes in (0, 45, 90, 120, 100)] == ["0", "0.8", "1.5", "2", "1.7"]
