"""Joining when something dies, is lost or is cleaned up."""

import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from media import chunks, cleanup
from media.models import Upload, Video, VideoPart
from media.uploads import recordings
from media.uploads.services import RECORDING_EXPIRES_AFTER
from media.videos import concatenation, conversion, ffmpeg
from media.videos.services import join_recordings, retry_video
from tests.media import processes
from tests.media.videos.test_accidents import later
from tests.media.videos.test_conversion import FAILED, READY, WAITING, stored
from tests.media.videos.test_deaths import KILLED, ffmpegs
from tests.media.videos.timed_films import WEBM, clock, taken
from tests.media.worker import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(trainee, empty_storage) -> list[Upload]:
    return [taken(trainee, clock("b.webm", 2)) for _number in range(2)]


def waiting(owner, uploads: list[Upload]) -> Video:
    return join_recordings(owner, "第 1 遍", [(each, 0, None) for each in uploads])


def made(video: Video) -> Video:
    conversion.process_video(video.pk)
    video.refresh_from_db()
    return video


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_half_joined_film_of_a_killed_worker_is_done_again(trainee, empty_storage):
    long = taken(trainee, clock("long.webm", seconds=6, size="320x240"))
    video = waiting(trainee, [long, long])
    process = processes.python("-c", KILLED.format(video=video.pk))
    assert process.wait(timeout=90) == -signal.SIGKILL, process.stderr.read()
    process.stderr.close()
    processes.wait_until(lambda: not ffmpegs())
    video.refresh_from_db()
    assert (video.status, video.attempts) == (WAITING, 1)
    later()
    work_off()
    video.refresh_from_db()
    assert (video.status, video.attempts, round(video.duration_ms, -2)) == (READY, 2, 12_000)


@pytest.mark.long
def test_lost_pieces_of_one_part_are_told(trainee, two):
    video = waiting(trainee, two)
    chunks.drop(two[1].key)
    assert (made(video).status, video.problem) == (FAILED, "原来的视频找不到了，重新传一次")
    assert retry_video(video) is False


@pytest.mark.long
def test_full_disk_is_tried_again(trainee, two, monkeypatch):
    """ffmpeg could write no further; the recordings stay, and the next time it goes."""
    video = waiting(trainee, two)
    with monkeypatch.context() as patched:
        patched.setattr(concatenation, "MOST_BYTES", 20_000)
        with pytest.raises(OSError, match="."):
            conversion.process_video(video.pk)
    video.refresh_from_db()
    assert (video.status, video.attempts) == (WAITING, 1)
    later()
    assert made(video).status == READY


@pytest.mark.long
def test_film_that_took_too_long_may_be_tried_again(trainee, two, monkeypatch):
    def slow(*args, **options):
        raise ffmpeg.TimedOut

    video = waiting(trainee, two)
    with monkeypatch.context() as patched:
        patched.setattr(ffmpeg, "run", slow)
        assert made(video).problem == "处理的时间太长，停下了。剪短一点再传"
    assert retry_video(video) is True
    assert made(video).status == READY


@pytest.mark.long
def test_joined_film_counts_its_percents_up(trainee, two, monkeypatch):
    told = []
    beat = conversion.Lease.beat
    monkeypatch.setattr(
        conversion.Lease, "beat", lambda self, percent=0: (told.append(percent), beat(self, percent))
    )
    made(waiting(trainee, two))
    counted = [percent for percent in told if percent]
    assert counted == sorted(counted)
    assert (counted[0] < concatenation.SHARE, counted[-1]) == (True, 99)


@pytest.mark.long
def test_film_that_would_be_too_long_is_refused(trainee, two, settings):
    settings.VIDEO_MAX_SECONDS = 3
    assert made(waiting(trainee, two)).problem == "超过 2 小时，剪短了再传"


def age(**passed) -> None:
    Upload.objects.update(expires_at=timezone.now() + RECORDING_EXPIRES_AFTER - timedelta(**passed))


@pytest.mark.long
def test_recordings_stay_while_a_film_is_made_of_them(trainee, two):
    """Also when they are as old as may be; a week after the film is ready they go, and it stays."""
    video = waiting(trainee, two)
    age(days=91)
    assert cleanup.run_videos()["expired"] == 0
    assert len(stored(settings.INTAKE_ROOT)) == 2
    made(video)
    age(days=8)
    assert cleanup.run_videos()["expired"] == 0  # the film is recent: somebody may want it joined again
    Video.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert cleanup.run_videos() == {"videos again": 0, "raised": 0, "expired": 2, "pieces": 2, "left": 0}
    assert {upload.state for upload in Upload.objects.all()} == {"gone"}
    assert Video.objects.get().is_ready


def test_recording_without_use_goes_and_one_with_use_stays(trainee, two):
    """What points to it is asked of the tables, whatever app they are of."""
    video = waiting(trainee, two[:1])
    Video.objects.update(status=FAILED)
    age(days=7, minutes=1)
    assert cleanup.run_videos()["expired"] == 1
    assert [upload.state for upload in Upload.objects.order_by("id")] == ["whole", "gone"]
    age(days=90, minutes=1)
    cleanup.run_videos()
    assert stored(settings.INTAKE_ROOT) == []
    assert video.parts.count() == 1


@pytest.mark.long
def test_joined_film_that_nobody_uses_goes_with_its_parts(trainee, two):
    made(waiting(trainee, two))
    Video.objects.update(created_at=timezone.now() - timedelta(days=31))
    Upload.objects.update(expires_at=timezone.now() - timedelta(days=31), state="gone")
    assert cleanup.drop_unused_videos() == 0
    Video.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert cleanup.drop_unused_videos() == 1
    assert (Video.objects.count(), VideoPart.objects.count(), Upload.objects.count()) == (0, 0, 0)
    assert stored(settings.PRIVATE_ROOT) == []


@pytest.mark.long
def test_recording_in_a_waiting_film_is_not_forgotten(trainee, two):
    video = waiting(trainee, two[:1])
    recordings.drop_recordings(two)
    assert [upload.state for upload in Upload.objects.order_by("id")] == ["whole", "gone"]
    assert made(video).status == READY


@pytest.mark.long
def test_same_recordings_of_two_people_are_two_films(trainee, seller, empty_storage):
    """A joined film is its owner's alone; it has no bytes that another could send."""
    path = clock("c.webm", 3, how=WEBM)
    films = [made(waiting(one, [taken(one, Path(path))])) for one in (trainee, seller)]
    assert [(film.owner, film.sha256, film.status) for film in films] == [
        (trainee, "", READY),
        (seller, "", READY),
    ]
