"""An index of Django's own log of the admin: an erasing finds a person's rows by what they are about."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX admin_log_by_object ON django_admin_log (content_type_id, object_id)",
            "DROP INDEX admin_log_by_object",
        ),
    ]
