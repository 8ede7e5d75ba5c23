"""Films that show the time: each second begins with a flash and a beep, and is as bright as its number."""

from array import array
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from media import chunks
from media.models import Upload
from media.uploads.services import MOST_CHUNK
from tests.media.videos.films import bare

LENGTH = 0.1
WEBM = "-c:v libvpx -threads 1 -deadline realtime -cpu-used 8 -b:v 800k -c:a libopus"
MP4 = "-c:v libx264 -preset ultrafast -c:a aac"
RATE = 8000  # samples a second that are looked at
PICTURES = 60
STEP, DARKEST = 12, 30


@cache
def clock(
    name: str,
    seconds: float = 4,
    first: int = 0,
    size: str = "160x120",
    rate: str = "30",
    how: str = WEBM,
    sound: bool = True,
    shift: str = "",
) -> Path:
    """Return a film whose seconds are numbered from `first`; `shift` is put before the sound's input, such as "-itsoffset
    0.5".
    """
    folder = Path(settings.VAR_DIR, "films")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    on = f"lt(mod(T,1),{LENGTH})"
    light = f"if({on},235,{DARKEST}+{STEP}*(floor(T)+{first}))"
    # The picture is of one colour: what is computed for each pixel is computed for a few.
    grey = f"nullsrc=size=16x16:rate={rate},geq=lum='{light}':cb=128:cr=128,scale={size.replace('x', ':')}"
    command = ["-f", "lavfi", "-i", grey]
    if sound:
        beep = f"aevalsrc='0.4*sin(2*PI*1000*t)*lt(mod(t,1),{LENGTH})':s=48000"
        command += [*shift.split(), "-f", "lavfi", "-i", beep]
    bare(*command, "-t", str(seconds), "-pix_fmt", "yuv420p", *how.split(), str(path))
    return path


def taken(owner, path: Path, content: bytes | None = None) -> Upload:
    """Return a complete stored recording."""
    content = path.read_bytes() if content is None else content
    facts = {"owner": owner, "purpose": "take", "state": "whole", "most_bytes": 10**9, "name": path.name}
    facts |= {"expires_at": "2999-01-01T00:00Z", "size": len(content), "offset": len(content)}
    upload = Upload.objects.create(**facts)
    for start in range(0, len(content), MOST_CHUNK):
        chunks.stage_chunk(upload.key, start, content[start : start + MOST_CHUNK]).place()
    return upload


@dataclass(frozen=True)
class Marks:
    """What is seen and heard in a film: the seconds at which the picture turns white and at which sound begins, after a
    quarter of a second of silence; the seconds of picture and of sound; and for each tenth of a second which second it
    shows, −1 during the flash.
    """

    flashes: list[float]
    beeps: list[float]
    picture: float
    sound: float
    shown: list[int]


def marks(path: Path) -> Marks:
    """Decode a film with sound, once, and find its flashes and beeps."""
    gray, pcm = path.with_suffix(".gray"), path.with_suffix(".pcm")
    looks = [
        "-map",
        "0:v",
        "-vf",
        f"fps={PICTURES},crop=iw/4:ih/4,scale=4:4,format=gray",
        "-f",
        "rawvideo",
        str(gray),
    ]
    listens = ["-map", "0:a", "-ar", str(RATE), "-ac", "1", "-f", "s16le", str(pcm)]
    bare("-i", str(path), *looks, *listens)
    pixels, samples = gray.read_bytes(), array("h", pcm.read_bytes())
    # In the film black is 16 and white 235, here they are 0 and 255.
    light = [16 + sum(pixels[at : at + 16]) / 16 * 219 / 255 for at in range(0, len(pixels), 16)]
    bright = [mean > 188 for mean in light]
    flashes = [at / PICTURES for at, on in enumerate(bright) if on and (not at or not bright[at - 1])]
    shown = [-1 if mean > 215 else round((mean - DARKEST) / STEP) for mean in light[:: PICTURES // 10]]
    return Marks(flashes, find_beeps(samples), len(light) / PICTURES, len(samples) / RATE, shown)


def find_beeps(samples: array) -> list[float]:
    loud = max(map(abs, samples), default=0) // 4
    found, last = [], -RATE
    for at in [at for at, sample in enumerate(samples) if sample > loud or sample < -loud]:
        if at - last > RATE // 4:
            found.append(at / RATE)
        last = at
    return found
