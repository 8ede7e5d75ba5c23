from django.db import migrations, models
from django.db.models import Q


def name_twins(apps, _editor):
    """A drill of a course with a twin is called there as the drill of the same code."""
    Drill = apps.get_model("courses", "Drill")
    for drill in Drill.objects.select_related("course"):
        of_twin = Q(course=drill.course.twin_id) | Q(course__twin=drill.course_id)
        twin = Drill.objects.filter(of_twin, code=drill.code).first()
        if twin:
            drill.other_title = twin.title
            drill.save(update_fields=["other_title"])


class Migration(migrations.Migration):
    dependencies = [("courses", "0005_live_and_rehearsals")]

    operations = [
        migrations.AddField(
            model_name="drill",
            name="other_title",
            field=models.CharField(blank=True, max_length=40, verbose_name="另一种语言叫什么"),
        ),
        migrations.RunPython(name_twins, migrations.RunPython.noop),
    ]
