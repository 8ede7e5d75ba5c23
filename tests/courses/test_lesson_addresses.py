"""Pictures of lessons stay visible when the site serves its pictures under another URL, also those stored long ago."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, models

from courses.models import Lesson, LessonPicture
from courses.rendering import add_addresses
from tests.factories import make_course, make_photo

migration = import_module("courses.migrations.0002_lesson_picture_addresses")
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


@pytest.mark.parametrize("former", ["/media/", "http://127.0.0.1:9000/farm/media/", BUCKET])
@pytest.mark.both_databases
@pytest.mark.django_db
def test_stored_addresses_are_replaced_whatever_they_were(lesson, former):
    stored = lesson.html
    baked = stored.replace("\ue002", former)
    assert baked != stored
    Lesson.objects.filter(pk=lesson.pk).update(html=baked)
    migration.forwards(apps, SimpleNamespace(connection=connection))
    assert Lesson.objects.get(pk=lesson.pk).html == stored
    migration.backwards(apps, SimpleNamespace(connection=connection))
    assert Lesson.objects.get(pk=lesson.pk).html == add_addresses(stored)


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
