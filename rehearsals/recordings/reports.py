"""Record what a phone reports of a rehearsal and its takes: absolute facts under ids made there, which only grow.

Every fact carries enough of its rehearsal to create the row, so that none has to wait for another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, Sum
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort
from live.models import Livestream
from media.models import Upload
from media.uploads import quotas
from media.uploads.errors import UploadRefused
from outbox.protocol import clamp_moment, parse_moment
from progress.models import Enrolment
from rehearsals.models import Rehearsal, Take
from rehearsals.recordings.markers import merge_marks
from shops.models import Shop

# Extra time to end a sentence, if a plan has no drill that gives the length.
EXTRA_MINUTES = 2
BITS_PER_SECOND: dict[str, int] = {Rehearsal.Quality.CLEAR: 1_600_000, Rehearsal.Quality.SAVING: 700_000}
# Recorders exceed the requested bitrate when there is much movement.
OVERSHOOT, EXTRA_BYTES = 2, 8_000_000
REFERENCE_PREFIX = "take "
# With less left for the day the page shows a warning.
SCARCE_MINUTES, SCARCE_MEGABYTES = 60, 1000


class PlanNotFound(Exception):
    """Raised when the plan is not this person's, or is no rehearsal."""


class BelongsToAnother(Exception):
    """Raised when the id belongs to somebody else's rehearsal or take."""


@dataclass(frozen=True)
class ReportedRehearsal:
    """What a phone reports of a rehearsal: `on_phone` bytes were there at `said_at`; None if that is not reported."""

    key: UUID
    live: int
    quality: str
    begun: datetime
    said_at: datetime
    on_phone: int | None = None
    dropped: bool = False


@dataclass(frozen=True)
class ReportedTake:
    key: UUID
    number: int
    begun: datetime
    upright: bool = True
    lasted_ms: int | None = None
    left_out: bool = False
    marks: list[dict] = field(default_factory=list)


def find_plans(user: User):
    """Return the plans this person may rehearse by; one removed since still counts for what was recorded."""
    mine = Q(host=user) | Q(mentor=user) | Q(shop__in=Shop.objects.of(user).order_by().values("pk"))
    return Livestream.objects.filter(mine, kind=Livestream.Kind.REHEARSAL)


def record_rehearsal(user: User, report: ReportedRehearsal, now: datetime) -> Rehearsal:
    """Create or update the rehearsal of that key. At most 5 statements.

    Raises PlanNotFound, BelongsToAnother.
    """
    row = Rehearsal.objects.filter(key=report.key).first()
    if row is None:
        row = create_rehearsal(user, report, now)
    if row.user_id != user.pk:
        raise BelongsToAnother
    if report.on_phone is not None and (row.on_phone_at is None or report.said_at >= row.on_phone_at):
        row.on_phone_bytes, row.on_phone_at = report.on_phone, report.said_at
    if report.dropped and not hasattr(row, "submission"):
        row.dropped_at = row.dropped_at or report.said_at
    row.save(update_fields=["on_phone_bytes", "on_phone_at", "dropped_at"])
    return row


def create_rehearsal(user: User, report: ReportedRehearsal, now: datetime) -> Rehearsal:
    plan = find_plans(user).select_related("drill").filter(pk=report.live).first()
    if plan is None:
        raise PlanNotFound
    facts = {"user": user, "livestream": plan, "drill": plan.drill, "cohort": find_class(user, plan)}
    facts |= {"quality": report.quality, "most_seconds": get_seconds_limit(plan)}
    facts |= {"happened_at": report.begun, "received_at": now}
    return Rehearsal.objects.get_or_create(key=report.key, defaults=facts)[0]


def find_class(user: User, plan: Livestream) -> Cohort | None:
    """Return the class whose trainers see it: that of the drill's course, else the one joined last."""
    mine = Enrolment.objects.active().filter(user=user, cohort__isnull=False).select_related("cohort")
    if plan.drill:
        mine = mine.filter(course=plan.drill.course_id)
    newest = mine.order_by("-enrolled_at", "-pk").first()
    return newest.cohort if newest else None


def get_seconds_limit(plan: Livestream) -> int:
    minutes = plan.drill.most_minutes if plan.drill else plan.planned_minutes + EXTRA_MINUTES
    return minutes * 60


def get_bytes_limit(quality: str, seconds: int) -> int:
    """Return how many bytes one take may have."""
    return (
        BITS_PER_SECOND.get(quality, BITS_PER_SECOND[Rehearsal.Quality.CLEAR]) // 8 * seconds * OVERSHOOT
        + EXTRA_BYTES
    )


def get_bytes_limit_of_take(take: Take) -> int:
    """Return how many bytes this take may have; a file filmed elsewhere may be as heavy as any film."""
    if any(mark["kind"] == "file" for mark in take.marks):
        return settings.VIDEO_MAX_BYTES
    return get_bytes_limit(take.rehearsal.quality, take.rehearsal.most_seconds)


def record_take(rehearsal: Rehearsal, report: ReportedTake, now: datetime) -> Take:
    """Create or update a take; its number is the phone's unless another take has it. Raises BelongsToAnother."""
    row = Take.objects.filter(key=report.key).first()
    if row is None:
        row = create_take(rehearsal, report, now)
    if row.rehearsal_id != rehearsal.pk:
        raise BelongsToAnother
    row.marks = merge_marks(row.marks, report.marks)
    if report.lasted_ms is not None:
        row.lasted_ms = max(row.lasted_ms or 0, report.lasted_ms)
    row.is_left_out = row.is_left_out or report.left_out
    row.save(update_fields=["marks", "lasted_ms", "is_left_out"])
    return row


def create_take(rehearsal: Rehearsal, report: ReportedTake, now: datetime) -> Take:
    taken = set(rehearsal.takes.order_by().values_list("number", flat=True))
    number = report.number if report.number not in taken else max(taken) + 1
    facts = {"number": number, "is_upright": report.upright, "happened_at": report.begun, "received_at": now}
    return Take.objects.get_or_create(key=report.key, defaults={"rehearsal": rehearsal} | facts)[0]


def count_minutes_today(user: User) -> int:
    """Count the minutes of recordings that this person began to send within a day. Two queries."""
    sent = Upload.objects.filter(
        owner=user, purpose=Upload.Purpose.TAKE, reference__startswith=REFERENCE_PREFIX
    )
    today = sent.filter(created_at__gt=timezone.now() - quotas.A_DAY).values_list("reference", flat=True)
    keys = [UUID(each.removeprefix(REFERENCE_PREFIX)) for each in today]
    lasted = Take.objects.filter(key__in=keys).aggregate(sum=Sum("lasted_ms"))["sum"] or 0
    return -(-lasted // 60_000)


@dataclass(frozen=True)
class SendingAllowance:
    """What may still be sent today; `refused` says why nothing may, and is "" if something may."""

    minutes: int
    megabytes: int
    refused: str = ""

    @property
    def is_scarce(self) -> bool:
        return bool(self.refused) or self.minutes < SCARCE_MINUTES or self.megabytes < SCARCE_MEGABYTES


def get_sending_allowance(user: User) -> SendingAllowance:
    """Return what may still be sent, for the pages on which a recording is chosen or begun. Six queries."""
    nearest = quotas.find_nearest_limit(user)
    minutes = max(0, settings.PRACTICE_MINUTES_A_DAY - count_minutes_today(user))
    megabytes = max(0, nearest.left // 10**6)
    try:
        refuse_minutes(minutes)
        quotas.refuse_beyond(nearest, EXTRA_BYTES)
    except UploadRefused as refused:
        return SendingAllowance(minutes, megabytes, refused.messages[0])
    return SendingAllowance(minutes, megabytes)


def refuse_minutes(left: int) -> None:
    if left <= 0:
        raise UploadRefused("minutes", most=settings.PRACTICE_MINUTES_A_DAY)


def refuse_too_long(user: User, key: UUID | None = None) -> None:
    """Raise UploadRefused when this person has sent a day's minutes; a recording that has begun to arrive goes on."""
    if key and Upload.objects.filter(owner=user, reference=get_upload_reference(key)).exists():
        return
    refuse_minutes(settings.PRACTICE_MINUTES_A_DAY - count_minutes_today(user))


def get_upload_reference(key: UUID) -> str:
    """Return the reference by which the upload of a take is found."""
    return f"{REFERENCE_PREFIX}{key.hex}"


def bind_uploads(rehearsal: Rehearsal) -> list[Take]:
    """Return its takes in order, each bound to its upload if one has begun. At most three statements."""
    takes = list(rehearsal.takes.select_related("upload").order_by("number"))
    loose = {get_upload_reference(take.key): take for take in takes if take.upload_id is None}
    if not loose:
        return takes
    sent = Upload.objects.filter(owner=rehearsal.user_id, reference__in=loose)
    for upload in sent.exclude(state=Upload.State.GONE):
        loose[upload.reference].upload = upload
    Take.objects.bulk_update([take for take in loose.values() if take.upload_id], ["upload"])
    return takes


def find_upload(take: Take) -> Upload | None:
    """Return the upload of a take before any report has bound the two."""
    mine = Upload.objects.filter(owner=take.rehearsal.user_id, reference=get_upload_reference(take.key))
    return mine.exclude(state=Upload.State.GONE).first()


def has_arrived(take: Take) -> bool:
    return take.upload is not None and take.upload.state == Upload.State.WHOLE


def parse_happened(text: object, now: datetime) -> datetime:
    return clamp_moment(parse_moment(text), now)
