import pytest
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Course, Lesson
from media.models import Video
from progress.enrolment.services import enrol
from progress.models import Enrolment
from tests.factories import make_cohort, make_course
from tests.outbox.phone import Phone
from tests.outbox.phone import hours as ago

MINUTES_10 = 600_000


@pytest.fixture
def course(county) -> Course:
    return make_course(county, lessons=3, modules=2, title="直播课", slug="live")


@pytest.fixture
def lessons(course) -> list[Lesson]:
    """Return lessons, each with a video of ten minutes, of which watching 80 % suffices."""
    video = Video.objects.create(status=Video.Status.READY, duration_ms=MINUTES_10)
    Lesson.objects.filter(module__course=course).update(video=video)
    return list(Lesson.objects.filter(module__course=course).in_order())


@pytest.fixture
def cohort(course, village, trainer) -> Cohort:
    return make_cohort(course, village, trainer, name="秋季班")


@pytest.fixture
def learner(trainee, course, cohort) -> User:
    """Return a trainee who joined the class ten days ago."""
    enrol(trainee, course, cohort)
    Enrolment.objects.filter(user=trainee).update(enrolled_at=timezone.now() - ago(240))
    return trainee


@pytest.fixture
def phone(client, learner, lessons) -> Phone:
    client.force_login(learner)
    return Phone(client, learner)
