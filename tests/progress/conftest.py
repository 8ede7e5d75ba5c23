import pytest

from accounts.models import User
from courses.models import Cohort, Course, Lesson
from progress.enrolling import enrol
from tests.factories import make_cohort, make_course


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
    """The trainee, in the class."""
    enrol(trainee, course, cohort)
    return trainee
