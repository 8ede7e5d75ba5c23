"""Several recordings become one film: every second once, in order, with sound and picture in sync."""

from pathlib import Path

import pytest
from django.conf import settings

from media.models import Upload, Video
from media.videos import conversion, inspection
from media.videos.services import MOST_PARTS, join_recordings
from tests.media.videos.films import HEVC, bare, film
from tests.media.videos.test_conversion import FAILED, READY, part, stored
from tests.media.videos.timed_films import MP4, WEBM, Marks, clock, marks, taken

pytestmark = pytest.mark.django_db


def joined(owner, *parts, **options) -> Video:
    """Return the video made by the worker; a part is an Upload or (Upload, from, until)."""
    whole = [each if isinstance(each, tuple) else (each, 0, None) for each in parts]
    video = join_recordings(owner, "第 1 遍", whole, **{"measures": False} | options)
    conversion.process_video(video.pk)
    video.refresh_from_db()
    return video


def stands(video: Video) -> list[tuple[int, int]]:
    return list(video.parts.values_list("starts_ms", "lasts_ms"))


def holds_together(path: Path, seconds: float, wanted: list[float]) -> Marks:
    """Return the film's marks after checking that each mark is seen and heard, within 100 ms of its place and of each other."""
    found = marks(path)
    assert len(found.flashes) == len(found.beeps) == len(wanted), found
    for flash, beep, mark in zip(found.flashes, found.beeps, wanted, strict=True):
        assert abs(flash - beep) < 0.1
        assert abs(flash - mark) < 0.1
    assert abs(found.picture - seconds) < 0.1
    assert abs(found.sound - found.picture) < 0.1
    return found


def test_three_recordings_are_one_film(trainee, empty_storage):
    """As a phone leaves them: a browser's, of another rate, and one of another phone, upright."""
    one = taken(trainee, clock("one.webm", seconds=3))
    two = taken(trainee, clock("two.webm", seconds=2, first=3, rate="24"))
    three = taken(trainee, clock("three.mp4", seconds=4, first=5, how=MP4))
    video = joined(trainee, one, two, three)
    assert (video.status, video.problem, video.percent) == (READY, "", 100)
    assert (video.owner, video.name, video.has_sound, video.sha256) == (trainee, "第 1 遍", True, "")
    assert abs(video.duration_ms - 9000) < 100
    assert stands(video) == [(0, 3000), (3000, 2000), (5000, 4000)]
    assert sorted(video.renditions) == ["240", "listen"]
    shown = holds_together(part(video, "240.mp4"), 9, list(range(9))).shown
    assert [shown[second * 10 + 5] for second in range(9)] == list(range(9))
    assert len(stored(settings.INTAKE_ROOT)) == 3
    assert list((settings.VAR_DIR / conversion.WORK_FOLDER).iterdir()) == []


@pytest.mark.long
def test_stretches_of_one_recording(trainee, empty_storage):
    """Wrong passages are left out; the same recording may be used twice."""
    take = taken(trainee, clock("six.webm", seconds=6))
    video = joined(trainee, (take, 0, 2000), (take, 3500, None), (take, 1000, 2000))
    assert stands(video) == [(0, 2000), (2000, 2500), (4500, 1000)]
    shown = holds_together(part(video, "240.mp4"), 5.5, [0, 1, 2.5, 3.5, 4.5]).shown
    assert [shown[at] for at in (5, 15, 22, 27, 30, 40, 50)] == [0, 1, 3, 4, 4, 5, 1]


@pytest.mark.long
def test_recordings_that_are_too_much_together_make_no_film(trainee, empty_storage, monkeypatch):
    take = taken(trainee, clock("six.webm", seconds=6))
    facts = inspection.probe(clock("six.webm", seconds=6), 60)
    once = round(facts.width * facts.height * facts.fps * facts.duration_ms / 1000)
    monkeypatch.setattr(inspection, "MOST_WORK", round(once * 1.5))
    assert joined(trainee, (take, 0, 3000)).status == READY
    video = joined(trainee, (take, 0, 3000), (take, 3000, None))
    said = "这段视频又大又长，转不动。相机设置里改成 1080p 再录，或者剪短"
    assert (video.status, video.problem) == (FAILED, said)
    take.refresh_from_db()
    assert take.state == "whole"


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"name": "tail.webm", "seconds": 3.7}, marks=pytest.mark.long),
        {"name": "iphone.mov", "how": HEVC.replace("-pix_fmt yuv420p ", "") + " -movflags +frag_keyframe+empty_moov"},
        pytest.param({"name": "pieces.mp4", "how": MP4 + " -g 30 -movflags +frag_keyframe+empty_moov+default_base_moof"},
                     marks=pytest.mark.long),
        pytest.param({"name": "h264.webm.mkv", "how": "-c:v libx264 -preset ultrafast -c:a libopus -f matroska -live 1"},
                     marks=pytest.mark.long),
        {"name": "live.webm", "how": WEBM + " -live 1"},
        {"name": "slow.webm", "rate": "7"},
    ],
    ids=["odd-length", "ios-hevc", "fragments", "h264-without-aac", "no-duration", "7-fps"],
)  # fmt: skip
def test_what_phones_record(options, trainee, empty_storage):
    """Each between two others, so that an error of it would show behind it."""
    path = clock(**options)
    seconds = options.get("seconds", 4)
    video = joined(
        trainee, taken(trainee, clock("b.webm", 2)), taken(trainee, path), taken(trainee, clock("b.webm", 2))
    )
    assert (video.status, video.problem) == (READY, "")
    [_before, (_start, lasts), (last, _lasts)] = stands(video)
    assert abs(lasts - seconds * 1000) < 70
    wanted = [0, 1, *(2 + number for number in range(4)), last / 1000, last / 1000 + 1]
    holds_together(part(video, "240.mp4"), 4 + lasts / 1000, wanted)


@pytest.mark.long
def test_rate_that_changes(trainee, empty_storage):
    """A phone in a dark room: every third picture only, in the middle of it."""
    path = clock("plain.webm", seconds=6).with_name("changing.webm")
    thinner = "select='not(between(t,2,4))+not(mod(n,3))'"
    bare(
        "-i",
        str(clock("plain.webm", seconds=6)),
        "-vf",
        thinner,
        "-fps_mode",
        "vfr",
        *WEBM.split(),
        str(path),
    )
    video = joined(trainee, taken(trainee, path), taken(trainee, clock("b.webm", 2)))
    holds_together(part(video, "240.mp4"), 8, list(range(8)))


@pytest.mark.long
def test_sound_that_begins_late_stays_beside_its_picture(trainee, empty_storage):
    """The microphone came half a second after the camera."""
    path = clock("late.webm", seconds=4, shift="-itsoffset 0.5")
    video = joined(trainee, taken(trainee, path), taken(trainee, clock("b.webm", 2)))
    found = marks(part(video, "240.mp4"))
    assert [round(second, 1) for second in found.flashes] == [0, 1, 2, 3, 4, 5]
    assert [round(second, 1) for second in found.beeps] == [0.5, 1.5, 2.5, 3.5, 4, 5]


@pytest.mark.long
def test_picture_that_stops_before_the_sound_stands_still(trainee, empty_storage):
    """A call took the camera but not the microphone: no sound is lost."""
    source = clock("five.webm", seconds=5)
    path = source.with_name("frozen.webm")
    bare(
        "-t", "3", "-i", str(source), "-i", str(source), "-map", "0:v", "-map", "1:a", "-c", "copy", str(path)
    )
    video = joined(trainee, taken(trainee, path), taken(trainee, clock("b.webm", 2)))
    assert abs(stands(video)[0][1] - 5000) < 70
    found = marks(part(video, "240.mp4"))
    assert [round(second, 1) for second in found.beeps] == [0, 1, 2, 3, 4, 5, 6]
    assert [round(second, 1) for second in found.flashes] == [0, 1, 2, 5, 6]


@pytest.mark.long
def test_sound_that_runs_on_for_a_moment_is_kept(trainee, empty_storage):
    """The last syllable before a cut: a recorder stops its microphone a little after its camera."""
    source = clock("four.webm", seconds=4)
    path = source.with_name("runs-on.webm")
    takes = ("-t", "3", "-i", str(source), "-t", "3.08", "-i", str(source))
    bare(*takes, "-map", "0:v", "-map", "1:a", "-c", "copy", str(path))
    video = joined(trainee, taken(trainee, path), taken(trainee, clock("b.webm", 2)))
    [(_start, lasts), (next_start, _lasts)] = stands(video)
    assert 3080 <= lasts == next_start < 3160
    assert [round(second, 1) for second in marks(part(video, "240.mp4")).beeps] == [0, 1, 2, 3, 4.1]


@pytest.mark.long
def test_recording_without_sound_between_others(trainee, empty_storage):
    mute = taken(trainee, clock("mute.webm", seconds=3, sound=False))
    video = joined(trainee, mute, taken(trainee, clock("b.webm", 2)))
    assert (video.has_sound, stands(video)) == (True, [(0, 3000), (3000, 2000)])
    assert [round(second, 1) for second in marks(part(video, "240.mp4")).beeps] == [3, 4]
    alone = joined(trainee, mute)
    assert (alone.status, alone.has_sound, sorted(alone.renditions)) == (READY, False, ["240"])


@pytest.mark.long
def test_sizes_and_turns_are_fitted(trainee, empty_storage):
    """The film gets the shape that lasts longest; a rotated part is shown between bars."""
    turned = film("turned.mp4", seconds=3, size="640x360", rate="15", after="-display_rotation 90")
    level = film("level.mp4", seconds=2, size="1280x720", rate="15")
    video = joined(trainee, taken(trainee, level), taken(trainee, turned))
    assert (video.status, video.width, video.height) == (READY, 360, 640)
    assert sorted(video.renditions) == ["240", "480", "listen"]


@pytest.mark.long
def test_recording_that_was_cut_off_keeps_what_came(trainee, empty_storage):
    """The phone died: the last piece ends in the middle of a picture."""
    content = clock("killed.webm", seconds=6, how=WEBM + " -live 1 -g 15").read_bytes()
    video = joined(trainee, taken(trainee, Path("killed.webm"), content[: len(content) * 13 // 20]),
                   taken(trainee, clock("b.webm", 2)))  # fmt: skip
    [(_start, lasts), (last, _lasts)] = stands(video)
    assert 3300 < lasts < 4600
    path = part(video, "240.mp4")
    before = range(-(-lasts // 1000))
    holds_together(path, lasts / 1000 + 2, [*before, last / 1000, last / 1000 + 1])


@pytest.mark.long
def test_recording_of_which_nothing_can_be_played_is_left_out(trainee, empty_storage):
    """Killed before the first picture; of nothing but such there is no film, and it says why."""
    head = taken(trainee, Path("x.webm"), clock("b.webm", 2).read_bytes()[:200])
    video = joined(trainee, head, taken(trainee, clock("b.webm", 2)), head)
    assert (video.status, stands(video)) == (READY, [(0, 0), (0, 2000), (2000, 0)])
    alone = joined(trainee, head)
    assert (alone.status, alone.renditions) == (FAILED, {})
    assert alone.problem in (
        "这不是视频，能收手机拍的 MP4、MOV 和 WebM",
        "这段视频坏了，可能没存完整，重新传一次",
    )
    text = joined(trainee, taken(trainee, Path("x.webm"), "橙子".encode() * 500))
    assert text.problem == "这不是视频，能收手机拍的 MP4、MOV 和 WebM"


@pytest.mark.long
def test_two_seconds_are_asked_for_in_all(trainee, empty_storage):
    short = taken(trainee, clock("short.webm", seconds=1))
    assert joined(trainee, short).problem == "不到 2 秒，太短了"
    assert joined(trainee, short, short, short).status == READY


@pytest.mark.long
def test_part_beyond_the_end_is_left_out(trainee, empty_storage):
    take = taken(trainee, clock("b.webm", 2))
    video = joined(trainee, take, (take, 60_000, 61_000))
    assert (video.status, stands(video)) == (READY, [(0, 2000), (2000, 0)])


def test_only_whole_recordings_of_ones_own_are_joined(trainee, seller, empty_storage):
    mine, theirs = (taken(one, clock("b.webm", 2)) for one in (trainee, seller))
    half = Upload.objects.create(owner=trainee, purpose="take", expires_at="2999-01-01T00:00Z")
    for parts in (
        [],
        [(theirs, 0, None)],
        [(half, 0, None)],
        [(mine, 5, 5)],
        [(mine, -1, None)],
        [(mine, 0, None)] * (MOST_PARTS + 1),
    ):
        with pytest.raises(ValueError, match=r"\d"):
            join_recordings(trainee, "x", parts)
    assert Video.objects.count() == 0
