"""Draws what comes with the code as files: every picture of the demo, and its films. Run by `manage.py draw_demo`.

Needs ffmpeg and a font with Chinese characters (fonts-noto-cjk, OFL); nothing of it is needed to plant the demo.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from config.demo.photos import FILES, WIDTHS, Job, file_name
from config.demo.pictures import SCENES, render_many
from config.demo.shops import wanted_pictures
from config.demo.videos import FILMS, REHEARSAL, SLIDE_SECONDS, Chapter, name_of
from media import ffmpeg, measuring, pictures, probing, recipe

VILLAGES = 15
FPS = 5
LEVEL, UPRIGHT = (854, 480), (480, 854)
INK, PAPER, CITRUS = "#2b1803", "#fff6e2", "#f6a02a"
BAND = 108
# Coarser than the worker's: pictures that stand still for nine seconds show no blocks.
CRF = {"480": 37, "240": 33}
# One note of a pentatonic scale every 0.6 s, each fading like a plucked string.
NOTE = "st(0,mod(floor(t/0.6)*3,5));st(1,mod(t,0.6));"
PITCH = "262*pow(2,if(eq(ld(0),0),0,if(eq(ld(0),1),2,if(eq(ld(0),2),4,if(eq(ld(0),3),7,9))))/12)"
TUNE = f"{NOTE}0.3*min(1,ld(1)*50)*exp(-5*ld(1))*(sin(2*PI*ld(1)*{PITCH})+0.3*sin(4*PI*ld(1)*{PITCH}))"
# Two tones that swell like syllables; from 0:26 to 0:36 nobody speaks.
BABBLE = (
    "0.35*if(between(t,26,36),0,1)*(0.55+0.45*sin(2*PI*3.1*t))"
    "*(sin(2*PI*190*t+2*sin(2*PI*5*t))+0.4*sin(2*PI*760*t))*lt(mod(t,2.3),1.9)"
)
REHEARSAL_SECONDS = 12
LINES = (
    ("course-cover", "我是谁，哪个村"),
    ("window-light", "切开给您看"),
    ("weigh-net", "上秤，净重 5 斤"),
    ("cost-sheet", "29.90 元，合 5.98 元一斤"),
    ("freight-box", "运费怎么算，点 2 号链接"),
    ("before-after", "坏了拍照给我"),
)


def jobs() -> list[Job]:
    produce = [("produce", *picture) for picture in wanted_pictures()]
    scenes = [("scene", name) for name in SCENES]
    return produce + scenes + [("village", seed) for seed in range(VILLAGES)]


def draw_pictures(tell: Callable[[str], object]) -> None:
    """Each in the widths that a phone's photo of that size is kept in."""
    todo = jobs()
    sized = [(*job, WIDTHS[job[0]]) for job in todo]
    for job, image in zip(todo, render_many(sized), strict=True):
        made = pictures.made_of(pictures.resizable(image), image.size, 1, settings.PHOTO_WIDTHS)
        for width, encoded in made.files.items():
            (FILES / file_name(job, width)).write_bytes(encoded)
        tell("-".join(map(str, job)))


def draw_films(tell: Callable[[str], object]) -> None:
    """From the scenes, drawn anew: a film shows no traces of two compressions."""
    scenes = dict(zip(SCENES, render_many([("scene", name) for name in SCENES]), strict=True))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        seconds = max(len(film) for film in FILMS.values()) * 2 * SLIDE_SECONDS
        record(TUNE, seconds, "tune")
        for film, chapters in FILMS.items():
            for language in ("zh-hans", "en"):
                slides = [
                    slide(scenes[chapter.scene], chapter, language, f"{at} / {len(chapters)}", closer)
                    for at, chapter in enumerate(chapters, 1)
                    for closer in (False, True)
                ]
                film_of(slides, SLIDE_SECONDS, name_of(film, language), folder)
                tell(name_of(film, language))
        film_of([upright(scenes[name], words) for name, words in LINES], REHEARSAL_SECONDS, REHEARSAL, folder)
        record(BABBLE, len(LINES) * REHEARSAL_SECONDS, "babble")
        measure(folder)
        tell(REHEARSAL)


def film_of(slides: Sequence[Image.Image], seconds: int, name: str, folder: Path) -> None:
    """Both rungs without sound, and the poster. A still picture needs one whole frame a slide, and no grain of paper."""
    for number, picture in enumerate(slides):
        picture.save(folder / f"slide{number:02d}.bmp")
    width, height = slides[0].size
    facts = probing.Probe(len(slides) * seconds * 1000, width, height, FPS, 0, None)
    for rung in recipe.RUNGS:
        look = f"{recipe.scale(facts, rung)},hqdn3d=3:3:6:6"
        run(
            "-framerate", f"1/{seconds}", "-i", str(folder / "slide%02d.bmp"), "-r", str(FPS), "-vf", look,
            "-t", str(len(slides) * seconds), "-c:v", "libx264", "-preset", "veryslow",
            "-crf", str(CRF[rung.name]), "-g", str(FPS * seconds), "-keyint_min", "1", "-profile:v", "main",
            "-pix_fmt", "yuv420p", str(FILES / f"{name}.{rung.name}.mp4"),
        )  # fmt: skip
    slides[0].save(FILES / f"{name}.webp", quality=70, method=6)
    for path in folder.glob("slide*.bmp"):
        path.unlink()


def record(sound: str, seconds: int, name: str) -> None:
    """As loud as the worker makes every film."""
    even = f"aformat=channel_layouts=mono,{recipe.LOUDNESS},aresample=24000"
    source = ["-f", "lavfi", "-i", f"aevalsrc='{sound}':s=44100:d={seconds}", "-af", even]
    run(*source, "-c:a", "aac", "-ac", "1", *recipe.LISTEN_RATE, str(FILES / f"{name}.m4a"))


def measure(folder: Path) -> None:
    """What the worker would have measured, of sound that nobody has evened out yet."""
    source = folder / "take.mp4"
    length = str(len(LINES) * REHEARSAL_SECONDS)
    sound = ["-f", "lavfi", "-i", f"aevalsrc='{BABBLE}':s=22050:d={length}"]
    picture = str(FILES / f"{REHEARSAL}.480.mp4")
    run("-i", picture, *sound, "-c:v", "copy", "-c:a", "aac", "-b:a", "48k", str(source))
    facts = probing.probe(source, settings.VIDEO_MAX_SECONDS)
    found = measuring.measured(facts, source, lambda *_said: None)
    (FILES / f"{REHEARSAL}.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


def run(*arguments: str) -> None:
    quiet = ["-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
    tail = ["-fflags", "+bitexact", "-movflags", "+faststart"]
    command = [ffmpeg.binary(), *quiet, *arguments[:-1], *tail, arguments[-1]]
    subprocess.run(command, check=True, timeout=300)


# --- slides ---


def slide(picture: Image.Image, chapter: Chapter, language: str, count: str, closer: bool) -> Image.Image:
    """The title stands at the top in the language of the course: captions and the player's own words lie below."""
    width, height = picture.size
    if closer:
        picture = picture.crop((width // 6, height // 6, width - width // 6, height - height // 6))
    whole = picture.convert("RGB").resize(LEVEL, Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(whole, "RGBA")
    draw.rectangle((0, 0, LEVEL[0], BAND), fill=PAPER)
    draw.rectangle((0, 0, 12, BAND), fill=CITRUS)
    draw.text((36, BAND // 2), chapter.titles[language], INK, font(50), anchor="lm")
    draw.text((LEVEL[0] - 28, BAND // 2), count, INK, font(26), anchor="rm")
    return whole


def upright(picture: Image.Image, words: str) -> Image.Image:
    """As a phone holds it: the scene in the middle, under it what is being said, above it that nobody is filmed."""
    wide, high = UPRIGHT
    whole = Image.new("RGB", UPRIGHT, "#3a2a18")
    scale = max(wide / picture.width, 0.62 * high / picture.height)
    size = round(picture.width * scale), round(picture.height * scale)
    picture = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    whole.paste(picture, ((wide - picture.width) // 2, round(0.12 * high)))
    draw = ImageDraw.Draw(whole, "RGBA")
    draw.rectangle((0, high - 170, wide, high - 90), fill=PAPER)
    draw.rectangle((0, high - 170, 10, high - 90), fill=CITRUS)
    draw.text((30, high - 130), words, INK, font(30), anchor="lm")
    mark = "示范彩排，画面是画的"
    draw.rounded_rectangle((16, 18, 44 + draw.textlength(mark, font(22)), 60), 20, fill=f"{INK}c0")
    draw.text((30, 39), mark, PAPER, font(22), anchor="lm")
    return whole


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """A bold font with Chinese characters. RuntimeError where the machine has none."""
    if size != 24:
        return font(24).font_variant(size=size)
    asked = ["fc-match", "--format", "%{family}|%{file}", "sans-serif:lang=zh-cn:bold"]
    found = subprocess.run(asked, capture_output=True, text=True).stdout if shutil.which("fc-match") else ""
    family, _bar, path = found.partition("|")
    if not any(name in family for name in ("CJK", "Han")):
        raise RuntimeError("Install fonts-noto-cjk: the titles of the films are Chinese.")
    return ImageFont.truetype(path, 24)
