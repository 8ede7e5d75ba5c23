"""Decide what a user may do with one submission or review; tests check that the querysets of lists agree."""

from __future__ import annotations

from accounts.models import User
from progress import permissions
from rehearsals.models import Review, Submission, TaskVersion, TaskWork


def can_review(user: User, submission: Submission) -> bool:
    """Allow scoring to those who lead the class, except for their own submissions; its mentor comments as a peer does."""
    if submission.user_id == user.pk or submission.cohort is None:
        return False
    return permissions.can_lead_class(user, submission.cohort)


def can_watch_submission(user: User, submission: Submission) -> bool:
    """Allow the film to its owner, to those who lead its class, to its mentor, and to assigned peers."""
    if submission.user_id == user.pk or can_review(user, submission):
        return True
    return is_peer(user, submission)


def is_mentor(user: User, submission: Submission) -> bool:
    """Return whether the person is the mentor of the submission's class."""
    return submission.cohort is not None and permissions.is_mentor(user, submission.cohort)


def is_peer(user: User, submission: Submission) -> bool:
    """Return whether the person may comment on it without a score: a peer to whom it is assigned and who is still in its
    class, or the class's mentor.
    """
    if submission.user_id == user.pk or submission.cohort is None:
        return False
    if is_mentor(user, submission):
        return True
    return submission.peers.filter(pk=user.pk).exists() and permissions.is_in_class(user, submission.cohort)


def can_read_review(user: User, review: Review) -> bool:
    """Allow a review to be read. While a second trainer is to score blindly, trainers must have signed their own first."""
    submission = review.submission
    if review.reviewer_id == user.pk:
        return True
    if review.signed_at is None:
        return False
    if submission.user_id == user.pk:
        return True
    if not can_review(user, submission):
        return False
    signed = submission.reviews.signed()
    waits = submission.needs_second and not signed.filter(kind=Review.Kind.SECOND).exists()
    return not waits or signed.filter(reviewer=user).exists()


def can_see_task(user: User, work: TaskWork) -> bool:
    """Allow what was handed in for a task to its owner and to those who guide its class."""
    if work.user_id == user.pk:
        return True
    return work.cohort is not None and permissions.can_guide_class(user, work.cohort)


def can_review_task(user: User, work: TaskWork) -> bool:
    """Allow accepting and returning to those who lead the class, except for their own."""
    if work.user_id == user.pk or work.cohort is None:
        return False
    return permissions.can_lead_class(user, work.cohort)


def can_see_shown_task(user: User, version: TaskVersion) -> bool:
    """Allow the accepted version of a chosen work that its owner shares to those who are in its class with the owner."""
    work = version.work
    if not (work.is_chosen and work.is_shared and work.cohort and version.is_accepted):
        return False
    return permissions.is_in_class(work.user, work.cohort) and permissions.is_in_class(user, work.cohort)
