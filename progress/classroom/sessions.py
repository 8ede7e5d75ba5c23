"""Begin, move and end the showing of a lesson; take the room's answers and count them.

Whoever changes a session locks its row first, so that two presses, or an answer and the reveal, come one after the other.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from courses.models import CODE_LETTERS, Cohort, Lesson
from courses.slides.questions import LETTERS
from courses.slides.slide import Slide
from progress.models import ClassroomAnswer, ClassroomQuestion, ClassroomSession, Enrolment
from progress.models.classroom import LASTS
from ui.database.orm import PreparedQuery

# More hands than the largest class has.
MOST_HANDS = 2000
CODE = re.compile(f"[{CODE_LETTERS}]{{8}}")
AT = re.compile(r"([1-9][0-9]{0,3})(\.1)?", re.ASCII)


class Closed(Exception):
    """Raised when a question takes no answers: it was revealed, or another one stands on the wall, or the class is over."""


def find_session(host: User, lesson: Lesson) -> ClassroomSession | None:
    """Return what this person shows of this lesson now."""
    rows = ClassroomSession.objects.visible_to(host).running().filter(lesson=lesson)
    return rows.select_related("cohort").first()


@transaction.atomic
def start_session(host: User, lesson: Lesson, cohort: Cohort | None) -> ClassroomSession:
    """Begin, or go on if it runs for the same class already; what else this person shows ends: there is one wall."""
    User.objects.select_for_update().get(pk=host.pk)
    found = find_session(host, lesson)
    if found and found.cohort_id == (cohort.pk if cohort else None):
        return found
    ClassroomSession.objects.filter(host=host, lesson=lesson).delete()
    ClassroomSession.objects.filter(host=host, ended_at__isnull=True).update(ended_at=timezone.now())
    return ClassroomSession.objects.create(host=host, lesson=lesson, cohort=cohort)


def end_session(host: User, lesson: Lesson) -> None:
    now = timezone.now()
    ClassroomSession.objects.filter(host=host, lesson=lesson, ended_at__isnull=True).update(ended_at=now)


def lock_session(host: User, lesson: Lesson) -> ClassroomSession | None:
    """Return what runs, locked, inside a transaction."""
    rows = ClassroomSession.objects.visible_to(host).running().filter(lesson=lesson)
    return rows.select_for_update().first()


def parse_at(text: str, length: int) -> tuple[int, bool] | None:
    """Read where to go, 7 or 7.1, of so many slides; None if there is no such place."""
    found = AT.fullmatch(text)
    if not found or int(found[1]) > length:
        return None
    return int(found[1]), bool(found[2])


@transaction.atomic
def move_session(
    host: User, lesson: Lesson, deck: Sequence[Slide], position: int, is_second: bool
) -> ClassroomSession | None:
    """Go to a slide; a question that comes on takes answers, its second press reveals it. None if nothing runs."""
    session = lock_session(host, lesson)
    if session is None:
        return None
    slide = deck[position - 1]
    session.position, session.is_second = position, is_second and slide.has_second
    session.question = slide.question
    session.version += 1
    session.updated_at = timezone.now()
    session.save(update_fields=["position", "is_second", "question", "version", "updated_at"])
    if slide.question:
        asked, _made = ClassroomQuestion.objects.get_or_create(session=session, question=slide.question)
        if session.is_second and asked.revealed_at is None:
            asked.revealed_at = session.updated_at
            asked.save(update_fields=["revealed_at"])
    return session


@transaction.atomic
def count_hands(host: User, lesson: Lesson, hands: list[int]) -> ClassroomSession | None:
    """Store how many raised a hand for each choice of the present question. None if none stands on the wall."""
    session = lock_session(host, lesson)
    if session is None or session.question_id is None:
        return None
    rows = ClassroomQuestion.objects.filter(session=session, question=session.question_id)
    if not rows.update(hands=hands):
        return None
    session.version += 1
    session.save(update_fields=["version"])
    return session


@transaction.atomic
def answer_question(user: User, session: ClassroomSession, question: int, letter: str) -> None:
    """Store this person's answer in place of an earlier one. Raises Closed."""
    locked = ClassroomSession.objects.select_for_update().get(pk=session.pk)
    if not locked.is_running or locked.question_id != question:
        raise Closed
    asked = ClassroomQuestion.objects.filter(session=locked, question=question).first()
    if asked is None or asked.revealed_at:
        raise Closed
    now = timezone.now()
    facts = {"letter": letter, "answered_at": now}
    ClassroomAnswer.objects.update_or_create(asked=asked, user=user, defaults=facts)


# --- what the screens poll, compiled once ---


class Poll(NamedTuple):
    """Where a session stands. `moved_at`: when it came there; `answered`: phones that have answered the present question."""

    pk: int
    version: int
    position: int
    is_second: bool
    question: int | None
    answered: int
    ended_at: datetime.datetime | None
    moved_at: datetime.datetime

    @property
    def at(self) -> str:
        return f"{self.position}.1" if self.is_second else str(self.position)


def find_poll(host: int, lesson: int) -> QuerySet:
    answers = ClassroomAnswer.objects.filter(
        asked__session=OuterRef("pk"), asked__question=OuterRef("question")
    )
    count = answers.order_by().values("asked").annotate(n=Count("pk")).values("n")
    rows = ClassroomSession.objects.filter(host=host, lesson=lesson)
    rows = rows.annotate(answered=Coalesce(Subquery(count), 0))
    return rows.values_list(
        "pk", "version", "position", "is_second", "question", "answered", "ended_at", "updated_at"
    )


class Seat(NamedTuple):
    """What one person of a class sees of the question on the wall, and has answered."""

    pk: int
    question: int | None
    ended_at: datetime.datetime | None
    moved_at: datetime.datetime
    revealed_at: datetime.datetime | None
    letter: str | None


def find_seat(code: str, user: int) -> QuerySet:
    asked = ClassroomQuestion.objects.filter(session=OuterRef("pk"), question=OuterRef("question"))
    mine = ClassroomAnswer.objects.filter(
        asked__session=OuterRef("pk"), asked__question=OuterRef("question"), user=user
    )
    classes = Enrolment.objects.active().filter(user=user, cohort__isnull=False).order_by().values("cohort")
    rows = ClassroomSession.objects.filter(code=code, cohort__in=classes)
    rows = rows.annotate(
        revealed_at=Subquery(asked.values("revealed_at")[:1]), letter=Subquery(mine.values("letter")[:1])
    )
    return rows.values_list("pk", "question", "ended_at", "updated_at", "revealed_at", "letter")


POLL = PreparedQuery(find_poll, 2)
SEAT = PreparedQuery(find_seat, 2)


def is_running(row: Poll | Seat) -> bool:
    return row.ended_at is None and row.moved_at > timezone.now() - LASTS


def read_poll(host: User, lesson: int) -> Poll | None:
    """Return where this person's session of this lesson stands, or None if none runs. One query."""
    found = [Poll(*row) for row in POLL.rows(host.pk, lesson)]
    return found[0] if found and is_running(found[0]) else None


def read_seat(user: User, code: str) -> Seat | None:
    """Return what this person sees of the session with this code; None for who is not in its class. At most one query."""
    if not CODE.fullmatch(code):
        return None
    found = [Seat(*row) for row in SEAT.rows(code, user.pk)]
    return found[0] if found else None


def find_newer(session: ClassroomSession) -> ClassroomSession | None:
    """Return what is shown to the same class now, after this session has ended."""
    rows = ClassroomSession.objects.running().filter(cohort=session.cohort_id, cohort__isnull=False)
    return rows.order_by("-started_at").first()


def read_counts(session: int, question: int | None) -> dict[str, Any]:
    """Return the hands of a question and, once it is revealed, what phones answered: [of A, of B, of C, of D]."""
    asked = ClassroomQuestion.objects.filter(session=session, question=question).first()
    if asked is None:
        return {"hands": [], "phones": None}
    if asked.revealed_at is None:
        return {"hands": asked.hands, "phones": None}
    counts = Counter(asked.answers.values_list("letter", flat=True))
    return {"hands": asked.hands, "phones": [counts[letter] for letter in LETTERS]}
