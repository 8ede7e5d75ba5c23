"""Courses that contain everything, and their zips."""

import io
import json
import zipfile
from collections.abc import Callable
from functools import cache

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from PIL import Image

from accounts.models import Place
from courses.import_export.export import write_archive
from courses.import_export.importer import Media, import_document
from courses.import_export.programme import list_languages, load_programme
from courses.models import Course
from media.models import Video
from tests.factories import make_photo


def make_video(**fields) -> Video:
    """Return a ready video with files that begin like an MP4."""
    sizes = {"480.mp4": 4000, "240.mp4": 2000, "listen.m4a": 500}
    renditions = {
        "480": {"bytes": 4000, "width": 854, "height": 480},
        "240": {"bytes": 2000, "width": 426, "height": 240},
        "listen": {"bytes": 500},
    }
    video = Video.objects.create(
        **{"status": "ready", "duration_ms": 61_000, "width": 1920, "height": 1080, "renditions": renditions}
        | fields
    )
    for part, size in sizes.items():
        content = b"\0\0\0\x20ftypisom" + part.encode() + video.key.encode()
        storages["private"].save(video.name_of(part), ContentFile(content.ljust(size, b"\0")))
    poster = ContentFile(b"")
    Image.new("RGB", (640, 360), "#f6a02a").save(poster, "WEBP")
    storages["private"].save(video.name_of("poster.webp"), poster)
    return video


def plant_written(place: Place) -> list[Course]:
    """Create the whole written programme in every language, with a video in one lesson."""
    media = Media(cache(lambda name: make_photo()), cache(lambda name: make_video()))
    return [import_document(load_programme(language), place, media) for language in list_languages()]


def packed(course: Course) -> bytes:
    target = io.BytesIO()
    write_archive(course, target)
    return target.getvalue()


def document_in(package: bytes) -> dict:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return json.loads(archive.read("course.json"))


def altered(package: bytes, change: Callable[[dict], None] = lambda document: None, **files) -> bytes:
    """Return the zip with its document changed and files added (`name=bytes`; None removes one)."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(target, "w") as new:
        document = json.loads(old.read("course.json"))
        change(document)
        new.writestr("course.json", json.dumps(document))
        for name in old.namelist():
            if name != "course.json" and name not in files:
                new.writestr(name, old.read(name))
        for name, content in files.items():
            if content is not None:
                new.writestr(name, content)
    return target.getvalue()
