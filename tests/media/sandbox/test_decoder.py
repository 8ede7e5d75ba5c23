"""A stranger's file can only affect its child process: the processes that serve pages and run jobs continue."""

import io
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from PIL import Image

from media.documents import services
from media.models import Photo
from media.photos.conversion import process_photo
from media.sandbox import decoder, results
from tests.media import papers, pictures
from tests.media.documents.test_services import upload

PEAK = """
import resource, sys
from media.sandbox import decoder, results
with open(sys.argv[1], "rb") as file:
    try:
        decoder.shrink_picture(file, (320, 720, 1200), 10**9)
        print("made", end=" ")
    except results.Unusable as unusable:
        print(unusable.reason, end=" ")
print("PIL" in sys.modules, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, end=" ")
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.parametrize(
    ("size", "bits", "colour", "bytes_each"),
    [((10_000, 10_000), 16, 0, 2), ((10_000, 10_000), 8, 6, 4)],
    ids=["16-bit grey", "with alpha"],
)
def test_a_small_file_that_unpacks_to_a_gigabyte_is_refused_within_the_limit(
    tmp_path, size, bits, colour, bytes_each
):
    path = tmp_path / "bomb.png"
    path.write_bytes(pictures.black_png(*size, bits, colour, size[0] * bytes_each))
    assert path.stat().st_size < 1_000_000
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(path)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    reason, has_pillow, child_mib, own_mib = done.stdout.split()
    assert (reason, has_pillow) == ("costly", "False")
    assert int(child_mib) <= 640
    assert int(own_mib) <= 60


def coarse_to_fine(side: int) -> io.BytesIO:
    file = io.BytesIO()
    image = Image.linear_gradient("L").resize((side, side)).convert("RGB")
    image.save(file, "JPEG", progressive=True)
    return file


@pytest.mark.long
def test_largest_photos_that_phones_take_fit_into_the_limit():
    assert decoder.shrink_picture(coarse_to_fine(10_000), (320,), 100_000_000).width == 10_000
    screenshot = io.BytesIO(pictures.black_png(5000, 8000, 8, 6, 5000 * 4))
    assert decoder.shrink_picture(screenshot, (320,), 40_000_000).height == 8000


def test_a_picture_that_takes_too_long_is_refused():
    with pytest.raises(results.Unusable, match="costly"):
        decoder.shrink_picture(coarse_to_fine(5000), (5000, 4900, 4800), 100_000_000, seconds=1)


def test_a_child_that_is_killed_is_no_fault_of_the_picture(seller, empty_storage, monkeypatch):
    photo = Photo.objects.create(owner=seller)
    photo.intake().save(photo.intake_name, io.BytesIO(pictures.jpeg()))
    monkeypatch.setattr(decoder, "CHILD", decoder.CHILD.with_name("dies.py"))
    with pytest.raises(decoder.ChildDied):
        process_photo(photo.pk)
    photo.refresh_from_db()
    assert (photo.status, photo.attempts) == ("waiting", 1)


def test_pictures_of_many_visitors_are_drawn_one_at_a_time(seller, monkeypatch):
    monkeypatch.setattr(services, "WAITS_SECONDS", 0.05)
    with services.hold_decoder(upload(pictures.jpeg())), pytest.raises(ValidationError) as refused:
        services.store_document(upload(pictures.jpeg()), seller)
    assert refused.value.messages == ["这会儿传照片的人多，“IMG_0001.jpg”过半分钟再传一次"]
    assert services.store_document(upload(pictures.jpeg()), seller).width == 400


def test_one_waits_for_the_decoder_and_the_other_threads_go_on(db):
    took = []

    def ask() -> None:
        begun = time.monotonic()
        with pytest.raises(ValidationError), services.hold_decoder(upload(pictures.jpeg())):
            pass
        took.append(time.monotonic() - begun)

    threads = [threading.Thread(target=ask) for _n in range(3)]
    with services.hold_decoder(upload(pictures.jpeg())):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(4)
        assert len(took) == 3
    assert [one > 0.9 for one in sorted(took)] == [False, False, True]


def test_pictures_that_cost_all_the_decoder_has_are_opened_three_times(seller, monkeypatch, empty_storage):
    with monkeypatch.context() as short:
        short.setattr(services, "DECODING_WALL_SECONDS", 0.001, raising=False)
        for number in range(3):
            with pytest.raises(ValidationError) as refused:
                services.store_document(upload(pictures.jpeg(300 + number)), seller)
            assert refused.value.code == "costly"
    with pytest.raises(services.TooManyFiles) as refused:
        services.store_document(upload(pictures.jpeg()), seller)
    assert refused.value.messages == ["试得太多了，过十分钟再试。"]


def test_tries_of_an_address_are_counted_whatever_becomes_of_them(db, monkeypatch, empty_storage):
    monkeypatch.setattr(services, "TRIES_OF_VISITOR", 2, raising=False)
    broken = papers.pdf(papers.SCRIPT)
    codes = []
    for _n in range(3):
        with pytest.raises(ValidationError) as refused:
            services.store_document(upload(broken, "a.pdf"), None, "visitor 192.0.2.1")
        codes.append(refused.value.code)
    assert codes == ["acts", "acts", "often"]


def test_copy_for_the_decoder_lies_where_uploads_do(seller, settings, tmp_path, empty_storage):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "missing"
    for content in (pictures.jpeg(), papers.pdf()):
        with pytest.raises(FileNotFoundError, match="missing"):
            services.store_document(upload(content), seller)
