import hashlib
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import connection
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from media.models import Photo
from media.photos import intake
from tests.media import pictures
from tests.media.pictures import upload


def why(content: bytes, owner: User, name: str = "IMG_0001.jpg") -> str:
    with pytest.raises(ValidationError) as error:
        intake.store_photo(upload(content, name), owner)
    assert Photo.objects.count() == 0
    assert originals() == []
    return error.value.messages[0]


def originals() -> list[str]:
    try:
        return storages["intake"].listdir("photos")[1]
    except FileNotFoundError:
        return []


def test_photo_is_kept_and_the_worker_called(seller, empty_storage):
    content = pictures.phone_jpeg(800, 600)
    photo = intake.store_photo(upload(content), seller)
    photo.refresh_from_db()
    assert (photo.owner, photo.status, photo.problem) == (seller, "waiting", "")
    assert (photo.width, photo.height, photo.bytes) == (800, 600, len(content))
    assert photo.sha256 == hashlib.sha256(content).hexdigest()
    assert originals() == [photo.key]
    with storages["intake"].open(photo.intake_name) as file:
        assert file.read() == content
    [call] = DBTaskResult.objects.all()
    assert call.task_path == "media.tasks.make_pictures"
    assert (call.args_kwargs["args"], call.args_kwargs["kwargs"]) == ([photo.pk], {})


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_kind_is_told_by_content_not_by_name(kind, seller, empty_storage):
    photo = intake.store_photo(upload(pictures.encoded(pictures.drawing(), kind), "发票.pdf"), seller)
    assert (photo.width, photo.height) == (400, 300)


def test_heic_is_taken(seller, empty_storage):
    photo = intake.store_photo(upload(pictures.HEIC.read_bytes(), "IMG_2.HEIC"), seller)
    assert (photo.width, photo.height) == (1600, 1200)


def test_large_upload_goes_to_disk_and_never_into_memory(seller, empty_storage):
    """Django gives a file for more than 2.5 MB; it is moved, not read."""
    content = pictures.jpeg() + bytes(5_000_000)
    file = TemporaryUploadedFile("大.jpg", "image/jpeg", len(content), None)
    file.write(content)
    reads = []
    file.file.read, plain = lambda size=-1: reads.append(size) or plain(size), file.file.read
    photo = intake.store_photo(file, seller)
    file.close()
    assert photo.bytes == len(content)
    assert 0 < max(reads) <= 1 << 20
    assert min(reads) > 0
    assert originals() == [photo.key]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "空.jpg", "“空.jpg”是空的，重新选一次"),
        (b"%PDF-1.7\n", "橙子.jpg", "“橙子.jpg”是 PDF，把那一页拍下来再传"),
        (pictures.jpeg()[:-200], "IMG_1.jpg", "“IMG_1.jpg”缺了后半截，重新选一次"),
        (pictures.moving("GIF"), "跳舞.gif", "“跳舞.gif”是 GIF，换一张照片"),
        (pictures.encoded(pictures.drawing(), "GIF"), "a.jpg", "“a.jpg”是 GIF，换一张照片"),
        (pictures.moving("WEBP"), "a.webp", "“a.webp”是动图，换一张照片"),
        (pictures.moving("PNG"), "a.png", "“a.png”是动图，换一张照片"),
        (b"\0\0\0\x20ftypmp42" + bytes(99), "VID.mp4", "“VID.mp4”是视频，这里只收照片"),
        (b"MZ\x90", "果.jpg", "“果.jpg”不是照片，能收 JPEG、PNG、WebP 和 HEIC"),
        (pictures.jpeg(40, 500), "长.jpg", "“长.jpg”太长了，截成几张再传"),
    ],
)
def test_bad_file_is_refused_by_name(content, name, sentence, seller, empty_storage):
    assert why(content, seller, name) == sentence


def test_pixel_bomb_is_refused_by_its_header(seller, empty_storage):
    content = pictures.png_of_size(30_000, 30_000)
    assert len(content) < 200_000
    assert why(content, seller, "大.png") == "“大.png”有 30000×30000 像素，太大了，用普通模式拍一张"


def test_41_megabytes_are_refused_unread(seller, empty_storage):
    class Untouched:
        name, size = "大.jpg", 41_000_000

        def seek(self, at):
            raise AssertionError("read")

    with pytest.raises(ValidationError) as error:
        intake.store_photo(Untouched(), seller)
    assert error.value.messages == ["“大.jpg”有 41 MB，最多收 40 MB"]
    assert why(pictures.jpeg() + bytes(41_000_000), seller) == "“IMG_0001.jpg”有 41.1 MB，最多收 40 MB"


def test_name_is_shown_short_and_harmless(seller, empty_storage):
    name = "../../etc/\u202egnp.<script>alert(1)</script>" + "长" * 300 + ".jpg"
    with translation.override("en"):
        sentence = why(b"", seller, name)
    assert "\u202e" not in sentence
    assert "/etc" not in sentence
    assert len(sentence) < 90
    assert "….jpg" in sentence


def test_same_photo_of_one_person_is_one_photo(seller, trainee, empty_storage):
    content = pictures.jpeg()
    first = intake.store_photo(upload(content), seller)
    assert intake.store_photo(upload(content, "another name.jpg"), seller) == first
    assert DBTaskResult.objects.count() == 1
    assert originals() == [first.key]
    other = intake.store_photo(upload(content), trainee)
    assert other != first


def test_same_photo_after_a_failure_is_tried_anew(seller, empty_storage):
    first = intake.store_photo(upload(pictures.jpeg()), seller)
    Photo.objects.update(status=Photo.Status.FAILED)
    assert intake.store_photo(upload(pictures.jpeg()), seller) != first


def test_old_photo_sent_again_is_young_again(seller, empty_storage):
    first = intake.store_photo(upload(pictures.jpeg()), seller)
    Photo.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert intake.store_photo(upload(pictures.jpeg()), seller) == first
    first.refresh_from_db()
    assert timezone.now() - first.created_at < timedelta(minutes=1)


def test_two_hundred_photos_a_day(seller, trainee, empty_storage, monkeypatch):
    monkeypatch.setattr(intake, "PHOTOS_A_DAY", 2)
    first = intake.store_photo(upload(pictures.jpeg(100, 80)), seller)
    intake.store_photo(upload(pictures.jpeg(100, 81)), seller)
    with pytest.raises(intake.TooManyFiles) as error:
        intake.store_photo(upload(pictures.jpeg(100, 82)), seller)
    assert error.value.messages == ["今天传了 2 张，明天再传"]
    assert len(originals()) == 2
    assert intake.store_photo(upload(pictures.jpeg(100, 80)), seller) == first  # a resend is not a new one
    intake.store_photo(upload(pictures.jpeg(100, 82)), trainee)
    Photo.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(hours=25))
    intake.store_photo(upload(pictures.jpeg(100, 83)), seller)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_same_photo_twice_at_once_is_one_photo(seller, empty_storage):
    content, found, gate = pictures.jpeg(), [], threading.Barrier(4)

    def send() -> None:
        gate.wait()
        try:
            found.append(intake.store_photo(upload(content), seller).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    [photo] = Photo.objects.all()
    assert set(found) == {photo.pk}
    assert DBTaskResult.objects.count() == 1
    assert originals() == [photo.key]
