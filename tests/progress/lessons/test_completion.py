from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from courses.models import Course, Lesson
from progress.enrolment import services
from progress.enrolment.services import NotEnrolled
from progress.lessons.completion import mark_done
from progress.lessons.reported_lessons import bound_time
from progress.models import Enrolment, LessonDone
from tests.factories import make_course, make_person

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ENROLLED = NOW - timedelta(days=10)
ONE, TWO = UUID(int=1), UUID(int=2)


def rows() -> list[tuple]:
    return list(LessonDone.objects.order_by("pk").values_list("user_id", "lesson_id", "event_id"))


def test_done_is_kept_with_its_event(learner, lessons):
    at = timezone.now() - timedelta(seconds=1)
    Enrolment.objects.update(enrolled_at=at - timedelta(days=1))
    Course.objects.update(version=3)
    row = mark_done(learner, lessons[0], ONE, at)
    assert rows() == [(learner.pk, lessons[0].pk, ONE)]
    assert (row.happened_at, row.course_version) == (at, 3)
    assert at < row.received_at <= timezone.now()


def test_same_event_sent_again_is_one_row(learner, lessons):
    first = mark_done(learner, lessons[0], ONE)
    assert mark_done(learner, lessons[0], ONE) == first
    assert rows() == [(learner.pk, lessons[0].pk, ONE)]


def test_other_event_for_the_same_lesson_leaves_the_first(learner, lessons):
    first = mark_done(learner, lessons[0], ONE)
    second = mark_done(learner, lessons[0], TWO, timezone.now() + timedelta(days=1))
    assert (second.pk, second.event_id, second.happened_at) == (first.pk, ONE, first.happened_at)
    assert rows() == [(learner.pk, lessons[0].pk, ONE)]


def test_event_id_of_another_fact_does_not_swallow_this_one(learner, lessons, course, seller):
    services.enrol(seller, course)
    mark_done(learner, lessons[0], ONE)
    assert mark_done(learner, lessons[1], ONE).event_id != ONE
    assert mark_done(seller, lessons[0], ONE).event_id != ONE
    assert mark_done(seller, lessons[0], ONE).user == seller
    assert [row[:2] for row in rows()] == [
        (learner.pk, lessons[0].pk),
        (learner.pk, lessons[1].pk),
        (seller.pk, lessons[0].pk),
    ]


def test_without_an_event_id_one_is_made(learner, lessons):
    assert mark_done(learner, lessons[0]).event_id.version == 4


def test_only_the_enrolled_are_ticked(trainee, lessons):
    with pytest.raises(NotEnrolled):
        mark_done(trainee, lessons[0], ONE)
    assert rows() == []


def test_who_has_left_is_ticked_no_more_and_keeps_what_was(learner, course, lessons):
    mark_done(learner, lessons[0], ONE)
    services.leave(learner, course)
    with pytest.raises(NotEnrolled):
        mark_done(learner, lessons[1], TWO)
    assert rows() == [(learner.pk, lessons[0].pk, ONE)]


def test_enrolment_in_another_course_does_not_count(learner, county):
    other = make_course(county).modules.get().lessons.first()
    with pytest.raises(NotEnrolled):
        mark_done(learner, other, ONE)


@pytest.mark.parametrize(
    ("said", "believed_at"),
    [
        (None, NOW),
        (NOW, NOW),
        (NOW - timedelta(hours=3), NOW - timedelta(hours=3)),
        (NOW + timedelta(seconds=1), NOW),
        (NOW + timedelta(days=2), NOW),
        (NOW - timedelta(days=12), ENROLLED),
        (NOW - timedelta(days=31), NOW),
        (datetime(1970, 1, 1, tzinfo=UTC), NOW),
        (datetime(1, 1, 1, tzinfo=UTC), NOW),
        (datetime(9999, 12, 31, tzinfo=UTC), NOW),
    ],
)
def test_phones_clock_is_believed_as_far_as_it_can_be_true(said, believed_at):
    assert bound_time(said, ENROLLED, NOW) == believed_at


def test_enrolment_ahead_of_the_servers_clock_does_not_push_into_the_future():
    assert bound_time(NOW - timedelta(hours=1), NOW + timedelta(hours=1), NOW) == NOW


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_phones_at_once_make_one_row(learner, lessons):
    """Six phones, two of them sending the same event, all let go at the same moment."""
    events = [ONE, ONE, *[uuid4() for _n in range(4)]]
    ready = Barrier(len(events))

    def send(event: UUID) -> tuple[int, UUID]:
        try:
            lesson = Lesson.objects.select_related("module__course").get(pk=lessons[0].pk)
            ready.wait()
            row = mark_done(learner, lesson, event)
            return row.pk, row.event_id
        finally:
            connection.close()

    with ThreadPoolExecutor(len(events)) as pool:
        answers = set(pool.map(send, events))
    assert len(answers) == 1
    assert [(row[0], row[2]) for row in rows()] == [(learner.pk, event) for _pk, event in answers]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_event_id_for_two_lessons_at_once_loses_neither(learner, lessons):
    ready = Barrier(2)

    def send(lesson: Lesson) -> int:
        try:
            ready.wait()
            return mark_done(learner, lesson, ONE).lesson_id
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, lessons[:2])) == [lesson.pk for lesson in lessons[:2]]
    assert sorted(row[1] for row in rows()) == [lesson.pk for lesson in lessons[:2]]


def test_two_people_do_not_stand_in_each_others_way(learner, course, lessons):
    other = make_person("另一个")
    services.enrol(other, course)
    assert mark_done(learner, lessons[0], ONE) != mark_done(other, lessons[0], TWO)
