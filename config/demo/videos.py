"""The films of the demo: three lessons in each language and one rehearsal. They come with the code as files.

`manage.py draw_demo` makes the files (config/demo/drawing.py). A film's picture is kept in both rungs without sound, and a
tune once for all that play it; put together here, each becomes what the worker makes of a phone's film.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from config.demo.photos import FILES
from media import ffmpeg, leasing, probing, recipe, video_making
from media.models import Video

SLIDE_SECONDS = 9
REHEARSAL = "rehearsal"


class Chapter(NamedTuple):
    """Two slides: the whole scene and a part of it, seen closer."""

    scene: str
    titles: dict[str, str]


def chapter(scene: str, chinese: str, english: str) -> Chapter:
    return Chapter(scene, {"zh-hans": chinese, "en": english})


FILMS: dict[str, tuple[Chapter, ...]] = {
    "demo-steady-hands": (
        chapter("phone-grip", "先擦镜头", "Wipe the lens first"),
        chapter("phone-grip", "手、肘、脚", "Hands, elbows, feet"),
        chapter("level-upright", "一条片子只动一样", "One movement to a clip"),
        chapter("before-after", "拍完马上查", "Check it at once"),
    ),
    "demo-window-light": (
        chapter("window-light", "窗别在背后", "No window behind you"),
        chapter("window-light", "侧着坐，关掉灯", "Sit sideways, lamps off"),
        chapter("shade-light", "颜色要一样", "True colours"),
        chapter("before-after", "查一查", "Look again"),
    ),
    "demo-per-jin": (
        chapter("listing-photo", "29.90 ÷ 5 = 5.98", "29.90 ÷ 5 = 5.98"),
        chapter("weigh-net", "净重 2.5 公斤", "2.5 kg net, not gross"),
        chapter("cost-sheet", "几种箱子一起比", "Box beside box"),
        chapter("freight-box", "运费写清楚", "Freight in writing"),
    ),
}


def name_of(film: str, language: str) -> str:
    return f"{film}.{language}"


def lesson_film(film: str, language: str) -> Video:
    """The film with its titles in the language of the course, as a video that is ready. Made once."""
    name = name_of(film, language)
    if found := Video.objects.ready().filter(name=f"{name}.mp4").first():
        return found
    with video_making.workplace() as folder:
        put_together(name, "tune", Path(folder))
        sent = (Path(folder) / "480.mp4").read_bytes()
        digest = hashlib.sha256(sent).hexdigest()
        video = Video.objects.create(name=f"{name}.mp4", sha256=digest, bytes=len(sent))
        finish(video, Path(folder))
    video.refresh_from_db()
    return video


def put_together(name: str, sound: str, folder: Path) -> None:
    """The files that recipe.parts names, in the folder."""
    for rung in recipe.RUNGS:
        streams = ["-i", str(FILES / f"{name}.{rung.name}.mp4"), "-i", str(FILES / f"{sound}.m4a")]
        out = [
            "-c",
            "copy",
            "-fflags",
            "+bitexact",
            "-movflags",
            "+faststart",
            str(folder / f"{rung.name}.mp4"),
        ]
        quiet = ["-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
        subprocess.run([ffmpeg.binary(), *quiet, *streams, *out], check=True, timeout=60)
    shutil.copyfile(FILES / f"{sound}.m4a", folder / recipe.LISTEN)
    shutil.copyfile(FILES / f"{name}.webp", folder / recipe.POSTER)


def finish(video: Video, folder: Path, facts: probing.Probe | None = None) -> None:
    """As the worker ends its job, with what it would have measured."""
    facts = facts or probing.probe(folder / "480.mp4", settings.VIDEO_MAX_SECONDS)
    lease = leasing.take(video.pk)
    measures = json.loads((FILES / "rehearsal.json").read_text()) if video.wants_measures else {}
    video_making.finish(lease, facts, video_making.store(lease, facts, folder), measures)
