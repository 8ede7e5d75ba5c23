import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def note_those_that_wait(apps, schema_editor):
    """Codes that wait come from the days after the last reset."""
    PayCode = apps.get_model("shops", "PayCode")
    for code in PayCode.objects.filter(status="waiting").select_related("shop__owner"):
        PayCode.objects.filter(pk=code.pk).update(reset_by=code.shop.owner.password_reset_by_id)


class Migration(migrations.Migration):
    dependencies = [
        ("shops", "0011_paycodes_that_wait"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="paycode",
            name="reset_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁重置的密码",
            ),
        ),
        migrations.RunPython(note_those_that_wait, migrations.RunPython.noop),
    ]
