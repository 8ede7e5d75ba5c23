"""When the workers' hourly and daily rounds are due."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("config", "0002_admin_log_by_object")]
    operations = [
        migrations.CreateModel(
            name="Round",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
    ]
