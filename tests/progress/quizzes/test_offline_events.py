"""Answers given offline are recorded once, in whatever order and from however many phones they come."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from outbox.protocol import BROKEN
from progress.event_descriptions import ANSWERS_UNREAD, HANDED_IN, NO_ATTEMPT
from progress.models import Answer, Attempt
from progress.quizzes import attempts as doing
from progress.quizzes.offline_events import apply_attempts
from tests.factories import make_person
from tests.quizzes import make_quiz


@dataclass(frozen=True)
class Event:
    """What the outbox hands over."""

    body: dict
    id: UUID = field(default_factory=uuid4)
    at: datetime = field(default_factory=timezone.now)


@pytest.fixture
def begun(learner, course) -> Attempt:
    return doing.start_attempt(learner, make_quiz(course, "single", "single", "single", pass_percent=60))


def sent(learner, *events: Event) -> list[str]:
    reasons = apply_attempts(learner, list(events))
    return [reasons[event.id] for event in events]


def event(begun: Attempt, answers: object, finished: bool = False, **more) -> Event:
    return Event({"attempt": str(begun.key), "answers": answers, "finished": finished}, **more)


def rows() -> list[tuple]:
    return list(Answer.objects.order_by("attempt", "position").values_list("position", "given", "right"))


def test_all_at_once_is_handed_in_and_passed(learner, begun):
    at = timezone.now()
    assert sent(learner, event(begun, {"1": "b", "2": "a", "3": "b"}, True, at=at)) == [""]
    begun.refresh_from_db()
    assert (begun.right, begun.total, begun.passed, begun.finished_at) == (2, 3, True, at)
    assert rows() == [(1, "b", True), (2, "a", False), (3, "b", True)]


def test_the_same_again_and_a_second_phone_double_nothing(learner, begun):
    first = event(begun, {"1": "b", "2": "b", "3": "b"}, True)
    assert sent(learner, first) == [""]
    assert sent(learner, first, event(begun, {"1": "a", "2": "a", "3": "a"}, True)) == ["", ""]
    begun.refresh_from_db()
    assert (begun.right, len(rows())) == (3, 3)


def test_answers_grow_from_event_to_event_in_one_batch(learner, begun):
    now = timezone.now()
    events = [
        event(begun, {str(n): "b" for n in range(1, 1 + upto)}, at=now + timedelta(0, upto))
        for upto in (1, 2, 3)
    ]
    assert sent(learner, *reversed(events)) == ["", "", ""]
    begun.refresh_from_db()
    assert (begun.right, begun.passed) == (3, True)


def test_handed_in_with_gaps_counts_them_as_wrong(learner, begun):
    assert sent(learner, event(begun, {"1": "b"}, True)) == [""]
    begun.refresh_from_db()
    assert (begun.right, begun.total, begun.passed) == (1, 3, False)


def test_answered_before_it_was_handed_in_elsewhere_is_added(learner, begun):
    at = timezone.now()
    doing.record_answer(learner, begun.key, 1, "b")
    doing.finish_attempt(learner, begun.key)
    assert sent(learner, event(begun, {"1": "a", "2": "b"}, at=at)) == [""]
    begun.refresh_from_db()
    assert (begun.right, begun.passed) == (2, True)
    assert rows() == [(1, "b", True), (2, "b", True)]


def test_answered_after_it_was_handed_in_is_rejected(learner, begun):
    doing.finish_attempt(learner, begun.key)
    assert sent(learner, event(begun, {"2": "b"}, at=timezone.now() + timedelta(1))) == [HANDED_IN]
    begun.refresh_from_db()
    assert (begun.right, rows()) == (0, [])


def test_where_tries_are_counted_the_hand_in_closes(learner, course):
    begun = doing.start_attempt(learner, make_quiz(course, "single", "single", tries=1))
    at = timezone.now()
    doing.finish_attempt(learner, begun.key)
    assert sent(learner, event(begun, {"1": "b"}, at=at)) == [HANDED_IN]
    assert rows() == []


def test_what_cannot_be_read_takes_nothing_else_with_it(learner, begun):
    answers = {"1": "b", "2": "zz", "99": "b", "0": "b", "x": "b", "-1": "b", "３": "b", "3": ["b"]}
    assert sent(learner, event(begun, answers)) == [ANSWERS_UNREAD]
    assert rows() == [(1, "b", True)]


@pytest.mark.parametrize(
    "body", [{}, {"attempt": 7}, {"attempt": "x", "answers": {}}, {"attempt": None, "answers": []}]
)
def test_broken_bodies_are_rejected(learner, body):
    assert sent(learner, Event(body)) == [BROKEN]


def test_answers_that_are_no_table_are_broken(learner, begun):
    assert sent(learner, event(begun, ["b"])) == [BROKEN]


def test_anothers_paper_is_none(begun):
    other = make_person("别人")
    assert sent(other, event(begun, {"1": "b"})) == [NO_ATTEMPT]
    assert rows() == []


def test_mastery_stops_where_it_is_reached(learner, course):
    quiz = make_quiz(course, "single", "single", master_right=2, master_of=3)
    begun = doing.start_attempt(learner, quiz)
    assert sent(learner, event(begun, {"1": "a", "2": "b", "3": "b", "4": "b", "5": "a"})) == [""]
    begun.refresh_from_db()
    assert (begun.right, begun.total, begun.passed, len(rows())) == (2, 3, True, 3)


@pytest.mark.long
@pytest.mark.parametrize("papers", [1, 8])
def test_a_batch_costs_the_same_whatever_is_in_it(learner, course, papers, django_assert_num_queries):
    begun = [doing.start_attempt(learner, make_quiz(course, "single", "single")) for _n in range(papers)]
    events = [event(one, {"1": "b", "2": "b"}, True) for one in begun for _again in range(3)]
    with django_assert_num_queries(6):
        # tries; answers; questions still there; insert; update; whether one of them clears
        assert set(sent(learner, *events)) == {""}
    assert Attempt.objects.filter(passed=True).count() == papers


def test_what_is_passed_over_is_not_mastered(learner, course):
    quiz = make_quiz(course, "single", "single", "single", master_right=3, master_of=4, tries=1)
    begun = doing.start_attempt(learner, quiz)
    assert sent(learner, event(begun, {"2": "b", "5": "b", "8": "b"}, True)) == [""]
    begun.refresh_from_db()
    assert (begun.right, begun.total, begun.passed) == (3, 3, False)


def test_answers_that_come_in_another_order_are_mastered_all_the_same(learner, course):
    begun = doing.start_attempt(learner, make_quiz(course, "single", "single", master_right=3, master_of=4))
    at = timezone.now()
    late = [event(begun, {str(n): "b"}, at=at - timedelta(seconds=n)) for n in (1, 2, 3)]
    assert sent(learner, *late) == ["", "", ""]
    begun.refresh_from_db()
    assert (begun.right, begun.passed) == (3, True)
