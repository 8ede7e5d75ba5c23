"""Where a person stands in rehearsing: the drills in their order, what to do next, and what became of each recording."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import Course, Drill
from media.models import Upload, Video
from progress.cutting import stretches
from progress.models import Enrolment, Rehearsal, Review, Submission, Take
from progress.rehearsing import reference
from progress.watching import clock
from ui.paging import Page, page

REHEARSALS_SHOWN = 20
# What a rubric calls a pass, where it does not say.
PASS = 60


@dataclass
class Standing:
    """One drill with one's tries at it, the newest first."""

    drill: Drill
    tries: list[Submission] = field(default_factory=list)

    @property
    def last(self) -> Submission | None:
        return self.tries[0] if self.tries else None

    @property
    def best(self) -> int | None:
        return max((total for one in self.tries if (total := total_of(one)) is not None), default=None)

    @property
    def is_passed(self) -> bool:
        return any(passes(one) for one in self.tries)


@dataclass
class Practice:
    drills: list[Standing]
    rehearsals: list[Recorded]
    # Of the rehearsals.
    page: Page

    @cached_property
    def cut_off(self) -> Recorded | None:
        """The newest one that was broken off, to be gone on with before anything new is begun."""
        return next((one for one in self.rehearsals if one.is_cut_off), None)

    @cached_property
    def next(self) -> Standing | None:
        """The first drill that is neither passed nor waits for its review."""
        for standing in self.drills:
            waits = standing.last is not None and standing.last.status == Submission.Status.QUEUED
            if not standing.is_passed and not waits:
                return standing
        return None


@dataclass(frozen=True)
class Part:
    """A take as it goes into the film: from its beginning until `until_ms`, None while nobody has said how long it is."""

    number: int
    take: Take
    until_ms: int | None

    @property
    def has_come(self) -> bool:
        """Some of it can be watched from here."""
        upload = self.take.upload
        return upload is not None and upload.state != Upload.State.GONE and upload.offset > 0

    @property
    def length(self) -> str:
        return clock(self.until_ms) if self.until_ms else ""


@dataclass(frozen=True)
class Recorded:
    """One rehearsal as its owner, or a trainer of the class, sees it."""

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
        """What would be handed in, in order, as far as anything of it has come here."""
        found = [
            (self.takes[one.take], one.until_ms) for one in stretches([take.marks for take in self.takes])
        ]
        parts = [(take, take.lasted_ms if until is None else until) for take, until in found]
        return [Part(number, take, until) for number, (take, until) in enumerate(parts, 1)]

    @property
    def is_finished(self) -> bool:
        """ "Done" was pressed after its last take, or a whole film was sent, or it is as long as it was to be."""
        kinds = {mark["kind"] for mark in self.takes[-1].marks} if self.takes else set()
        return bool(kinds & {"end", "file"}) or self.seconds >= self.rehearsal.livestream.planned_minutes * 60

    @property
    def can_go_on(self) -> bool:
        """More can be recorded: it was not handed in and its plan is still there."""
        return self.submission is None and self.rehearsal.livestream.removed_at is None

    @property
    def is_cut_off(self) -> bool:
        return self.can_go_on and not self.is_finished

    @property
    def length(self) -> str:
        return clock(sum(part.until_ms or 0 for part in self.parts))

    @property
    def is_here(self) -> bool:
        """All that was recorded has come."""
        return bool(self.takes) and all(
            take.upload is not None and take.upload.state == Upload.State.WHOLE for take in self.takes
        )

    @property
    def on_phone_mb(self) -> str:
        """As the phone said last; empty when it has said nothing of it."""
        held = self.rehearsal.on_phone_bytes
        return f"{held / 1e6:.1f}" if held >= 50_000 else ""

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
        status = submission.video.status
        return {Video.Status.FAILED: "failed", Video.Status.READY: "queued"}.get(status, "making")

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


def total_of(submission: Submission) -> int | None:
    """As its first trainer signed it; reads what `tries_of` has fetched."""
    signed = [review for review in submission.signed if review.kind == Review.Kind.FIRST]
    return signed[0].total if signed else None


def passes(submission: Submission) -> bool:
    total = total_of(submission)
    return total is not None and total >= submission.rubric_content.get("pass_points", PASS)


def practice(user: User, after: str = "") -> Practice:
    """Its rehearsals from behind the cursor `after`. Seven queries, whatever there is."""
    standings = {drill.pk: Standing(drill) for drill in drills_for(user)}
    for submission in tries_of(user):
        if submission.drill_id in standings:
            standings[submission.drill_id].tries.append(submission)
    shown = page(with_takes(mine(user)), ("-happened_at", "-pk"), after, REHEARSALS_SHOWN)
    return Practice([*standings.values()], recorded_of(shown.items), shown)


def drills_for(user: User) -> QuerySet[Drill]:
    """Of the courses that this person learns."""
    learning = Enrolment.objects.active().filter(user=user).order_by().values("course")
    return (
        Drill.objects.filter(course__in=learning)
        .select_related("course")
        .order_by("course", "position", "pk")
    )


def drills_open_to(user: User) -> QuerySet[Drill]:
    """Also of those that may be looked at: a trainer tries a drill before the class does."""
    seen = Course.objects.visible_to(user).order_by().values("pk")
    return Drill.objects.filter(course__in=seen).select_related("course")


def tries_of(user: User) -> QuerySet[Submission]:
    """What was handed in and can be reviewed or was: a film that failed is no try."""
    signed = Prefetch("reviews", Review.objects.counting(), to_attr="signed")
    rows = Submission.objects.filter(user=user).exclude(
        status=Submission.Status.QUEUED, video__status=Video.Status.FAILED
    )
    return rows.order_by("-number", "-pk").prefetch_related(signed)


def mine(user: User) -> QuerySet[Rehearsal]:
    return Rehearsal.objects.standing().filter(user=user).order_by("-happened_at", "-pk")


def recorded(rehearsals: QuerySet[Rehearsal]) -> list[Recorded]:
    """Three queries."""
    return recorded_of(with_takes(rehearsals))


def with_takes(rehearsals: QuerySet[Rehearsal]) -> QuerySet[Rehearsal]:
    takes = Prefetch("takes", Take.objects.select_related("upload").order_by("number"))
    return rehearsals.select_related("livestream", "drill", "user", "submission__video").prefetch_related(
        takes
    )


def recorded_of(rehearsals: Iterable[Rehearsal]) -> list[Recorded]:
    """Of rows with their takes. What has come counts from its last byte on, before any fact has told of it. One query."""
    found = [Recorded(row) for row in rehearsals]
    loose = {reference(take.key): take for one in found for take in one.takes if take.upload_id is None}
    owners = {one.rehearsal.user_id for one in found}
    sent = Upload.objects.filter(owner__in=owners, reference__in=loose)
    for upload in sent:
        take = loose[upload.reference]
        if upload.owner_id == take.rehearsal.user_id and upload.state != Upload.State.GONE:
            take.upload = upload
    return found
