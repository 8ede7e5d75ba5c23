import django.utils.timezone
from django.db import migrations, models

from ui.database.orm import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="CopyRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("began_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("is_planned", models.BooleanField(default=False)),
                        (
                            "problem",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("full", "硬盘满了"),
                                    ("key", "没有密钥文件"),
                                    ("damaged", "写完再读，对不上"),
                                    ("other", "没做成，日志里写着原因"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=100)),
                        ("bytes", models.PositiveBigIntegerField(default=0)),
                        ("rows", models.PositiveBigIntegerField(default=0)),
                        ("files", models.PositiveBigIntegerField(default=0)),
                        ("missing", models.PositiveBigIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="Round",
                    fields=[
                        ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                        ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                ),
            ],
        ),
        # Of Django's own log of the admin: an erasing finds a person's rows by what they are about.
        migrations.RunSQL(
            "CREATE INDEX admin_log_by_object ON django_admin_log (content_type_id, object_id)",
            "DROP INDEX admin_log_by_object",
        ),
    ]
