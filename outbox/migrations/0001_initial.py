import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_id", models.UUIDField()),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁的",
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="什么事")),
                (
                    "state",
                    models.CharField(
                        choices=[("applied", "记上了"), ("aside", "先放着"), ("settled", "处理好了")],
                        default="applied",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40, verbose_name="原因")),
                ("body", models.JSONField(blank=True, default=dict)),
                ("happened_at", models.DateTimeField(verbose_name="发生时间")),
                (
                    "received_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                ),
            ],
            options={
                "verbose_name": "收到的事",
                "verbose_name_plural": "收到的事",
                "ordering": ["-received_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "aside")),
                        fields=["user", "-received_at"],
                        name="events_rejected",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("user", "event_id"), name="event_once")],
            },
        ),
    ]
