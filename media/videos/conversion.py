"""The worker's job: make the renditions of a video from its upload, once, even if a worker dies meanwhile.

As with photos the row carries the lease, not the task. The same bytes, whoever sends them, become one Video.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from media import chunks
from media.models import Upload, Video
from media.models.processed import ATTEMPTS
from media.models.references import list_references
from media.storages import StorageUnavailable, write_file
from media.videos import analysis, concatenation, encoding, ffmpeg, inspection
from media.videos.lease import Lease, LeaseLost, WorkerStopping, acquire_lease, find_exhausted_lease
from ui.responses import page_cache

log = logging.getLogger(__name__)

WORK_FOLDER = "videos-in-work"
PROBLEMS = {
    "other": gettext_noop("这不是视频，能收手机拍的 MP4、MOV 和 WebM"),
    "codec": gettext_noop("这种编码的视频打不开，用手机自带的相机重新录"),
    "no_picture": gettext_noop("里面只有声音，没有画面"),
    "broken": gettext_noop("这段视频坏了，可能没存完整，重新传一次"),
    "short": gettext_noop("不到 2 秒，太短了"),
    "long": gettext_noop("超过 2 小时，剪短了再传"),
    "large": gettext_noop("画面太大了，最多 4K。相机设置里改成 1080p 再录"),
    "costly": gettext_noop("这段视频又大又长，转不动。相机设置里改成 1080p 再录，或者剪短"),
    "slow": gettext_noop("处理的时间太长，停下了。剪短一点再传"),
    "lost": gettext_noop("原来的视频找不到了，重新传一次"),
    "tried": gettext_noop("试了几次都没做成，可以再试一次，或者换一个再传"),
}
# After these failures another try may succeed, so the upload is kept for a while.
MAY_PASS = ("tried", "slow")


def process_video(video_id: int) -> bool:
    """Make the renditions of a video that nobody else works on; return whether this call made it ready."""
    lease = acquire_lease(video_id)
    if lease is None:
        if last := find_exhausted_lease(video_id):
            mark_failed(last, "tried")
        return False
    try:
        with make_work_folder() as folder:
            return make_files(lease, Path(folder))
    except inspection.UnfitVideo as unfit:
        mark_failed(lease, unfit.reason)
    except chunks.ChunksMissing:
        mark_failed(lease, "lost")
    except ffmpeg.TimedOut:
        mark_failed(lease, "slow")
    except WorkerStopping:
        lease.let_go(counts=False)
    except StorageUnavailable as away:  # however long it is away, the video waits
        log.warning("video waits for its storage", extra={"fields": {"video": video_id, "why": str(away)}})
        lease.let_go(counts=False)
    except LeaseLost:
        log.warning("video taken over by another worker", extra={"fields": {"video": video_id}})
    except BaseException:
        release_lease(lease)
        raise
    return False


def make_work_folder() -> tempfile.TemporaryDirectory:
    root = settings.VAR_DIR / WORK_FOLDER
    root.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=root)


def make_files(lease: Lease, folder: Path) -> bool:
    parts = list(lease.video.parts.select_related("upload"))
    if parts:
        source = concatenation.join_files(lease, parts, folder, settings.VIDEO_MAX_SECONDS)
    else:
        source = folder / "source"
        upload = find_source(lease.video)
        check_free_space(upload, folder)
        digest = chunks.assemble(upload.key, upload.whole_size, source, lease.beat)
        if merge_into_same(lease, digest, upload):
            return False
    facts = inspection.probe(source, settings.VIDEO_MAX_SECONDS)
    convert(lease, facts, source, concatenation.SHARE if parts else 0)
    measures = analysis.analyse(facts, source, lease.beat) if lease.video.wants_measures else {}
    renditions = store_files(lease, facts, folder)
    return mark_ready(lease, facts, renditions, measures)


def find_source(video: Video) -> Upload:
    """Return an upload of this video whose chunks are still there. Raises ChunksMissing."""
    for upload in video.uploads.filter(state=Upload.State.WHOLE).order_by("id"):
        if chunks.list_offsets(upload.key):
            return upload
    raise chunks.ChunksMissing


def check_free_space(upload: Upload, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < upload.whole_size * 3 // 2 + 200_000_000:
        raise OSError(28, f"{free} bytes free are too few to work on {upload.whole_size}")


def merge_into_same(lease: Lease, digest: str, upload: Upload, once_more: bool = True) -> bool:
    """Return whether another Video has the same bytes.

    Then all references to this one are moved to it and this row is deleted. Otherwise this row gets the digest.
    """
    try:
        with transaction.atomic():
            others = Video.objects.filter(sha256=digest).exclude(pk=lease.video.pk)
            known = others.exclude(status=Video.Status.FAILED).first()
            if known is None:
                if not lease.rows().update(sha256=digest, bytes=upload.size):
                    raise LeaseLost
                return False
            for field in list_references(Video):
                rows = field.model._base_manager.filter(**{field.name: lease.video.pk})
                rows.update(**{field.name: known.pk})
            if not lease.rows().delete()[0]:
                raise LeaseLost
            page_cache.invalidate("courses")
    except IntegrityError:  # another worker has just stored the same digest: check again
        if not once_more:
            raise
        return merge_into_same(lease, digest, upload, once_more=False)
    chunks.drop(upload.key)
    return True


def convert(lease: Lease, facts: inspection.Probe, source: Path, done: int = 0) -> None:
    """Make all files in one pass, after `done` percent of the work; raises UnfitVideo when ffmpeg fails or ends early."""
    whole, reached = facts.duration_ms / 1000, 0.0

    def read_line(line: str) -> None:
        nonlocal reached
        reached = encoding.read_seconds_done(line, facts) or reached
        lease.beat(min(99, done + int(reached / whole * (100 - done))))

    seconds = ffmpeg.get_time_limit(facts.duration_ms)
    ran = ffmpeg.run(encoding.build_arguments(facts, source), source.parent, seconds, on_line=read_line)
    if ran.code or reached < whole * 0.9 - 1:
        last_lines = [line for line in ran.lines if "=" not in line][-5:]
        fields = {
            "video": lease.video.pk,
            "code": ran.code,
            "reached": reached,
            "of": whole,
            "output": last_lines,
        }
        log.warning("ffmpeg failed", extra={"fields": fields})
        raise inspection.UnfitVideo("broken")


def store_files(lease: Lease, facts: inspection.Probe, folder: Path) -> dict:
    """Write the files into the private storage; return size and bytes of each rendition."""
    renditions = {}
    for part in encoding.list_file_names(facts):
        lease.beat(99)
        path = folder / part
        with open(path, "rb") as file:
            write_file(storages["private"], lease.video.name_of(part), File(file))
        renditions[part.partition(".")[0]] = {"bytes": path.stat().st_size}
    for rendition in encoding.list_renditions(facts):
        width, height = encoding.compute_size(facts, rendition)
        renditions[rendition.name] |= {"width": width, "height": height}
    renditions.pop("poster")
    return renditions


def mark_ready(lease: Lease, facts: inspection.Probe, renditions: dict, measures: dict | None = None) -> bool:
    """Mark the video as ready, then delete the chunks that were sent. Returns False if the lease was lost."""
    has: dict[str, Any] = {"duration_ms": facts.duration_ms, "width": facts.width, "height": facts.height}
    has |= {"has_sound": facts.audio is not None, "renditions": renditions, "percent": 100, "problem": ""}
    has["measures"] = measures or {}
    with transaction.atomic():
        if not lease.rows().update(status=Video.Status.READY, leased_until=None, **has):
            return False
        page_cache.invalidate("courses")
    delete_chunks(lease.video)
    return True


def mark_failed(lease: Lease, reason: str) -> None:
    """Mark it as failed with its reason, and delete what was sent unless another attempt may succeed."""
    problem = {"problem": PROBLEMS[reason], "leased_until": None, "percent": 0}
    if not lease.rows().update(status=Video.Status.FAILED, **problem):
        return
    log.warning("video failed", extra={"fields": {"video": lease.video.pk, "reason": reason}})
    delete_files(lease.video)
    if reason not in MAY_PASS:
        delete_chunks(lease.video)


def release_lease(lease: Lease) -> None:
    if lease.video.attempts >= ATTEMPTS:
        mark_failed(lease, "tried")
    else:
        lease.let_go()


def delete_files(video: Video) -> None:
    names = [
        *(f"{rendition.name}.mp4" for rendition in encoding.RENDITIONS),
        encoding.LISTEN,
        encoding.POSTER,
    ]
    for part in names:
        storages["private"].delete(video.name_of(part))


def delete_chunks(video: Video) -> None:
    for upload in video.uploads.all():
        chunks.drop(upload.key)
