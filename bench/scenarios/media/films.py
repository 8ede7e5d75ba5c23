"""Measure the size of each rendition of a noisy 1080p minute with speech-like sound; compare our work with plain ffmpeg."""

from __future__ import annotations

import resource
import subprocess
import tempfile
from pathlib import Path

SECONDS = 30
# Bytes per minute: 175 and 34 kbit/s; 480p has no target of its own, 4.1 MB was measured elsewhere.
MOST = {"480": None, "240": 175_000 / 8 * 60, "listen": 34_000 / 8 * 60}
SPEECH = "anoisesrc=c=pink:r=44100:a=0.5,tremolo=f=4:d=0.9,aecho=0.8:0.7:40:0.3"
MOST_RATIO = 1.1


def filmed(path: Path) -> None:
    """Write a film as hard to compress as a market in the rain: moving shapes under noise that never repeats."""
    from media.videos import ffmpeg

    picture = "testsrc2=size=1920x1080:rate=30,noise=alls=25:allf=t"
    command = [
        ffmpeg.find_binary(),
        "-loglevel",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        picture,
        "-f",
        "lavfi",
        "-i",
        SPEECH,
    ]
    command += [
        "-t",
        str(SECONDS),
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-b:v",
        "17M",
        "-pix_fmt",
        "yuv420p",
    ]
    subprocess.run([*command, "-c:a", "aac", str(path)], check=True)


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and its finished children; other processes do not count."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


def bare(path: Path, folder: Path) -> float:
    """Return the CPU seconds of ffmpeg alone for the same outputs and filters: no probe, no hash, nothing stored."""
    from media.videos import encoding, ffmpeg, inspection

    facts = inspection.probe(path, 7200)
    start = cpu_seconds()
    command = [ffmpeg.find_binary(), "-hide_banner", "-nostdin", "-y", *encoding.build_arguments(facts, path)]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return cpu_seconds() - start


def ours(path: Path) -> tuple[float, dict]:
    """Return the CPU seconds of the worker's whole job on a film uploaded in pieces, from the lease to the stored files."""
    from django.core.files.base import ContentFile

    from accounts.models import User
    from media import chunks
    from media.models import Upload, Video
    from media.videos.conversion import delete_files, process_video

    owner, size = User.objects.first(), path.stat().st_size
    video = Video.objects.create(owner=owner, bytes=size)
    facts = {"size": size, "offset": size, "state": Upload.State.WHOLE, "expires_at": "2999-01-01T00:00Z"}
    upload = Upload.objects.create(owner=owner, video=video, **facts)
    content, step = path.read_bytes(), 512 * 1024
    for at in range(0, size, step):
        chunks.StagedChunk(upload.key, at, ContentFile(content[at : at + step])).place()
    start = cpu_seconds()
    if not process_video(video.pk):
        raise RuntimeError("the film was not made; its reason is in the log")
    seconds = cpu_seconds() - start
    video.refresh_from_db()
    Upload.objects.filter(pk=upload.pk).delete()
    delete_files(video)
    weights = {rendition: video.bytes_of(rendition) * 60_000 / video.duration_ms for rendition in MOST}
    video.delete()
    return seconds, weights


def seeded() -> list[tuple[str, dict[str, float]]]:
    """Return the demo's own films, encoded by the worker's job if they still wait, with bytes per minute of each rendition."""
    from media.models import Video
    from media.videos.conversion import process_video

    for film in Video.objects.filter(status=Video.Status.WAITING).order_by("id"):
        process_video(film.pk)
    films = Video.objects.ready().order_by("id")
    return [
        (film.name, {rendition: film.bytes_of(rendition) * 60_000 / film.duration_ms for rendition in MOST})
        for film in films
    ]


def verdicts(weights: dict[str, float]) -> None:
    for rendition, most in MOST.items():
        if rendition not in weights or not weights[rendition]:
            continue
        verdict = (
            ""
            if most is None
            else f"  (≤ {most / 1e6:.2f})  {'ok' if weights[rendition] <= most else 'OVER'}"
        )
        print(f"{rendition:22}{weights[rendition] / 1e6:>8.2f} MB{verdict}")


def compare() -> None:
    """Print the comparison. Call inside a site of its own: `python -m bench.scenarios.media.films`."""
    import django

    django.setup()
    print("\nThe demo's films, made by code; a minute of each rendition")
    for name, weights in seeded():
        print(name)
        verdicts(weights)
    with tempfile.TemporaryDirectory(prefix="newfarmwork-film-") as folder:
        path = Path(folder, "film.mp4")
        filmed(path)
        plain, full, weights = [], [], {}
        for _turn in range(3):
            plain.append(bare(path, Path(folder)))
            seconds, weights = ours(path)
            full.append(seconds)
        ratio = min(full) / min(plain)
    print(f"\nFilm of {SECONDS} s, 1080p30 under noise; a minute of each rendition")
    verdicts(weights)
    print(f"{'bare ffmpeg':22}{min(plain) * 60 / SECONDS:>8.1f} s CPU a minute of film")
    verdict = "ok" if ratio <= MOST_RATIO else "OVER"
    print(f"{'ours':22}{min(full) * 60 / SECONDS:>8.1f} s CPU{ratio:>8.2f}× (≤ {MOST_RATIO})  {verdict}")


if __name__ == "__main__":
    compare()
