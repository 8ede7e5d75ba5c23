"""Resize a phone's 12-megapixel JPEG to the three widths of a page; compare with plain Pillow in the same run."""

from __future__ import annotations

import io
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops, ImageOps

WIDTHS = (320, 720, 1200)
MOST_PIXELS = 100_000_000
ROUNDS = 15


def bare(path: str) -> list[bytes]:
    """Return the same widths made by Pillow alone: one quality, no colour profile, no size limit."""
    files = []
    with Image.open(path) as image:
        image.draft("RGB", (max(WIDTHS), 1))
        image = ImageOps.exif_transpose(image)
        for width in reversed(WIDTHS):
            size = (width, round(image.height * width / image.width))
            image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
            file = io.BytesIO()
            image.save(file, "WEBP", quality=75)
            files.append(file.getvalue())
    return files


def ours(path: str) -> list[bytes]:
    """Make the widths as the worker does: in a process of its own, whose start is counted too."""
    from media.sandbox import decoder

    with open(path, "rb") as file:
        return list(decoder.shrink_picture(file, WIDTHS, MOST_PIXELS).files.values())


def cpu() -> float:
    """Return the CPU seconds of this process and of its finished children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def bare_apart(path: str) -> None:
    """Run plain Pillow as a separate program: the least cost of opening a stranger's file away from the worker."""
    code = "import sys; from bench.scenarios.media import photos; photos.bare(sys.argv[1])"
    root = Path(__file__).resolve().parents[3]
    subprocess.run([sys.executable, "-c", code, path], cwd=root, check=True)


def compare() -> None:
    """Print the medians of alternating runs, and the memory that each needs in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="newfarmwork-photo-") as folder:
        path = str(Path(folder, "12-megapixels.jpg"))
        phone_photo(4000, 3000).save(path, quality=92)
        seconds = {bare: [], bare_apart: [], ours: []}
        for _round in range(ROUNDS):
            for way, times in seconds.items():
                start = cpu()
                way(path)
                times.append(cpu() - start)
        plain, apart, full = (statistics.median(times[1:]) for times in seconds.values())
        print(
            f"\nPhoto of 12 megapixels to {len(WIDTHS)} widths ({Path(path).stat().st_size / 1e6:.1f} MB JPEG)"
        )
        print(f"{'bare Pillow':22}{plain * 1000:>8.0f} ms CPU{peak_mib('bare', path):>8.0f} MiB")
        print(f"{'bare, a process each':22}{apart * 1000:>8.0f} ms CPU")
        print(
            f"{'ours, a process each':22}{full * 1000:>8.0f} ms CPU{peak_mib('ours', path):>8.0f} MiB{full / apart:>8.2f}×"
        )


def peak_mib(way: str, path: str) -> float:
    """Return the highest memory of a process that does nothing else."""
    code = f"import sys; from bench.scenarios.media import photos; photos.{way}(sys.argv[1]); print(photos.peak())"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code, path], cwd=root, check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def peak() -> float:
    """Return the MiB since this program began, or of its largest child; getrusage of itself would include its parent's."""
    status = Path("/proc/self/status").read_text()
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(int(re.search(r"VmHWM:\s+(\d+)", status)[1]), child) / 1024


def phone_photo(width: int, height: int, seed: int = 1) -> Image.Image:
    """Return noise at several scales, as hard to compress as leaves, skin and cloth."""
    dice = random.Random(seed)
    image = Image.new("RGB", (width, height), "#808080")
    for across, strength in ((6, 90), (25, 60), (100, 40), (400, 24), (width // 2, 14)):
        down = max(1, across * height // width)
        noise = Image.frombytes("RGB", (across, down), dice.randbytes(across * down * 3))
        noise = noise.resize((width, height), Image.Resampling.BICUBIC)
        noise = noise.point(lambda value, by=strength: int(128 + (value - 128) * by / 128))
        image = ImageChops.add(image, noise, 1, -128)
    return image


if __name__ == "__main__":
    compare()
