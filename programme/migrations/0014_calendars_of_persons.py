"""A class has no calendar address of its own any more: who had left the class went on reading it."""

from django.conf import settings
from django.db import migrations, models


def delete_those_of_classes(apps, _schema_editor):
    apps.get_model("programme", "CalendarAddress").objects.filter(user=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("programme", "0013_calendars"),
    ]

    operations = [
        migrations.RunPython(delete_those_of_classes, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="calendaraddress", name="calendar_of_person_or_class"),
        migrations.RemoveField(model_name="calendaraddress", name="cohort"),
        migrations.AlterField(
            model_name="calendaraddress",
            name="user",
            field=models.OneToOneField(
                on_delete=models.deletion.CASCADE,
                related_name="calendar_address",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁的",
            ),
        ),
    ]
