"""The worker's job: an upload becomes a video's rungs, once, whatever dies on the way.

As with photos the job is a lease on the row, not the task that woke us. The same bytes, whoever sends them, become
one Video.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from media import ffmpeg, files, join_making, measuring, pieces, probing, recipe
from media.leasing import ATTEMPTS, Lease, Leaving, Overtaken, take, worn_out
from media.models import Upload, Video
from media.tasks import queue_video
from media.uses import uses
from ui import page_cache

log = logging.getLogger(__name__)

WORKPLACE = "videos-in-work"
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
# After these it may go better another time, so that what was sent is kept for a while.
MAY_PASS = ("tried", "slow")


def make(video_id: int) -> bool:
    """Makes the rungs of a video nobody else is working on; whether it is ready now by our hand."""
    lease = take(video_id)
    if lease is None:
        if last := worn_out(video_id):
            fail(last, "tried")
        return False
    try:
        with workplace() as folder:
            return made(lease, Path(folder))
    except probing.Unfit as unfit:
        fail(lease, unfit.reason)
    except pieces.Lost:
        fail(lease, "lost")
    except ffmpeg.Slow:
        fail(lease, "slow")
    except Leaving:
        lease.let_go(counts=False)
    except Overtaken:
        log.warning("video taken over by another worker", extra={"fields": {"video": video_id}})
    except BaseException:
        let_go(lease)
        raise
    return False


def workplace() -> tempfile.TemporaryDirectory:
    root = settings.VAR_DIR / WORKPLACE
    root.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=root)


def made(lease: Lease, folder: Path) -> bool:
    parts = list(lease.video.parts.select_related("upload"))
    if parts:
        source = join_making.joined(lease, parts, folder, settings.VIDEO_MAX_SECONDS)
    else:
        source = folder / "source"
        upload = source_of(lease.video)
        room_for(upload, folder)
        digest = pieces.assemble(upload.key, upload.size, source, lease.beat)
        if is_known(lease, digest, upload):
            return False
    facts = probing.probe(source, settings.VIDEO_MAX_SECONDS)
    convert(lease, facts, source, join_making.SHARE if parts else 0)
    measures = measuring.measured(facts, source, lease.beat) if lease.video.wants_measures else {}
    renditions = store(lease, facts, folder)
    return finish(lease, facts, renditions, measures)


def source_of(video: Video) -> Upload:
    """Of all who sent this video, one whose pieces are still there."""
    for upload in video.uploads.filter(state=Upload.State.WHOLE).order_by("id"):
        if pieces.starts(upload.key):
            return upload
    raise pieces.Lost


def room_for(upload: Upload, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < upload.size * 3 // 2 + 200_000_000:
        raise OSError(28, f"{free} bytes free are too few to work on {upload.size}")


def is_known(lease: Lease, digest: str, upload: Upload, once_more: bool = True) -> bool:
    """Whether another Video has the same bytes; then everything that points to this one points there, and this
    one is gone. Otherwise the digest is ours from here on."""
    try:
        with transaction.atomic():
            others = Video.objects.filter(sha256=digest).exclude(pk=lease.video.pk)
            known = others.exclude(status=Video.Status.FAILED).first()
            if known is None:
                if not lease.rows().update(sha256=digest, bytes=upload.size):
                    raise Overtaken
                return False
            for field in uses(Video):
                rows = field.model._base_manager.filter(**{field.name: lease.video.pk})
                rows.update(**{field.name: known.pk})
            if not lease.rows().delete()[0]:
                raise Overtaken
            page_cache.invalidate("courses")
    except IntegrityError:  # another worker has just taken the digest: look again
        if not once_more:
            raise
        return is_known(lease, digest, upload, once_more=False)
    pieces.drop(upload.key)
    return True


def convert(lease: Lease, facts: probing.Probe, source: Path, done: int = 0) -> None:
    """All files in one pass, after `done` percent of the work; raises Unfit when the file ends long before it said
    it would."""
    whole, reached = facts.duration_ms / 1000, 0.0

    def heard(line: str) -> None:
        nonlocal reached
        reached = recipe.seconds_done(line, facts) or reached
        lease.beat(min(99, done + int(reached / whole * (100 - done))))

    seconds = ffmpeg.seconds_for(facts.duration_ms)
    ran = ffmpeg.run(recipe.arguments(facts, source), source.parent, seconds, heard=heard)
    if ran.code or reached < whole * 0.9 - 1:
        said = [line for line in ran.lines if "=" not in line][-5:]
        fields = {"video": lease.video.pk, "code": ran.code, "reached": reached, "of": whole, "said": said}
        log.warning("ffmpeg gave up", extra={"fields": fields})
        raise probing.Unfit("broken")


def store(lease: Lease, facts: probing.Probe, folder: Path) -> dict:
    """Into the private storage; what each rung weighs."""
    renditions = {}
    for part in recipe.parts(facts):
        lease.beat(99)
        path = folder / part
        with open(path, "rb") as file:
            files.put(storages["private"], lease.video.name_of(part), File(file))
        renditions[part.partition(".")[0]] = {"bytes": path.stat().st_size}
    for rung in recipe.rungs(facts):
        width, height = recipe.size(facts, rung)
        renditions[rung.name] |= {"width": width, "height": height}
    renditions.pop("poster")
    return renditions


def finish(lease: Lease, facts: probing.Probe, renditions: dict, measures: dict | None = None) -> bool:
    """What was sent goes only after the row says, for good, that it is needed no more."""
    has = {"duration_ms": facts.duration_ms, "width": facts.width, "height": facts.height}
    has |= {"has_sound": facts.audio is not None, "renditions": renditions, "percent": 100, "problem": ""}
    has["measures"] = measures or {}
    with transaction.atomic():
        if not lease.rows().update(status=Video.Status.READY, leased_until=None, **has):
            return False
        page_cache.invalidate("courses")
    drop_pieces(lease.video)
    return True


def fail(lease: Lease, reason: str) -> None:
    """With its reason, in words. What cannot be made into a video is no use to anybody."""
    problem = {"problem": PROBLEMS[reason], "leased_until": None, "percent": 0}
    if not lease.rows().update(status=Video.Status.FAILED, **problem):
        return
    log.warning("video failed", extra={"fields": {"video": lease.video.pk, "reason": reason}})
    drop_parts(lease.video)
    if reason not in MAY_PASS:
        drop_pieces(lease.video)


def let_go(lease: Lease) -> None:
    if lease.video.attempts >= ATTEMPTS:
        fail(lease, "tried")
    else:
        lease.let_go()


def drop_parts(video: Video) -> None:
    names = [*(f"{rung.name}.mp4" for rung in recipe.RUNGS), recipe.LISTEN, recipe.POSTER]
    for part in names:
        storages["private"].delete(video.name_of(part))


def drop_pieces(video: Video) -> None:
    for upload in video.uploads.all():
        pieces.drop(upload.key)


def again(video: Video) -> bool:
    """Sets a failed video to wait once more, where what was sent is still there. Its bytes are looked at anew:
    meanwhile somebody may have sent the same."""
    parts = list(video.parts.select_related("upload"))
    try:
        if not all(pieces.starts(part.upload.key) for part in parts):
            return False
        if not parts:
            source_of(video)
    except pieces.Lost:
        return False
    fresh = {"status": Video.Status.WAITING, "attempts": 0, "problem": "", "sha256": "", "leased_until": None}
    if not Video.objects.filter(pk=video.pk, status=Video.Status.FAILED).update(**fresh):
        return False
    queue_video(video)
    return True
