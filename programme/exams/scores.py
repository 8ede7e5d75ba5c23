"""Score a seat: an examiner's draft and signature, and the total once the scores are in.

Until both examiners have signed, neither sees the other's score, nor does anybody else. A signed score never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import AuditEntry, User
from programme import notices
from programme.audit import Verb
from programme.exams import examiners
from programme.exams.outcome import CAP, Outcome, Signed, judge, list_agreeable
from programme.models import ExamScore, ExamSeat
from rehearsals import scoring

Part = ExamScore.Part


class AlreadySigned(Exception):
    """Raised when the score was signed before, from another tab or phone."""


class Withdrawn(Exception):
    """Raised when the seat or its examination was taken back."""


class MayNotExamine(Exception):
    """Raised with sentences that say why this person cannot score the seat any more."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


class CannotAgree(Exception):
    """Raised when a total cannot be agreed on: nothing to agree on, or none between both totals."""


def find_mine(user: User) -> QuerySet[ExamScore]:
    """Return the scores that are this person's to give, of examinations that take place."""
    rows = ExamScore.objects.filter(examiner=user, seat__withdrawn_at__isnull=True)
    return rows.select_related(
        "seat__exam__cohort__place", "seat__exam__cohort__course", "seat__user", "examiner"
    )


def calculate(score: ExamScore) -> scoring.Score:
    """Compute the score from its marks, by the long form of the rubric that the examination carries."""
    content = scoring.get_form(score.seat.exam.rubric_content, scoring.LONG)
    return scoring.calculate_total(content, score.marks, score.slips_fixed, score.slips_left)


def list_missing(score: ExamScore) -> list[str]:
    """List what is missing before the signature, in sentences: criteria, and the turn that has not begun."""
    found = []
    if missing := len(calculate(score).missing):
        found.append(ngettext("还有 %(n)d 条没打分。", "还有 %(n)d 条没打分。", missing) % {"n": missing})
    if timezone.now() < score.seat.starts_at:
        found.append(_("还没轮到他考，考了再交分。打的分先存着了。"))
    return found


@transaction.atomic
def save_score(score: ExamScore, marks: Mapping[str, str], *, is_signed: bool, **fields) -> ExamScore:
    """Store the given values, which are absolute; with `is_signed` sign them, and make the total once all are in.

    Nothing is signed while something is missing (`list_missing`), but the draft is stored. Raises AlreadySigned,
    Withdrawn, MayNotExamine.
    """
    locked = lock(score)
    content = scoring.get_form(locked.seat.exam.rubric_content, scoring.LONG)
    locked.marks = scoring.clean_marks(content, {**locked.marks, **marks})
    for name in ("slips_fixed", "slips_left", "words"):
        setattr(locked, name, fields.get(name, getattr(locked, name)))
    found = calculate(locked)
    locked.total, locked.capped, locked.saved_at = found.total, found.capped, timezone.now()
    if is_signed and not list_missing(locked):
        locked.signed_at = locked.saved_at
    locked.save()
    if locked.signed_at:
        AuditEntry.write(
            locked.examiner, Verb.EXAM_SCORED, locked.seat.user, locked.seat.exam.cohort.place,
            name=locked.seat.exam.title,
        )  # fmt: skip
        settle(locked.seat)
    return locked


def lock(score: ExamScore) -> ExamScore:
    """Return the row, its seat locked until the transaction ends. Raises AlreadySigned, Withdrawn, MayNotExamine."""
    seat = ExamSeat.objects.select_for_update().get(pk=score.seat_id)
    if seat.withdrawn_at:
        raise Withdrawn
    locked = find_mine(score.examiner).filter(pk=score.pk).first()
    if locked is None:  # somebody else examines in this person's place by now
        raise Withdrawn
    if locked.signed_at:
        raise AlreadySigned
    if reasons := list_objections(locked):
        raise MayNotExamine(reasons)
    return locked


def list_objections(score: ExamScore) -> list[str]:
    """List why this person cannot score the seat any more: roles and mentors change after the booking. Six queries at most."""
    seat, cohort, examiner = score.seat, score.seat.exam.cohort, score.examiner
    if not examiners.find_examined(examiner, [cohort]):
        return [_("你现在不是这个县的老师或组织者，不能打分了。")]
    teaching = examiners.list_teaching(cohort)
    pair = ExamScore.objects.filter(seat=seat).exclude(part=Part.THIRD).select_related("examiner")
    both = [] if score.part == Part.THIRD else [one.examiner for one in pair]
    return [
        *examiners.list_pair_conflicts(teaching, both),
        *examiners.list_own_conflicts(cohort, teaching, [examiner], [seat.user_id]),
    ]


# --- the total ---


@dataclass(frozen=True)
class Scored:
    """A seat's signed scores by part, and what they come to."""

    signed: dict[str, ExamScore]
    outcome: Outcome

    @property
    def both_are_in(self) -> bool:
        return Part.FIRST in self.signed and Part.SECOND in self.signed

    @property
    def spread(self) -> int | None:
        if not self.both_are_in:
            return None
        return abs((self.signed[Part.FIRST].total or 0) - (self.signed[Part.SECOND].total or 0))


def weigh(seat: ExamSeat) -> Scored:
    """Return the seat's signed scores and their outcome; reads its scores and its examination."""
    signed = {score.part: score for score in seat.scores.all() if score.signed_at}
    both = [describe(signed[part]) for part in (Part.FIRST, Part.SECOND) if part in signed]
    third = signed.get(Part.THIRD)
    gate = seat.exam.rubric_content.get("gate") or {}
    return Scored(signed, judge(both, describe(third) if third else None, gate.get("cap", CAP)))


def describe(score: ExamScore) -> Signed:
    return Signed(score.total or 0, score.capped, score.agreed)


def settle(seat: ExamSeat) -> bool:
    """Store the total once the scores give one, and tell the person; return whether they do."""
    fresh = ExamSeat.objects.select_related("exam__cohort", "user").get(pk=seat.pk)
    outcome = weigh(fresh).outcome
    if outcome.total is None or fresh.settled_at:
        return False
    fresh.total, fresh.way = outcome.total, outcome.way
    fresh.passed, fresh.settled_at = outcome.total >= fresh.exam.pass_points, timezone.now()
    fresh.save(update_fields=["total", "way", "passed", "settled_at"])
    notices.write_exam_result(fresh)
    return True


@transaction.atomic
def agree(score: ExamScore, total: int) -> bool:
    """Note that this examiner agrees to a total; return whether the other one does, too. Raises CannotAgree."""
    if ExamSeat.objects.select_for_update().get(pk=score.seat_id).withdrawn_at:
        raise CannotAgree(_("这份分现在不用商量。"))
    if reasons := list_objections(score):
        raise CannotAgree(" ".join(reasons))
    found = weigh(ExamSeat.objects.select_related("exam").get(pk=score.seat_id))
    mine = found.signed.get(score.part)
    if mine is None or score.part == Part.THIRD or not found.outcome.is_apart:
        raise CannotAgree(_("这份分现在不用商量。"))
    both = [describe(found.signed[part]) for part in (Part.FIRST, Part.SECOND)]
    choices = list_agreeable(*both)
    if total not in choices:
        facts = {"low": choices[0], "high": choices[-1]}
        raise CannotAgree(_("商量的分要在 %(low)s 和 %(high)s 之间。") % facts)
    ExamScore.objects.filter(pk=score.pk).update(agreed=total)
    return settle(score.seat)


@transaction.atomic
def ask_third(actor: User, seat: ExamSeat, examiner: User) -> bool:
    """Ask a third examiner to score; return False where one was asked before or none is needed."""
    locked = ExamSeat.objects.select_for_update().get(pk=seat.pk)
    found = weigh(ExamSeat.objects.select_related("exam").get(pk=seat.pk))
    if locked.withdrawn_at or not found.outcome.is_apart:
        return False
    if ExamScore.objects.filter(seat=seat, part=Part.THIRD).exists():
        return False
    ExamScore.objects.create(seat=seat, examiner=examiner, part=Part.THIRD)
    notices.write_examiner_notice(seat.exam, examiner)
    AuditEntry.write(actor, Verb.EXAM_THIRD_ASKED, seat.user, seat.exam.cohort.place, name=examiner.name)
    return True
