"""Two tabs, dead processes, power cuts: each byte of an upload is stored once and in its place."""

import hashlib
import signal
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from media import chunks, cleanup
from media.models import Upload, Video
from media.uploads import services
from tests.media import processes
from tests.media.uploads.test_tus import filler
from tests.media.videos.films import as_upload, film
from tests.media.videos.test_conversion import stored

pytestmark = pytest.mark.django_db


def whole(upload: Upload) -> bytes:
    path = settings.VAR_DIR / f"whole-{upload.key}"
    chunks.assemble(upload.key, upload.size, path)
    return path.read_bytes()


def send_at_once(upload: Upload, contents: list[bytes]) -> list[int | None]:
    """Send each from its own thread, all at the present offset; return the offset told to each, None for the accepted one."""
    start, told = threading.Barrier(len(contents)), []

    def send(content: bytes) -> None:
        start.wait()
        try:
            services.add_chunk(upload, 0, content)
            told.append(None)
        except services.WrongOffset as wrong:
            told.append(wrong.offset)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[content]) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_of_two_tabs_one_goes_on(trainer, empty_storage):
    """Two tabs send the first piece of the same upload at once, of different lengths."""
    lengths = (300_000, 500_000, 100_000, 400_000)
    upload = services.begin_upload(trainer, 1_000_000)
    told = send_at_once(upload, [filler(length) for length in lengths])
    upload.refresh_from_db()
    assert sorted(told, key=bool) == [None, *[upload.offset] * 3]
    assert upload.offset in lengths
    assert stored(settings.INTAKE_ROOT) == ["0"]  # and no draft of those who lost
    taken = upload.offset
    rest = bytes(1_000_000 - taken)
    services.add_chunk(upload, taken, rest)
    assert whole(upload) == filler(taken) + rest
    assert Video.objects.count() == 1


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_without_the_guard_the_two_tabs_spoil_the_film(trainer, empty_storage, monkeypatch):
    """Control: with an unconditional UPDATE both tabs are told that their chunk was stored."""

    def unguarded(upload: Upload, start: int, by: int) -> bool:
        return bool(Upload.objects.filter(pk=upload.pk).update(offset=F("offset") + by))

    monkeypatch.setattr(services, "advance_offset", unguarded)
    upload = services.begin_upload(trainer, 1_000_000)
    told = send_at_once(upload, [filler(300_000), filler(500_000)])
    upload.refresh_from_db()
    assert (told, upload.offset) == ([None, None], 800_000)
    upload.size = 800_000
    with pytest.raises(chunks.ChunksMissing):
        whole(upload)


KILLED = """
import os, signal, django
django.setup()
from media import chunks
from media.models import Upload
from media.uploads.services import add_chunk
place = chunks.StagedChunk.place
def and_die(self):
    if {placed}:
        place(self)
    os.kill(os.getpid(), signal.SIGKILL)
chunks.StagedChunk.place = and_die
add_chunk(Upload.objects.get(), {start}, b"x" * 400)
"""


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("placed", [False, True])
def test_process_killed_before_the_offset_moved_loses_nothing(placed, trainer, empty_storage):
    """Its chunk is on the disk, under a temporary name or its own, and unacknowledged: the client sends it again."""
    upload = services.begin_upload(trainer, 1000)
    services.add_chunk(upload, 0, filler(500))
    process = processes.python("-c", KILLED.format(placed=placed, start=500))
    assert process.wait(timeout=30) == -signal.SIGKILL, process.stderr.read()
    process.stderr.close()
    upload.refresh_from_db()
    assert upload.offset == 500
    services.add_chunk(upload, 500, b"y" * 500)
    assert whole(upload) == filler(500) + b"y" * 500
    chunks.drop(upload.key)
    assert stored(settings.INTAKE_ROOT) == []


def test_offset_moves_only_after_the_piece_is_on_the_disk(trainer, empty_storage, monkeypatch):
    upload = services.begin_upload(trainer, 1000)

    def full(*args) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(chunks, "write_file", full)
    with pytest.raises(OSError, match="No space"):
        services.add_chunk(upload, 0, filler(500))
    upload.refresh_from_db()
    assert upload.offset == 0


@pytest.mark.long
def test_form_sends_a_film_in_one_go(trainer, empty_storage, monkeypatch):
    monkeypatch.setattr(services, "FORM_CHUNK", 100_000)
    upload = services.store_film(as_upload(film(), "橙子.mp4"), trainer)
    content = film().read_bytes()
    assert (upload.state, upload.size, upload.name) == (Upload.State.WHOLE, len(content), "橙子.mp4")
    assert hashlib.sha256(whole(upload)).digest() == hashlib.sha256(content).digest()


def test_form_takes_120_megabytes(trainer, empty_storage):
    file = as_upload(film())
    file.size = 120_000_001
    with pytest.raises(services.UploadRefused) as refused:
        services.store_film(file, trainer)
    assert refused.value.messages == [
        "视频有 120.1 MB，这样最多传 120 MB。打开浏览器的 JavaScript 就能传大的"
    ]


def opened(owner) -> Upload:
    return Upload.objects.create(owner=owner, size=500, expires_at=timezone.now() + timedelta(hours=1))


def test_sweep_expires_and_clears(trainer, empty_storage):
    """Open and waiting uploads stay; expired, cancelled and long finished ones are deleted."""
    kept, late, waits, done, failed, old = (opened(trainer) for _n in range(6))
    for upload in (kept, late):
        services.add_chunk(upload, 0, filler(400))
    for upload in (waits, done, failed, old):
        services.add_chunk(upload, 0, filler(500))
    Upload.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    Video.objects.filter(pk=done.video_id).update(status="ready")
    Video.objects.filter(pk__in=[failed.video_id, old.video_id]).update(status="failed")
    Video.objects.filter(pk=old.video_id).update(created_at=timezone.now() - timedelta(days=8))
    assert cleanup.run_videos() == {"videos again": 0, "raised": 3, "expired": 1, "pieces": 3, "left": 0}
    assert set(chunks.list_keys()) == {kept.key, waits.key, failed.key}
    assert {upload.state for upload in Upload.objects.filter(pk=late.pk)} == {"gone"}
    assert cleanup.run_videos() == {"videos again": 0, "raised": 0, "expired": 0, "pieces": 0, "left": 0}
