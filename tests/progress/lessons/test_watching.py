"""What a lesson's page shows of its video to this reader."""

import pytest

from courses.models import Lesson
from media.models import Video
from progress.lessons.player import Player, PlayerRequest, build_player, format_clock
from progress.models import LearningChoice
from tests.progress.lessons.videos import RENDITIONS, has_watched, make_video, with_video


@pytest.fixture
def filmed(lessons):
    return with_video(lessons[0])


def read(user, lesson, **asked) -> Player | None:
    return build_player(Lesson.objects.get(pk=lesson.pk), user, PlayerRequest(**asked))


def ways(found: Player) -> list[tuple]:
    return [(way.label, way.size, way.cost, way.is_on) for way in found.ways]


def test_three_ways_with_what_each_costs(learner, filmed):
    found = read(learner, filmed)
    assert ways(found) == [
        ("看视频", "6.2 MB", "", True),
        ("只听", "1.2 MB", "", False),
        ("只读文字", "0.1 MB", "", False),
    ]
    assert [(way.label, way.size, way.is_on) for way in found.qualities] == [
        ("清楚", "6.2 MB", True),
        ("省流量", "2.1 MB", False),
    ]
    assert (found.length, found.minutes, found.percent) == ("5:00", 5, 0)


def test_price_of_a_gigabyte_makes_yuan(learner, filmed):
    LearningChoice.objects.create(user=learner, fen_per_gb=500)
    assert [way.cost for way in read(learner, filmed).ways] == ["约 3.1 分钱", "约 0.6 分钱", "不到 0.1 分钱"]
    LearningChoice.objects.update(fen_per_gb=0)
    assert [way.cost for way in read(learner, filmed).ways] == ["不花钱"] * 3


@pytest.mark.parametrize(
    ("chosen", "asked", "rendition"),
    [
        ("", {}, "480"),
        ("read", {"at_ms": 62_000}, "listen"),
        ("read", {"at_ms": 62_000, "rendition": "read"}, "read"),
        ("", {"saver": True}, "240"),
        ("480", {"saver": True}, "480"),
        ("listen", {}, "listen"),
        ("listen", {"rendition": "240"}, "240"),
        ("read", {}, "read"),
    ],
)
def test_rendition_is_what_is_asked_then_what_was_chosen_then_what_the_line_bears(
    learner, filmed, chosen, asked, rendition
):
    LearningChoice.objects.create(user=learner, rendition=chosen)
    found = read(learner, filmed, **asked)
    assert found.rendition == rendition
    assert found.video_rendition == ("480" if rendition == "480" or chosen == "480" else "240")


def test_rendition_that_the_video_has_not_gives_way(learner, lessons):
    small = make_video(renditions={"240": RENDITIONS["240"]}, has_sound=False)
    lesson = with_video(lessons[0], video=small)
    found = read(learner, lesson)
    assert (found.rendition, found.qualities) == ("240", [])
    assert [way.rendition for way in found.ways] == ["240", "read"]
    assert read(learner, lesson, rendition="listen").rendition == "240"


def test_place_of_the_last_time_and_the_furthest(learner, filmed):
    has_watched(learner, filmed, (0, 120), (200, 218), last=120)
    found = read(learner, filmed)
    assert (found.last, found.furthest, found.percent) == ("2:00", "3:38", 46)
    assert found.src.endswith(f"/video/480.mp4?v={filmed.video.key[:8]}#t=120.0")
    assert read(learner, filmed, at_ms=62_000).last == "1:02"


def test_who_has_seen_the_end_begins_anew(learner, filmed):
    has_watched(learner, filmed, (0, 299))
    found = read(learner, filmed)
    assert (found.last_ms, "#" in found.src, found.percent) == (0, False, 99)


def test_chapters_tell_what_was_seen(learner, filmed):
    has_watched(learner, filmed, (0, 58), (60, 70))
    assert [(part["at"], part["is_seen"], part["is_here"]) for part in read(learner, filmed).chapters] == [
        ("0:00", True, False),
        ("1:00", False, True),
    ]


def test_anothers_watching_and_choice_are_not_mine(learner, stranger, filmed):
    has_watched(stranger, filmed, (0, 120))
    LearningChoice.objects.create(user=stranger, rendition="listen")
    found = read(learner, filmed)
    assert (found.last_ms, found.percent, found.rendition) == (0, 0, "480")


def test_no_player_without_a_ready_video(learner, lessons):
    assert read(learner, lessons[1]) is None
    waiting = Video.objects.create(status=Video.Status.WAITING)
    assert read(learner, with_video(lessons[1], video=waiting)) is None


def test_clock():
    assert [format_clock(ms) for ms in (0, 59_999, 290_000, 3_725_000)] == ["0:00", "0:59", "4:50", "1:02:05"]
