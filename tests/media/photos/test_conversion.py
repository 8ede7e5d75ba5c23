import io
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from media import storages
from media.models import Photo
from media.photos import conversion, intake
from media.sandbox import decoder, results
from media.tasks import make_pictures
from tests.media import pictures, processes
from tests.media.pictures import upload
from tests.media.worker import work_off
from ui.responses import page_cache

READY, WAITING, FAILED = Photo.Status.READY, Photo.Status.WAITING, Photo.Status.FAILED


def stored() -> list[str]:
    """Return every file in the storage, intake included."""
    roots = (Path(settings.MEDIA_ROOT), settings.INTAKE_ROOT)
    return sorted(path.name for root in roots for path in root.rglob("*") if path.is_file())


def sent(owner, content: bytes | None = None) -> Photo:
    return intake.store_photo(upload(content or pictures.jpeg(1600, 1200)), owner)


def waiting_with(owner, content: bytes) -> Photo:
    """Return a photo whose header seemed valid."""
    photo = Photo.objects.create(owner=owner, width=400, height=300)
    storages.write_file(photo.intake(), photo.intake_name, ContentFile(content))
    return photo


def test_three_upright_files_and_nothing_else_are_left(seller, empty_storage):
    """A rotated 12-megapixel photo with GPS leaves no original, serial number or position in the storage."""
    content = pictures.phone_jpeg(4000, 3000, turn=6)
    secrets = (pictures.SERIAL, pictures.MODEL, pictures.LATITUDE, b"Owner Zhou", b"Exif")
    assert all(secret in content for secret in secrets)
    photo = sent(seller, content)
    assert stored() == [photo.key]
    assert conversion.process_photo(photo.pk) is True
    photo.refresh_from_db()
    assert (photo.status, photo.width, photo.height, photo.leased_until) == (READY, 3000, 4000, None)
    assert stored() == [f"{photo.key}-{width}.webp" for width in (1200, 320, 720)]
    for path in Path(settings.MEDIA_ROOT).rglob("*.webp"):
        content = path.read_bytes()
        assert not any(secret in content for secret in (*secrets, b"EXIF", b"XMP "))
        image = Image.open(io.BytesIO(content))
        assert dict(image.getexif()) == {}
        width = int(path.stem.rpartition("-")[2])
        assert image.size == (width, round(width * 4 / 3))
        assert pictures.near(image.convert("RGB").getpixel((width - 9, 9)), pictures.CORNER)


@pytest.mark.long
def test_heic_becomes_ready(seller, empty_storage):
    photo = sent(seller, pictures.HEIC.read_bytes())
    assert conversion.process_photo(photo.pk) is True
    photo.refresh_from_db()
    assert (photo.status, photo.width, photo.height) == (READY, 1200, 1600)
    assert not any(b"SERIAL-HEIC" in path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*.webp"))


@pytest.mark.long
def test_ready_photo_moves_the_stamps(seller, empty_storage):
    photo = sent(seller)
    before = page_cache.get_version("shops"), page_cache.get_version("courses")
    conversion.process_photo(photo.pk)
    assert (page_cache.get_version("shops"), page_cache.get_version("courses")) != before
    shops, courses = (int(one) for one in before)
    assert (page_cache.get_version("shops"), page_cache.get_version("courses")) == (
        str(shops + 1),
        str(courses + 1),
    )


@pytest.mark.long
def test_second_copy_of_the_task_does_nothing(seller, empty_storage, monkeypatch):
    photo = sent(seller)
    assert make_pictures.call(photo.pk) is True
    monkeypatch.setattr(decoder, "run_child", None)
    assert make_pictures.call(photo.pk) is False
    assert make_pictures.call(photo.pk + 1000) is False
    photo.refresh_from_db()
    assert (photo.status, photo.attempts) == (READY, 1)


def test_only_one_worker_holds_the_lease(seller, empty_storage):
    photo = sent(seller)
    first = Photo.objects.acquire_lease(photo.pk)
    assert first.leased_until > timezone.now() + timedelta(seconds=110)
    assert Photo.objects.acquire_lease(photo.pk) is None
    Photo.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    second = Photo.objects.acquire_lease(photo.pk)
    assert second.attempts == 2
    # The first one, late, has no say any more.
    made = results.DecodedPictures(10, 10, {})
    assert conversion.mark_ready(first, made) is False
    conversion.mark_failed(first, "broken")
    photo.refresh_from_db()
    assert (photo.status, photo.width) == (WAITING, 1600)
    assert stored() == [photo.key]
    assert conversion.mark_ready(second, made) is True


def test_worker_slower_than_its_lease_stores_nothing(seller, empty_storage, monkeypatch):
    photo = sent(seller)

    def slow(photo: Photo) -> results.DecodedPictures:
        Photo.objects.update(leased_until=timezone.now() + timedelta(minutes=5))  # taken over by another
        return results.DecodedPictures(1, 1, {1: b"x"})

    monkeypatch.setattr(conversion, "decode", slow)
    assert conversion.process_photo(photo.pk) is False
    assert stored() == [photo.key]


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (pictures.jpeg()[:-3000], "这张照片打不开，可能没存完整，重拍一张"),
        (b"%PDF-1.7", "这张照片打不开，可能没存完整，重拍一张"),
        (
            pictures.png_of_size(11_000, 10_000),
            "这张照片像素太多，打不开。用普通模式重拍一张，或者截个图再传",
        ),
    ],
    ids=["cut", "pdf", "110-megapixels"],
)
def test_photo_that_cannot_be_decoded_fails_at_once(content, problem, seller, empty_storage):
    photo = waiting_with(seller, content)
    assert conversion.process_photo(photo.pk) is False
    photo.refresh_from_db()
    assert (photo.status, photo.problem, photo.attempts) == (FAILED, problem, 1)
    assert stored() == []
    assert conversion.process_photo(photo.pk) is False
    photo.refresh_from_db()
    assert photo.attempts == 1


def test_lost_original_fails(seller, empty_storage):
    photo = Photo.objects.create(owner=seller)
    conversion.process_photo(photo.pk)
    photo.refresh_from_db()
    assert (photo.status, photo.problem) == (FAILED, "原来的照片找不到了，重新传一次")


@pytest.mark.long
def test_accident_is_tried_three_times(seller, empty_storage, monkeypatch):
    """With a full disk the photo waits, and fails after three attempts; its original is kept."""
    photo = sent(seller)

    def full(*args) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(conversion, "write_file", full)
    for attempt in (1, 2, 3):
        with pytest.raises(OSError, match="No space"):
            conversion.process_photo(photo.pk)
        photo.refresh_from_db()
        assert photo.attempts == attempt
        assert photo.status == (WAITING if attempt < 3 else FAILED)
        assert conversion.process_photo(photo.pk) is False  # not before the pause is over
        Photo.objects.filter(status=WAITING).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert photo.problem == "试了几次都没做成，换一张再传"
    assert stored() == [photo.key]


def test_three_deaths_are_enough(seller, empty_storage):
    """A worker that dies reports nothing; the one after the third death gives up."""
    photo = sent(seller)
    for _death in range(3):
        assert Photo.objects.acquire_lease(photo.pk) is not None
        Photo.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert conversion.process_photo(photo.pk) is False
    photo.refresh_from_db()
    assert (photo.status, photo.problem, photo.attempts) == (FAILED, "试了几次都没做成，换一张再传", 3)


@pytest.mark.long
def test_half_made_files_are_replaced(seller, empty_storage):
    photo = sent(seller)
    for width in settings.PHOTO_WIDTHS:
        default_storage.save(photo.name_at(width), ContentFile(b"half"))
    assert conversion.process_photo(photo.pk) is True
    assert stored() == [f"{photo.key}-{width}.webp" for width in (1200, 320, 720)]
    assert all(path.read_bytes()[:4] == b"RIFF" for path in Path(settings.MEDIA_ROOT).rglob("*.webp"))


KILLED = """
import os, signal, django
django.setup()
from media.photos import conversion
put, done = conversion.write_file, []
def and_die(storage, name, content):
    if len(done) == {after}:
        storage.save(name, type(content)(content.read()[:100]))
        os.kill(os.getpid(), signal.SIGKILL)
    put(storage, name, content)
    done.append(name)
conversion.write_file = and_die
conversion.process_photo({photo})
"""


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [0, 2])
def test_job_of_a_killed_process_is_done_again(after, seller, empty_storage):
    from media import cleanup

    photo = sent(seller)
    process = processes.python("-c", KILLED.format(after=after, photo=photo.pk))
    assert process.wait(timeout=30) == -signal.SIGKILL, process.stderr.read()
    process.stderr.close()
    photo.refresh_from_db()
    assert (photo.status, photo.attempts) == (WAITING, 1)
    assert len(stored()) == after + 2  # the original, what was done, and half a picture
    work_off()  # the task queued with the upload: the dead worker's lease is still valid
    photo.refresh_from_db()
    assert photo.status == WAITING
    later = timezone.now() - timedelta(minutes=3)
    Photo.objects.update(leased_until=later, created_at=later)
    assert cleanup.requeue_photos() == 1
    work_off()
    photo.refresh_from_db()
    assert (photo.status, photo.attempts) == (READY, 2)
    assert stored() == [f"{photo.key}-{width}.webp" for width in (1200, 320, 720)]


@pytest.mark.long
def test_drawn_image_is_kept_like_a_photo(seller, empty_storage):
    photo = Photo(owner=seller)
    conversion.store_drawn_image(photo, pictures.drawing(1000, 1000))
    photo.save()
    assert (photo.status, photo.width, photo.height) == (READY, 1000, 1000)
    assert photo.widths() == [320, 720, 1000]
    assert stored() == [f"{photo.key}-{width}.webp" for width in (1000, 320, 720)]
