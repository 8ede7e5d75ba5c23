from django.db import migrations, models


class Migration(migrations.Migration):
    """Give the field the name of what it says; its column keeps its own."""

    dependencies = [("rehearsals", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="taskversion",
            name="is_late",
            field=models.BooleanField(db_column="is_late", default=False, verbose_name="过了结业才交"),
        ),
        migrations.RenameField(model_name="taskversion", old_name="is_late", new_name="is_after_class"),
    ]
