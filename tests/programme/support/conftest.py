from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Course
from tests.factories import make_cohort, make_course, make_person
from tests.programme.support.rows import join


@pytest.fixture(autouse=True)
def _no_second_factor(settings) -> None:
    settings.DEMO = True


@pytest.fixture
def course(county) -> Course:
    return make_course(county, lessons=3, title="直播课", slug="live")


@pytest.fixture
def cohort(course, village, trainer) -> Cohort:
    begun = timezone.localdate() - timedelta(days=30)
    return make_cohort(course, village, trainer, name="秋季班", starts_on=begun)


@pytest.fixture
def learner(trainee, cohort) -> User:
    """Return somebody who joined yesterday: nothing is late yet."""
    return join(trainee, cohort, days=1)


@pytest.fixture
def other(cohort) -> User:
    return join(make_person("曾春生"), cohort, days=1)
