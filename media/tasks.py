"""Background tasks of media. Their names are in the queue's rows: moving a task loses its waiting calls."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from accounts import limits
from media import queue
from media.models import Video
from media.queue import task

# The library's lowest priority.
LOWEST = 100
# The priority of a waiting film rises by one in this time: behind a hundred of the same person it is among the first after a
# day.
RISES_EVERY = timedelta(minutes=15)


@task()
def make_pictures(photo_id: int) -> bool:
    # Only the worker loads the picture libraries, and only it lets them read a stranger's file.
    from media.photos.conversion import process_photo

    return process_photo(photo_id)


@task(queue_name="videos")
def make_video(video_id: int) -> bool:
    from media.videos.conversion import process_video

    return process_video(video_id)


def queue_video(video: Video) -> None:
    """Queue a video. A person's films wait behind each other, not before another person's first.

    Each earlier waiting film of the same owner lowers its priority by one, and every RISES_EVERY raises it by one, so that
    none waits for ever.
    """
    mine = Video.objects.filter(owner=video.owner_id, status=Video.Status.WAITING, pk__lt=video.pk)
    ahead = mine.count() if video.owner_id else 0
    make_video.using(priority=-min(ahead, LOWEST)).enqueue(video.pk)


def raise_waiting() -> int:
    """Raise the priority of waiting calls and return how many. Every worker calls it every minute; one of them does it."""
    lowered = queue.find_lowered_calls(make_video)
    if not lowered.exists() or not limits.consume("films that wait rise", 1, timezone.now() + RISES_EVERY):
        return 0
    return lowered.update(priority=F("priority") + 1)


@task()
def make_voice(voice_id: int) -> bool:
    from media.voice.conversion import process_voice

    return process_voice(voice_id)
