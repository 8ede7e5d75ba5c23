from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [migrations.RenameIndex("event", "events_rejected", old_name="events_kept_aside")]
