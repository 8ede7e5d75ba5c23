"""A review from its first mark to the signature. What is signed never changes, unless its author takes the signature back at
once; what is not signed, only its author sees."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from progress import evidence, leases, notices, rules, scoring, second_look
from progress.models import NoteAnswer, Review, Submission
from progress.noting import Signed

Kind = Review.Kind
# Of what a draft holds besides the marks.
FIELDS = ("words", "wants_again", "slips_fixed", "slips_left")
# A slip of the thumb is seen at once; later the trainee may have read it and acted on it.
TAKES_BACK_WITHIN = datetime.timedelta(minutes=10)


class NothingToReview(Exception):
    """Reviewed already, or not this person's to review."""


class TooLate(Exception):
    """Signed too long ago, answered, or scored a second time: the signature stands."""


def kind_for(user: User, submission: Submission) -> Kind | None:
    """Which review this person may write of it now."""
    signed = set(submission.reviews.signed().values_list("kind", "reviewer"))
    if any(reviewer == user.pk for _kind, reviewer in signed):
        return None
    if rules.can_review(user, submission):
        if submission.status == Submission.Status.QUEUED:
            return Kind.FIRST
        twice = any(kind == Kind.SECOND for kind, _reviewer in signed)
        return Kind.SECOND if submission.needs_second and not twice else None
    return Kind.PEER if rules.is_peer(user, submission) else None


def begin(user: User, submission: Submission) -> Review:
    """Opens it for this person; begun again it is the same draft. Raises NothingToReview, leases.Held."""
    with transaction.atomic():
        locked = Submission.objects.select_for_update().only("status", "needs_second").get(pk=submission.pk)
        submission.status, submission.needs_second = locked.status, locked.needs_second
        kind = kind_for(user, submission)
        if kind is None:
            raise NothingToReview
        if kind != Kind.PEER:
            leases.take(user, submission)
        evidence.keep(submission)
        review, _new = Review.objects.get_or_create(
            submission=submission,
            reviewer=user,
            defaults={"kind": kind, "rubric_hash": submission.rubric_hash},
        )
        if review.kind != kind:  # begun as the first, and another was faster
            Review.objects.filter(pk=review.pk, signed_at__isnull=True).update(kind=kind)
            review.kind = kind
    return review


def hold(review: Review) -> None:
    """Before every change: extends the lease. Raises Signed, NothingToReview, leases.Held."""
    if review.signed_at:
        raise Signed
    if kind_for(review.reviewer, review.submission) != review.kind:
        raise NothingToReview
    if review.kind != Kind.PEER:
        leases.take(review.reviewer, review.submission)


def save(review: Review, marks: dict[str, str], **fields) -> Review:
    """Adds to the draft what is given and leaves the rest; absolute values, so it may be sent again.

    Raises Signed, NothingToReview, leases.Held."""
    with transaction.atomic():
        review = (
            Review.objects.select_for_update(of=("self",))
            .select_related("submission", "reviewer")
            .get(pk=review.pk)
        )
        hold(review)
        review.marks = review.marks | scoring.clean(review.submission.rubric_content, marks)
        for name in FIELDS:
            setattr(review, name, fields.get(name, getattr(review, name)))
        review.total = score(review).total
        review.saved_at = timezone.now()
        review.save()
    return review


def score(review: Review) -> scoring.Score:
    content = review.submission.rubric_content
    return scoring.total(content, review.marks, review.slips_fixed, review.slips_left)


def lacks(review: Review) -> list[str]:
    """What stands before the signature, in sentences."""
    notes = review.notes.filter(removed_at__isnull=True)
    if review.kind == Kind.PEER:
        return [] if review.words or notes.exists() else [_("记一条，或者写一句话，再交。")]
    found, content = [], review.submission.rubric_content
    if missing := len(score(review).missing):
        found.append(ngettext("还有 %(n)d 条没打分。", "还有 %(n)d 条没打分。", missing) % {"n": missing})
    stops = notes.filter(tone="stop").count()
    gate = content.get("gate") or {}
    said = review.slips_fixed + review.slips_left
    if gate and stops and not said and review.marks.get(gate["criterion"]) == "full":
        found.append(_("记了不能说的话：说一下是当场改口了，还是没改。"))
    return found


def sign_off(review: Review) -> Review:
    """Signed once; again it is the same. The first signature takes the submission out of the queue.

    Raises Signed when another trainer was faster, NothingToReview, leases.Held, ValueError while it lacks something."""
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
        hold(review)
        if lacks(review):
            raise ValueError("lacks")
        review.total = None if review.kind == Kind.PEER else score(review).total
        review.signed_at = review.saved_at = timezone.now()
        review.save()
        if review.kind == Kind.PEER:
            return review
        done = {"lease_by": None, "lease_until": None, "status": Submission.Status.REVIEWED}
        if review.kind == Kind.FIRST:
            done["needs_second"] = submission.needs_second or second_look.is_drawn(submission.key)
        Submission.objects.filter(pk=submission.pk).update(**done)
        notices.write_review(review)
    return review


def takes_back_until(review: Review) -> datetime.datetime | None:
    """Until when its author may take the signature back; None where it stands already. At most two queries."""
    if review.signed_at is None or review.signed_at + TAKES_BACK_WITHIN <= timezone.now():
        return None
    if NoteAnswer.objects.filter(note__review=review).exists():
        return None
    others = Review.objects.signed().filter(submission=review.submission_id, kind=Kind.SECOND)
    if review.kind == Kind.FIRST and others.exists():
        return None
    return review.signed_at + TAKES_BACK_WITHIN


def last_signed(user: User) -> Review | None:
    """The newest signature of this person that may be taken back, with `until`. One query where there is none."""
    rows = Review.objects.filter(reviewer=user, signed_at__gt=timezone.now() - TAKES_BACK_WITHIN)
    review = rows.select_related("submission__user").order_by("-signed_at").first()
    if review is None or not (until := takes_back_until(review)):
        return None
    review.until = until
    return review


def take_back(review: Review) -> Review:
    """The signature only: marks and notes are a draft again, held by its author, and a first review waits in the queue again.
    Done again it is the same. Raises TooLate, leases.Held."""
    with transaction.atomic():
        review = (
            Review.objects.select_for_update(of=("self",))
            .select_related("submission", "reviewer")
            .get(pk=review.pk)
        )
        if review.signed_at is None:
            return review
        submission = review.submission = Submission.objects.select_for_update().get(pk=review.submission_id)
        if takes_back_until(review) is None:
            raise TooLate
        if review.kind != Kind.PEER:
            leases.take(review.reviewer, submission)
            notices.withdraw_review(review)
        review.signed_at, review.saved_at = None, timezone.now()
        review.save(update_fields=["signed_at", "saved_at"])
        if review.kind == Kind.FIRST:
            waits = {"status": Submission.Status.QUEUED, "needs_second": False}
            Submission.objects.filter(pk=submission.pk).update(**waits)
    return review
