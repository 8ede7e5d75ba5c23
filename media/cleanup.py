"""Clean up: jobs whose worker died, files that no row needs, rows that nothing uses.

Everything here is safe at any time and beside other workers. Rows of upper apps are found by `references.filter_referenced`.
"""

from __future__ import annotations

import logging
import shutil
import time
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.files.storage import storages
from django.db import IntegrityError, models, transaction
from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext_noop

from media import chunks, queue
from media.documents.services import UNUSED_AFTER
from media.models import Document, Photo, ProcessedQuerySet, Upload, Video, VideoPart, Voice
from media.models.references import filter_referenced
from media.queue import task
from media.tasks import make_pictures, make_video, make_voice, queue_video, raise_waiting
from media.uploads.services import RECORDING_EXPIRES_AFTER
from media.videos.conversion import WORK_FOLDER, delete_chunks, delete_files

log = logging.getLogger(__name__)

LATE = timedelta(minutes=1)
# The most rows of a kind in one round.
AT_ONCE = 200
# Unused photos and voices are deleted after this time.
UNUSED = timedelta(days=7)
# An upload writes its file first and its row a moment later; files younger than this are left alone.
STRAY = timedelta(hours=1)
PHOTO_CLEARED = gettext_noop("这张照片放得太久，已经删了，重新传一次")
# Videos that failed for a technical reason may be tried again for so long.
RETRY_WITHIN = timedelta(days=7)
VIDEO_UNUSED = timedelta(days=30)
# No form takes longer than this to be filled, checked and saved.
SET_ASIDE = timedelta(hours=1)
VIDEO_CLEARED = gettext_noop("这段视频一直没用上，已经清走了，要用就重新传一次")
# No job takes longer than this.
WORK_FOLDER_UNUSED = timedelta(days=2)


def run() -> None:
    """Do what cannot wait for the hourly `drop_unused_…`."""
    done = {"again": requeue_photos(), "strays": drop_stray_originals()} | run_videos() | run_voices()
    if any(done.values()):
        log.info("swept", extra={"fields": done})


def drop_stray_files(folder: str, names: list[str], is_needed: dict[str, bool]) -> int:
    """Delete those of a folder of the intake that no row needs; of one without a row, when it is older than STRAY."""
    storage, before, count = storages["intake"], timezone.now() - STRAY, 0
    for name in names:
        path = f"{folder}/{name}"
        try:
            if name not in is_needed and storage.get_modified_time(path) > before:
                continue
            if not is_needed.get(name):
                storage.delete(path)
                count += 1
        except FileNotFoundError:  # deleted by another worker, or by an upload that cleans up after itself
            continue
    return count


def list_intake(folder: str) -> list[str]:
    try:
        return storages["intake"].listdir(folder)[1]
    except FileNotFoundError:
        return []


# --- private files whose row says that they are gone ---


def release_private_files(names: list[str]) -> None:
    """Delete private files that this transaction has made useless; if it is rolled back, they stay.

    It is tried at once after the commit, and by the worker, in case that fails.
    """
    if names:
        drop_private_files.enqueue(names)
        transaction.on_commit(partial(drop_private_files.func, names), robust=True)


@task()
def drop_private_files(names: list[str]) -> None:
    for name in names:
        storages["private"].delete(name)


# --- photos ---


def requeue_photos() -> int:
    """Call the worker for photos whose lease has run out or whose task was lost."""
    late = Photo.objects.due().filter(created_at__lt=timezone.now() - LATE).order_by("id")
    called = queue.list_waiting_ids(make_pictures)
    again = [pk for pk in late.values_list("pk", flat=True)[:AT_ONCE] if pk not in called]
    return queue.enqueue_again(make_pictures, again)


def find_unused_photos(before: datetime) -> ProcessedQuerySet:
    """Return photos older than that to which no row of any app refers."""
    return Photo.objects.filter(~filter_referenced(Photo), created_at__lt=before)


def drop_unused_photos() -> int:
    """Delete at most AT_ONCE unused photos."""
    before = timezone.now() - UNUSED
    return sum(delete_photo(photo, before) for photo in find_unused_photos(before).order_by("id")[:AT_ONCE])


def delete_photo(photo: Photo, before: datetime) -> bool:
    """Delete a photo with all its files if it is unused and older than that; return whether it was.

    The row is first marked so that nobody shows it, then the files are deleted, and the row last, so that a crash leaves no
    orphaned file.
    """
    mine = find_unused_photos(before).filter(pk=photo.pk)
    if not mine.update(status=Photo.Status.FAILED, problem=PHOTO_CLEARED, leased_until=None):
        return False
    for storage, name in photo.list_files():
        storage.delete(name)
    photo.intake().delete(photo.intake_name)
    try:
        return bool(mine.delete()[0])
    except (ProtectedError, RestrictedError):  # used in the meantime: it is shown as failed
        log.warning("a photo came into use while it was cleared away", extra={"fields": {"photo": photo.pk}})
    return False


def release_photo(pk: int) -> None:
    """Delete a photo to which this transaction has removed the last reference: its address must answer nothing any more.

    It is tried at once after the commit, and by the worker, in case that fails. A photo that is used elsewhere stays.
    """
    drop_photo.enqueue(pk)
    transaction.on_commit(partial(drop_photo.func, pk), robust=True)


@task()
def drop_photo(pk: int) -> bool:
    photo = Photo.objects.filter(pk=pk).first()
    return photo is not None and delete_photo(photo, timezone.now())


def drop_stray_originals() -> int:
    """Delete originals that no row needs: the upload broke off, or the worker died before its last step."""
    names = list_intake("photos")
    return drop_stray_files("photos", names, find_needed_originals(names, timezone.now()))


def find_needed_originals(names: list[str], now: datetime) -> dict[str, bool]:
    """Return for each key whether its row still needs the original: while it waits, and for a while after a technical
    failure.
    """
    failed = Q(status=Photo.Status.FAILED, created_at__gt=now - UNUSED)
    needs = Case(When(Q(status=Photo.Status.WAITING) | failed, then=True), default=False)
    found: dict[str, bool] = {}
    for start in range(0, len(names), 500):
        rows = Photo.objects.filter(key__in=names[start : start + 500])
        found |= dict(rows.values_list("key", needs))
    return found


# --- voices ---


def run_voices() -> dict[str, int]:
    return {"voices again": requeue_voices(), "voice files": drop_stray_voice_files()}


def requeue_voices() -> int:
    late = Voice.objects.due().filter(created_at__lt=timezone.now() - LATE).order_by("id")
    called = queue.list_waiting_ids(make_voice)
    again = [pk for pk in late.values_list("pk", flat=True)[:AT_ONCE] if pk not in called]
    return queue.enqueue_again(make_voice, again)


def drop_stray_voice_files() -> int:
    """Delete recordings in the intake that no waiting row needs."""
    names = list_intake("voices")
    waiting = Voice.objects.filter(status=Voice.Status.WAITING)
    needed: dict[str, bool] = {}
    for start in range(0, len(names), 500):
        rows = waiting.filter(key__in=names[start : start + 500])
        needed |= dict.fromkeys(rows.values_list("key", flat=True), True)
    return drop_stray_files("voices", names, needed)


def drop_unused_voices() -> int:
    """Delete at most AT_ONCE; the row first, in one statement that looks once more, then its files."""
    unused = Voice.objects.filter(~filter_referenced(Voice), created_at__lt=timezone.now() - UNUSED)
    count = 0
    for voice in unused.order_by("id")[:AT_ONCE]:
        try:
            gone = unused.filter(pk=voice.pk).delete()[0]
        except (ProtectedError, RestrictedError):  # taken into use this very moment
            log.warning("a voice came into use while it was cleared away")
            continue
        if gone:
            storages["private"].delete(voice.name)
            storages["intake"].delete(voice.intake_name)
            count += 1
    return count


# --- documents ---


def drop_unused_documents() -> int:
    """Delete at most AT_ONCE private documents of abandoned forms.

    The row is deleted first, by one statement that checks its use once more, then its file.
    """
    unused = Document.objects.filter(
        ~filter_referenced(Document), created_at__lt=timezone.now() - UNUSED_AFTER
    )
    count = 0
    for document in unused.order_by("id")[:AT_ONCE]:
        try:
            gone = unused.filter(pk=document.pk).delete()[0]
        except (ProtectedError, RestrictedError):  # taken into use this very moment
            log.warning("a document came into use while it was cleared away")
            continue
        if gone:
            storages["private"].delete(document.name)
            count += 1
    return count


# --- videos and uploads ---


def run_videos() -> dict[str, int]:
    """Clean up videos and uploads; 6 queries."""
    done = {"videos again": requeue_videos(), "raised": raise_waiting(), "expired": expire_uploads()}
    return done | {"pieces": drop_stray_chunks(), "left": drop_work_folders()}


def requeue_videos() -> int:
    late = Video.objects.due().filter(created_at__lt=timezone.now() - LATE).order_by("id")
    called = queue.list_waiting_ids(make_video)
    again = {video.pk: video for video in late[:AT_ONCE] if video.pk not in called}
    return queue.enqueue_again(make_video, again, lambda pk: queue_video(again[pk]))


def expire_uploads() -> int:
    """Expire uploads that were not continued; `drop_stray_chunks` deletes their chunks."""
    now = timezone.now()
    late = Upload.objects.filter(state=Upload.State.OPEN, expires_at__lt=now)
    gone = Upload.State.GONE
    return late.update(state=gone) + find_finished_recordings(now).update(state=gone)


def find_finished_recordings(now: datetime) -> models.QuerySet[Upload]:
    """Return complete recordings that are no longer needed, and of which no film is being made.

    Those are recordings that nothing refers to a week after their last chunk, those whose film has been ready for a week,
    and those that have reached their maximum age.
    """
    parts = VideoPart.objects.filter(upload=OuterRef("pk"))
    busy = parts.filter(video__status=Video.Status.WAITING)
    done = parts.filter(video__status=Video.Status.READY, video__created_at__lt=now - RETRY_WITHIN)
    whole = Upload.objects.filter(~Exists(busy), purpose=Upload.Purpose.TAKE, state=Upload.State.WHOLE)
    is_unused = ~filter_referenced(Upload) & Q(expires_at__lt=now + RECORDING_EXPIRES_AFTER - RETRY_WITHIN)
    return whole.filter(is_unused | Exists(done) | Q(expires_at__lt=now))


def drop_stray_chunks() -> int:
    """Delete chunks that nothing needs any more: of uploads that expired, or of a job that died before its last step."""
    keys = chunks.list_keys()
    needed: set[str] = set()
    failed = Q(video__status=Video.Status.FAILED, video__created_at__gt=timezone.now() - RETRY_WITHIN)
    waits = Q(state=Upload.State.OPEN) | Q(video__status=Video.Status.WAITING) | failed
    waits |= Q(purpose=Upload.Purpose.TAKE, state=Upload.State.WHOLE)
    for start in range(0, len(keys), 500):
        rows = Upload.objects.filter(waits, key__in=keys[start : start + 500])
        needed.update(rows.values_list("key", flat=True))
    strays = [key for key in keys if key not in needed]
    for key in strays[:AT_ONCE]:
        chunks.drop(key)
    return len(strays)


def drop_work_folders() -> int:
    """Delete work folders of workers that were killed."""
    count = 0
    for folder in (settings.VAR_DIR / WORK_FOLDER).glob("*"):
        try:
            if folder.stat().st_mtime < time.time() - WORK_FOLDER_UNUSED.total_seconds():
                shutil.rmtree(folder)
                count += 1
        except FileNotFoundError:
            continue
    return count


def find_unused_videos(before: datetime) -> ProcessedQuerySet:
    """Return videos older than that, to which no row refers but the uploads from which they were made."""
    return Video.objects.filter(~filter_referenced(Video, besides=(Upload, VideoPart)), created_at__lt=before)


def drop_unused_videos() -> int:
    """Delete unused videos in two steps an hour apart, and uploads that ended long ago; safe to be killed anywhere.

    First a video is set aside: from then on no form accepts it, while its files still exist. An hour later, when every form
    that might have shown it is done, a video that is used after all is restored; of the others the files are deleted, and
    the row last, so that as long as there is a file, there is a row that the next round finds.
    """
    now = timezone.now()
    aside = Video.objects.filter(status=Video.Status.FAILED, problem=VIDEO_CLEARED, leased_until__lt=now)
    count = sum(drop_or_give_back(video) for video in aside.order_by("id")[:AT_ONCE])
    set_aside()
    over = Upload.objects.filter(expires_at__lt=now - VIDEO_UNUSED).exclude(state=Upload.State.OPEN)
    over.filter(video__isnull=True, parts__isnull=True).delete()
    return count


def set_aside() -> None:
    """Mark unused videos, except those that still wait: they will be ready or failed later, and then be checked."""
    now = timezone.now()
    old = find_unused_videos(now - VIDEO_UNUSED).exclude(status=Video.Status.WAITING)
    fresh = old.exclude(status=Video.Status.FAILED, problem=VIDEO_CLEARED).order_by("id")
    found = list(fresh.values_list("pk", flat=True)[:AT_ONCE])
    aside = {"status": Video.Status.FAILED, "problem": VIDEO_CLEARED, "leased_until": now + SET_ASIDE}
    old.filter(pk__in=found).update(**aside)


def drop_or_give_back(video: Video) -> bool:
    """Delete the video or restore it; return whether it was deleted."""
    mine = find_unused_videos(timezone.now() - VIDEO_UNUSED).filter(pk=video.pk, problem=VIDEO_CLEARED)
    if not mine.exists():
        give_back(video)
        return False
    delete_files(video)
    delete_chunks(video)
    try:
        return bool(mine.delete()[0])
    except (ProtectedError, RestrictedError):  # not by a form: forms accept none that is set aside
        log.warning("a video came into use while it was cleared away", extra={"fields": {"video": video.pk}})
        return False


def give_back(video: Video) -> None:
    """Restore a video that was used just before it was set aside. One that failed stays failed."""
    if not video.renditions:
        return
    mine = Video.objects.filter(pk=video.pk, problem=VIDEO_CLEARED)
    ready = {"status": Video.Status.READY, "problem": "", "leased_until": None}
    try:
        with transaction.atomic():
            mine.update(**ready)
    except IntegrityError:  # the same bytes were uploaded meanwhile, and are another Video
        mine.update(**ready, sha256="")
