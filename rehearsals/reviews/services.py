"""Write a review from its first mark to the signature. Only its author sees a draft.

A signed review never changes, unless its author retracts the signature at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from rehearsals import notices, permissions, scoring
from rehearsals.leases import acquire_lease
from rehearsals.models import NoteAnswer, Review, Submission
from rehearsals.reviews import evidence
from rehearsals.reviews.notes import AlreadySigned
from rehearsals.submissions.services import is_drawn_for_second_score

Kind = Review.Kind
Form = Review.Form
# The texts of a draft, besides the marks.
DRAFT_FIELDS = ("words", "wants_again", "slips_fixed", "slips_left")
# An accidental signature is noticed at once; later the trainee may have read it and acted on it.
RETRACT_WITHIN = timedelta(minutes=10)


class NothingToReview(Exception):
    """Raised when the submission is reviewed already, or is not this person's to review."""


class TooLateToRetract(Exception):
    """Raised when the signature is too old, answered, or followed by a second score, and can no longer be retracted."""


# --- from the first mark to the signature ---


def get_review_kind(user: User, submission: Submission) -> Kind | None:
    """Return the kind of review this person may write of it now; None if none."""
    signed = set(submission.reviews.signed().values_list("kind", "reviewer"))
    if any(reviewer == user.pk for _kind, reviewer in signed):
        return None
    if permissions.can_review(user, submission):
        if submission.status == Submission.Status.QUEUED:
            return Kind.FIRST
        twice = any(kind == Kind.SECOND for kind, _reviewer in signed)
        return Kind.SECOND if submission.needs_second and not twice else None
    return Kind.PEER if permissions.is_peer(user, submission) else None


def begin_review(user: User, submission: Submission) -> Review:
    """Open the submission for this person; begun again it is the same draft. Raises NothingToReview, HeldByAnother."""
    with transaction.atomic():
        locked = Submission.objects.select_for_update().only("status", "needs_second").get(pk=submission.pk)
        submission.status, submission.needs_second = locked.status, locked.needs_second
        kind = get_review_kind(user, submission)
        if kind is None:
            raise NothingToReview
        if kind != Kind.PEER:
            acquire_lease(user, submission)
        evidence.store_evidence(submission)
        review, _new = Review.objects.get_or_create(
            submission=submission,
            reviewer=user,
            defaults={
                "kind": kind,
                "rubric_hash": submission.rubric_hash,
                "form": choose_form(submission),
            },
        )
        if review.kind != kind:  # begun as the first review, but another trainer was faster
            Review.objects.filter(pk=review.pk, signed_at__isnull=True).update(kind=kind)
            review.kind = kind
    return review


def choose_form(submission: Submission) -> Form:
    """Return the form in which a review begins: that of the first review if there is one, so that a second score can be
    compared; else the long one for an examination, the short one for practice.
    """
    if not scoring.has_short_form(submission.rubric_content):
        return Form.LONG
    first = submission.reviews.signed().filter(kind=Kind.FIRST).values_list("form", flat=True).first()
    if first:
        return Form(first)
    return Form.LONG if submission.drill and submission.drill.is_exam else Form.SHORT


def extend_lease(review: Review) -> None:
    """Extend the lease before every change. Raises AlreadySigned, NothingToReview, HeldByAnother."""
    if review.signed_at:
        raise AlreadySigned
    if get_review_kind(review.reviewer, review.submission) != review.kind:
        raise NothingToReview
    if review.kind != Kind.PEER:
        acquire_lease(review.reviewer, review.submission)


def save_draft(
    review: Review,
    marks: dict[str, str],
    stamps: dict[str, int] | None = None,
    undone: Collection[str] = (),
    **fields,
) -> Review:
    """Store the given values in the draft and leave the others; values are absolute, so a request may be sent again.

    `stamps`: the milliseconds of marks given while the film played. `undone`: codes whose mark was taken back. Marks of
    the rubric's other form, which an older tab may still show, are stored too and stay until the signature.

    Raises AlreadySigned, NothingToReview, HeldByAnother.
    """
    with transaction.atomic():
        review = lock_draft(review)
        known = clean_both_forms(review, marks)
        review.marks = {code: level for code, level in review.marks.items() if code not in undone} | known
        review.stamps = {
            code: at for code, at in (review.stamps | (stamps or {})).items() if code in review.marks
        }
        for name in DRAFT_FIELDS:
            setattr(review, name, fields.get(name, getattr(review, name)))
        review.total = calculate_score(review).total
        review.saved_at = timezone.now()
        review.save()
    return review


def lock_draft(review: Review) -> Review:
    """Return the row, locked until the transaction ends, with its lease extended.

    Raises AlreadySigned, NothingToReview, HeldByAnother.
    """
    locked = (
        Review.objects.select_for_update(of=("self",))
        .select_related("submission", "reviewer")
        .get(pk=review.pk)
    )
    extend_lease(locked)
    return locked


def clean_both_forms(review: Review, marks: Mapping[str, object]) -> dict[str, str]:
    """Return the marks that name a line of either form of the rubric."""
    content = review.submission.rubric_content
    forms = (scoring.get_form(content, form) for form in Form.values)
    return {code: level for one in forms for code, level in scoring.clean_marks(one, dict(marks)).items()}


def change_form(review: Review, form: Form) -> Review:
    """Score by the other form from now on; marks given by the first stay in the draft, should it be chosen again.

    Raises AlreadySigned, NothingToReview, HeldByAnother.
    """
    with transaction.atomic():
        review = lock_draft(review)
        if form == Form.LONG or scoring.has_short_form(review.submission.rubric_content):
            review.form = form
        review.total = calculate_score(review).total
        review.saved_at = timezone.now()
        review.save()
    return review


def calculate_score(review: Review) -> scoring.Score:
    return scoring.calculate_total(review.rubric, review.marks, review.slips_fixed, review.slips_left)


def list_missing(review: Review) -> list[str]:
    """List what is missing before the signature, in sentences."""
    notes = review.notes.filter(removed_at__isnull=True)
    if review.kind == Kind.PEER:
        return [] if review.words or notes.exists() else [_("记一条，或者写一句话，再交。")]
    found, content = [], review.rubric
    if missing := len(calculate_score(review).missing):
        found.append(ngettext("还有 %(n)d 条没打分。", "还有 %(n)d 条没打分。", missing) % {"n": missing})
    stops = notes.filter(tone="stop").count()
    gate = content.get("gate") or {}
    slips = review.slips_fixed + review.slips_left
    silent = ("full",) if scoring.is_half_a_slip(gate) else ("full", "half")
    if gate and stops and not slips and review.marks.get(gate["criterion"]) in silent:
        found.append(_("记了违规话：说一下是当场更正了，还是没更正。"))
    return found


def sign_review(review: Review) -> Review:
    """Sign the review; safe to repeat. The first signature takes the submission out of the queue.

    Raises AlreadySigned when another trainer was faster, NothingToReview, HeldByAnother, and ValueError while something is
    missing.
    """
    with transaction.atomic():
        review = (
            Review.objects.select_for_update(of=("self",))
            .select_related("submission", "reviewer")
            .get(pk=review.pk)
        )
        if review.signed_at:
            return review
        rows = Submission.objects.select_for_update(of=("self",)).select_related("cohort__place")
        submission = review.submission = rows.get(pk=review.submission_id)
        extend_lease(review)
        if list_missing(review):
            raise ValueError("missing")
        review.total = None if review.kind == Kind.PEER else calculate_score(review).total
        review.marks = scoring.clean_marks(review.rubric, review.marks)
        review.stamps = {code: at for code, at in review.stamps.items() if code in review.marks}
        review.signed_at = review.saved_at = timezone.now()
        review.save()
        if review.kind == Kind.PEER:
            return review
        done: dict[str, object] = {
            "lease_by": None,
            "lease_until": None,
            "status": Submission.Status.REVIEWED,
        }
        if review.kind == Kind.FIRST:
            done["needs_second"] = submission.needs_second or is_drawn_for_second_score(submission.key)
        Submission.objects.filter(pk=submission.pk).update(**done)
        notices.write_review_notice(review)
    return review


def get_retract_deadline(review: Review) -> datetime | None:
    """Return until when its author may retract the signature; None where no longer. At most two queries."""
    if review.signed_at is None or review.signed_at + RETRACT_WITHIN <= timezone.now():
        return None
    if NoteAnswer.objects.filter(note__review=review).exists():
        return None
    others = Review.objects.signed().filter(submission=review.submission_id, kind=Kind.SECOND)
    if review.kind == Kind.FIRST and others.exists():
        return None
    return review.signed_at + RETRACT_WITHIN


def find_retractable(user: User) -> Review | None:
    """Return this person's newest review that may be retracted, with `until`. One query where there is none."""
    rows = Review.objects.filter(reviewer=user, signed_at__gt=timezone.now() - RETRACT_WITHIN)
    review: Any = rows.select_related("submission__user").order_by("-signed_at").first()
    if review is None or not (until := get_retract_deadline(review)):
        return None
    review.until = until
    return review


def retract_signature(review: Review) -> Review:
    """Retract the signature; safe to repeat. Raises TooLateToRetract, HeldByAnother.

    Marks and notes become a draft again, held by its author, and a first review returns to the queue.
    """
    with transaction.atomic():
        review = (
            Review.objects.select_for_update(of=("self",))
            .select_related("submission", "reviewer")
            .get(pk=review.pk)
        )
        if review.signed_at is None:
            return review
        submission = review.submission = Submission.objects.select_for_update().get(pk=review.submission_id)
        if get_retract_deadline(review) is None:
            raise TooLateToRetract
        if review.kind != Kind.PEER:
            acquire_lease(review.reviewer, submission)
            notices.withdraw_review_notice(review)
        review.signed_at, review.saved_at = None, timezone.now()
        review.save(update_fields=["signed_at", "saved_at"])
        if review.kind == Kind.FIRST:
            waits = {"status": Submission.Status.QUEUED, "needs_second": False}
            Submission.objects.filter(pk=submission.pk).update(**waits)
    return review
