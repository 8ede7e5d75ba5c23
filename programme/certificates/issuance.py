"""Issue certificates, revoke them, and issue another in the place of one."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AuditEntry, User
from courses.models import Cohort
from programme import notices
from programme.audit import Verb
from programme.certificates.requirements import Standing, find_rule, load_standings
from programme.exceptions import AlreadyRevoked, NoCertificateRule, NotPrintable
from programme.models import Certificate, CertificateRule
from programme.typesetting import list_unprintable
from progress.classes.board import find_members
from progress.models import Enrolment
from progress.names import fetch_by_name, sort_by_name
from ui.pagination import Page

COPIED = (
    "user", "course", "course_version", "cohort", "title", "course_title", "class_name", "place_name", "hours",
    "evidence", "shows_name", "shows_course",
)  # fmt: skip

PEOPLE_A_PAGE = 200
Follower = Callable[[Collection[int]], None]
_followers: list[Follower] = []


def register_follower(follow: Follower) -> Follower:
    """Decorate a function of an upper package: it gets the people whose certificates changed, in that transaction."""
    _followers.append(follow)
    return follow


def find_without_certificate(cohort: Cohort) -> QuerySet[Enrolment]:
    """Return the enrolments of those of the class who hold no valid certificate of its course."""
    held = Certificate.objects.valid().filter(course=cohort.course_id).order_by().values("user")
    return find_members(cohort).exclude(user__in=held).select_related("user")


def load_standings_page(cohort: Cohort, rule: CertificateRule, after: str) -> Page:
    """Return a page of those without a certificate, by pinyin: (person, what they have and miss)."""
    page = fetch_by_name(find_without_certificate(cohort), "user__name", after, PEOPLE_A_PAGE)
    return Page(pair_standings(cohort, rule, [row.user for row in page.items]), page.after)


def load_class_standings(
    cohort: Cohort, rule: CertificateRule, among: Collection[int]
) -> list[tuple[User, Standing]]:
    """Return those of these users who are in the class without a certificate, with what they have and miss, by pinyin."""
    rows = find_without_certificate(cohort).filter(user__in=among).order_by()
    people = sort_by_name((row.user for row in rows), lambda one: (one.name, one.pk))
    return pair_standings(cohort, rule, people)


def pair_standings(cohort: Cohort, rule: CertificateRule, people: list[User]) -> list[tuple[User, Standing]]:
    standings = load_standings(cohort.course, {person.pk: person.name for person in people}, rule)
    return [(person, standings[person.pk]) for person in people]


@transaction.atomic
def issue_certificates(actor: User, cohort: Cohort, users: Collection[int]) -> list[Certificate]:
    """Issue a certificate to each of these people of the class who is due; who is not, and the actor, get none.

    Raises NoCertificateRule. Two taps at once give one certificate: the database refuses the second.
    """
    rule = find_rule(cohort.course)
    if rule is None:
        raise NoCertificateRule
    issued = []
    for person, standing in load_class_standings(cohort, rule, users):
        if not standing.is_due or person.pk == actor.pk:
            continue
        made = Certificate(
            user=person,
            course=cohort.course,
            course_version=cohort.course.version,
            cohort=cohort,
            name=" ".join(person.name.split()),
            title=rule.title,
            course_title=cohort.course.title,
            class_name=cohort.name,
            place_name=cohort.course.place.full_name(),
            hours=rule.hours,
            evidence=standing.evidence | {"rule": rule.content},
            issued_by=actor,
        )
        if save_numbered(made):
            issued.append(made)
    record(actor, Verb.CERTIFICATE_ISSUED, issued)
    return issued


def save_numbered(made: Certificate) -> bool:
    """Save it with the number of its row as serial; return False if somebody else was first."""
    made.serial = made.code
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        return False
    made.serial = f"XNH{timezone.localtime(made.issued_at):%Y}{made.pk:07d}"
    made.save(update_fields=["serial"])
    return True


def record(actor: User, verb: Verb, certificates: Collection[Certificate], **detail: str) -> None:
    """Write the audit trail and a notice to each holder, and tell what rests on certificates."""
    people = {one.user_id for one in certificates}
    for follow in _followers:
        follow(people)
    for one in certificates:
        place = one.cohort.place if one.cohort else one.course.place
        AuditEntry.write(actor, verb, one, place, serial=one.serial, **detail)
        notices.write_certificate_notice(one)


@transaction.atomic
def revoke_certificate(actor: User, certificate: Certificate, reason: str) -> Certificate:
    """Revoke it for a reason of at most 200 characters, which its holder and whoever verifies it reads."""
    revoked = mark_revoked(actor, certificate, reason)
    record(actor, Verb.CERTIFICATE_REVOKED, [revoked], reason=reason)
    return revoked


def mark_revoked(actor: User, certificate: Certificate, reason: str) -> Certificate:
    now = timezone.now()
    rows = Certificate.objects.valid().filter(pk=certificate.pk)
    if not rows.update(revoked_at=now, revoked_by=actor, revoked_because=reason):
        raise AlreadyRevoked
    certificate.revoked_at, certificate.revoked_by, certificate.revoked_because = now, actor, reason
    return certificate


@transaction.atomic
def reissue_certificate(actor: User, certificate: Certificate, name: str, reason: str) -> Certificate:
    """Revoke it and issue another under this name: the same evidence, a new number and a new code.

    Raises AlreadyRevoked, or NotPrintable with the characters that cannot be printed.
    """
    if unprintable := list_unprintable(name):
        raise NotPrintable(unprintable)
    mark_revoked(actor, certificate, reason)
    copied = {field: getattr(certificate, field) for field in COPIED}
    made = Certificate(**copied, name=name, issued_by=actor, replaces=certificate)
    if not save_numbered(made):
        raise AlreadyRevoked
    record(actor, Verb.CERTIFICATE_REISSUED, [made], reason=reason, before=certificate.serial)
    return made
