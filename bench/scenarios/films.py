"""A minute of noisy 1080p film with speech-like sound: what each rung weighs, and our work beside bare ffmpeg's."""

from __future__ import annotations

import resource
import subprocess
import tempfile
from pathlib import Path

SECONDS = 30
# Bytes a minute: 175 and 34 kbit/s; 480p has no target of its own, 4.1 MB is what it weighed elsewhere.
MOST = {"480": None, "240": 175_000 / 8 * 60, "listen": 34_000 / 8 * 60}
SPEECH = "anoisesrc=c=pink:r=44100:a=0.5,tremolo=f=4:d=0.9,aecho=0.8:0.7:40:0.3"
MOST_RATIO = 1.1


def filmed(path: Path) -> None:
    """As hard as a market in the rain: moving shapes under noise that never repeats."""
    from media.videos import ffmpeg

    picture = "testsrc2=size=1920x1080:rate=30,noise=alls=25:allf=t"
    command = [
        ffmpeg.binary(),
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
    """Of this process and all that it has waited for; others on this machine do not count."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


def bare(path: Path, folder: Path) -> float:
    """CPU seconds of the same outputs and filters by ffmpeg alone: no probe, no hash, nothing stored."""
    from media.videos import encoding, ffmpeg, probing

    facts = probing.probe(path, 7200)
    start = cpu_seconds()
    command = [ffmpeg.binary(), "-hide_banner", "-nostdin", "-y", *encoding.arguments(facts, path)]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return cpu_seconds() - start


def ours(path: Path) -> tuple[float, dict]:
    """CPU seconds of the worker's whole job on a film that came in pieces, from the lease to the files in their place."""
    from django.core.files.base import ContentFile

    from accounts.models import User
    from media import chunks
    from media.models import Upload, Video
    from media.videos.processing import delete_files, process_video

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
    weights = {rung: video.bytes_of(rung) * 60_000 / video.duration_ms for rung in MOST}
    video.delete()
    return seconds, weights


def seeded() -> list[tuple[str, dict[str, float]]]:
    """The demo's own films, made by the worker's job where they still wait; bytes a minute of each rung."""
    from media.models import Video
    from media.videos.processing import process_video

    for film in Video.objects.filter(status=Video.Status.WAITING).order_by("id"):
        process_video(film.pk)
    films = Video.objects.ready().order_by("id")
    return [
        (film.name, {rung: film.bytes_of(rung) * 60_000 / film.duration_ms for rung in MOST})
        for film in films
    ]


def verdicts(weights: dict[str, float]) -> None:
    for rung, most in MOST.items():
        if rung not in weights or not weights[rung]:
            continue
        verdict = (
            "" if most is None else f"  (≤ {most / 1e6:.2f})  {'ok' if weights[rung] <= most else 'OVER'}"
        )
        print(f"{rung:22}{weights[rung] / 1e6:>8.2f} MB{verdict}")


def compare() -> None:
    """Inside a site of its own (see `ground`): run as `python -m bench.scenarios.films` there."""
    import django

    django.setup()
    print("\nThe demo's films, made by code; a minute of each rung")
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
    print(f"\nFilm of {SECONDS} s, 1080p30 under noise; a minute of each rung")
    verdicts(weights)
    print(f"{'bare ffmpeg':22}{min(plain) * 60 / SECONDS:>8.1f} s CPU a minute of film")
    verdict = "ok" if ratio <= MOST_RATIO else "OVER"
    print(f"{'ours':22}{min(full) * 60 / SECONDS:>8.1f} s CPU{ratio:>8.2f}× (≤ {MOST_RATIO})  {verdict}")


if __name__ == "__main__":
    compare()
