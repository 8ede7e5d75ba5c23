"""A class of two lessons, one quiz and one rehearsal, and people who have done what its certificate asks."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from courses.models import Bank, Cohort, Lesson, Quiz, State
from programme.certificates import issuance
from programme.credentials import keys
from programme.models import Certificate, CertificateRule, Credential, IssuerKey
from progress.models import Attempt, Enrolment, LessonDone
from tests.factories import make_cohort, make_course
from tests.reviews import make_review, make_submission


def make_class(trainer: User, place, *people: User, **rule) -> Cohort:
    course = make_course(place, lessons=2)
    cohort = make_cohort(course, place, trainer, name="石榴冲一班")
    bank = Bank.objects.create(course=course, code="one", title="题库")
    for kind in (Quiz.Kind.PRE, Quiz.Kind.MODULE):
        Quiz.objects.create(
            course=course, bank=bank, code=kind, kind=kind, title=f"{kind.label}一", state=State.PUBLISHED
        )
    CertificateRule.objects.create(course=course, **{"title": "乡村直播带货培训结业证书", "hours": 43} | rule)
    for person in people:
        Enrolment.objects.create(user=person, course=course, cohort=cohort)
    return cohort


def do_lessons(person: User, cohort: Cohort, most: int = 2) -> None:
    for lesson in Lesson.objects.filter(module__course=cohort.course).order_by("position")[:most]:
        LessonDone.objects.create(user=person, lesson=lesson, happened_at=timezone.now())


def pass_quiz(person: User, cohort: Cohort, passed: bool = True) -> Attempt:
    quiz = cohort.course.quizzes.get(kind=Quiz.Kind.MODULE)
    return Attempt.objects.create(
        user=person, quiz=quiz, number=1, right=9, total=10, passed=passed, finished_at=timezone.now()
    )


def rehearse(person: User, cohort: Cohort, trainer: User, points: int = 60, **review):
    return make_review(trainer, make_submission(person, cohort), total=points, **review).submission


def finish(person: User, cohort: Cohort, trainer: User) -> None:
    """Do all that the certificate asks."""
    do_lessons(person, cohort)
    pass_quiz(person, cohort)
    rehearse(person, cohort, trainer)


def make_certificate(person: User, cohort: Cohort, **fields) -> Certificate:
    """Return a certificate as issuing writes it."""
    facts = {
        "name": person.name,
        "title": "结业证书",
        "course_title": cohort.course.title,
        "place_name": "柚山县",
        "hours": 40,
    }
    made = Certificate(user=person, course=cohort.course, cohort=cohort, **facts | fields)
    issuance.save_numbered(made)
    return made


def make_credential_row(certificate: Certificate) -> Credential:
    """Return the file of a certificate without a signature in it."""
    if not IssuerKey.objects.exists():
        keys.rotate()
    key = IssuerKey.objects.get()
    return Credential.objects.create(
        certificate=certificate, issuer_key=key, document="{}", names_holder=True
    )
