"""Apply quizzes answered on a paper stored on the phone: {"attempt": key, "answers": {"1": given, …}, "finished": bool}."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from courses import questions
from courses.models import Quiz
from courses.models.twins import build_test_key
from outbox.models import Event
from outbox.protocol import BROKEN, Incoming
from progress.event_descriptions import ANSWERS_UNREAD, HANDED_IN, NO_ATTEMPT, TIME_OVER
from progress.models import Answer, Attempt
from progress.quizzes import clearances
from progress.quizzes.attempts import grade_answer, store_answers
from progress.quizzes.paper import Paper
from progress.quizzes.time_limits import can_be_delivered, is_closed_by_hand_in, is_ended_by_clock


@dataclass
class ReportedAttempt:
    """One try while a batch is applied; `answers` holds the stored answers and those to be stored.

    `is_left_behind`: it is of an examination, and a later try was begun, in either language, which shows the right answers to
    the same questions.
    """

    attempt: Attempt
    paper: Paper
    answers: dict[int, bool]
    is_left_behind: bool
    rows: list[Answer] = field(default_factory=list)
    is_changed: bool = False

    @property
    def is_over(self) -> bool:
        if (
            self.paper.placement
        ):  # a phone asks a fixed list: what comes next depends on answers that it cannot judge
            return len(self.answers) >= len(self.paper)
        return self.paper.score(self.answers).is_over

    def add(self, position: int, given: object, at) -> None:
        row = grade_answer(self.attempt, self.paper, position, given, at)
        self.answers[position] = row.right
        self.rows.append(row)
        self.is_changed = True

    def hand_in(self, at) -> None:
        at = max(at, self.attempt.started_at)
        self.attempt.finished_at = self.attempt.finished_at or min(at, self.attempt.due_at or at)
        self.is_changed = True

    def settle(self) -> None:
        """Store the result; answers that come late can only add to it."""
        if self.attempt.finished_at is None:
            return
        score = self.paper.score(self.answers)
        self.attempt.right, self.attempt.total = score.right, score.total
        self.attempt.passed = self.attempt.passed or score.passed


def apply_attempts(user: User, events: list[Incoming]) -> dict[UUID, str]:
    """Apply the answers; the first to a position counts. At most eight statements, however many events."""
    attempts = lock_attempts(user, {key for event in events if (key := parse_key(event))})
    reasons = {}
    for event in sorted(events, key=lambda one: (one.at, str(one.id))):
        key = parse_key(event)
        if not isinstance(event.body.get("answers"), dict) or key is None:
            reasons[event.id] = BROKEN
        else:
            reported = attempts.get(key)
            reasons[event.id] = apply_new(reported, event) if reported else NO_ATTEMPT
    changed = [reported for reported in attempts.values() if reported.is_changed]
    if rows := [row for reported in changed for row in reported.rows]:
        store_answers(rows)
    for reported in changed:
        reported.settle()
    if finished := [reported.attempt for reported in changed if reported.attempt.finished_at]:
        Attempt.objects.bulk_update(finished, ["right", "total", "passed", "finished_at"])
        clearances.grant_clearance(finished)
    return reasons


def parse_key(event: Incoming | Event) -> UUID | None:
    try:
        return UUID(event.body.get("attempt"))
    except (ValueError, TypeError, AttributeError):
        return None


def lock_attempts(user: User, keys: set[UUID]) -> dict[UUID, ReportedAttempt]:
    """Return the person's own tries that these events name, locked. Two statements."""
    tried = Attempt.objects.filter(user=user).annotate(test=build_test_key("quiz__"))
    later = tried.filter(test=OuterRef("test"), pk__gt=OuterRef("pk"))
    is_no_test_of_course = ~Q(quiz__kind__in=Quiz.OF_WHOLE_COURSE)
    examined = later.exclude(is_no_test_of_course, tries=None, quiz__clears="", quiz__talk_after=None)
    rows = Attempt.objects.select_for_update(of=("self",)).filter(user=user, key__in=keys).order_by("pk")
    rows = rows.annotate(test=build_test_key("quiz__")).select_related("quiz")
    found = {
        row.pk: ReportedAttempt(row, Paper(row.paper), {}, row.is_left_behind)
        for row in rows.annotate(is_left_behind=Exists(examined))
    }
    stored = Answer.objects.filter(attempt__in=list(found)).order_by("attempt", "position")
    for pk, position, right in stored.values_list("attempt", "position", "right"):
        found[pk].answers[position] = right
    return {reported.attempt.key: reported for reported in found.values()}


def apply_new(reported: ReportedAttempt, event: Incoming) -> str:
    """Apply what is new of the event; return the reason why something of it was not."""
    closed = reported.attempt.finished_at is not None and not can_be_late(reported, event)
    is_in_time = can_be_delivered(reported.attempt, event.at, timezone.now()) or is_vouched(event)
    unread = late = over = False
    for position, given in sort_answers(event.body["answers"]):
        if position in reported.answers:
            continue
        if position is None or not reported.paper.has(position):
            unread = True
        elif reported.paper.mastery and reported.is_over:
            break
        elif closed:
            late = True
        elif not is_in_time:
            over = True
        else:
            unread = not take_answer(reported, position, given, event.at) or unread
    if reported.attempt.finished_at is None and (event.body.get("finished") is True or reported.is_over):
        reported.hand_in(min(event.at, timezone.now()))
    return HANDED_IN if late else TIME_OVER if over else ANSWERS_UNREAD if unread else ""


def is_vouched(event: Incoming) -> bool:
    return getattr(event, "vouched", False)


def can_be_late(reported: ReportedAttempt, event: Incoming) -> bool:
    """Return whether late answers still count: given before the hand-in, in a quiz on which nothing depends. The hand-in
    shows the right answers and the phone says when it was given them, so that it closes an examination and a counted try.
    Only where the time was up and nothing is shown yet, what was given in time is added, until the next try.
    """
    attempt = reported.attempt
    before = attempt.finished_at is None or event.at <= attempt.finished_at
    is_open = not is_closed_by_hand_in(attempt) or is_ended_by_clock(attempt)
    return is_vouched(event) or (is_open and before and not reported.is_left_behind)


def take_answer(reported: ReportedAttempt, position: int, given: object, at) -> bool:
    item = reported.paper.item(position)
    try:
        reported.add(position, questions.parse_json(item.kind, item.shown, given), at)
    except (questions.Unanswered, questions.InvalidAnswer):
        return False
    return True


def sort_answers(answers: dict) -> list[tuple[int | None, object]]:
    """Sort answers by position; what is no position comes first, as None."""
    return sorted(
        ((parse_position(name), given) for name, given in answers.items()), key=lambda pair: pair[0] or 0
    )


def parse_position(name: str) -> int | None:
    return int(name) if name.isascii() and name.isdigit() and len(name) < 5 else None
