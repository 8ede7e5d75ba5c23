"""Unused videos: none is lost to a person who uses it, and no file stays behind whenever the worker dies."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from media import cleanup
from media.models import Upload, Video
from media.tasks import queue_video
from media.uploads.services import begin_upload
from tests.factories import make_course, make_person
from tests.media.videos.rows import make_video
from tests.media.videos.test_conversion import stored

OLD = timedelta(days=31)


def old_video(owner, **fields) -> Video:
    return make_video(owner, **{"created_at": timezone.now() - OLD} | fields)


def an_hour_later() -> None:
    past = timezone.now() - timedelta(seconds=1)
    Video.objects.filter(leased_until__isnull=False).update(leased_until=past)


def states() -> dict[int, str]:
    return dict(Video.objects.values_list("pk", "status"))


def take(village, video: Video) -> None:
    lesson = make_course(village).modules.get().lessons.first()
    lesson.video = video
    lesson.save()


@pytest.fixture
def unused(trainer, empty_storage) -> Video:
    return old_video(trainer, sha256="5" * 64)


def test_video_that_no_lesson_uses_goes_after_a_month_and_an_hour(trainer, village, unused):
    used, young = old_video(trainer), make_video(trainer, created_at=timezone.now() - timedelta(days=29))
    take(village, used)
    upload = begin_upload(trainer, 500)
    Upload.objects.update(video=unused, state="whole", expires_at=timezone.now() - OLD)
    assert cleanup.drop_unused_videos() == 0
    assert states() == {used.pk: "ready", young.pk: "ready", unused.pk: "failed"}
    assert cleanup.drop_unused_videos() == 0
    assert len(stored(settings.PRIVATE_ROOT)) == 12
    an_hour_later()
    assert cleanup.drop_unused_videos() == 1
    assert states() == {used.pk: "ready", young.pk: "ready"}
    assert len(stored(settings.PRIVATE_ROOT)) == 8
    assert not Upload.objects.filter(pk=upload.pk).exists()


@pytest.mark.parametrize("dies_in", ["delete_files", "delete_chunks"])
def test_worker_that_dies_in_between_leaves_no_file_for_ever(unused, monkeypatch, dies_in):
    cleanup.drop_unused_videos()
    an_hour_later()

    def die(video):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(cleanup, dies_in, die)
        with pytest.raises(SystemExit):
            cleanup.drop_unused_videos()
    assert states() == {unused.pk: "failed"}
    assert cleanup.drop_unused_videos() == 1
    assert (states(), stored(settings.PRIVATE_ROOT)) == ({}, [])


def test_video_taken_while_it_was_set_aside_is_given_back_whole(village, unused):
    cleanup.drop_unused_videos()
    take(village, unused)
    an_hour_later()
    assert cleanup.drop_unused_videos() == 0
    unused.refresh_from_db()
    assert (unused.status, unused.problem, unused.leased_until) == ("ready", "", None)
    assert len(stored(settings.PRIVATE_ROOT)) == 4


def test_same_bytes_sent_again_meanwhile_are_another_video(trainer, village, unused):
    cleanup.drop_unused_videos()
    take(village, unused)
    again = make_video(trainer, sha256=unused.sha256)
    an_hour_later()
    cleanup.drop_unused_videos()
    assert states() == {unused.pk: "ready", again.pk: "ready"}
    assert set(Video.objects.values_list("sha256", flat=True)) == {"", again.sha256}


def test_what_waits_is_left_and_what_failed_goes(trainer, unused):
    waits = old_video(trainer, status="waiting", renditions={})
    failed = old_video(trainer, status="failed", problem="坏了", renditions={})
    cleanup.drop_unused_videos()
    an_hour_later()
    assert cleanup.drop_unused_videos() == 2
    assert (states(), Video.objects.filter(pk=failed.pk).exists()) == ({waits.pk: "waiting"}, False)


def test_a_film_that_was_put_back_rises_while_it_waits(trainer, organiser, empty_storage, monkeypatch):
    """Others bring a first film again and again: the third of one person is made in the end."""
    mine = [make_video(trainer, status="waiting", renditions={}) for _film in range(3)]
    for video in mine:
        queue_video(video)

    def order() -> list[int]:
        ready = DBTaskResult.objects.ready().filter(queue_name="videos")
        return [call.args_kwargs["args"][0] for call in ready]

    newer = []
    for quarter in range(1, 4):
        newer.append(make_video(make_person(f"新人{quarter}"), status="waiting", renditions={}).pk)
        queue_video(Video.objects.get(pk=newer[-1]))
        if quarter == 1:
            assert order() == [mine[0].pk, newer[0], mine[1].pk, mine[2].pk]
        now = timezone.now() + timedelta(minutes=16)
        monkeypatch.setattr("django.utils.timezone.now", lambda now=now: now)
        for _worker in range(3):
            cleanup.run_videos()
        if quarter == 1:
            assert order() == [mine[0].pk, mine[1].pk, newer[0], mine[2].pk]
    assert order() == [*(video.pk for video in mine), *newer]
