from datetime import datetime, timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from django.utils import timezone

from courses.models import Course, Lesson
from media.models import Video
from outbox.models import Event
from progress.lessons.offline_events import get_enough_id
from progress.models import Enrolment, LessonDone, Watch, WatchTime
from tests.courses.import_export.packages import make_video
from tests.outbox.phone import hours, played

SECOND = timedelta(seconds=1)
APPLIED = ("applied", "")
TOO_FAST = ("aside", "too_fast")


@pytest.fixture
def since() -> datetime:
    return timezone.now() - hours(5)


def row(lesson: Lesson) -> tuple:
    found = Watch.objects.get(lesson=lesson)
    return found.intervals, found.watched_ms, found.last_ms, found.furthest_ms, found.first_at, found.last_at


def s(*stretches: tuple[int, int]) -> list[list[int]]:
    return [[start * 1000, end * 1000] for start, end in stretches]


def test_what_was_played_is_united(phone, lessons, since):
    Course.objects.update(version=3)
    events = [
        played(lessons[0].pk, 0, 60, since),
        played(lessons[0].pk, 30, 90, since + 100 * SECOND),
        played(lessons[0].pk, 200, 230, since + 200 * SECOND),
    ]
    assert phone.send(*events) == [APPLIED] * 3
    assert row(lessons[0]) == (
        s((0, 90), (200, 230)),
        120_000,
        230_000,
        230_000,
        since + 60 * SECOND,
        since + 230 * SECOND,
    )
    assert Watch.objects.get().course_version == 3
    assert not LessonDone.objects.exists()


@pytest.mark.long
def test_any_order_in_any_batches_gives_the_same_row(phone, lessons, since):
    events = [
        played(lessons[0].pk, 0, 60, since),
        played(lessons[0].pk, 40, 100, since + 100 * SECOND),
        played(lessons[0].pk, 300, 320, since + 200 * SECOND),
        played(lessons[0].pk, 10, 20, since + 300 * SECOND),
    ]
    rows = []
    for order in permutations(events):
        Watch.objects.all().delete()
        WatchTime.objects.all().delete()
        for one in order:
            assert phone.send(one | {"id": str(uuid4())}) == [APPLIED]
        rows.append(row(lessons[0]))
    assert len(rows) == 24
    assert rows == [rows[0]] * 24
    assert rows[0][:4] == (s((0, 100), (300, 320)), 120_000, 20_000, 320_000)


def test_the_same_again_under_other_ids_changes_nothing(phone, lessons, since):
    one = played(lessons[0].pk, 0, 60, since)
    assert phone.send(one) == [APPLIED]
    before = row(lessons[0])
    for _copy in range(3):
        assert phone.send(one | {"id": str(uuid4())}) == [APPLIED]
    assert row(lessons[0]) == before


def test_lists_that_grow_and_spans_that_grow_are_taken_too(phone, lessons, since):
    """A phone may send all it has seen since the page was opened, each time."""
    for end in (30, 60, 90):
        assert phone.send(played(lessons[0].pk, 0, end, since)) == [APPLIED]
    assert row(lessons[0])[:2] == (s((0, 90)), 90_000)


def test_twice_the_speed_is_credited_and_ten_times_is_not(phone, lessons, since):
    until = (since + 60 * SECOND).isoformat()
    assert phone.send(played(lessons[0].pk, 0, 120, since, to=until)) == [APPLIED]
    assert phone.send(
        played(lessons[1].pk, 0, 600, since + hours(1), to=(since + hours(1) + 60 * SECOND).isoformat())
    ) == [TOO_FAST]
    assert row(lessons[0])[0] == s((0, 120))
    assert row(lessons[1])[0] == s((0, 126))
    assert Event.objects.get(state="aside").body["intervals"] == s((0, 600))


def test_two_phones_at_once_are_not_credited_twice(phone, lessons, since):
    assert phone.send(played(lessons[0].pk, 0, 100, since)) == [APPLIED]
    assert phone.send(played(lessons[1].pk, 0, 100, since + 60 * SECOND)) == [TOO_FAST]
    assert sum(Watch.objects.values_list("watched_ms", flat=True)) == 160_000


def test_no_more_than_the_time_since_enrolling(phone, lessons):
    now = timezone.now()
    Enrolment.objects.update(enrolled_at=now - 60 * SECOND)
    assert phone.send(played(lessons[0].pk, 0, 100, now - 100 * SECOND)) == [APPLIED]
    assert phone.send(played(lessons[1].pk, 0, 500, now - hours(9))) == [TOO_FAST]
    assert 20_000 <= row(lessons[1])[1] < 25_000


@pytest.mark.parametrize("days", [2, -2])
def test_a_clock_two_days_off_loses_nothing(phone, lessons, since, days):
    off = since + timedelta(days=days)
    events = [played(lessons[0].pk, n * 60, n * 60 + 60, off + n * 60 * SECOND) for n in range(8)]
    assert phone.send(*events) == [APPLIED] * 8
    assert row(lessons[0])[:2] == (s((0, 480)), 480_000)
    assert LessonDone.objects.get().event_id == get_enough_id(phone.user.pk, lessons[0].pk)


@pytest.mark.parametrize(
    ("start", "end"), [(None, None), ("+057105-01-01T00:00:00Z", "x"), ("1970-01-01", "1970-01-02")]
)
def test_a_clock_that_tells_nothing_is_credited_by_ours(phone, lessons, since, start, end):
    Enrolment.objects.update(enrolled_at=timezone.now() - 240 * SECOND)
    bare = {"from": start, "to": end}
    assert phone.send(played(lessons[0].pk, 0, 200, since, **bare)) == [APPLIED]
    assert phone.send(played(lessons[1].pk, 0, 200, since, **bare)) == [TOO_FAST]
    assert row(lessons[0])[1] == 200_000
    assert 100_000 <= row(lessons[1])[1] < 105_000


def test_overlapping_reversed_and_endless_intervals_are_cleaned(phone, lessons, since):
    said = [[-9000, 10_000], [5000, 20_000], [90_000, 30_000], [590_000, 10**15], [700_000, 800_000]]
    assert phone.send(played(lessons[0].pk, 0, 60, since, intervals=said)) == [APPLIED]
    assert row(lessons[0])[:2] == (s((0, 20), (590, 600)), 30_000)


def test_enough_is_the_lesson_done(phone, learner, lessons, since):
    phone.send(played(lessons[0].pk, 0, 479, since))
    assert not LessonDone.objects.exists()
    phone.send(played(lessons[0].pk, 479, 480, since + 479 * SECOND))
    done = LessonDone.objects.get()
    assert (done.user, done.lesson, done.happened_at) == (learner, lessons[0], since + 480 * SECOND)
    phone.send(played(lessons[0].pk, 480, 600, since + 480 * SECOND))
    assert LessonDone.objects.get() == done


def test_watched_to_the_end_unseen_parts_do_not_count(phone, lessons, since):
    phone.send(played(lessons[0].pk, 590, 600, since))
    assert row(lessons[0])[1:4] == (10_000, 600_000, 600_000)
    assert not LessonDone.objects.exists()


def test_while_the_length_is_not_known_nothing_is_done_yet(phone, lessons, since):
    Video.objects.update(duration_ms=0)
    phone.send(played(lessons[0].pk, 0, 700, since))
    Lesson.objects.update(video=None)
    phone.send(played(lessons[1].pk, 0, 700, since + hours(1)))
    assert [row(lesson)[1] for lesson in lessons[:2]] == [700_000] * 2
    assert not LessonDone.objects.exists()


@pytest.mark.parametrize("position", [None, "5", -3, 10**30, True, [], 7000.9])
def test_a_position_that_is_none_does_no_harm(phone, lessons, since, position):
    assert phone.send(played(lessons[0].pk, 0, 60, since, position=position)) == [APPLIED]
    assert row(lessons[0])[2] == {10**30: 2**31 - 1, 7000.9: 7000}.get(
        position if type(position) in (int, float) else 0, 0
    )


def test_the_place_last_seen_is_that_of_the_latest(phone, lessons, since):
    late, early = played(lessons[0].pk, 100, 160, since + hours(1)), played(lessons[0].pk, 300, 360, since)
    phone.send(late)
    phone.send(early)
    assert row(lessons[0])[2:4] == (160_000, 360_000)


def test_another_film_begins_anew(phone, lessons, since):
    lesson = Lesson.objects.select_related("video").get(pk=lessons[0].pk)
    phone.send(played(lesson.pk, 0, 60, since))
    lesson.video = make_video(duration_ms=100_000)
    lesson.save()
    phone.send(played(lesson.pk, 10, 30, since + 100 * SECOND))
    found = Watch.objects.get(lesson=lesson)
    assert (found.film, found.intervals, found.watched_ms) == (lesson.video.key, s((10, 30)), 20_000)
    assert not LessonDone.objects.exists()
