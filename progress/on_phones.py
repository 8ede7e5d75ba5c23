"""What a class has recorded and its phones still hold: told by the phones, so that a trainer can ask for it in time."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.models import Cohort
from media.models import Upload
from progress.models import Rehearsal, Take
from progress.practising import Recorded, recorded

SHOWN = 20


def waiting_in(cohort: Cohort) -> QuerySet[Rehearsal]:
    """With a take that has not come whole, of those that are still wanted."""
    coming = Take.objects.filter(rehearsal=OuterRef("pk"), is_left_out=False)
    coming = coming.filter(Q(upload=None) | ~Q(upload__state=Upload.State.WHOLE))
    gone = Q(submission__video_gone_at__isnull=False) | Q(submission__video__isnull=False)
    return Rehearsal.objects.standing().filter(Exists(coming), cohort=cohort).exclude(gone)


def on_phones(cohort: Cohort) -> list[Recorded]:
    """The newest; three queries."""
    found = recorded(waiting_in(cohort).order_by("-happened_at", "-pk")[:SHOWN])
    return [one for one in found if not one.is_here]
