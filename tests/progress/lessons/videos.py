"""Videos for lessons, and watched parts of them."""

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from accounts.models import User
from courses.models import Lesson
from media.models import Video
from progress.models import Watch
from tests.factories import numbers

MINUTES_5 = 300_000
RENDITIONS = {
    "480": {"bytes": 6_200_000, "width": 854, "height": 480},
    "240": {"bytes": 2_060_000, "width": 428, "height": 240},
    "listen": {"bytes": 1_200_000},
}
CAPTIONS = """WEBVTT

买家先看每斤
00:00.000 --> 00:08.000
同样一箱橙子，

1
00:08.000 --> 00:20.000
先换成一斤多少钱。

毛重净重
01:00.000 --> 01:10.000
空箱 &amp; 内衬先去皮。
"""


def make_video(**fields) -> Video:
    """Return a ready video of five minutes; each file contains its own name."""
    facts = {"status": Video.Status.READY, "duration_ms": MINUTES_5, "renditions": RENDITIONS}
    video = Video.objects.create(**facts | {"name": f"film{next(numbers)}.mp4"} | fields)
    for part in ("480.mp4", "240.mp4", "listen.m4a", "poster.webp"):
        storages["private"].save(video.name_of(part), ContentFile(part.encode()))
    return video


def with_video(lesson: Lesson, **fields) -> Lesson:
    lesson.video = fields.pop("video", None) or make_video()
    for name, value in {"captions": CAPTIONS, **fields}.items():
        setattr(lesson, name, value)
    lesson.save()
    return lesson


def has_watched(user: User, lesson: Lesson, *stretches: tuple[int, int], last: int | None = None) -> Watch:
    """Record watched stretches in seconds; `last` is the last position, by default the end of the last stretch."""
    intervals = [[start * 1000, end * 1000] for start, end in stretches]
    return Watch.objects.create(
        user=user,
        lesson=lesson,
        film=lesson.video.key,
        intervals=intervals,
        watched_ms=sum(end - start for start, end in intervals),
        last_ms=intervals[-1][1] if last is None else last * 1000,
        furthest_ms=max(end for _start, end in intervals),
    )
