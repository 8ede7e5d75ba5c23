"""Show how far a person is in practising: the drills in order, what to do next, and the state of each recording."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Replace
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.models import User
from courses.models import Cohort, Course, Drill
from courses.models.drill import pick_title
from media.models import Upload, Video
from progress.classes.panels import Panel, register_panel
from progress.lessons.player import format_clock
from progress.models import Enrolment
from rehearsals.models import Rehearsal, Review, Submission, Take
from rehearsals.recordings.edit_list import find_kept_stretches
from rehearsals.recordings.reports import REFERENCE_PREFIX, get_upload_reference
from ui.pagination import Page, fetch_page

REHEARSALS_SHOWN = 20
ON_PHONES_SHOWN = 20
# The pass mark of a rubric that states none.
PASS_POINTS = 60


@dataclass
class DrillProgress:
    """One drill with the user's tries at it, the newest first."""

    drill: Drill
    tries: list[Submission] = field(default_factory=list)

    @property
    def last(self) -> Submission | None:
        return self.tries[0] if self.tries else None

    @property
    def best(self) -> int | None:
        return max((total for one in self.tries if (total := get_total(one)) is not None), default=None)

    @property
    def is_passed(self) -> bool:
        return any(has_passed(one) for one in self.tries)


@dataclass
class Practice:
    drills: list[DrillProgress]
    rehearsals: list[Recording]
    # Of rehearsals on one page.
    page: Page

    @cached_property
    def cut_off(self) -> Recording | None:
        """Return the newest interrupted rehearsal, to be continued before a new one is begun."""
        return next((one for one in self.rehearsals if one.is_cut_off), None)

    @cached_property
    def next(self) -> DrillProgress | None:
        """Return the first drill that is neither passed nor waiting for its review."""
        for standing in self.drills:
            waits = standing.last is not None and standing.last.status == Submission.Status.QUEUED
            if not standing.is_passed and not waits:
                return standing
        return None


@dataclass(frozen=True)
class Part:
    """The part of a take that goes into the film: from its beginning to `until_ms`, None while that is unknown."""

    number: int
    take: Take
    until_ms: int | None

    @property
    def has_come(self) -> bool:
        """Return whether some of the take can be watched."""
        upload = self.take.upload
        return upload is not None and upload.state != Upload.State.GONE and upload.offset > 0

    @property
    def length(self) -> str:
        return format_clock(self.until_ms) if self.until_ms else ""


@dataclass(frozen=True)
class Recording:
    """What the owner, or a trainer of the class, sees of one rehearsal."""

    rehearsal: Rehearsal

    @property
    def submission(self) -> Submission | None:
        return getattr(self.rehearsal, "submission", None)

    @cached_property
    def takes(self) -> list[Take]:
        return [take for take in self.rehearsal.takes.all() if not take.is_left_out]

    @property
    def seconds(self) -> int:
        return sum(take.lasted_ms or 0 for take in self.takes) // 1000

    @cached_property
    def parts(self) -> list[Part]:
        """Return the parts that would be handed in, in order."""
        found = [
            (self.takes[one.take], one.until_ms)
            for one in find_kept_stretches([take.marks for take in self.takes])
        ]
        parts = [(take, take.lasted_ms if until is None else until) for take, until in found]
        return [Part(number, take, until) for number, (take, until) in enumerate(parts, 1)]

    @property
    def is_finished(self) -> bool:
        """Return whether "done" was pressed after its last take, a whole film was sent, or it has reached its planned
        length.
        """
        kinds = {mark["kind"] for mark in self.takes[-1].marks} if self.takes else set()
        return bool(kinds & {"end", "file"}) or self.seconds >= self.rehearsal.livestream.planned_minutes * 60

    @property
    def can_go_on(self) -> bool:
        """Return whether more can be recorded: not handed in, and the plan was not removed."""
        return self.submission is None and self.rehearsal.livestream.removed_at is None

    @property
    def is_cut_off(self) -> bool:
        return self.can_go_on and not self.is_finished

    @property
    def length(self) -> str:
        return format_clock(sum(part.until_ms or 0 for part in self.parts))

    @property
    def is_here(self) -> bool:
        """Return whether all recorded takes have arrived."""
        return bool(self.takes) and all(
            take.upload is not None and take.upload.state == Upload.State.WHOLE for take in self.takes
        )

    @property
    def on_phone_mb(self) -> str:
        """Return the megabytes on the phone by its last report; empty without one."""
        return format_mb(self.rehearsal.on_phone_bytes)

    @property
    def state(self) -> str:
        submission = self.submission
        if submission is None:
            return "here" if self.is_here else "phone"
        if submission.status == Submission.Status.REVIEWED:
            return "reviewed"
        if submission.video_gone_at:
            return "gone"
        if submission.video is None:
            return "coming"
        states: dict[str, str] = {Video.Status.FAILED: "failed", Video.Status.READY: "queued"}
        return states.get(submission.video.status, "making")

    @property
    def words(self) -> str:
        if self.is_cut_off:
            if self.is_here:
                return _("没录完，都收到了")
            on_phone = self.takes or self.rehearsal.on_phone_bytes
            return _("没录完，有的还在手机里") if on_phone else _("没录完，一段也没收到")
        return {
            "phone": _("还在手机里，没收到"),
            "here": _("收到了，还没交"),
            "coming": _("交了，录像还在手机里"),
            "making": _("交了，录像正在做"),
            "failed": _("录像没做成"),
            "queued": _("等老师点评"),
            "reviewed": _("点评好了"),
            "gone": _("录像到期删了"),
        }[self.state]

    @property
    def tone(self) -> str:
        return {"reviewed": "leaf", "queued": "zest", "failed": "stop", "making": ""}.get(self.state, "ask")


def format_mb(size: int) -> str:
    """Return the bytes as megabytes, empty for next to nothing."""
    return f"{size / 1e6:.1f}" if size >= 50_000 else ""


def get_total(submission: Any) -> int | None:
    """Return the total its first trainer signed; reads what `find_tries` has fetched."""
    signed = [review for review in submission.signed if review.kind == Review.Kind.FIRST]
    return signed[0].total if signed else None


def has_passed(submission: Submission) -> bool:
    total = get_total(submission)
    return total is not None and total >= submission.rubric_content.get("pass_points", PASS_POINTS)


def load_practice(user: User, after: str = "") -> Practice:
    """Load drills and rehearsals, these from behind the cursor `after`. Seven queries in all."""
    standings = {drill.pk: DrillProgress(drill) for drill in find_drills(user)}
    for submission in find_tries(user):
        if submission.drill_id in standings:
            standings[submission.drill_id].tries.append(submission)
    shown = fetch_page(attach_takes(find_rehearsals(user)), ("-happened_at", "-pk"), after, REHEARSALS_SHOWN)
    return Practice([*standings.values()], build_recordings(shown.items), shown)


def find_drills(user: User) -> QuerySet[Drill]:
    """Return the drills of the courses that this person learns."""
    learning = Enrolment.objects.active().filter(user=user).order_by().values("course")
    return (
        Drill.objects.filter(course__in=learning)
        .select_related("course")
        .order_by("course", "position", "pk")
    )


def find_visible_drills(user: User) -> QuerySet[Drill]:
    """Return the drills of courses that may be looked at: a trainer tries a drill before the class does."""
    seen = Course.objects.visible_to(user).order_by().values("pk")
    return Drill.objects.filter(course__in=seen).select_related("course")


def find_tries(user: User) -> QuerySet[Submission]:
    """Return what was handed in and can be reviewed or was; a film that failed is no try."""
    signed = Prefetch("reviews", Review.objects.counting(), to_attr="signed")
    rows = Submission.objects.filter(user=user).exclude(
        status=Submission.Status.QUEUED, video__status=Video.Status.FAILED
    )
    return rows.order_by("-number", "-pk").prefetch_related(signed)


def find_rehearsals(user: User) -> QuerySet[Rehearsal]:
    return Rehearsal.objects.not_dropped().filter(user=user).order_by("-happened_at", "-pk")


def load_recordings(rehearsals: QuerySet[Rehearsal]) -> list[Recording]:
    """Load the rehearsals with their takes and uploads. Three queries."""
    return build_recordings(attach_takes(rehearsals))


def attach_takes(rehearsals: QuerySet[Rehearsal]) -> QuerySet[Rehearsal]:
    takes = Prefetch("takes", Take.objects.select_related("upload").order_by("number"))
    return rehearsals.select_related("livestream", "drill", "user", "submission__video").prefetch_related(
        takes
    )


def build_recordings(rehearsals: Iterable[Rehearsal]) -> list[Recording]:
    """Build recordings of rows with their takes, and find uploads that no report has bound yet. One query."""
    found = [Recording(row) for row in rehearsals]
    loose = {
        get_upload_reference(take.key): take for one in found for take in one.takes if take.upload_id is None
    }
    owners = {one.rehearsal.user_id for one in found}
    sent = Upload.objects.filter(owner__in=owners, reference__in=loose)
    for upload in sent:
        take = loose[upload.reference]
        if upload.owner_id == take.rehearsal.user_id and upload.state != Upload.State.GONE:
            take.upload = upload
    return found


# --- recordings of a class that are still on phones ---


@dataclass(frozen=True)
class OnPhone:
    """A recording that has not arrived whole, as the trainers of its class see it."""

    rehearsal: int
    name: str
    drill: str
    happened_at: datetime
    on_phone_mb: str
    is_handed_in: bool


def list_on_phones(cohort: Cohort) -> list[OnPhone]:
    """Return the newest recordings that phones still hold. One query."""
    columns = (
        "rehearsal", "rehearsal__user__name", "rehearsal__drill__title", "rehearsal__drill__other_title",
        "rehearsal__happened_at", "rehearsal__on_phone_bytes", "rehearsal__submission",
    )  # fmt: skip
    newest = find_missing_takes(cohort).order_by("-rehearsal__happened_at", "-rehearsal_id")
    return [
        OnPhone(
            rehearsal,
            name,
            pick_title(title or "", other_title or ""),
            happened_at,
            format_mb(size),
            submission is not None,
        )
        for rehearsal, name, title, other_title, happened_at, size, submission in newest.values_list(
            *columns
        ).distinct()[:ON_PHONES_SHOWN]
    ]


def find_missing_takes(cohort: Cohort | int) -> QuerySet[Take]:
    """Return the takes of the class that have not arrived whole and are still wanted."""
    takes = Take.objects.filter(
        rehearsal__cohort=cohort,
        rehearsal__dropped_at=None,
        rehearsal__submission__video=None,
        rehearsal__submission__video_gone_at=None,
        is_left_out=False,
    ).exclude(upload__state=Upload.State.WHOLE)
    # An upload that no report has bound to its take yet is found by its reference (get_upload_reference).
    number = Replace(Cast("key", CharField()), Value("-"), Value(""))
    takes = takes.alias(reference=Concat(Value(REFERENCE_PREFIX), number))
    # With the conditions of the unique constraint (upload_once_a_reference) its index is used.
    named = Upload.objects.filter(~Q(reference=""), ~Q(state=Upload.State.GONE))
    sent = named.filter(
        owner=OuterRef("rehearsal__user"), reference=OuterRef("reference"), state=Upload.State.WHOLE
    )
    return takes.exclude(Q(upload=None) & Exists(sent))


def find_on_phones(cohort: int, *_now: object) -> QuerySet[Rehearsal]:
    """Return the rehearsals of which phones have reported something and not sent it, so that a trainer asks in time."""
    return Rehearsal.objects.filter(pk__in=find_missing_takes(cohort).order_by().values("rehearsal"))


register_panel(
    Panel(
        icon="phone",
        page="rehearsals:class_phones",
        title=gettext_lazy("还在手机里，没收到"),
        words=ngettext_lazy("%(n)s 次彩排", "%(n)s 次彩排", "n"),
        find=find_on_phones,
        is_waiting=True,
        only_counted=True,
        turn=2,
    )
)
