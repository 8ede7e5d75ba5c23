"""How recordings of phones become one film: the ffmpeg calls, and the arithmetic between them. No Django here.

Each recording is first made even: one size, one rate, and its sound as bare samples, so that picture and sound of it
can be made the same length to the sample. Only then are they put one behind the other; nothing can drift.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from media import ffmpeg
from media.probing import Probe

# The highest rung is this large (see recipe.RUNGS): more would be thrown away at once.
SIDE, LONGEST = 480, 1120
FPS = 30
SAMPLES = 48_000
BYTES_A_SAMPLE = 2
# Sound that runs on after the picture for less than this is cut; for more, the picture stands still.
HANGS_OVER_MS = 5
QUIET = ["-loglevel", "error", "-nostats", "-stats_period", "1", "-progress", "pipe:1"]
ENCODED = [
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-crf",
    "18",
    "-pix_fmt",
    "yuv420p",
    "-video_track_timescale",
    "90000",
]


@dataclass(frozen=True)
class Frame:
    """What all of them are made to: width and height in pixels, even; pictures a second."""

    width: int
    height: int
    fps: float

    def ms(self, frames: int) -> int:
        return round(frames / self.fps * 1000)

    def sound_bytes(self, frames: int) -> int:
        return round(frames / self.fps * SAMPLES) * BYTES_A_SAMPLE


def frame_of(shapes: list[tuple[Probe, int]]) -> Frame:
    """The shape that lasts longest (each with its milliseconds); others are fitted into it with bars."""
    lasts: dict[tuple[int, int], int] = {}
    for facts, ms in shapes:
        lasts[facts.width, facts.height] = lasts.get((facts.width, facts.height), 0) + max(ms, 1)
    width, height = max(lasts, key=lasts.get)
    share = min(1, SIDE / min(width, height), LONGEST / max(width, height))
    fps = min(FPS, max(facts.fps for facts, _ms in shapes))
    return Frame(even(width * share), even(height * share), fps if fps > FPS / 2 else FPS / 2)


def even(length: float) -> int:
    return max(2, round(length / 2) * 2)


def arguments(
    facts: Probe, path: Path, frame: Frame, stretch: tuple[int, int | None], most_seconds: int
) -> list[str]:
    """`picture.mp4` and, where there is sound, `sound.raw` of one recording, both beginning at the same moment."""
    filters = [f"[0:{facts.video}]fps={frame.fps:.4f}:start_time=0,{cut(stretch)}{fitted(frame)}[picture]"]
    if facts.audio is not None:
        samples = f"aresample={SAMPLES}:async=1:min_hard_comp=0.06:first_pts=0"
        filters.append(
            f"[0:{facts.audio}]{samples},{cut(stretch, 'a')}aformat=s16:channel_layouts=mono[sound]"
        )
    command = [*QUIET, *ffmpeg.source(path)]
    for graph in filters:  # apart, as in recipe.filters
        command += ["-filter_complex", graph]
    command += ["-map", "[picture]", *ENCODED, "-t", str(most_seconds), "-map_metadata", "-1", "picture.mp4"]
    if facts.audio is not None:
        command += ["-map", "[sound]", "-t", str(most_seconds), "-f", "s16le", "sound.raw"]
    return command


def cut(stretch: tuple[int, int | None], kind: str = "") -> str:
    """From–to of the recording's own time; it begins anew at 0."""
    from_ms, until_ms = stretch
    if not from_ms and until_ms is None:
        return ""
    end = f":end={until_ms / 1000:.3f}" if until_ms is not None else ""
    return f"{kind}trim=start={from_ms / 1000:.3f}{end},{kind}setpts=PTS-STARTPTS,"


def fitted(frame: Frame) -> str:
    size = f"{frame.width}:{frame.height}"
    fit = f"scale={size}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic"
    return f"{fit}:out_range=tv,pad={size}:-1:-1,setsar=1,format=yuv420p"


def last_picture(name: str) -> list[str]:
    return ["-loglevel", "error", "-sseof", "-0.5", "-i", name, "-update", "1", "last.png"]


def standing_still(frame: Frame, frames: int, name: str) -> list[str]:
    """The last picture for so many frames more."""
    command = [*QUIET, "-loop", "1", "-framerate", f"{frame.fps:.4f}", "-i", "last.png", "-vf", fitted(frame)]
    return [*command, *ENCODED, "-frames:v", str(frames), name]


def together(frame: Frame, with_sound: bool) -> list[str]:
    """`list.txt` of pictures and the sound of all into joined.mov; nothing is encoded again."""
    command = [*QUIET, "-f", "concat", "-safe", "1", "-i", "list.txt"]
    if with_sound:
        command += ["-f", "s16le", "-ar", str(SAMPLES), "-ac", "1", "-i", "all.raw"]
    command += ["-map", "0:v:0", *(["-map", "1:a:0"] if with_sound else []), "-c", "copy"]
    return [*command, "-video_track_timescale", "90000", "joined.mov"]
