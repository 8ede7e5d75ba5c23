"""Who may see one row, said in plain words of the rule: lists of the product (`visible_to`) are compared with it.

Pages fetch by those lists, so that nothing else asks these.
"""

from __future__ import annotations

from accounts.models import User
from courses.models import Announcement
from programme.models import Attendance, MentorInvitation, TrainingSession
from programme.permissions import can_manage_invitation
from progress.models import Ask, Enrolment
from progress.permissions import can_guide_class, is_in_class


def can_see_trainee(user: User, enrolment: Enrolment) -> bool:
    """Allow looking up a person who is in one of the user's classes now, not one who has left it."""
    if enrolment.left_at is not None or enrolment.cohort is None:
        return False
    return can_guide_class(user, enrolment.cohort)


def can_see_enrolment(user: User, enrolment: Enrolment) -> bool:
    if enrolment.user_id == user.pk:
        return True
    return enrolment.cohort is not None and can_guide_class(user, enrolment.cohort)


def can_see_ask(user: User, ask: Ask) -> bool:
    """Allow the question to those who are in its class now and to who guides it, not to others of the course."""
    return is_in_class(user, ask.cohort) or can_guide_class(user, ask.cohort)


def can_read_announcement(user: User, announcement: Announcement) -> bool:
    """Allow the announcement to those who are in its class now, until it is withdrawn."""
    return announcement.removed_at is None and is_in_class(user, announcement.cohort)


def can_see_session(user: User, session: TrainingSession) -> bool:
    """Allow the session to those who are in its class now and to those who guide it."""
    return is_in_class(user, session.cohort) or can_guide_class(user, session.cohort)


def can_see_attendance(user: User, attendance: Attendance) -> bool:
    return attendance.user_id == user.pk or can_guide_class(user, attendance.session.cohort)


def can_see_invitation(user: User, invitation: MentorInvitation) -> bool:
    return invitation.person_id == user.pk or can_manage_invitation(user, invitation)
