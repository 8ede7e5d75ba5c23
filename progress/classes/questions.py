"""Ask the class questions under a lesson, answer them, and take them down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.utils import timezone

from accounts.models import AuditEntry, User
from courses.models import Cohort, Lesson, State
from outbox.models import Event
from progress.audit import Verb
from progress.models import Ask, Enrolment, Reply

MOST_AN_HOUR = 20
# The kind of event by which a phone sends a question later.
KIND = "ask"
ANSWERS_ARE_NEWS = timedelta(days=7)


class NoClass(Exception):
    """Raised when the person is in no class of the course, because then no trainer would answer."""


class TooManyQuestions(Exception):
    """Raised when the person has asked too many questions within an hour."""


class TakenDown(Exception):
    """Raised when the question was taken down and can no longer be answered."""


def find_enrolment(user: User, lesson: Lesson) -> Enrolment | None:
    """Return the person's enrolment in the lesson's course with its class; None without one. One query."""
    mine = Enrolment.objects.active().filter(user=user, course=lesson.module.course_id)
    return mine.select_related("cohort").first()


@transaction.atomic
def ask_question(user: User, lesson: Lesson, text: str, event_id: UUID | None = None) -> Ask:
    """Ask the class in which the person is now; the same event sent again is the same question.

    An id that belongs to somebody else's question is replaced, so that no question is dropped. Raises NoClass or
    TooManyQuestions.
    """
    there = find_own_question(user, event_id)
    if event_id and there and split_words(there.text) != split_words(text):
        # The answer to the first request was lost and the text was changed since: that is another question.
        event_id = uuid5(event_id, text)
        there = find_own_question(user, event_id)
    if there:
        return there
    mine = find_enrolment(user, lesson)
    if mine is None or mine.cohort is None:
        raise NoClass
    if count_questions_left(user) <= 0:
        raise TooManyQuestions
    facts = {
        "lesson": lesson,
        "cohort": mine.cohort,
        "author": user,
        "text": text,
        "asked_at": timezone.now(),
    }
    made = insert_question(event_id or uuid4(), facts) or insert_question(uuid4(), facts)
    assert made is not None  # a new id belongs to nobody
    return made


def find_own_question(user: User, event_id: UUID | None) -> Ask | None:
    return Ask.objects.filter(author=user, event_id=event_id).first() if event_id else None


def split_words(text: str) -> list[str]:
    return text.split()


def count_questions_left(user: User) -> int:
    """Return how many more questions this person may ask now. One query.

    The server's clock counts: questions received within the hour, whatever time the phone gave them.
    """
    since = timezone.now() - timedelta(hours=1)
    came = Event.objects.filter(user=user, kind=KIND, received_at__gt=since).order_by().values("event_id")
    lately = Ask.objects.filter(Q(asked_at__gt=since) | Q(event_id__in=came), author=user)
    return MOST_AN_HOUR - lately.count()


def insert_question(event_id: UUID, facts: dict) -> Ask | None:
    """Insert the question once, also when two requests come at once; None if the id is another person's."""
    Ask.objects.bulk_create([Ask(event_id=event_id, **facts)], ignore_conflicts=True)
    return Ask.objects.filter(event_id=event_id, author=facts["author"]).first()


@transaction.atomic
def reply_to(trainer: User, ask: Ask, text: str) -> Reply:
    """Answer the question; the same text from the same person again is the same answer. Raises TakenDown."""
    ask = Ask.objects.select_for_update().get(pk=ask.pk)
    if ask.removed_at:
        raise TakenDown
    row, _new = Reply.objects.get_or_create(ask=ask, author=trainer, text=text)
    return row


@transaction.atomic
def remove_question(user: User, ask: Ask) -> bool:
    """Take the question down with its answers; return False when it was already. What a trainer does is audited."""
    if not Ask.objects.not_removed().filter(pk=ask.pk).update(removed_at=timezone.now()):
        return False
    if ask.author_id != user.pk:
        AuditEntry.write(user, Verb.ASK_REMOVED, ask, ask.cohort.place, name=ask.cohort.name)
    return True


# --- lists ---


def attach_replies(asks: QuerySet[Ask]) -> QuerySet[Ask]:
    """Add who asked and the answers; one query more, however many questions there are."""
    return asks.select_related("author").prefetch_related(
        Prefetch("replies", Reply.objects.select_related("author"))
    )


def find_for_lesson(cohort: Cohort, lesson: Lesson) -> QuerySet[Ask]:
    return attach_replies(Ask.objects.filter(cohort=cohort, lesson=lesson))


def find_for_class(cohort: Cohort) -> QuerySet[Ask]:
    """Return a class's questions, annotated with `is_settled`: answered or taken down."""
    answered = Exists(Reply.objects.filter(ask=OuterRef("pk")))
    settled = ExpressionWrapper(Q(answered) | Q(removed_at__isnull=False), output_field=BooleanField())
    asks = (
        Ask.objects.filter(cohort=cohort)
        .select_related("author", "lesson__module")
        .annotate(is_settled=settled)
    )
    return asks.defer("lesson__body", "lesson__html")


def find_newly_answered(user: User) -> QuerySet[Any]:
    """Return this person's questions that were answered within a week, the latest answer first."""
    asks = Ask.objects.not_removed().filter(author=user, lesson__state=State.PUBLISHED)
    asks = asks.filter(cohort__enrolments__user=user, cohort__enrolments__left_at__isnull=True)
    last = Reply.objects.filter(ask=OuterRef("pk")).order_by("-replied_at").values("replied_at")
    asks = asks.annotate(answered_at=Subquery(last[:1]))
    news = asks.filter(answered_at__gt=timezone.now() - ANSWERS_ARE_NEWS)
    return news.select_related("lesson").order_by("-answered_at")
