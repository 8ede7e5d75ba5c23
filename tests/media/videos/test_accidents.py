"""Bad films, full disks, dead workers: a video is made once or fails with a message, and nothing is left behind."""

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from media import chunks, queue
from media.models import Upload, Video
from media.videos import conversion, ffmpeg, lease
from media.videos.services import retry_video
from tests.media.videos import films
from tests.media.videos.films import film, sent, sent_unlooked
from tests.media.videos.test_conversion import FAILED, WAITING, made, stored

pytestmark = pytest.mark.django_db


def later(**passed) -> None:
    """As if the time since the last attempt had passed."""
    Video.objects.filter(status=WAITING).update(
        leased_until=timezone.now() - timedelta(seconds=1), created_at=timezone.now() - timedelta(minutes=5)
    )


def tried(owner, content: bytes) -> Video:
    video = sent_unlooked(owner, content)
    assert conversion.process_video(video.pk) is False
    video.refresh_from_db()
    return video


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("这是文字。".encode() * 100, "这不是视频，能收手机拍的 MP4、MOV 和 WebM"),
        (b"#EXTM3U\n#EXTINF:5,\nfile:///etc/passwd\n", "这不是视频，能收手机拍的 MP4、MOV 和 WebM"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "这不是视频，能收手机拍的 MP4、MOV 和 WebM"),
        (b"\0\0\0\x18ftypisom" + b"\0" * 5000, "这不是视频，能收手机拍的 MP4、MOV 和 WebM"),
    ],
    ids=["text", "playlist", "concat", "hollow"],
)
def test_what_is_no_video_fails_at_once_with_words(content, problem, trainer, empty_storage):
    video = tried(trainer, content)
    assert (video.status, video.problem, video.attempts, video.percent) == (FAILED, problem, 1, 0)
    assert stored(settings.INTAKE_ROOT) == stored(settings.PRIVATE_ROOT) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"name": "second.mp4", "seconds": 1}, "不到 2 秒，太短了"),
        ({"name": "hours.mp4", "seconds": 36_000, "size": "64x64", "rate": "1/60", "sound": None},
         "超过 2 小时，剪短了再传"),
        ({"name": "old.mkv", "how": "-c:v ffv1 -c:a aac"}, "这种编码的视频打不开，用手机自带的相机重新录"),
    ],
    ids=["1-second", "10-hours", "ffv1"],
)  # fmt: skip
def test_film_that_does_not_fit_says_why(options, problem, trainer, empty_storage):
    video = made(trainer, film(**options))
    assert (video.status, video.problem) == (FAILED, problem)
    assert stored(settings.INTAKE_ROOT) == []


@pytest.mark.long
def test_film_that_ends_early_is_broken(trainer, empty_storage):
    """Its header, at the front, promises four seconds; the half of it is missing."""
    whole = film("four.mp4", seconds=4)
    path = whole.with_name("front.mp4")
    films.bare("-i", str(whole), "-c", "copy", "-movflags", "+faststart", str(path))
    content = path.read_bytes()
    video = tried(trainer, content[: len(content) // 2])
    assert (video.status, video.problem) == (FAILED, "这段视频坏了，可能没存完整，重新传一次")
    assert stored(settings.PRIVATE_ROOT) == []


@pytest.mark.long
def test_lost_pieces_are_told(trainer, empty_storage):
    video = sent(trainer, film())
    chunks.drop(Upload.objects.get().key)
    conversion.process_video(video.pk)
    video.refresh_from_db()
    assert (video.status, video.problem) == (FAILED, "原来的视频找不到了，重新传一次")


def test_piece_that_is_too_short_is_lost(trainer, empty_storage):
    video = sent(trainer, film())
    upload = Upload.objects.get()
    chunks.stage_chunk(upload.key, 0, b"half").place()
    conversion.process_video(video.pk)
    video.refresh_from_db()
    assert video.problem == "原来的视频找不到了，重新传一次"


def test_only_one_worker_holds_the_lease(trainer, empty_storage):
    video = sent(trainer, film())
    first = lease.acquire_lease(video.pk)
    assert lease.acquire_lease(video.pk) is None
    later()
    second = lease.acquire_lease(video.pk)
    assert second.video.attempts == 2
    conversion.mark_failed(first, "broken")
    first.beaten = 0
    with pytest.raises(lease.LeaseLost):
        first.beat(50)
    video.refresh_from_db()
    assert (video.status, video.percent) == (WAITING, 0)
    second.beaten = 0
    second.beat(50)
    video.refresh_from_db()
    assert (video.percent, video.leased_until) == (50, second.until)


def test_worker_that_was_overtaken_stores_nothing(trainer, empty_storage, monkeypatch):
    video = sent(trainer, film())
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0)

    def slow(*args, **options) -> str:
        Video.objects.update(leased_until=timezone.now() + timedelta(minutes=5))
        options.get("heard", args[-1])()

    monkeypatch.setattr(chunks, "assemble", slow)
    assert conversion.process_video(video.pk) is False
    video.refresh_from_db()
    assert (video.status, stored(settings.PRIVATE_ROOT)) == (WAITING, [])


@pytest.mark.long
@pytest.mark.usefixtures("real_presets")
def test_long_job_beats(trainer, empty_storage, monkeypatch):
    """What keeps its lease, and the worker's own heartbeat, alive: percent and lease move while ffmpeg runs."""
    video = sent(trainer, film("long.mp4", seconds=4, size="854x480", rate="30"))
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.05)
    often = {"1": "0.05"}  # the seconds between ffmpeg's reports
    monkeypatch.setattr(ffmpeg, "REPORTS", [often.get(word, word) for word in ffmpeg.REPORTS])
    seen = []
    beat = lease.Lease.beat

    def watched(self, percent: int = 0) -> None:
        beat(self, percent)
        seen.append((percent, self.until))

    monkeypatch.setattr(lease.Lease, "beat", watched)
    began = time.monotonic()
    assert conversion.process_video(video.pk) is True
    percents = [percent for percent, _until in seen]
    assert percents == sorted(percents)
    assert len(set(percents)) >= 3
    assert len({until for _percent, until in seen}) >= 4
    assert began < queue.get_last_report(threading.get_ident()) <= time.monotonic()


@pytest.mark.long
def test_worker_told_to_stop_lets_go_at_once(trainer, empty_storage):
    video = sent(trainer, film())
    queue.stopping.set()
    try:
        assert conversion.process_video(video.pk) is False
    finally:
        queue.stopping.clear()
    video.refresh_from_db()
    assert (video.status, video.attempts) == (WAITING, 0)
    assert video.leased_until <= timezone.now()
    assert conversion.process_video(video.pk) is True


def test_accident_is_tried_three_times_and_may_be_tried_again(trainer, empty_storage, monkeypatch):
    video = sent(trainer, film())

    def full(*args) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(conversion, "write_file", full)
        for attempt in (1, 2, 3):
            with pytest.raises(OSError, match="No space"):
                conversion.process_video(video.pk)
            video.refresh_from_db()
            assert (video.attempts, video.status) == (attempt, WAITING if attempt < 3 else FAILED)
            assert conversion.process_video(video.pk) is False  # not before the pause is over
            later()
    assert video.problem == "试了几次都没做成，可以再试一次，或者换一个再传"
    assert len(stored(settings.INTAKE_ROOT)) == 1
    assert retry_video(video) is True
    assert conversion.process_video(video.pk) is True
    assert stored(settings.INTAKE_ROOT) == []
    assert retry_video(video) is False


def test_too_little_room_is_an_accident(trainer, empty_storage, monkeypatch):
    video = sent(trainer, film())
    monkeypatch.setattr(conversion.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 1000}))
    with pytest.raises(OSError, match="too few to work on"):
        conversion.process_video(video.pk)
    video.refresh_from_db()
    assert video.status == WAITING


def test_job_that_takes_too_long_fails_with_words(trainer, empty_storage, monkeypatch):
    video = sent(trainer, film())
    monkeypatch.setattr(ffmpeg, "SECONDS_AT_LEAST", 0)
    monkeypatch.setattr(ffmpeg, "SECONDS_A_SECOND", 0)
    assert conversion.process_video(video.pk) is False
    video.refresh_from_db()
    assert (video.status, video.problem) == (FAILED, "处理的时间太长，停下了。剪短一点再传")
    assert len(stored(settings.INTAKE_ROOT)) == 1


def test_limits_hold(tmp_path):
    """ffmpeg may not write more than it is allowed, however much it would like to."""
    ran = ffmpeg.run(
        ["-f", "lavfi", "-i", "testsrc2", "-t", "60", "-f", "rawvideo", "x"], tmp_path, 60, 300_000
    )
    assert ran.code != 0
    assert (tmp_path / "x").stat().st_size <= 300_000


@pytest.mark.parametrize(("parent", "code"), [(os.getpid, 0), (lambda: 1, 1)])
def test_whoever_opens_a_file_ends_only_if_its_parent_is_gone(parent, code):
    """A worker in a container is process 1: its children must not take it for the one that adopts orphans."""
    command = [sys.executable, "-I", "-S", str(ffmpeg.LIMITS_SCRIPT), "1000", "5", str(parent()), "/bin/true"]
    assert subprocess.run(command, check=False).returncode == code
