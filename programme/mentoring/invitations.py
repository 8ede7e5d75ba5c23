"""Invite a graduate to mentor in their village; accept, decline, withdraw; open the mentor's small class.

A graduate is invited, not only a seller: a mentor goes through the course with neighbours and helps them to their first film,
and who waits for the first harvest to be sold would lose a year. The inviter sees on the same page how far the person has come.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Membership, Place, User
from accounts.people import memberships
from accounts.permissions import can_act_on
from courses.models import Cohort, Course
from programme import notices
from programme.audit import Verb
from programme.exceptions import NotInvited
from programme.ladder import steps
from programme.models import MentorInvitation, Step

Status = MentorInvitation.Status
MENTOR = Membership.Role.MENTOR
LONGEST_CLASS = datetime.timedelta(days=366)


def is_graduate(person: User) -> bool:
    """Return whether the evidence shows now that the person has reached the graduate's step."""
    return Step.Name.GRADUATE in steps.compute_steps([person.pk])[person.pk]


def has_begun(person: User) -> bool:
    """Return whether the person was invited already, or mentors a class that runs; two queries at most."""
    return MentorInvitation.objects.open().filter(person=person).exists() or find_running(person) is not None


def list_villages(person: User, actor: User) -> list[Place]:
    """Return the villages to which the person belongs and which the actor holds as staff."""
    held = person.memberships.granted().filter(role__in=Membership.VILLAGE_ROLES)
    places = Place.objects.villages().filter(pk__in=held.values("place"))
    return list(
        places.filter(pk__in=Place.objects.held_by(actor, *Membership.STAFF_ROLES).values("pk")).order_by(
            "path"
        )
    )


def list_courses(villages: list[Place]) -> list[Course]:
    """Return the published courses of these villages and of the places above them."""
    paths = [path for village in villages for path in village.paths_upwards()]
    return list(Course.objects.published().filter(place__path__in=paths).order_by("title", "pk"))


@transaction.atomic
def invite(actor: User, person: User, place: Place, course: Course, note: str = "") -> MentorInvitation:
    """Invite the person; invited again meanwhile, it is the open invitation. Raises NotInvited.

    A role that an organiser has ended is offered again by an organiser only.
    """
    User.objects.select_for_update().only("pk").get(pk=person.pk)
    if found := MentorInvitation.objects.open().filter(person=person).first():
        return found
    if not is_graduate(person):
        raise NotInvited(_("他还没结业。结业了再请他带教。"))
    ended = Membership.objects.filter(
        user=person,
        place=place,
        role=MENTOR,
        status__in=(Membership.Status.ENDED, Membership.Status.DECLINED),
    ).first()
    by_another = ended is not None and ended.decided_by_id not in (None, person.pk, actor.pk)
    if by_another and not can_act_on(actor, place, Membership.Role.ORGANISER):
        raise NotInvited(_("他带教的身份是管理员收回的，要请，找管理员来请。"))
    made = MentorInvitation.objects.create(
        person=person, place=place, course=course, note=note, invited_by=actor
    )
    AuditEntry.write(actor, Verb.MENTOR_INVITED, made, place, name=course.title)
    notices.write_mentor_notice(made, notices.MENTOR_INVITED)
    return made


def lock(invitation: MentorInvitation) -> MentorInvitation:
    """Return the row as it is now, locked until the transaction ends."""
    rows = MentorInvitation.objects.select_for_update(of=("self",))
    return rows.select_related("person", "place", "course", "invited_by").get(pk=invitation.pk)


@transaction.atomic
def accept(invitation: MentorInvitation) -> bool:
    """Accept it and become a mentor of the village; False if it is no longer asked. Raises NotInvited."""
    found = lock(invitation)
    if found.status != Status.ASKED:
        return False
    if not is_graduate(found.person):
        raise NotInvited(_("你的结业现在不算数，先找老师问清楚，再来答应。"))
    found.status, found.answered_at = Status.ACCEPTED, timezone.now()
    found.save(update_fields=["status", "answered_at"])
    grant(found)
    AuditEntry.write(found.person, Verb.MENTOR_ACCEPTED, found, found.place)
    notices.write_mentor_notice(found, notices.MENTOR_ANSWERED)
    return True


def grant(invitation: MentorInvitation) -> None:
    """Grant the role that staff have offered and the person has accepted, also where it was ended before."""
    change = {
        "status": Membership.Status.GRANTED,
        "decided_at": timezone.now(),
        "decided_by": invitation.invited_by,
    }
    row, new = Membership.objects.get_or_create(
        user=invitation.person, place=invitation.place, role=MENTOR, defaults=change
    )
    if not new:
        Membership.objects.filter(pk=row.pk).update(**change)
    invitation.person.__dict__.pop("granted", None)
    facts = {"role": MENTOR, "by": "mentor_invitation"}
    AuditEntry.write(
        invitation.invited_by, memberships.AuditVerb.MEMBERSHIP_GRANTED, row, invitation.place, **facts
    )


@transaction.atomic
def decline(invitation: MentorInvitation) -> bool:
    """Decline it; False if it is no longer asked."""
    found = lock(invitation)
    if found.status != Status.ASKED:
        return False
    found.status, found.answered_at = Status.DECLINED, timezone.now()
    found.save(update_fields=["status", "answered_at"])
    AuditEntry.write(found.person, Verb.MENTOR_DECLINED, found, found.place)
    notices.write_mentor_notice(found, notices.MENTOR_ANSWERED)
    return True


@transaction.atomic
def withdraw(actor: User, invitation: MentorInvitation, why: str = "") -> bool:
    """Withdraw it, also after it was accepted: the role ends with it; False if it is closed already.

    A person gives it up in the same way.
    """
    found = lock(invitation)
    if not found.is_open:
        return False
    close(actor, [found], why)
    held = found.person.memberships.filter(place=found.place, role=MENTOR).first()
    if held:
        memberships.end_role(actor, held)
    if actor.pk != found.person_id:
        notices.write_mentor_notice(found, notices.MENTOR_WITHDRAWN)
    return True


def close(actor: User | None, rows: list[MentorInvitation], why: str) -> None:
    for row in rows:
        row.status, row.ended_at, row.ended_by, row.why_ended = (
            Status.WITHDRAWN,
            timezone.now(),
            actor,
            why,
        )
        row.save(update_fields=["status", "ended_at", "ended_by", "why_ended"])
        AuditEntry.write(actor, Verb.MENTOR_WITHDRAWN, row, row.place, reason=why)


def end_role(actor: User | None, membership: Membership) -> None:
    """End what depends on the role of a mentor when it ends (the setting ROLE_ENDED): the invitation, and the right to the
    classes, which stay with the trainers and organisers of their place.
    """
    if membership.role != MENTOR:
        return
    rows = MentorInvitation.objects.open().filter(person=membership.user_id, place=membership.place_id)
    close(actor, list(rows.select_related("place")), "")
    Cohort.objects.filter(mentor=membership.user_id, place=membership.place_id).update(mentor=None)


# --- the mentor's class ---


def find_running(person: User) -> Cohort | None:
    """Return the class that the person mentors and that is not over."""
    mine = Cohort.objects.mentored_by(person).filter(ends_on__gte=timezone.localdate())
    return mine.select_related("course", "place").order_by("-starts_on", "-pk").first()


@transaction.atomic
def open_class(
    invitation: MentorInvitation, name: str, starts_on: datetime.date, ends_on: datetime.date
) -> Cohort:
    """Open the mentor's class with the course of the invitation. Raises NotInvited while another one runs, or after its end."""
    found = lock(invitation)
    if found.status != Status.ACCEPTED:
        raise NotInvited(_("带教邀请收回了，不能再开班。"))
    if running := find_running(found.person):
        raise NotInvited(_("你的“%(name)s”还没结业，一次只带一个班。") % {"name": running.name})
    cohort = Cohort.objects.create(
        course=found.course,
        place=found.place,
        name=name,
        mentor=found.person,
        most_people=settings.MENTOR_CLASS_PEOPLE,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    AuditEntry.write(found.person, Verb.MENTOR_CLASS_OPENED, cohort, cohort.place, name=name)
    return cohort
