"""The worker's job for a joined film: recordings of one phone become one source, sound and picture together.

What cannot be played of a recording that broke off is left out, the rest goes on; a part of which nothing can be
played has `lasts_ms` 0 in the end.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from media import ffmpeg, join_recipe, pieces, probing
from media.join_recipe import Frame
from media.leasing import Lease
from media.models import VideoPart

log = logging.getLogger(__name__)

# Of the percents of the whole work.
SHARE = 50
MOST_BYTES = 8 << 30


@dataclass
class Recording:
    """One part and its file, while it is worked on; `frames` of it are in the joined film."""

    part: VideoPart
    path: Path
    facts: probing.Probe
    ms: int
    frames: int = 0
    has_sound: bool = False

    @property
    def lasts_ms(self) -> int:
        """Roughly, of what is wanted of it."""
        until = self.ms if self.part.until_ms is None else min(self.ms, self.part.until_ms)
        return max(0, until - self.part.from_ms)


def joined(lease: Lease, parts: list[VideoPart], folder: Path, most_seconds: int) -> Path:
    """The path of the joined film, from which the rungs are made; where each part stands is written to its row.

    Raises pieces.Lost, probing.Unfit and what `ffmpeg.run` raises.
    """
    recordings = looked_at(lease, parts, folder)
    frame = join_recipe.frame_of([(each.facts, each.ms) for each in recordings])
    whole, done = sum(each.lasts_ms for each in recordings) or 1, 0
    with open(folder / "all.raw", "wb") as sound, open(folder / "list.txt", "w") as listed:
        for number, each in enumerate(recordings):
            make_even(lease, each, frame, folder, most_seconds, (done / whole, each.lasts_ms / whole))
            add(each, frame, folder, number, sound, listed)
            done += each.lasts_ms
            each.path.unlink()
    if not any(each.frames for each in recordings):
        raise probing.Unfit("broken")
    write_down(parts, recordings, frame)
    command = join_recipe.together(frame, any(each.has_sound for each in recordings))
    must(ffmpeg.run(command, folder, ffmpeg.SECONDS_AT_LEAST, MOST_BYTES, lambda line: lease.beat(SHARE)))
    (folder / "all.raw").unlink()
    return folder / "joined.mov"


def looked_at(lease: Lease, parts: list[VideoPart], folder: Path) -> list[Recording]:
    """Those that are films; when none is, why the first is not."""
    found, reasons = [], []
    for part in parts:
        path = folder / f"take-{part.position}"
        room_for(part, folder)
        pieces.assemble(part.upload.key, part.upload.size or 0, path, lease.beat)
        lines = ffmpeg.run(ffmpeg.source(path, probing.LOOKED_AT_PIXELS), folder, probing.SECONDS).lines
        try:
            facts = probing.read(lines)
            lasts_ms = probing.walked(path, facts.video)
            probing.refuse_heavy(facts.width, facts.height, round(facts.fps * lasts_ms / 1000))
            found.append(Recording(part, path, facts, lasts_ms))
        except probing.Unfit as unfit:
            reasons.append(unfit.reason)
            log.warning("left out of a film", extra={"fields": {"part": part.pk, "reason": unfit.reason}})
            path.unlink()
    if not found:
        raise probing.Unfit(reasons[0] if reasons else "broken")
    # A recording is decoded once for each part that is cut of it.
    probing.refuse_work(round(sum(pixels_of(each) for each in found)))
    return found


def pixels_of(it: Recording) -> float:
    return it.facts.width * it.facts.height * it.facts.fps * it.ms / 1000


def room_for(part: VideoPart, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < (part.upload.size or 0) * 3 + 300_000_000:
        raise OSError(28, f"{free} bytes free are too few to work on {part.upload.size}")


def make_even(
    lease: Lease, it: Recording, frame: Frame, folder: Path, most_seconds: int, share: tuple[float, float]
) -> None:
    """picture.mp4 and sound.raw in the folder; sets `frames` and `has_sound`."""
    before, mine = share

    def heard(line: str) -> None:
        if line.startswith("frame=") and (number := line[6:].strip()).isdecimal():
            it.frames = int(number)
        reached = min(1, frame.ms(it.frames) / max(it.lasts_ms, 1))
        lease.beat(int(SHARE * (before + mine * reached)))

    for name in ("picture.mp4", "sound.raw"):
        (folder / name).unlink(missing_ok=True)
    stretch = (it.part.from_ms, it.part.until_ms)
    command = join_recipe.arguments(it.facts, it.path, frame, stretch, most_seconds)
    seconds = ffmpeg.seconds_for(it.ms)
    ran = ffmpeg.run(command, folder, seconds, MOST_BYTES, heard)
    it.has_sound = (folder / "sound.raw").exists() and (folder / "sound.raw").stat().st_size > 0
    if it.frames:
        must(ran)


def add(it: Recording, frame: Frame, folder: Path, number: int, sound, listed) -> None:
    """Behind what is there: its pictures to the list, its sound, cut or filled up to the same length."""
    if not it.frames:
        return
    name = f"picture-{number}.mp4"
    (folder / "picture.mp4").rename(folder / name)
    listed.write(f"file {name}\n")
    raw = folder / "sound.raw"
    heard = raw.stat().st_size if it.has_sound else 0
    over = frames_over(heard, it.frames, frame)
    if over:
        listed.write(f"file {still(frame, over, folder, number)}\n")
        it.frames += over
    left = frame.sound_bytes(it.frames)
    if it.has_sound:
        with open(raw, "rb") as source:
            while left and (block := source.read(min(left, pieces.BLOCK))):
                sound.write(block)
                left -= len(block)
    while left:
        left -= sound.write(bytes(min(left, pieces.BLOCK)))


def frames_over(heard: int, frames: int, frame: Frame) -> int:
    """How long the picture must stand still for the sound that runs on after it."""
    samples = (heard - frame.sound_bytes(frames)) / join_recipe.BYTES_A_SAMPLE
    seconds = samples / join_recipe.SAMPLES
    return ceil(seconds * frame.fps) if seconds * 1000 > join_recipe.HANGS_OVER_MS else 0


def still(frame: Frame, frames: int, folder: Path, number: int) -> str:
    name = f"still-{number}.mp4"
    must(ffmpeg.run(join_recipe.last_picture(f"picture-{number}.mp4"), folder, probing.SECONDS))
    command = join_recipe.standing_still(frame, frames, name)
    must(ffmpeg.run(command, folder, ffmpeg.SECONDS_AT_LEAST, MOST_BYTES))
    return name


def must(ran: ffmpeg.Ran) -> None:
    """An accident of this machine (a full disk, a limit), which may pass."""
    if ran.code:
        raise OSError(ran.code, "; ".join(line for line in ran.lines[-5:] if "=" not in line))


def write_down(parts: list[VideoPart], recordings: list[Recording], frame: Frame) -> None:
    frames = {each.part.pk: each.frames for each in recordings}
    end = 0
    for part in parts:
        part.starts_ms = frame.ms(end)
        end += frames.get(part.pk, 0)
        part.lasts_ms = frame.ms(end) - part.starts_ms
    VideoPart.objects.bulk_update(parts, ["starts_ms", "lasts_ms"])
