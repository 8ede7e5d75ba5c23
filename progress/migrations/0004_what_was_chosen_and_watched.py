from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    """Until now a lesson's film was taken for the one that was watched; papers hold the keys of their photos."""
    Watch, Attempt = apps.get_model("progress", "Watch"), apps.get_model("progress", "Attempt")
    Lesson, Photo = apps.get_model("courses", "Lesson"), apps.get_model("media", "Photo")
    film = Lesson.objects.filter(pk=OuterRef("lesson")).order_by().values("video__key")[:1]
    Watch.objects.update(film=Coalesce(Subquery(film), models.Value("")))
    for attempt in Attempt.objects.order_by("pk").only("paper").iterator(200):
        items = attempt.paper.get("items", [])
        shown = [choice.get("photo") for item in items for choice in item["shown"].get("choices", [])]
        if keys := {photo["key"] for photo in shown if photo}:
            attempt.photos.set(Photo.objects.filter(key__in=keys))


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0004_lesson_was_out"),
        ("media", "0002_lessons_that_last"),
        ("progress", "0003_watch_time"),
    ]

    operations = [
        migrations.AddField(
            "attempt", "photos", models.ManyToManyField(editable=False, related_name="+", to="media.photo")
        ),
        migrations.AddField("learningchoice", "chosen_at", models.JSONField(default=dict, editable=False)),
        migrations.AddField("watch", "film", models.CharField(blank=True, editable=False, max_length=32)),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
