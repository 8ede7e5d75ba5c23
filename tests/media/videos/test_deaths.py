"""Killed workers, and two at once: the same bytes become one Video, made once."""

import shutil
import signal
import threading
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.db import connection

from media import cleanup
from media.models import Upload, Video
from media.videos import conversion
from tests.media import processes
from tests.media.videos.films import film, sent
from tests.media.videos.test_accidents import later
from tests.media.videos.test_conversion import READY, WAITING, stored
from tests.media.worker import work_off

KILLED = """
import os, signal, django
django.setup()
from media.videos import conversion, ffmpeg, lease
lease.BEAT_SECONDS = 0
ffmpeg.REPORTS[ffmpeg.REPORTS.index("-stats_period") + 1] = "0.05"
beat = lease.Lease.beat
def and_die(self, percent=0):
    beat(self, percent)
    if percent > 5:
        os.kill(os.getpid(), signal.SIGKILL)
lease.Lease.beat = and_die
conversion.process_video({video})
"""


@pytest.mark.django_db(transaction=True)
def test_half_done_video_of_a_killed_worker_is_done_again(trainer, empty_storage):
    """Killed during ffmpeg: ffmpeg dies too, the next worker starts again, and no file is left."""
    before = set(workplaces())  # of other tests' killed workers
    video = sent(trainer, film("long.mp4", seconds=4, size="854x480", rate="30"))
    process = processes.python("-c", KILLED.format(video=video.pk))
    assert process.wait(timeout=60) == -signal.SIGKILL, process.stderr.read()
    process.stderr.close()
    processes.wait_until(lambda: not ffmpegs())
    video.refresh_from_db()
    assert (video.status, video.attempts) == (WAITING, 1)
    [left] = set(workplaces()) - before
    later()
    assert cleanup.requeue_videos() == 0  # its task is still in the queue
    work_off()
    video.refresh_from_db()
    assert (video.status, video.attempts) == (READY, 2)
    assert stored(settings.INTAKE_ROOT) == []
    assert left.exists()  # until the sweep is sure that no worker uses it any more
    shutil.rmtree(left)


def workplaces() -> list[Path]:
    return list((settings.VAR_DIR / conversion.WORK_FOLDER).glob("*"))


def ffmpegs() -> list[str]:
    """Those that work on a film of this test."""
    root = str(settings.VAR_DIR)
    return [one.name() for one in psutil.process_iter() if root in " ".join(lines_of(one))]


def lines_of(process) -> list[str]:
    try:
        return process.cmdline() if process.name() == "ffmpeg" else []
    except psutil.Error:
        return []


@pytest.mark.long(on="postgres")
@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_same_bytes_at_once_become_one_video(trainer, organiser, empty_storage):
    """Two workers take up two uploads of the same film in the same moment."""
    videos = [sent(owner, film()) for owner in (trainer, organiser)]
    start = threading.Barrier(2)

    def work(video: Video) -> None:
        start.wait()
        conversion.process_video(video.pk)
        connection.close()

    threads = [threading.Thread(target=work, args=[video]) for video in videos]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [video] = Video.objects.all()
    assert video.status == READY
    assert set(Upload.objects.values_list("video", flat=True)) == {video.pk}
    assert len(stored(settings.PRIVATE_ROOT)) == 4
    assert stored(settings.INTAKE_ROOT) == []
