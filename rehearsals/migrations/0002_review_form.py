"""Keep by which form of the rubric a review was scored, and at which moment of the film each mark was given."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rehearsals", "0001_initial")]

    operations = [
        migrations.AddField(
            "review",
            "form",
            models.CharField(
                choices=[("short", "短表"), ("long", "长表")],
                default="long",
                max_length=5,
                verbose_name="照哪张表打分",
            ),
        ),
        migrations.AddField(
            "review",
            "stamps",
            models.JSONField(blank=True, default=dict, verbose_name="打分的时刻"),
        ),
    ]
