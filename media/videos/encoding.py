"""The renditions of a video: sizes, rates, and the one ffmpeg call that makes all of them. No Django here.

240p with sound stays under 175 kbit/s, audio alone under 34, whatever was filmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from media.videos import ffmpeg
from media.videos.inspection import Probe

MOST_FPS = 30
LOUDNESS = "loudnorm=I=-16:TP=-1.5:LRA=11"
LOUDNESS_SECONDS = 4
LISTEN = "listen.m4a"
POSTER = "poster.webp"
LISTEN_RATE = ["-ar", "24000", "-b:a", "29k"]
PLAIN = ["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"]


@dataclass(frozen=True)
class Rendition:
    """A rendition. `side` is the shorter side, `longest` the other; a second of it never needs more than `most` kbit."""

    name: str
    side: int
    longest: int
    crf: int
    most: int
    preset: str
    sound: tuple[str, ...]


RENDITIONS = (
    Rendition("480", 480, 1120, 25, 480, "veryfast", ("-ar", "44100", "-b:a", "56k")),
    Rendition("240", 240, 560, 26, 134, "fast", tuple(LISTEN_RATE)),
)


def list_renditions(facts: Probe) -> list[Rendition]:
    """Return the renditions to make; a picture of 240 lines or less has only the lower one, because nothing is enlarged."""
    return [
        rendition
        for rendition in RENDITIONS
        if rendition is RENDITIONS[-1] or min(facts.width, facts.height) > 240
    ]


def compute_size(facts: Probe, rendition: Rendition) -> tuple[int, int]:
    """Return the size: 1920×1080 at 480p → (854, 480); both even, as the codec requires."""
    width, height = facts.width, facts.height
    share = min(1, rendition.side / min(width, height), rendition.longest / max(width, height))
    return round_to_even(width, share), round_to_even(height, share)


def round_to_even(length: int, share: float) -> int:
    return max(2, min(round(length * share / 2), length // 2) * 2)


def list_file_names(facts: Probe) -> list[str]:
    """Return the names of the files to be made."""
    sound = [LISTEN] if facts.audio is not None else []
    return [f"{rendition.name}.mp4" for rendition in list_renditions(facts)] + sound + [POSTER]


def build_arguments(facts: Probe, path: Path) -> list[str]:
    """Return the arguments of one pass: decoded once, scaled down step by step, each step encoded."""
    todo = list_renditions(facts)
    command = [*ffmpeg.REPORTS, *ffmpeg.build_input_arguments(path)]
    for graph in build_filters(facts, todo):
        command += ["-filter_complex", graph]
    for rendition in todo:
        command += build_picture_arguments(facts, rendition) + (
            ["-map", f"[a{rendition.name}]"] if facts.audio is not None else []
        )
        command += build_sound_arguments(rendition.sound, facts) + build_output_arguments(
            f"{rendition.name}.mp4", (rendition.most + 64) * 1000, facts
        )
    if facts.audio is not None:
        command += [
            "-map",
            "[listen]",
            *build_sound_arguments(LISTEN_RATE, facts),
            *build_output_arguments(LISTEN, 40_000, facts),
        ]
    command += ["-map", "[poster]", "-frames:v", "1", "-c:v", "libwebp", "-quality", "70", *PLAIN]
    return [*command, "-f", "image2", "-update", "1", POSTER]


def build_filters(facts: Probe, todo: list[Rendition]) -> list[str]:
    """Return the filter graphs: 480p from the picture, 240p and the poster from 480p, half the frames for 240p; sound to one
    even track.

    Each is a graph of its own: a graph whose picture changes shape or colours is built anew, and sound in it would lose the
    seconds by which loudnorm looks ahead.
    """
    fps = get_frame_rate(facts)
    first, *later = todo
    fork = "".join(f"[v{rendition.name}]" for rendition in todo)
    lines = [
        f"[0:{facts.video}]fps={fps:.4f},{build_scale_filter(facts, first)},format=yuv420p,split={len(todo) + 1}{fork}[still]"
    ]
    for rendition in todo:
        steps = (
            [f"fps={choose_frame_rate(rendition, facts):.4f}"]
            if choose_frame_rate(rendition, facts) < fps
            else []
        )
        steps += [build_scale_filter(facts, rendition)] if rendition in later else []
        lines.append(f"[v{rendition.name}]{','.join(steps) or 'null'}[p{rendition.name}]")
    lines.append(f"[still]select='gte(t,{min(2, facts.duration_ms / 3000):.2f})'[poster]")
    graphs = [";".join(lines)]
    if facts.audio is not None:
        names = [*(f"[a{rendition.name}]" for rendition in todo), "[listen]"]
        graphs.append(f"[0:{facts.audio}]{build_loudness_filter(facts)},asplit={len(names)}{''.join(names)}")
    return graphs


def build_loudness_filter(facts: Probe) -> str:
    """Return the filters that even out the loudness. loudnorm gives no numbers for a silence of less than three seconds:
    short sound is lengthened before it, and in a short film cut again.
    """
    cut = f"atrim=end={facts.duration_ms / 1000:.3f}," if facts.duration_ms < LOUDNESS_SECONDS * 1000 else ""
    long_enough = f"apad=whole_dur={LOUDNESS_SECONDS}"
    return f"aresample=48000,aformat=channel_layouts=mono,{long_enough},{LOUDNESS},{cut}aresample=44100"


def get_frame_rate(facts: Probe) -> float:
    return min(facts.fps, MOST_FPS)


def choose_frame_rate(rendition: Rendition, facts: Probe) -> float:
    """Return the frame rate; half of it in the lower rendition, where few clear pictures show more than many blurred ones."""
    fps = get_frame_rate(facts)
    return fps / 2 if rendition is RENDITIONS[-1] and fps > 20 else fps


def read_seconds_done(line: str, facts: Probe) -> float | None:
    """Return the progress from a line of ffmpeg's output, or None.

    It counts frames of the first rendition, because what some versions call the time is that of the slowest output, the poster.
    """
    name, _equals, value = line.partition("=")
    if name != "frame" or not value.strip().isdecimal():
        return None
    return int(value) / choose_frame_rate(list_renditions(facts)[0], facts)


def build_scale_filter(facts: Probe, rendition: Rendition) -> str:
    width, height = compute_size(facts, rendition)
    return f"scale={width}:{height}:flags=bicubic,setsar=1"


def build_picture_arguments(facts: Probe, rendition: Rendition) -> list[str]:
    gop = max(1, round(choose_frame_rate(rendition, facts) * 4))
    return [
        "-map", f"[p{rendition.name}]", "-c:v", "libx264", "-preset", rendition.preset, "-crf", str(rendition.crf),
        "-maxrate", f"{rendition.most}k", "-bufsize", f"{rendition.most * 3 // 2}k", "-profile:v", "main", "-g", str(gop),
    ]  # fmt: skip


def build_sound_arguments(rate: list[str] | tuple[str, ...], facts: Probe) -> list[str]:
    return ["-c:a", "aac", "-ac", "1", *rate] if facts.audio is not None else ["-an"]


def build_output_arguments(name: str, most_bits: int, facts: Probe) -> list[str]:
    """Return the arguments of an output: playable before it is complete, without the original's metadata, never far above
    its rate.
    """
    most = most_bits * facts.duration_ms // 8000 * 3 // 2 + 2_000_000
    return [*PLAIN, "-movflags", "+faststart", "-fs", str(most), name]
