"""Measure for a reviewer how loud a film is, where it is silent, and how bright it is.

Measured on the recording, before its loudness is evened out. Loudness is that of EBU R 128, in LUFS.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from media.videos import ffmpeg
from media.videos.inspection import Probe

WINDOW_MS = 100
SAMPLES = 8000
# So much below the overall loudness counts as silence, but never below the noise of a quiet room.
BELOW, FLOOR = 17.0, -55.0
# A cough or a crowing cock does not end a silence.
BLIP_MS = 300
LEAST_SILENCE_MS = 3000
DIGITAL_SILENCE = -70.0
PICTURES_A_SECOND = 2
WIDTH, HEIGHT = 64, 36
# Of 0–255: in a darker picture no face is seen, in a brighter one no skin.
DARK, BURNT = 40, 250
LEAST_DARK_MS = 3000
LOUDNESS = re.compile(r"^\s+I:\s+(-?[\d.]+|nan|-inf) LUFS")
LEVEL = re.compile(r"RMS_level=(\S+)")
Stretches = list[list[int]]


def analyse(facts: Probe, source: Path, beat: Callable[[int], None] = lambda percent: None) -> dict:
    """Return {"loudness_lufs": −23.4 or None without sound, "silences": [[from_ms, to_ms]] of three seconds and more,
    "brightness": {"mean": 0–255, "dark_share": 0–1, "burnt_share": 0–1 (of the whole picture), "dark": [[from_ms, to_ms]]
    of three seconds and more whose picture is dark}}.
    """
    folder = source.parent
    output: list[str] = []

    def read_line(line: str) -> None:
        if line:
            output.append(line)
        beat(99)

    seconds = ffmpeg.get_time_limit(facts.duration_ms)
    ran = ffmpeg.run(build_analysis_arguments(facts, source), folder, seconds, on_line=read_line)
    if ran.code:
        raise OSError(ran.code, "; ".join(ran.lines[-5:]))
    brightness = measure_brightness(folder / "seen.raw")
    found: dict[str, Any] = {"loudness_lufs": None, "silences": [], "brightness": brightness}
    if facts.audio is not None:
        found["loudness_lufs"] = parse_loudness(output)
        levels = parse_levels(folder / "levels.txt")
        found["silences"] = find_silences(levels, found["loudness_lufs"], facts.duration_ms)
    return found


def build_analysis_arguments(facts: Probe, source: Path) -> list[str]:
    small = f"fps={PICTURES_A_SECOND},scale={WIDTH}:{HEIGHT}:flags=area:out_range=pc"
    seen = f"[0:{facts.video}]{small},format=yuvj420p,extractplanes=y[seen]"
    filters = [seen]
    if facts.audio is not None:
        window = f"aresample={SAMPLES},asetnsamples={SAMPLES * WINDOW_MS // 1000}"
        levels = f"highpass=f=120,{window},astats=metadata=1:reset=1"
        level_filter = "ametadata=mode=print:key=lavfi.astats.Overall.RMS_level:file=levels.txt"
        filters.append(f"[0:{facts.audio}]aformat=channel_layouts=mono,asplit[one][two]")
        filters += ["[one]ebur128=framelog=verbose[loud]", f"[two]{levels},{level_filter}[levels]"]
    command = [
        "-loglevel",
        "info",
        "-nostats",
        *ffmpeg.build_input_arguments(source),
        "-filter_complex",
        ";".join(filters),
    ]
    command += ["-map", "[seen]", "-f", "rawvideo", "seen.raw"]
    if facts.audio is not None:
        for label in ("[loud]", "[levels]"):
            command += ["-map", label, "-f", "null", "-"]
    return command


def parse_loudness(lines: list[str]) -> float:
    found = [match[1] for line in lines if (match := LOUDNESS.match(line))]
    value = float(found[-1]) if found else DIGITAL_SILENCE
    return round(value, 1) if value >= DIGITAL_SILENCE else DIGITAL_SILENCE


def parse_levels(path: Path) -> list[float]:
    """Return the dB of each window."""
    levels = []
    for line in path.read_text().splitlines():
        if match := LEVEL.search(line):
            level = float(match[1])
            levels.append(level if level > DIGITAL_SILENCE else DIGITAL_SILENCE)
    return levels


def find_silences(levels: list[float], loudness_lufs: float, duration_ms: int) -> Stretches:
    threshold = max(FLOOR, loudness_lufs - BELOW)
    quiet = find_stretches([level < threshold for level in levels], WINDOW_MS, BLIP_MS)
    ends = [[start, min(end, duration_ms)] for start, end in quiet]
    return [[start, end] for start, end in ends if end - start >= LEAST_SILENCE_MS]


def find_stretches(flags: list[bool], step_ms: int, blip_ms: int = 0) -> Stretches:
    """Return where the flag is set; two stretches that are at most a blip apart are one."""
    found: Stretches = []
    for number, flag in enumerate(flags):
        start = number * step_ms
        if not flag:
            continue
        if found and start - found[-1][1] <= blip_ms:
            found[-1][1] = start + step_ms
        else:
            found.append([start, start + step_ms])
    return found


def measure_brightness(path: Path) -> dict:
    size, step = WIDTH * HEIGHT, 1000 // PICTURES_A_SECOND
    counts, means = [0] * 256, []
    with open(path, "rb") as seen:
        while len(picture := seen.read(size)) == size:
            means.append(sum(picture) / size)
            for value in set(picture):
                counts[value] += picture.count(value)
    whole = sum(counts) or 1
    dark = find_stretches([mean < DARK for mean in means], step)
    return {
        "mean": round(sum(means) / (len(means) or 1)),
        "dark_share": round(sum(counts[:DARK]) / whole, 3),
        "burnt_share": round(sum(counts[BURNT + 1 :]) / whole, 3),
        "dark": [each for each in dark if each[1] - each[0] >= LEAST_DARK_MS],
    }
