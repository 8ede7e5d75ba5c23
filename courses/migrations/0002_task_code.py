from django.db import migrations, models


def fill_codes(apps, schema_editor) -> None:
    """Give the tasks of written courses, each the first of its module, the codes that the course's files give them."""
    tasks = apps.get_model("courses", "Assignment").objects
    for pk, number in tasks.filter(position=1).values_list("pk", "module__number"):
        tasks.filter(pk=pk).update(code=f"task-{number}")


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="code",
            field=models.SlugField(
                blank=True,
                default="",
                help_text="两种语言的课里同一个任务，编号写一样的",
                max_length=60,
                verbose_name="编号",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill_codes, migrations.RunPython.noop, elidable=True),
    ]
