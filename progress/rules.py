"""Yes or no about one class or trainee; tests hold these against the querysets that list many."""

from __future__ import annotations

from accounts.models import Membership, User
from accounts.rules import can_act_on
from courses.models import Announcement, Cohort, Lesson
from courses.rules import can_edit, can_read
from progress import gates
from progress.models import Ask, Enrolment, Review, Submission


def can_see_class(user: User, cohort: Cohort) -> bool:
    """A trainer of the class, or a trainer or organiser who holds its place."""
    if can_act_on(user, cohort.place, *Membership.STAFF_ROLES):
        return True
    return Cohort.objects.taught_by(user).filter(pk=cohort.pk).exists()


def can_watch(user: User, lesson: Lesson) -> bool:
    """A lesson's video is for who is enrolled in its course, once nothing stands before it, and for who teaches it.

    `lesson` comes from gates.with_gates.
    """
    if not user.is_authenticated or not can_read(user, lesson):
        return False
    mine = Enrolment.objects.active().filter(user=user, course=lesson.module.course_id)
    if mine.exists() and not (lesson.has_gates and gates.is_closed(user, lesson.module)):
        return True
    return can_edit(user, lesson.module.course)


def can_see_trainee(user: User, enrolment: Enrolment) -> bool:
    """Somebody who is in a class of one's own now; who has left it is nobody's to look up."""
    here = enrolment.left_at is None and enrolment.cohort is not None
    return here and can_see_class(user, enrolment.cohort)


def can_see_enrolment(user: User, enrolment: Enrolment) -> bool:
    if enrolment.user_id == user.pk:
        return True
    return enrolment.cohort is not None and can_see_class(user, enrolment.cohort)


def is_in_class(user: User, cohort: Cohort) -> bool:
    return Enrolment.objects.active().filter(user=user, cohort=cohort).exists()


def can_see_ask(user: User, ask: Ask) -> bool:
    """Who is in its class now, and who leads it; the others of the course see nothing."""
    return is_in_class(user, ask.cohort) or can_see_class(user, ask.cohort)


def can_remove_ask(user: User, ask: Ask) -> bool:
    return ask.author_id == user.pk or can_see_class(user, ask.cohort)


def can_hear(user: User, announcement: Announcement) -> bool:
    """Who is in its class now, until it is taken back."""
    return announcement.removed_at is None and is_in_class(user, announcement.cohort)


def can_review(user: User, submission: Submission) -> bool:
    """Who leads its class; nobody one's own."""
    if submission.user_id == user.pk or submission.cohort is None:
        return False
    return can_see_class(user, submission.cohort)


def can_watch_submission(user: User, submission: Submission) -> bool:
    """Its owner, who leads its class, and those who were given it to look at for practice."""
    if submission.user_id == user.pk or can_review(user, submission):
        return True
    return is_peer(user, submission)


def is_peer(user: User, submission: Submission) -> bool:
    """Given it to look at for practice, and in its class still."""
    if submission.user_id == user.pk or submission.cohort is None:
        return False
    return submission.peers.filter(pk=user.pk).exists() and is_in_class(user, submission.cohort)


def can_read_review(user: User, review: Review) -> bool:
    """While somebody is still to score it blindly, a trainer reads what others wrote only after signing too."""
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
