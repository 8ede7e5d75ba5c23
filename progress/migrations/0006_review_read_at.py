from django.db import migrations, models
from django.db.models.functions import Now


def read_before(apps, schema_editor):
    """What was reviewed before this was asked is taken for read."""
    Submission = apps.get_model("progress", "Submission")
    last = Submission.objects.filter(status="reviewed", review_read_at=None)
    last.update(review_read_at=Now())


class Migration(migrations.Migration):
    dependencies = [
        ("progress", "0005_rehearsals"),
    ]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="review_read_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="看过点评的时间"),
        ),
        migrations.RunPython(read_before, migrations.RunPython.noop),
    ]
