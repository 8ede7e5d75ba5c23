"""Join recordings of one phone to one film, with sound and picture in sync.

Each recording is first normalised: one size, one rate, and its sound as uncompressed samples, so that its picture and sound
can be made equally long to the sample. Then they are concatenated without drifting apart. Unplayable parts of a recording
that broke off are left out; a part of which nothing can be played has `lasts_ms` 0 in the end.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from media import chunks
from media.models import VideoPart
from media.videos import ffmpeg, inspection
from media.videos.inspection import Probe
from media.videos.lease import Lease

log = logging.getLogger(__name__)

# Shares of the whole work in per cent.
SHARE = 50
MOST_BYTES = 8 << 30
# The highest rendition has this size (see encoding.RENDITIONS): anything larger would be scaled down again.
SIDE, LONGEST = 480, 1120
FPS = 30
SAMPLES = 48_000
BYTES_A_SAMPLE = 2
# Sound that is longer than the picture by less than this is cut; by more, the last picture is held.
HANGS_OVER_MS = 5
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
    """The common format of all recordings: width and height in pixels, even; pictures a second."""

    width: int
    height: int
    fps: float

    def ms(self, frames: int) -> int:
        return round(frames / self.fps * 1000)

    def sound_bytes(self, frames: int) -> int:
        return round(frames / self.fps * SAMPLES) * BYTES_A_SAMPLE


@dataclass
class Recording:
    """One part and its file while it is processed; `frames` of it are in the joined film."""

    part: VideoPart
    path: Path
    facts: inspection.Probe
    ms: int
    frames: int = 0
    has_sound: bool = False

    @property
    def lasts_ms(self) -> int:
        """Return the approximate length of the wanted part."""
        until = self.ms if self.part.until_ms is None else min(self.ms, self.part.until_ms)
        return max(0, until - self.part.from_ms)


def join_files(lease: Lease, parts: list[VideoPart], folder: Path, most_seconds: int) -> Path:
    """Join the parts and return the path of the film; the position of each part is written to its row.

    Raises ChunksMissing, inspection.UnfitVideo and what `ffmpeg.run` raises.
    """
    recordings = probe_parts(lease, parts, folder)
    frame = choose_frame([(each.facts, each.ms) for each in recordings])
    whole, done = sum(each.lasts_ms for each in recordings) or 1, 0
    with open(folder / "all.raw", "wb") as sound, open(folder / "list.txt", "w") as listed:
        for number, each in enumerate(recordings):
            normalize(lease, each, frame, folder, most_seconds, (done / whole, each.lasts_ms / whole))
            append(each, frame, folder, number, sound, listed)
            done += each.lasts_ms
            each.path.unlink()
    if not any(each.frames for each in recordings):
        raise inspection.UnfitVideo("broken")
    save_positions(parts, recordings, frame)
    command = build_concat_arguments(frame, any(each.has_sound for each in recordings))
    check_result(
        ffmpeg.run(command, folder, ffmpeg.SECONDS_AT_LEAST, MOST_BYTES, lambda line: lease.beat(SHARE))
    )
    (folder / "all.raw").unlink()
    return folder / "joined.mov"


def probe_parts(lease: Lease, parts: list[VideoPart], folder: Path) -> list[Recording]:
    """Return the parts that are films; if none is, raise why the first is not."""
    found, reasons = [], []
    for part in parts:
        path = folder / f"take-{part.position}"
        check_free_space(part, folder)
        chunks.assemble(part.upload.key, part.upload.size or 0, path, lease.beat)
        lines = ffmpeg.run(
            ffmpeg.build_input_arguments(path, inspection.PROBE_PIXELS), folder, inspection.SECONDS
        ).lines
        try:
            facts = inspection.parse_streams(lines)
            lasts_ms = inspection.measure_duration(path, facts.video)
            inspection.refuse_heavy(facts.width, facts.height, round(facts.fps * lasts_ms / 1000))
            found.append(Recording(part, path, facts, lasts_ms))
        except inspection.UnfitVideo as unfit:
            reasons.append(unfit.reason)
            log.warning("left out of a film", extra={"fields": {"part": part.pk, "reason": unfit.reason}})
            path.unlink()
    if not found:
        raise inspection.UnfitVideo(reasons[0] if reasons else "broken")
    # A recording is decoded once for each part that is cut from it.
    inspection.refuse_work(round(sum(count_pixels(each) for each in found)))
    return found


def count_pixels(it: Recording) -> float:
    return it.facts.width * it.facts.height * it.facts.fps * it.ms / 1000


def check_free_space(part: VideoPart, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < (part.upload.size or 0) * 3 + 300_000_000:
        raise OSError(28, f"{free} bytes free are too few to work on {part.upload.size}")


def normalize(
    lease: Lease, it: Recording, frame: Frame, folder: Path, most_seconds: int, share: tuple[float, float]
) -> None:
    """Write picture.mp4 and sound.raw into the folder; set `frames` and `has_sound`."""
    before, mine = share

    def read_line(line: str) -> None:
        if line.startswith("frame=") and (number := line[6:].strip()).isdecimal():
            it.frames = int(number)
        reached = min(1, frame.ms(it.frames) / max(it.lasts_ms, 1))
        lease.beat(int(SHARE * (before + mine * reached)))

    for name in ("picture.mp4", "sound.raw"):
        (folder / name).unlink(missing_ok=True)
    stretch = (it.part.from_ms, it.part.until_ms)
    command = normalize_arguments(it.facts, it.path, frame, stretch, most_seconds)
    seconds = ffmpeg.get_time_limit(it.ms)
    ran = ffmpeg.run(command, folder, seconds, MOST_BYTES, read_line)
    it.has_sound = (folder / "sound.raw").exists() and (folder / "sound.raw").stat().st_size > 0
    if it.frames:
        check_result(ran)


def append(it: Recording, frame: Frame, folder: Path, number: int, sound, listed) -> None:
    """Append a recording: its pictures to the list, its sound cut or padded to the same length."""
    if not it.frames:
        return
    name = f"picture-{number}.mp4"
    (folder / "picture.mp4").rename(folder / name)
    listed.write(f"file {name}\n")
    raw = folder / "sound.raw"
    sound_bytes = raw.stat().st_size if it.has_sound else 0
    over = count_frames_over(sound_bytes, it.frames, frame)
    if over:
        listed.write(f"file {make_still(frame, over, folder, number)}\n")
        it.frames += over
    left = frame.sound_bytes(it.frames)
    if it.has_sound:
        with open(raw, "rb") as source:
            while left and (block := source.read(min(left, chunks.BLOCK))):
                sound.write(block)
                left -= len(block)
    while left:
        left -= sound.write(bytes(min(left, chunks.BLOCK)))


def count_frames_over(sound_bytes: int, frames: int, frame: Frame) -> int:
    """Return for how many frames the last picture must be held for longer sound."""
    samples = (sound_bytes - frame.sound_bytes(frames)) / BYTES_A_SAMPLE
    seconds = samples / SAMPLES
    return ceil(seconds * frame.fps) if seconds * 1000 > HANGS_OVER_MS else 0


def make_still(frame: Frame, frames: int, folder: Path, number: int) -> str:
    name = f"still-{number}.mp4"
    check_result(
        ffmpeg.run(build_last_picture_arguments(f"picture-{number}.mp4"), folder, inspection.SECONDS)
    )
    command = freeze_arguments(frame, frames, name)
    check_result(ffmpeg.run(command, folder, ffmpeg.SECONDS_AT_LEAST, MOST_BYTES))
    return name


def check_result(ran: ffmpeg.Result) -> None:
    """Raise for a failure of this machine (a full disk, a limit), which may pass."""
    if ran.code:
        raise OSError(ran.code, "; ".join(line for line in ran.lines[-5:] if "=" not in line))


def save_positions(parts: list[VideoPart], recordings: list[Recording], frame: Frame) -> None:
    frames = {each.part.pk: each.frames for each in recordings}
    end = 0
    for part in parts:
        part.starts_ms = frame.ms(end)
        end += frames.get(part.pk, 0)
        part.lasts_ms = frame.ms(end) - part.starts_ms
    VideoPart.objects.bulk_update(parts, ["starts_ms", "lasts_ms"])


# --- the ffmpeg calls ---


def choose_frame(shapes: list[tuple[Probe, int]]) -> Frame:
    """Return the shape that lasts longest (each with its milliseconds); others are fitted into it with bars."""
    lasts: dict[tuple[int, int], int] = {}
    for facts, ms in shapes:
        lasts[facts.width, facts.height] = lasts.get((facts.width, facts.height), 0) + max(ms, 1)
    width, height = max(lasts, key=lambda shape: lasts[shape])
    share = min(1, SIDE / min(width, height), LONGEST / max(width, height))
    fps = min(FPS, max(facts.fps for facts, _ms in shapes))
    return Frame(
        round_to_even(width * share), round_to_even(height * share), fps if fps > FPS / 2 else FPS / 2
    )


def round_to_even(length: float) -> int:
    return max(2, round(length / 2) * 2)


def normalize_arguments(
    facts: Probe, path: Path, frame: Frame, stretch: tuple[int, int | None], most_seconds: int
) -> list[str]:
    """Return the arguments for `picture.mp4` and, with sound, `sound.raw` of one recording, both beginning at the same
    moment.
    """
    filters = [
        f"[0:{facts.video}]fps={frame.fps:.4f}:start_time=0,{trim_filter(stretch)}{build_fit_filter(frame)}[picture]"
    ]
    if facts.audio is not None:
        samples = f"aresample={SAMPLES}:async=1:min_hard_comp=0.06:first_pts=0"
        filters.append(
            f"[0:{facts.audio}]{samples},{trim_filter(stretch, 'a')}aformat=s16:channel_layouts=mono[sound]"
        )
    command = [*ffmpeg.REPORTS, *ffmpeg.build_input_arguments(path)]
    for graph in filters:  # separate graphs, as in encoding.build_filters
        command += ["-filter_complex", graph]
    command += ["-map", "[picture]", *ENCODED, "-t", str(most_seconds), "-map_metadata", "-1", "picture.mp4"]
    if facts.audio is not None:
        command += ["-map", "[sound]", "-t", str(most_seconds), "-f", "s16le", "sound.raw"]
    return command


def trim_filter(stretch: tuple[int, int | None], kind: str = "") -> str:
    """Return the filter that cuts a part in the recording's own time and restarts it at 0."""
    from_ms, until_ms = stretch
    if not from_ms and until_ms is None:
        return ""
    end = f":end={until_ms / 1000:.3f}" if until_ms is not None else ""
    return f"{kind}trim=start={from_ms / 1000:.3f}{end},{kind}setpts=PTS-STARTPTS,"


def build_fit_filter(frame: Frame) -> str:
    size = f"{frame.width}:{frame.height}"
    fit = f"scale={size}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic"
    return f"{fit}:out_range=tv,pad={size}:-1:-1,setsar=1,format=yuv420p"


def build_last_picture_arguments(name: str) -> list[str]:
    return ["-loglevel", "error", "-sseof", "-0.5", "-i", name, "-update", "1", "last.png"]


def freeze_arguments(frame: Frame, frames: int, name: str) -> list[str]:
    """Return the arguments that hold the last picture for so many frames."""
    command = [
        *ffmpeg.REPORTS,
        "-loop",
        "1",
        "-framerate",
        f"{frame.fps:.4f}",
        "-i",
        "last.png",
        "-vf",
        build_fit_filter(frame),
    ]
    return [*command, *ENCODED, "-frames:v", str(frames), name]


def build_concat_arguments(frame: Frame, with_sound: bool) -> list[str]:
    """Return the arguments that put `list.txt` of pictures and all sound into joined.mov without encoding again."""
    command = [*ffmpeg.REPORTS, "-f", "concat", "-safe", "1", "-i", "list.txt"]
    if with_sound:
        command += ["-f", "s16le", "-ar", str(SAMPLES), "-ac", "1", "-i", "all.raw"]
    command += ["-map", "0:v:0", *(["-map", "1:a:0"] if with_sound else []), "-c", "copy"]
    return [*command, "-video_track_timescale", "90000", "joined.mov"]
