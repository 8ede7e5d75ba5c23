from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Course
from programme.models import TrainingSession
from progress.enrolment.services import enrol
from tests.factories import make_cohort, make_course, make_person
from tests.programme.attendance.rows import make_session


@pytest.fixture(autouse=True)
def _no_second_factor(settings) -> None:
    settings.DEMO = True


@pytest.fixture
def course(county) -> Course:
    return make_course(county, lessons=1, title="直播课", slug="live")


@pytest.fixture
def cohort(course, village, trainer) -> Cohort:
    return make_cohort(course, village, trainer, name="秋季班")


@pytest.fixture
def learner(trainee, course, cohort) -> User:
    enrol(trainee, course, cohort)
    return trainee


@pytest.fixture
def other(course, cohort) -> User:
    person = make_person("曾春生")
    enrol(person, course, cohort)
    return person


@pytest.fixture
def session(cohort, trainer) -> TrainingSession:
    """Return a session of two hours that began five minutes ago."""
    return make_session(cohort, trainer, starts_at=timezone.now() - timedelta(minutes=5))
