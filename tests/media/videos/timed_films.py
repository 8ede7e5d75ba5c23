"""Films that show the time: each second begins with a flash and a beep, and is as bright as its number."""

import struct
from functools import cache
from pathlib import Path

from django.conf import settings

from media import chunks
from media.models import Upload
from media.uploads.services import MOST_CHUNK
from media.videos import ffmpeg
from tests.media.videos.films import bare

LENGTH = 0.1
WEBM = "-c:v libvpx -threads 1 -deadline realtime -cpu-used 8 -b:v 800k -c:a libopus"
MP4 = "-c:v libx264 -preset ultrafast -c:a aac"
RATE = 8000
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


def numbers(path: Path) -> list[int]:
    """Return for each tenth of a second of a film which second it shows; −1 during the flash."""
    raw = path.with_suffix(".gray")
    bare("-i", str(path), "-vf", "fps=10,crop=iw/4:ih/4,scale=4:4,format=gray", "-f", "rawvideo", str(raw))
    content = raw.read_bytes()
    # In the film black is 16 and white 235, here they are 0 and 255.
    means = [16 + sum(content[at : at + 16]) / 16 * 219 / 255 for at in range(0, len(content), 16)]
    return [-1 if mean > 215 else round((mean - DARKEST) / STEP) for mean in means]


def flashes(path: Path) -> list[float]:
    """Return the seconds at which the picture turns white."""
    raw = path.with_suffix(".gray")
    bare("-i", str(path), "-vf", "fps=60,crop=iw/4:ih/4,scale=4:4,format=gray", "-f", "rawvideo", str(raw))
    content = raw.read_bytes()
    bright = [sum(content[at : at + 16]) / 16 > 200 for at in range(0, len(content), 16)]
    return [at / 60 for at, on in enumerate(bright) if on and (not at or not bright[at - 1])]


def beeps(path: Path) -> list[float]:
    """Return the seconds at which sound begins, after a quarter of a second of silence."""
    raw = path.with_suffix(".pcm")
    bare("-i", str(path), "-map", "0:a", "-ar", str(RATE), "-ac", "1", "-f", "s16le", str(raw))
    content = raw.read_bytes()
    samples = struct.unpack(f"<{len(content) // 2}h", content)
    loud = max(map(abs, samples), default=0) // 4
    found, last = [], -RATE
    for at, sample in enumerate(samples):
        if abs(sample) > loud:
            if at - last > RATE // 4:
                found.append(at / RATE)
            last = at
    return found


def lengths(path: Path) -> tuple[float, float]:
    """Return the seconds of picture and of sound."""
    found = []
    for stream in ("0:v", "0:a"):
        arguments = ["-nostats", "-progress", "pipe:1", "-i", str(path), "-map", stream, "-f", "null", "-"]
        lines = ffmpeg.run(arguments, path.parent, 60).lines
        times = [int(line.partition("=")[2]) for line in lines if line.startswith("out_time_us=")]
        found.append(times[-1] / 1e6)
    return found[0], found[1]
