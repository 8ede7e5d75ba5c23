"""Plans of rehearsals that were handed in before a plan knew it."""

from django.db import migrations
from django.db.models import Min, OuterRef, Subquery


def mark_practised(apps, _schema_editor):
    Livestream = apps.get_model("live", "Livestream")
    Submission = apps.get_model("progress", "Submission")
    plans = Submission.objects.order_by().values("rehearsal__livestream")
    first = plans.filter(rehearsal__livestream=OuterRef("pk")).annotate(at=Min("received_at")).values("at")
    Livestream.objects.filter(
        kind="rehearsal", practised_at=None, pk__in=plans.values("rehearsal__livestream")
    ).update(practised_at=Subquery(first[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("live", "0002_practised_rehearsals"),
        ("progress", "0005_rehearsals"),
    ]
    operations = [migrations.RunPython(mark_practised, migrations.RunPython.noop, elidable=True)]
