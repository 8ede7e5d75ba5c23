"""The course in both languages, the class on it, and people at every stage."""

import datetime
import uuid
from collections.abc import Callable

from django.utils import timezone

from accounts.models import Place, User
from courses.models import Cohort, Course, Lesson
from courses.planting import plant
from courses.programme import load
from media.models import Photo
from progress.models import Enrolment, LessonDone


def plant_courses(place: Place, picture_for: Callable[[str], Photo]) -> Course:
    """Returns the Chinese course; its twin is the English one."""
    chinese, english = (plant(load(language), place, picture_for) for language in ("zh-hans", "en"))
    for course, twin in ((chinese, english), (english, chinese)):
        course.twin, course.cover, course.state = twin, picture_for("course-cover"), "published"
        course.save()
    return chinese


def plant_progress(cohort: Cohort, people: list[User]) -> None:
    """The n-th person has done n lessons (the first, the demo trainee, three), one a day."""
    lessons = list(Lesson.objects.filter(module__course=cohort.course).in_order())
    now = timezone.now()
    for number, user in enumerate(people):
        Enrolment.objects.get_or_create(
            user=user,
            course=cohort.course,
            defaults={"cohort": cohort, "enrolled_at": now - datetime.timedelta(days=20)},
        )
        done = 3 if number == 0 else min(number - 1, len(lessons))
        for day, lesson in enumerate(lessons[:done]):
            # One a day, the last of them some days ago: a few have not been seen for more than a week.
            at = now - datetime.timedelta(days=done - day - 1 + number * 5 % 11, hours=number)
            LessonDone.objects.get_or_create(
                user=user,
                lesson=lesson,
                defaults={"event_id": uuid.uuid4(), "happened_at": at, "received_at": at},
            )
