"""A lesson with a real film of twelve seconds, made once a run and given to as many lessons as tests ask for."""

import tempfile
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from courses.models import Lesson
from media.models import Video
from media.videos import encoding, ffmpeg, inspection
from tests.media.videos.films import film

SECONDS = 12
CAPTIONS = """WEBVTT

先称箱子
00:00.000 --> 00:05.000
空箱先去皮。

再称果
00:05.000 --> 00:12.000
到两公斤半停手。
"""


@cache
def parts() -> tuple[int, dict[str, bytes]]:
    source = film("lesson.mp4", seconds=SECONDS)
    facts = inspection.probe(source, settings.VIDEO_MAX_SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        ffmpeg.run(encoding.build_arguments(facts, source), Path(folder), 60)
        return facts.duration_ms, {
            name: Path(folder, name).read_bytes() for name in encoding.list_file_names(facts)
        }


def give_film(lesson: Lesson, **fields) -> Lesson:
    duration, files = parts()
    weights = {name.partition(".")[0]: {"bytes": len(content)} for name, content in files.items()}
    video = Video.objects.create(
        status=Video.Status.READY, duration_ms=duration, renditions=weights, width=640, height=360
    )
    for name, content in files.items():
        storages["private"].save(video.name_of(name), ContentFile(content))
    for name, value in {"video": video, "captions": CAPTIONS, **fields}.items():
        setattr(lesson, name, value)
    lesson.save()
    return lesson
