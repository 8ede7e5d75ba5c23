"""Films of the demo's lessons, made by code: slides with the lesson's own drawings, large words, a soft tune.

They go the way of every video (looked at, made into rungs), only not through an upload: nobody is there yet who
could send one. Each says on its picture that it is a demonstration.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

from media import ffmpeg, leasing, probing, video_making
from media.models import Photo, Video

SIZE = (854, 480)
FPS = 5
# A chapter has two slides: its whole picture and a part of it, seen closer.
SLIDE_SECONDS = 9
INK, PAPER, CITRUS = "#2b1803", "#fff6e2", "#f6a02a"
# One note of a pentatonic scale every 0.6 s, each fading like a plucked string.
NOTE = "st(0,mod(floor(t/0.6)*3,5));st(1,mod(t,0.6));"
PITCH = "262*pow(2,if(eq(ld(0),0),0,if(eq(ld(0),1),2,if(eq(ld(0),2),4,if(eq(ld(0),3),7,9))))/12)"
TUNE = f"{NOTE}0.3*min(1,ld(1)*50)*exp(-5*ld(1))*(sin(2*PI*ld(1)*{PITCH})+0.3*sin(4*PI*ld(1)*{PITCH}))"


class Chapter(NamedTuple):
    scene: str
    chinese: str
    english: str


FILMS: dict[str, tuple[Chapter, ...]] = {
    "demo-steady-hands": (
        Chapter("phone-grip", "先擦镜头", "Wipe the lens first"),
        Chapter("phone-grip", "手、肘、脚", "Hands, elbows, feet"),
        Chapter("level-upright", "一条只动一样", "One movement to a clip"),
        Chapter("before-after", "拍完马上查", "Check it at once"),
    ),
    "demo-window-light": (
        Chapter("window-light", "窗别在背后", "No window behind you"),
        Chapter("window-light", "侧着坐，关掉灯", "Sit sideways, lamps off"),
        Chapter("shade-light", "颜色要一样", "True colours"),
        Chapter("before-after", "查一查", "Look again"),
    ),
    "demo-per-jin": (
        Chapter("listing-photo", "29.90 ÷ 5 = 5.98", "Price per jin"),
        Chapter("weigh-net", "净重 2.5 公斤", "Net, not gross"),
        Chapter("cost-sheet", "几种箱子一起比", "Box beside box"),
        Chapter("freight-box", "运费写清楚", "Freight in writing"),
    ),
}


def scenes_of(film: str) -> set[str]:
    return {chapter.scene for chapter in FILMS[film]}


def filmed(film: str, photos: Mapping[str, Photo]) -> Video:
    """The film as a video that is ready; `photos` by scene. Made once; call it outside a transaction."""
    name = f"{film}.mp4"
    if found := Video.objects.ready().filter(name=name).first():
        return found
    with video_making.workplace() as place:
        folder = Path(place)
        source = shot(film, photos, folder)
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        video = Video.objects.create(name=name, sha256=digest, bytes=source.stat().st_size)
        lease = leasing.take(video.pk)
        facts = probing.probe(source, settings.VIDEO_MAX_SECONDS)
        video_making.convert(lease, facts, source)
        video_making.finish(lease, facts, video_making.store(lease, facts, folder), {})
    video.refresh_from_db()
    return video


def shot(film: str, photos: Mapping[str, Photo], folder: Path) -> Path:
    """The film as a phone might have sent it."""
    chapters = FILMS[film]
    number = 0
    for at, chapter in enumerate(chapters, 1):
        photo = photos[chapter.scene]
        with default_storage.open(photo.name_at(photo.widths()[-1])) as file:
            picture = Image.open(file).convert("RGB")
        for closer in (False, True):
            slide(picture, chapter, f"{at} / {len(chapters)}", closer).save(folder / f"slide{number:02d}.bmp")
            number += 1
    path = folder / "source"
    seconds = number * SLIDE_SECONDS
    command = [ffmpeg.binary(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
    command += ["-framerate", f"1/{SLIDE_SECONDS}", "-i", str(folder / "slide%02d.bmp")]
    command += ["-f", "lavfi", "-i", f"aevalsrc='{TUNE}':s=22050:d={seconds}"]
    command += ["-r", str(FPS), "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-crf", "20"]
    command += [
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-b:a",
        "64k",
        "-fflags",
        "+bitexact",
        "-f",
        "mp4",
        str(path),
    ]
    subprocess.run(command, check=True, timeout=120)
    return path


def slide(picture: Image.Image, chapter: Chapter, count: str, closer: bool) -> Image.Image:
    """Chinese words need a font of this machine; without one the English stand alone."""
    width, height = picture.size
    if closer:
        picture = picture.crop((width // 6, height // 6, width - width // 6, height - height // 6))
    whole = picture.resize(SIZE, Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(whole, "RGBA")
    chinese = font()
    # At the top: captions and the player's own words lie below.
    draw.rectangle((0, 0, SIZE[0], 108), fill=f"{PAPER}ea")
    draw.rectangle((0, 0, 12, 108), fill=CITRUS)
    if chinese:
        draw.text((36, 10), chapter.chinese, INK, chinese.font_variant(size=44))
        draw.text((36, 68), chapter.english, INK, chinese.font_variant(size=24))
    else:
        draw.text((36, 28), chapter.english, INK, ImageFont.load_default(44))
    small = chinese.font_variant(size=24) if chinese else ImageFont.load_default(24)
    draw.text((SIZE[0] - 28, 68), count, INK, small, anchor="ra")
    mark = "演示 DEMO" if chinese else "DEMO"
    right = SIZE[0] - 22
    draw.rounded_rectangle((right - 22 - draw.textlength(mark, small), 14, right, 54), 20, fill=f"{INK}c0")
    draw.text((right - 11, 34), mark, PAPER, small, anchor="rm")
    return whole


@cache
def font() -> ImageFont.FreeTypeFont | None:
    """A bold font with Chinese characters, if the machine has one."""
    if not shutil.which("fc-match"):
        return None
    asked = ["fc-match", "--format", "%{family}|%{file}", "sans-serif:lang=zh-cn:bold"]
    family, _bar, path = subprocess.run(asked, capture_output=True, text=True).stdout.partition("|")
    known = ("CJK", "Han", "WenQuanYi", "PingFang", "YaHei", "Droid Sans Fallback", "AR PL")
    if not any(name in family for name in known) or not Path(path).exists():
        return None
    return ImageFont.truetype(path, 24)
