import pytest

from courses.models import Cohort, Course
from tests.factories import make_cohort, make_course


@pytest.fixture(autouse=True)
def _no_second_factor(settings) -> None:
    settings.DEMO = True


@pytest.fixture
def course(county) -> Course:
    return make_course(county, lessons=1, title="直播课", slug="live")


@pytest.fixture
def cohort(course, village, trainer) -> Cohort:
    """Return a class of the township, whose trainer is the township's."""
    return make_cohort(course, village.parent, trainer, name="秋季班")
