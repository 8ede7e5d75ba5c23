from django.utils import timezone

from progress.enrolment import services
from progress.lessons.completion import mark_done
from progress.models import Enrolment, LessonDone


def state(user) -> tuple:
    row = Enrolment.objects.get(user=user)
    return row.cohort, row.left_at is None, row.course_version


def test_enrol_remembers_the_courses_version(trainee, course):
    course.version = 4
    enrolment = services.enrol(trainee, course)
    assert state(trainee) == (None, True, 4)
    assert enrolment.enrolled_at <= timezone.now()


def test_enrolling_again_changes_nothing(learner, course, cohort):
    course.version = 9
    services.enrol(learner, course)
    assert state(learner) == (cohort, True, 1)


def test_leaving_keeps_what_was_learnt(learner, course, lessons):
    mark_done(learner, lessons[0])
    assert services.leave(learner, course)
    assert not services.leave(learner, course)
    assert not Enrolment.objects.active().filter(user=learner).exists()
    assert LessonDone.objects.filter(user=learner).count() == 1


def test_who_comes_back_alone_is_in_no_class(learner, course):
    services.leave(learner, course)
    services.enrol(learner, course)
    assert state(learner) == (None, True, 1)


def test_who_comes_back_by_code_is_in_the_class(learner, course, cohort):
    services.leave(learner, course)
    services.enrol(learner, course, cohort)
    assert state(learner) == (cohort, True, 1)
