"""Rows of videos, for tests that need no films."""

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from accounts.models import User
from media.models import Video

RENDITIONS = {
    "480": {"bytes": 4_100_000, "width": 854, "height": 480},
    "240": {"bytes": 1_310_000, "width": 426, "height": 240},
    "listen": {"bytes": 250_000},
}
PARTS = ("480.mp4", "240.mp4", "listen.m4a", "poster.webp")


def make_video(owner: User | None = None, stored: bool = True, **fields) -> Video:
    """Return a ready minute of film. With `stored` its files exist, each of 1,000 bytes."""
    facts = {"owner": owner, "name": "橙子.mp4", "status": "ready", "percent": 100, "duration_ms": 60_000}
    facts |= {"width": 1920, "height": 1080, "renditions": RENDITIONS} | fields
    video = Video.objects.create(**facts)
    if stored and video.is_ready:
        for part in PARTS:
            storages["private"].delete(video.name_of(part))
            storages["private"].save(video.name_of(part), ContentFile(bytes(1000)))
    return video
