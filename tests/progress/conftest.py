from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Course, Lesson
from outbox.models import Event
from outbox.reception import receive_batch
from progress.enrolment.services import enrol, leave
from progress.models import Enrolment
from tests.factories import make_cohort, make_course
from tests.outbox.phone import event


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def course(county) -> Course:
    return make_course(county, lessons=3, modules=2, title="直播课", slug="live")


@pytest.fixture
def lessons(course) -> list[Lesson]:
    return list(Lesson.objects.filter(module__course=course).in_order().select_related("module__course"))


@pytest.fixture
def cohort(course, village, trainer) -> Cohort:
    return make_cohort(course, village, trainer, name="秋季班", join_code="ABC234")


@pytest.fixture
def learner(trainee, course, cohort) -> User:
    """Return the trainee as a member of the class."""
    enrol(trainee, course, cohort)
    return trainee


@pytest.fixture
def kept(learner, lessons, cohort) -> Event:
    """Return an event made after leaving the class, to which its owner has returned since."""
    course = cohort.course
    leave(learner, course)
    Enrolment.objects.update(left_at=timezone.now() - timedelta(hours=1))
    receive_batch(learner, [event("done", lesson=lessons[0].pk)])
    enrol(learner, course, cohort)
    return Event.objects.get()
