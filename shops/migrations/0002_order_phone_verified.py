from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shops", "0001_initial")]

    operations = [migrations.RenameField("order", "phone_proven", "phone_verified")]
