"""A class with something on every sheet of its ledger."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

from django.core.files.storage import storages
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Quiz
from programme.models import Mark, TrainingLedger
from programme.training_ledger.production import ask_for_ledger
from progress.models import Attempt
from tests.factories import make_person, make_product, make_shop
from tests.programme.attendance.rows import make_session, mark
from tests.programme.certificates.worlds import finish, make_certificate, make_class

SITE = "https://nonghuo.example"
# Names as they are in villages and as somebody may try them: rare characters, a formula, one that no font has.
RARE, FORMULA, UNKNOWN = "龚𬱖", "=HYPERLINK(1)", "田\U000323af"


def make_full_class(trainer: User, village, trainee: User) -> Cohort:
    """田巧云 did everything; 龚𬱖 came late once; a third has a formula for a name; a fourth left."""
    people = [make_person(name) for name in (RARE, FORMULA, UNKNOWN)]
    cohort = make_class(trainer, village, trainee, *people)
    cohort.course.quizzes.filter(kind=Quiz.Kind.PRE).update(title="学前摸底")
    finish(trainee, cohort, trainer)
    pre = cohort.course.quizzes.get(kind=Quiz.Kind.PRE)
    Attempt.objects.create(
        user=trainee, quiz=pre, number=1, right=2, total=8, finished_at=timezone.now() - timedelta(days=1)
    )
    make_certificate(trainee, cohort)
    shop = make_shop(trainee, village)
    make_product(shop, name="石榴冲脐橙", listed_at=timezone.now())
    first = make_session(cohort, trainer, topic="竖屏怎么拍", minutes=90)
    second = make_session(
        cohort, trainer, topic="+讲价", minutes=100, starts_at=first.starts_at + timedelta(minutes=1)
    )
    make_session(cohort, trainer, topic="停电", cancelled_at=timezone.now(), cancel_reason="停电")
    for session in (first, second):
        mark(session, trainer, trainee)
    mark(first, trainer, people[0], Mark.LATE)
    mark(second, trainer, people[0], Mark.EXCUSED)
    cohort.enrolments.filter(user=people[2]).update(left_at=timezone.now())
    return cohort


def write_ledger(by: User, cohort: Cohort) -> TrainingLedger:
    return ask_for_ledger(by, cohort, SITE)


def unzip(ledger: TrainingLedger) -> dict[str, bytes]:
    """Return the files of the ledger by the end of their names."""
    with (
        storages["private"].open(ledger.file_name) as file,
        zipfile.ZipFile(io.BytesIO(file.read())) as archive,
    ):
        return {name.rpartition(".")[2]: archive.read(name) for name in archive.namelist()}
