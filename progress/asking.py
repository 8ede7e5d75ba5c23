"""Questions to the class under a lesson: asked, answered by its trainers, taken down."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import AuditEntry, User
from courses.models import Cohort, Lesson, State
from outbox.models import Event
from progress.models import Ask, Enrolment, Reply
from progress.trail import Verb

MOST_AN_HOUR = 20
# Of the events by which a phone sends a question later.
KIND = "ask"
ANSWERS_ARE_NEWS = timedelta(days=7)

# How many questions stand under a lesson in the class that the reader is in now. Plain SQL, like its neighbours
# on the lesson page: there the building of such a query costs more than its answer.
ASKED = """
SELECT COUNT(*) FROM progress_ask a JOIN progress_enrolment e ON e.cohort_id = a.cohort_id
WHERE a.lesson_id = courses_lesson.id AND a.removed_at IS NULL AND e.user_id = %s AND e.left_at IS NULL
"""


class NoClass(Exception):
    """Who is in no class of the course has nobody who would answer."""


class TooMany(Exception):
    """So many questions in an hour come from no reader."""


class TakenDown(Exception):
    """A question that is taken down is not answered any more."""


def seat(user: User, lesson: Lesson) -> Enrolment | None:
    """This person's place in the lesson's course, with its class if there is one. One query."""
    mine = Enrolment.objects.active().filter(user=user, course=lesson.module.course_id)
    return mine.select_related("cohort").first()


@transaction.atomic
def ask(user: User, lesson: Lesson, text: str, event_id: UUID | None = None) -> Ask:
    """Asks the class that the person is in now; the same event sent again is the same question.

    An id that names somebody else's question is replaced, because what was asked is never dropped.
    Raises NoClass and TooMany.
    """
    there = mine_under(user, event_id)
    if there and words(there.text) != words(text):
        # The answer to the first sending was lost and the question changed since: that is another question.
        event_id = uuid5(event_id, text)
        there = mine_under(user, event_id)
    if there:
        return there
    mine = seat(user, lesson)
    if mine is None or mine.cohort is None:
        raise NoClass
    if room(user) <= 0:
        raise TooMany
    facts = {
        "lesson": lesson,
        "cohort": mine.cohort,
        "author": user,
        "text": text,
        "asked_at": timezone.now(),
    }
    return kept(event_id or uuid4(), facts) or kept(uuid4(), facts)


def mine_under(user: User, event_id: UUID | None) -> Ask | None:
    return Ask.objects.filter(author=user, event_id=event_id).first() if event_id else None


def words(text: str) -> list[str]:
    return text.split()


def room(user: User) -> int:
    """How many more questions this person may ask now. One query.

    By our clock: what came from a phone within the hour counts, whatever time the phone gave it.
    """
    since = timezone.now() - timedelta(hours=1)
    came = Event.objects.filter(user=user, kind=KIND, received_at__gt=since).order_by().values("event_id")
    lately = Ask.objects.filter(Q(asked_at__gt=since) | Q(event_id__in=came), author=user)
    return MOST_AN_HOUR - lately.count()


def kept(event_id: UUID, facts: dict) -> Ask | None:
    """One conflict-free insert, so that two sendings at once are safe; None if the id is another person's."""
    Ask.objects.bulk_create([Ask(event_id=event_id, **facts)], ignore_conflicts=True)
    return Ask.objects.filter(event_id=event_id, author=facts["author"]).first()


@transaction.atomic
def reply(trainer: User, ask: Ask, text: str) -> Reply:
    """Answers; the same words from the same person again are the same answer. Raises TakenDown."""
    ask = Ask.objects.select_for_update().get(pk=ask.pk)
    if ask.removed_at:
        raise TakenDown
    row, _new = Reply.objects.get_or_create(ask=ask, author=trainer, text=text)
    return row


@transaction.atomic
def remove(user: User, ask: Ask) -> bool:
    """Takes the question down, with its answers; False when it was down already. A trainer's doing is written down."""
    if not Ask.objects.standing().filter(pk=ask.pk).update(removed_at=timezone.now()):
        return False
    if ask.author_id != user.pk:
        AuditEntry.write(user, Verb.ASK_REMOVED, ask, ask.cohort.place, name=ask.cohort.name)
    return True


# --- lists ---


def with_replies(asks: QuerySet[Ask]) -> QuerySet[Ask]:
    """With who asked and what was answered; one query more, however many they are."""
    return asks.select_related("author").prefetch_related(
        Prefetch("replies", Reply.objects.select_related("author"))
    )


def of_lesson(cohort: Cohort, lesson: Lesson) -> QuerySet[Ask]:
    return with_replies(Ask.objects.filter(cohort=cohort, lesson=lesson))


def of_class(cohort: Cohort) -> QuerySet[Ask]:
    """Each with `is_settled`: answered or taken down."""
    answered = Exists(Reply.objects.filter(ask=OuterRef("pk")))
    settled = ExpressionWrapper(Q(answered) | Q(removed_at__isnull=False), output_field=BooleanField())
    asks = (
        Ask.objects.filter(cohort=cohort)
        .select_related("author", "lesson__module")
        .annotate(is_settled=settled)
    )
    return asks.defer("lesson__body", "lesson__html")


def how_many(asks: QuerySet[Ask], by: str) -> Coalesce:
    """The number of these as a subquery, 0 for none."""
    counted = asks.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def newly_answered(user: User) -> QuerySet[Ask]:
    """This person's questions that were answered within a week, the last answer first."""
    asks = Ask.objects.standing().filter(author=user, lesson__state=State.PUBLISHED)
    asks = asks.filter(cohort__enrolments__user=user, cohort__enrolments__left_at__isnull=True)
    last = Reply.objects.filter(ask=OuterRef("pk")).order_by("-replied_at").values("replied_at")
    asks = asks.annotate(answered_at=Subquery(last[:1]))
    news = asks.filter(answered_at__gt=timezone.now() - ANSWERS_ARE_NEWS)
    return news.select_related("lesson").order_by("-answered_at")
