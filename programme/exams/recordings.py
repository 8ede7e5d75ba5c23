"""Link the recording of an examinee's half hour to the seat, so that a third examiner, or a dispute, can look again.

The recording is a rehearsal that the examinee handed in: recorded in the studio during the examination, or filmed with another
phone and uploaded under the own account. So it arrives in chunks, is seen by its owner before anybody else, is kept and deleted
after PRACTICE_FILM_DAYS and erased with its owner, all by the rules of rehearsals. The seat only refers to it; when the film
goes, the page says so, and the scores stay. It is optional, and neither scores nor totals depend on it.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AuditEntry, User
from programme.audit import Verb
from programme.models import ExamSeat
from rehearsals.models import Submission

SHOWN = 10


class SeatWithdrawn(Exception):
    """Raised when the seat or its examination was taken back."""


def find_recordings(seat: ExamSeat) -> QuerySet[Submission]:
    """Return the examinee's rehearsals with a film that were begun on the day of the examination or later, newest first."""
    on = timezone.localdate(seat.exam.starts_at)
    begins = timezone.make_aware(datetime.datetime.combine(on, datetime.time()))
    rows = Submission.objects.filter(user=seat.user_id, rehearsal__happened_at__gte=begins)
    return rows.filter(video__isnull=False, video_gone_at=None).order_by("-pk")


@transaction.atomic
def link_recording(actor: User, seat: ExamSeat, recording: Submission | None) -> bool:
    """Link the recording to the seat in the place of an earlier one, or take it off with None; return whether that changed
    anything. Raises SeatWithdrawn.
    """
    locked = ExamSeat.objects.select_for_update().get(pk=seat.pk)
    if locked.withdrawn_at:
        raise SeatWithdrawn
    if locked.recording_id == (recording.pk if recording else None):
        return False
    ExamSeat.objects.filter(pk=seat.pk).update(recording=recording)
    verb = Verb.EXAM_FILM_LINKED if recording else Verb.EXAM_FILM_UNLINKED
    AuditEntry.write(actor, verb, seat.user, seat.exam.cohort.place, name=seat.exam.title)
    return True
