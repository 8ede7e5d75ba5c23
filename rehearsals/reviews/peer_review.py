"""Let classmates watch each other's rehearsals for practice: the owner allows it, the trainer assigns them; no scores count."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from progress.models import Enrolment
from rehearsals.models import Review, Submission

MOST_PEERS = 5


class NotAllowed(Exception):
    """Raised when the owner has not allowed others to watch."""


def set_allowed(submission: Submission, allowed: bool) -> None:
    """Allow peers or stop it; then no peer sees the film any more, but what they wrote stays."""
    Submission.objects.filter(pk=submission.pk).update(for_peers=allowed)
    submission.for_peers = allowed
    if not allowed:
        submission.peers.clear()


def find_classmates(submission: Submission) -> QuerySet[User]:
    """Return who is in its class now, without its owner."""
    there = Enrolment.objects.active().filter(cohort=submission.cohort_id).order_by().values("user")
    return User.objects.filter(pk__in=there).exclude(pk=submission.user_id).order_by("pk")


def assign_peers(submission: Submission, people: list[User]) -> None:
    """Assign it to these people only; who has written something keeps it. Raises NotAllowed."""
    if not submission.for_peers:
        raise NotAllowed
    written = submission.reviews.filter(kind=Review.Kind.PEER).values_list("reviewer", flat=True)
    submission.peers.set({*(person.pk for person in people), *written})


def find_assigned(user: User) -> QuerySet[Submission]:
    """Return what is assigned to this person, the newest first."""
    return Submission.objects.given_to(user).select_related("user", "drill", "video").order_by("-received_at")
