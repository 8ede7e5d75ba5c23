"""What becomes of the rows of two accounts that are made one.

Most rows only change their person. Where both accounts have a row of which a person has one, RULES says what the two become;
a row in whose place another stands is written down whole in AccountMerge.dropped. A test holds RULES, SECRET and STAYS
against all foreign keys to User, so that a new table cannot be forgotten.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.serializers import serialize
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import Consent, Membership, User
from courses.models import LessonVoice
from outbox.models import Event
from programme.attendance.marks import write_states
from programme.certificates.issuance import mark_revoked
from programme.models import (
    Attendance,
    AttendanceMark,
    Certificate,
    FollowUp,
    FollowUpAnswer,
    IdNumber,
    MentorInvitation,
    Step,
    SupportCase,
    Teaching,
)
from progress.lessons.watch_intervals import sum_lengths, unite
from progress.models import Attempt, Enrolment, LearningChoice, LessonDone, WaitingEntry, Watch, WatchTime
from rehearsals.models import Submission, TaskVersion, TaskWork
from shops.models import LedgerMonth, ListingDraft

REVOKED_BECAUSE = gettext_noop("同一个人的两个账号合并了，另一张证书仍然有效。")
# Above every number of a try, while the tries of two accounts get new numbers.
ABOVE = 10_000
STANDING = (
    Membership.Status.ENDED,
    Membership.Status.DECLINED,
    Membership.Status.ASKED,
    Membership.Status.GRANTED,
)
# The columns of an audit trail are not rewritten, and a copy of one's own data is the copy of that account.
STAYS = {
    "accounts.AuditEntry.actor",
    "admin.LogEntry.user",
    "accounts.DataExport.user",
    "programme.AccountMerge.gone",
}
# What signs somebody in to the account that goes, or shows them its notices.
SECRET = {
    "accounts.SetupCode.user",
    "account.EmailAddress.user",
    "mfa.Authenticator.user",
    "accounts.PushSubscription.user",
    "programme.CalendarAddress.user",
}


@dataclass
class Merge:
    keep: User
    gone: User
    by: User
    dropped: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def rows(self, model: type[models.Model], name: str) -> models.QuerySet:
        """Return the rows of the account that goes, through this foreign key."""
        return model._base_manager.filter(**{name: self.gone.pk})

    def pairs(self, model: type[models.Model], name: str, *same: str) -> Iterator[tuple[Any, Any]]:
        """Yield the rows of which both accounts have one with the same values: (of `keep`, of `gone`)."""
        kept = {
            tuple(getattr(row, one) for one in same): row
            for row in model._base_manager.filter(**{name: self.keep.pk})
        }
        for row in self.rows(model, name):
            if other := kept.get(tuple(getattr(row, one) for one in same)):
                yield other, row

    def drop(self, *rows: models.Model) -> None:
        """Write the rows down and delete them."""
        for row in rows:
            self.dropped[row._meta.label] += serialize("python", [row])
            row.delete()


def join_attendance(merge: Merge) -> None:
    """The marks of both are the history of one row, of which the latest counts."""
    joined = []
    for kept, row in merge.pairs(Attendance, "user", "session_id"):
        row.marks.update(attendance=kept)
        merge.drop(row)
        joined.append(kept)
    write_states([row for row in joined if row.marks.exists()])


def revoke_second_certificate(merge: Merge) -> None:
    """Of two valid certificates of one course the one that was issued first stays valid."""
    valid = Certificate.objects.valid().filter(user__in=(merge.keep, merge.gone)).order_by("issued_at", "pk")
    first: dict[tuple[int, int], Certificate] = {}
    for one in valid:
        if first.setdefault((one.course_id, one.course_version), one) is not one:
            mark_revoked(merge.by, one, REVOKED_BECAUSE)


def join_teachings(merge: Merge) -> None:
    """Nobody teaches themselves, and of two rows of a pair one that counts stays."""
    between = Teaching.objects.filter(
        teacher__in=(merge.keep, merge.gone), pupil__in=(merge.keep, merge.gone)
    )
    merge.drop(*between)
    for name, other in (("teacher", "pupil_id"), ("pupil", "teacher_id")):
        for kept, row in merge.pairs(Teaching, name, other):
            merge.drop(kept if kept.withdrawn_at and not row.withdrawn_at else row)


def keep_one_invitation(merge: Merge) -> None:
    """Of two open invitations to mentor one stays: an accepted one before one that waits; the other is withdrawn."""
    rows = MentorInvitation.objects.open().filter(person__in=(merge.keep, merge.gone))
    ordered = sorted(rows, key=lambda one: (one.status != MentorInvitation.Status.ACCEPTED, one.pk))
    MentorInvitation.objects.filter(pk__in=[one.pk for one in ordered[1:]]).update(
        status=MentorInvitation.Status.WITHDRAWN, ended_at=timezone.now(), ended_by=merge.by
    )


def join_support_cases(merge: Merge) -> None:
    """Of two open cases of one cause one stays, with what was done about both."""
    for kept, row in merge.pairs(SupportCase, "user", "cohort_id", "cause", "subject", "closed_at"):
        if row.closed_at is None:
            row.acts.update(case=kept)
            merge.drop(row)


def join_follow_ups(merge: Merge) -> None:
    """Of two follow-ups of a day one stays, with the answers of both; the newest answer counts."""
    for kept, row in merge.pairs(FollowUp, "user", "days"):
        FollowUpAnswer.objects.filter(follow_up__in=(kept, row)).update(is_newest=False)
        FollowUpAnswer.objects.filter(follow_up=row).update(follow_up=kept)
        if newest := kept.answers.order_by("-at", "-pk").first():
            FollowUpAnswer.objects.filter(pk=newest.pk).update(is_newest=True)
        if row.reminded_at and not kept.reminded_at:
            FollowUp.objects.filter(pk=kept.pk).update(reminded_at=row.reminded_at)
        merge.drop(row)


def drop_steps(merge: Merge) -> None:
    """The ladder is computed again from the evidence of both; facts of stories then rest on the new steps."""
    merge.drop(*merge.rows(Step, "user"))


def number_submissions(merge: Merge) -> None:
    rows = Submission._base_manager.filter(user__in=(merge.keep, merge.gone), drill__isnull=False)
    renumber(merge, rows, "drill_id", "happened_at")


def join_task_works(merge: Merge) -> None:
    """Of two works on one task one stays, with the versions of both in the order in which they arrived."""
    for kept, row in merge.pairs(TaskWork, "user", "assignment_id"):
        versions = list(TaskVersion._base_manager.filter(work__in=(kept, row)).order_by("received_at", "pk"))
        TaskVersion._base_manager.filter(work__in=(kept, row)).update(number=F("number") + ABOVE)
        for number, version in enumerate(versions, 1):
            version.number, version.work = number, kept
        TaskVersion._base_manager.bulk_update(versions, ["number", "work"])
        kept.begun_at = min(kept.begun_at, row.begun_at)
        kept.cohort_id = kept.cohort_id or row.cohort_id
        waiting = TaskVersion.objects.waiting().filter(work=kept).first()
        kept.waiting_since = waiting.received_at if waiting else None
        kept.save(update_fields=["begun_at", "cohort", "waiting_since"])
        merge.drop(row)


def join_readings(merge: Merge) -> None:
    """Of two readings of one lesson in one speech one stays, with the paragraphs that only the other has."""
    for kept, row in merge.pairs(LessonVoice, "speaker", "lesson_id", "speech"):
        row.parts.exclude(digest__in=kept.parts.values("digest")).update(lesson_voice=kept)
        merge.drop(*row.parts.all(), row)


def number_attempts(merge: Merge) -> None:
    """Tries are numbered through; a limit that both together pass is taken off the later ones."""
    rows = Attempt._base_manager.filter(user__in=(merge.keep, merge.gone))
    limits = dict(rows.values_list("pk", "tries"))
    changed = renumber(merge, rows, "quiz_id", "started_at", before={"tries": None})
    for row in changed:
        limit = limits[row.pk]
        row.tries = limit if limit is None or row.number <= limit else None
    Attempt.objects.bulk_update(changed, ["tries"])


def renumber(
    merge: Merge, rows: models.QuerySet, of: str, at: str, before: dict[str, Any] | None = None
) -> list[Any]:
    """Number the rows of both accounts by time, from 1 for each value of `of`; return those of what both have."""
    by_subject: dict[int, list[Any]] = defaultdict(list)
    for row in rows.order_by(at, "pk"):
        by_subject[getattr(row, of)].append(row)
    shared = [some for some in by_subject.values() if len({row.user_id for row in some}) == 2]
    changed = [row for some in shared for row in some]
    if not changed:
        return []
    manager = rows.model._base_manager
    manager.filter(pk__in=[row.pk for row in changed]).update(number=F("number") + ABOVE, **(before or {}))
    for some in shared:
        for number, row in enumerate(some, 1):
            row.number, row.user_id = number, merge.keep.pk
    manager.bulk_update(changed, ["number", "user"])
    return changed


def join_enrolments(merge: Merge) -> None:
    """Of two enrolments in a course one stays: one that is active before one that was left, one in a class before one without."""
    for kept, row in merge.pairs(Enrolment, "user", "course_id"):
        best = max(kept, row, key=lambda one: (one.left_at is None, one.cohort_id is not None, one is kept))
        other = row if best is kept else kept
        first = min(kept.enrolled_at, row.enrolled_at)
        merge.drop(other)
        best.enrolled_at = first
        best.save(update_fields=["enrolled_at"])


def keep_first_done(merge: Merge) -> None:
    for kept, row in merge.pairs(LessonDone, "user", "lesson_id"):
        merge.drop(kept if row.happened_at < kept.happened_at else row)


def join_watches(merge: Merge) -> None:
    """What both watched of one film is added up; of two films the one that was watched last counts, as for one account."""
    for kept, row in merge.pairs(Watch, "user", "lesson_id"):
        latest = max(kept, row, key=lambda one: one.last_at)
        if kept.film == row.film:
            kept.intervals = unite([*kept.intervals, *row.intervals])
            kept.watched_ms = sum_lengths(kept.intervals)
            kept.furthest_ms = max(kept.furthest_ms, row.furthest_ms)
            kept.first_at = min(kept.first_at, row.first_at)
            kept.last_ms, kept.last_at = latest.last_ms, latest.last_at
            merge.drop(row)
            kept.save()
        else:
            merge.drop(row if latest is kept else kept)


def join_watch_times(merge: Merge) -> None:
    for kept, row in merge.pairs(WatchTime, "user"):
        kept.spans = unite([*kept.spans, *row.spans])
        merge.drop(row)
        kept.save(update_fields=["spans"])


def keep_own_choice(merge: Merge) -> None:
    merge.drop(*(row for _kept, row in merge.pairs(LearningChoice, "user")))


def keep_newer_draft(merge: Merge) -> None:
    for kept, row in merge.pairs(ListingDraft, "user", "key"):
        merge.drop(min(kept, row, key=lambda one: one.updated_at))


def add_months(merge: Merge) -> None:
    for kept, row in merge.pairs(LedgerMonth, "villager", "shop_id", "month", "kind"):
        sums = {name: F(name) + getattr(row, name) for name in ("fen", "grams", "entries")}
        LedgerMonth.objects.filter(pk=kept.pk).update(**sums)
        merge.drop(row)


def join_waiting(merge: Merge) -> None:
    """Of two places in the waiting list of a class the declined one stays, else the one that still waits, else the own one."""
    order = [WaitingEntry.State.DECLINED, WaitingEntry.State.WAITING]
    for kept, row in merge.pairs(WaitingEntry, "user", "cohort_id"):
        best, other = sorted(
            (kept, row),
            key=lambda one: (
                order.index(one.state) if one.state in order else len(order),
                one.asked_at if one.state in order else kept.asked_at,
                one is row,
            ),
        )
        merge.drop(other)


def join_roles(merge: Merge) -> None:
    for kept, row in merge.pairs(Membership, "user", "place_id", "role"):
        better = max(kept, row, key=lambda one: (STANDING.index(one.status), one is kept))
        merge.drop(row if better is kept else kept)


def settle_consents(keep: User) -> None:
    """What the person said last of each purpose holds, in whichever account they said it."""
    by_kind: dict[str, list[Consent]] = defaultdict(list)
    for row in Consent.objects.filter(user=keep):
        by_kind[row.kind].append(row)
    for rows in by_kind.values():
        withdrawn: Iterable[datetime.datetime] = [row.withdrawn_at for row in rows if row.withdrawn_at]
        last = max(withdrawn, default=None)
        if last:
            open_rows = [row.pk for row in rows if row.withdrawn_at is None and row.given_at < last]
            Consent.objects.filter(pk__in=open_rows).update(withdrawn_at=last)


def seal_id_numbers_anew(merge: Merge) -> None:
    """An encrypted number is bound to its account: it is read and encrypted again, unless the other gave one for the class."""
    kept = set(IdNumber.objects.filter(user=merge.keep).values_list("cohort", flat=True))
    for row in IdNumber.objects.filter(user=merge.gone):
        number = row.read()
        row.delete()  # what merge.drop writes down would outlast the number's own time
        if number and row.cohort_id not in kept:
            facts = {
                "entered_by": row.entered_by,
                "entered_at": row.entered_at,
                "delete_after": row.delete_after,
            }
            new = IdNumber(user=merge.keep, cohort_id=row.cohort_id, **facts)
            new.seal(number)
            new.save()


def drop_same(model: type[models.Model], name: str, *same: str) -> Callable[[Merge], None]:
    """Return a rule for facts of which both have the very same."""
    return lambda merge: merge.drop(*(row for _kept, row in merge.pairs(model, name, *same)))


def drop_same_of(label: str, name: str, *same: str) -> Callable[[Merge], None]:
    return lambda merge: drop_same(apps.get_model(label), name, *same)(merge)


RULES: dict[str, Callable[[Merge], None]] = {
    "programme.Attendance.user": join_attendance,
    "programme.AttendanceMark.recorded_by": drop_same(AttendanceMark, "recorded_by", "event_id"),
    "programme.Certificate.user": revoke_second_certificate,
    "programme.IdNumber.user": seal_id_numbers_anew,
    "programme.Teaching.teacher": join_teachings,
    "programme.Teaching.pupil": join_teachings,
    "programme.MentorInvitation.person": keep_one_invitation,
    "programme.FollowUp.user": join_follow_ups,
    "programme.Step.user": drop_steps,
    # Refused where both have a seat of one course, or have scored the same (find_refusal).
    "programme.ExamSeat.user": lambda _merge: None,
    "programme.ExamScore.examiner": lambda _merge: None,
    "programme.SupportCase.user": join_support_cases,
    "rehearsals.Submission.user": number_submissions,
    "rehearsals.TaskWork.user": join_task_works,
    "courses.LessonVoice.speaker": join_readings,
    "rehearsals.Review.reviewer": lambda _merge: (
        None
    ),  # refused where both have reviewed the same (find_refusal)
    "progress.Attempt.user": number_attempts,
    "progress.Enrolment.user": join_enrolments,
    "progress.LessonDone.user": keep_first_done,
    "progress.EarlyOpening.user": drop_same_of("progress.EarlyOpening", "user", "quiz_id"),
    "progress.ClassroomAnswer.user": drop_same_of("progress.ClassroomAnswer", "user", "asked_id"),
    "progress.ClassroomSession.host": drop_same_of("progress.ClassroomSession", "host", "lesson_id"),
    "progress.WaitingEntry.user": join_waiting,
    "progress.Watch.user": join_watches,
    "progress.WatchTime.user": join_watch_times,
    "progress.LearningChoice.user": keep_own_choice,
    "shops.ListingDraft.user": keep_newer_draft,
    "shops.LedgerMonth.villager": add_months,
    "media.Upload.owner": drop_same_of("media.Upload", "owner", "reference"),
    "outbox.Event.user": drop_same(Event, "user", "event_id"),
    "accounts.Membership.user": join_roles,
    "accounts.Clearance.user": drop_same_of("accounts.Clearance", "user", "kind", "record"),
    "accounts.ReadNews.user": drop_same_of("accounts.ReadNews", "user", "kind", "number"),
}
