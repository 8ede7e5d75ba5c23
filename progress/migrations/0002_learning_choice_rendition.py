from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("progress", "0001_initial")]

    operations = [migrations.RenameField("learningchoice", "rung", "rendition")]
