"""Looking at each other's rehearsals for practice: the owner lets it, the trainer says who; nothing of it counts."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from progress.models import Enrolment, Review, Submission

MOST = 5


class NotLet(Exception):
    """Its owner does not let others look."""


def let(submission: Submission, allowed: bool) -> None:
    """Taken back, nobody sees it from then on; what was already written stays."""
    Submission.objects.filter(pk=submission.pk).update(for_peers=allowed)
    submission.for_peers = allowed
    if not allowed:
        submission.peers.clear()


def classmates(submission: Submission) -> QuerySet[User]:
    """Who is in its class now, without its owner."""
    there = Enrolment.objects.active().filter(cohort=submission.cohort_id).order_by().values("user")
    return User.objects.filter(pk__in=there).exclude(pk=submission.user_id).order_by("name", "pk")


def give(submission: Submission, people: list[User]) -> None:
    """To these and nobody else; who has written something keeps it in sight. Raises NotLet."""
    if not submission.for_peers:
        raise NotLet
    written = submission.reviews.filter(kind=Review.Kind.PEER).values_list("reviewer", flat=True)
    submission.peers.set({*(person.pk for person in people), *written})


def given_to(user: User) -> QuerySet[Submission]:
    """What this person was given to look at, what they have not finished first."""
    return Submission.objects.given_to(user).select_related("user", "drill", "video").order_by("-received_at")
