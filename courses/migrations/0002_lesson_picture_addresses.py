"""Take the URL under which pictures are served out of the stored HTML of lessons."""

import re

from django.conf import settings
from django.db import migrations

ADDRESS = "\ue002"
# As courses/_picture.html draws it; other images are not in a lesson's HTML.
IMAGE = re.compile(r'<img src="[^"]*" srcset="[^"]*"')
NAME = re.compile(r'(?<=[ "])[^ ",]*?(photos/[0-9a-f]{2}/[0-9a-f]{32}-\d+\.webp)')


def replace_addresses(html: str) -> str:
    return IMAGE.sub(lambda image: NAME.sub(rf"{ADDRESS}\1", image[0]), html)


def list_lessons(apps, schema_editor):
    lessons = apps.get_model("courses", "Lesson").objects.using(schema_editor.connection.alias)
    return lessons.filter(html__contains="<img ").only("pk", "html").iterator(100)


def change(apps, schema_editor, replace) -> None:
    for lesson in list_lessons(apps, schema_editor):
        html = replace(lesson.html)
        if html != lesson.html:
            type(lesson).objects.filter(pk=lesson.pk).update(html=html)


def forwards(apps, schema_editor) -> None:
    change(apps, schema_editor, replace_addresses)


def backwards(apps, schema_editor) -> None:
    change(apps, schema_editor, lambda html: html.replace(ADDRESS, settings.MEDIA_URL))


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
