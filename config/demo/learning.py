"""The course in both languages, the class on it, and people at every stage."""

import datetime
import uuid
from collections.abc import Callable

from django.utils import timezone

from accounts.models import Place, User
from courses import versions
from courses.exchange.bringing import Media, bring
from courses.exchange.document import Document, check
from courses.exchange.written import load
from courses.models import Cohort, Course, Lesson
from media.models import Photo, Video
from progress.models import Enrolment, LessonDone


def plant_courses(
    place: Place, photo: Callable[[str], Photo], video: Callable[[str], Video] | None = None
) -> Course:
    """Returns the Chinese course; its twin is the English one."""
    chinese, english = (planted(load(language), place, photo, video) for language in ("zh-hans", "en"))
    for course, twin in ((chinese, english), (english, chinese)):
        course.twin = twin
        course.save()
    return chinese


def planted(document: Document, place: Place, photo, video) -> Course:
    check(document)
    course = Course.objects.filter(slug=document["course"]["slug"]).first()
    course = bring(document, place, Media(photo, video), course)
    versions.record(course, None)
    return course


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
