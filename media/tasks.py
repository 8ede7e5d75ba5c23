"""The background tasks of media. Their names stand in the rows of the queue: a task that is moved loses what waits."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from accounts import limits
from media import queue
from media.models import Video
from media.queue import task

# The library's own limit of priorities.
LOWEST = 100
# A film that waits rises by one so often: behind a hundred of the same person it stands among the first after a day.
RISES_EVERY = timedelta(minutes=15)


@task()
def make_pictures(photo_id: int) -> bool:
    # Only the worker pays for the picture libraries, and only it lets them near a stranger's file.
    from media.photos.processing import process_photo

    return process_photo(photo_id)


@task(queue_name="videos")
def make_video(video_id: int) -> bool:
    from media.videos.processing import process_video

    return process_video(video_id)


def queue_video(video: Video) -> None:
    """Calls the worker. Films of one person wait behind each other, not before another person's first: each that is
    ahead of this one lowers its priority by one, and every RISES_EVERY gives one back, so that none waits for ever."""
    mine = Video.objects.filter(owner=video.owner_id, status=Video.Status.WAITING, pk__lt=video.pk)
    ahead = mine.count() if video.owner_id else 0
    make_video.using(priority=-min(ahead, LOWEST)).enqueue(video.pk)


def raise_waiting() -> int:
    """Called every minute by every worker; one of them raises. How many calls rose."""
    lowered = queue.lowered_calls(make_video)
    if not lowered.exists() or not limits.consume("films that wait rise", 1, timezone.now() + RISES_EVERY):
        return 0
    return lowered.update(priority=F("priority") + 1)


@task()
def make_voice(voice_id: int) -> bool:
    from media.voice.processing import process_voice

    return process_voice(voice_id)
