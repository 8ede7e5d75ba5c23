"""Pictures of lessons stay visible when the site serves its pictures under another URL."""

import pytest
from django.apps import apps
from django.db import models

from courses.models import Lesson, LessonPicture
from tests.factories import make_course, make_photo

BUCKET = "https://farm.oss-cn-hangzhou.aliyuncs.com/media/"
ALT = "看 /media/photos/ab/x-320.webp"


@pytest.fixture
def lesson(county) -> Lesson:
    lesson = make_course(county, lessons=1).modules.get().lessons.get()
    LessonPicture.objects.create(lesson=lesson, photo=make_photo(), name="grip", alt=ALT)
    lesson.body = "字 /media/photos/ 字\n\n![](picture:grip)\n\n![](picture:grip)"
    lesson.save()
    return lesson


def test_a_lesson_shows_its_pictures_where_they_are_served_now(as_user, trainer, lesson, settings):
    client, url = as_user(trainer), f"/learn/lessons/{lesson.pk}/"
    name = lesson.pictures.get().photo.name_at(320)
    assert f'src="/media/{name}"' in client.get(url).content.decode()
    settings.MEDIA_URL = BUCKET
    html = client.get(url).content.decode()
    assert html.count(f'src="{BUCKET}{name}"') == 2
    assert f"/media/{name}" not in html.replace(BUCKET, "")


def test_a_visitors_page_does_not_stay_at_the_former_address(client, lesson, settings):
    url = f"/courses/{lesson.module.course.slug}/lessons/{lesson.pk}/"
    before = client.get(url)
    settings.MEDIA_URL = BUCKET
    after = client.get(url, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert f'src="{BUCKET}photos/' in after.content.decode()


@pytest.mark.long
def test_no_row_of_a_site_names_where_its_pictures_are_served(lesson, settings, seller, village):
    """Written with another address, so that a row that has it is found in whatever table it is."""
    settings.MEDIA_URL = BUCKET
    lesson.save()
    assert lesson.shown_html.count(BUCKET) == 8
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                values = model._base_manager.values_list(field.name, flat=True)
                found += [f"{model.__name__}.{field.name}" for value in values if BUCKET in str(value)]
    assert found == []
