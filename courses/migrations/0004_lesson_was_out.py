from django.db import migrations, models


def remember(apps, schema_editor):
    """Published now, or noted in the trail as taken back."""
    Lesson, Entry = apps.get_model("courses", "Lesson"), apps.get_model("accounts", "AuditEntry")
    Lesson.objects.filter(state="published").update(was_out=True)
    subjects = Entry.objects.filter(verb="lesson_withdrawn", subject__startswith="lesson ").order_by()
    taken_back = {int(pk) for subject in subjects.values_list("subject", flat=True) if (pk := subject[7:]).isdecimal()}
    for pk in taken_back:
        Lesson.objects.filter(pk=pk).update(was_out=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("courses", "0003_quiz_leaves_with_its_bank"),
    ]

    operations = [
        migrations.AddField("lesson", "was_out", models.BooleanField(default=False, editable=False)),
        migrations.RunPython(remember, migrations.RunPython.noop, elidable=True),
    ]
