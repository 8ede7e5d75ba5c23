"""Join a rehearsal of three minutes from three recordings of a browser; compare our CPU seconds with plain ffmpeg's."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from bench.scenarios.media.films import SPEECH, cpu_seconds

SECONDS, TAKES = 60, 3
# Each recording is normalised in a pass of its own and then encoded; plain ffmpeg does both in one pass, without checks.
MOST_RATIO = 1.6
# The trainee waits for it: on this machine it must not take longer than the rehearsal did.
MOST_SECONDS = SECONDS * TAKES


def filmed(path: Path) -> None:
    """Write a recording as Chromium does: VP8 and Opus without a duration."""
    from media.videos import ffmpeg

    picture = "testsrc2=size=640x480:rate=30,noise=alls=8:allf=t"
    command = [ffmpeg.find_binary(), "-loglevel", "error", "-y", "-f", "lavfi", "-i", picture]
    command += ["-f", "lavfi", "-i", SPEECH, "-t", str(SECONDS), "-c:v", "libvpx", "-deadline", "realtime"]
    command += ["-cpu-used", "8", "-b:v", "900k", "-c:a", "libopus", "-b:a", "32k", "-live", "1", str(path)]
    subprocess.run(command, check=True)


def bare(paths: list[Path], folder: Path) -> float:
    """Return the CPU seconds of ffmpeg's concat filter for the same renditions: no hash, no measuring, no audio alignment."""
    from media.videos import encoding, ffmpeg, inspection

    facts = inspection.Probe(SECONDS * len(paths) * 1000, 640, 480, 30, 0, 1)
    ends = "".join(f"[{number}:0][{number}:1]" for number in range(len(paths)))
    command, graphs = (
        encoding.build_arguments(facts, paths[0]),
        encoding.build_filters(facts, encoding.list_renditions(facts)),
    )
    at = command.index("-filter_complex")
    renditions = ";".join(graphs).replace("[0:0]", "[picture]").replace("[0:1]", "[sound]")
    graph = f"{ends}concat=n={len(paths)}:v=1:a=1[picture][sound];{renditions}"
    more = [word for path in paths[1:] for word in ffmpeg.build_input_arguments(path)]
    command = [*command[:at], *more, "-filter_complex", graph, *command[at + 2 * len(graphs) :]]
    start = cpu_seconds()
    command = [ffmpeg.find_binary(), "-hide_banner", "-nostdin", "-y", *command]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return cpu_seconds() - start


def ours(paths: list[Path], measures: bool) -> tuple[float, float, int]:
    """Return CPU seconds and seconds of the worker's whole job, and the length of the film in milliseconds."""
    from accounts.models import User
    from media import chunks
    from media.models import Upload
    from media.uploads import recordings
    from media.videos import conversion
    from media.videos.services import join_recordings

    owner, uploads, step = User.objects.first(), [], 512 * 1024
    for path in paths:
        content = path.read_bytes()
        facts = {"purpose": "take", "state": "whole", "size": len(content), "offset": len(content)}
        upload = Upload.objects.create(owner=owner, expires_at="2999-01-01T00:00Z", **facts)
        for at in range(0, len(content), step):
            chunks.stage_chunk(upload.key, at, content[at : at + step]).place()
        uploads.append(upload)
    video = join_recordings(owner, "bench", [(upload, 0, None) for upload in uploads], measures)
    start, began = cpu_seconds(), time.monotonic()
    if not conversion.process_video(video.pk):
        raise RuntimeError("the film was not made; its reason is in the log")
    spent, lasted = cpu_seconds() - start, time.monotonic() - began
    video.refresh_from_db()
    conversion.delete_files(video)
    video.delete()
    recordings.drop_recordings(uploads)
    return spent, lasted, video.duration_ms


def compare() -> None:
    """Print the comparison. Call inside a site of its own: `python -m bench.scenarios.media.film_joins`."""
    import django

    django.setup()
    with tempfile.TemporaryDirectory(prefix="newfarmwork-join-") as folder:
        paths = [Path(folder, f"take-{number}.webm") for number in range(TAKES)]
        for path in paths:
            filmed(path)
        plain = min(bare(paths, Path(folder)) for _turn in range(2))
        full = min(ours(paths, measures=False) for _turn in range(2))
        seen = ours(paths, measures=True)
    ratio = full[0] / plain
    print(f"\nRehearsal of {TAKES} recordings of {SECONDS} s, 640×480, joined, with renditions")
    print(f"{'bare ffmpeg':22}{plain:>8.1f} s CPU")
    verdict = "ok" if ratio <= MOST_RATIO else "OVER"
    print(f"{'ours':22}{full[0]:>8.1f} s CPU{ratio:>8.2f}× (≤ {MOST_RATIO})  {verdict}")
    print(f"{'and measured':22}{seen[0]:>8.1f} s CPU{seen[0] / plain:>8.2f}×")
    verdict = "ok" if seen[1] <= MOST_SECONDS else "OVER"
    print(f"{'ready after':22}{seen[1]:>8.1f} s  (≤ {MOST_SECONDS})  {verdict}, {seen[2] / 1000:.2f} s long")


if __name__ == "__main__":
    compare()
