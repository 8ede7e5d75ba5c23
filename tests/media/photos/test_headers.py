import io

import pytest

from media.photos.headers import Head, UnfitPhoto, read
from tests.media import pictures


def head(content: bytes) -> Head:
    return read(io.BytesIO(content), len(content))


def why(content: bytes) -> str:
    with pytest.raises(UnfitPhoto) as unfit:
        head(content)
    return unfit.value.code


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": pictures.exif()}),
    ],
)
def test_head_tells_kind_and_size(kind, options):
    content = pictures.encoded(pictures.drawing(301, 203), kind, **options)
    assert head(content) == Head(kind, 301, 203)


def test_head_of_transparent_webp_tells_size():
    assert head(pictures.encoded(pictures.drawing(301, 203, "RGBA"), "WEBP")) == Head("WEBP", 301, 203)


def test_head_of_heic_is_its_largest_picture():
    assert head(pictures.HEIC.read_bytes()) == Head("HEIF", 1600, 1200)


def test_head_of_two_jpegs_in_one_file_is_the_first():
    pair = pictures.encoded(
        pictures.drawing(301, 203), "MPO", save_all=True, append_images=[pictures.drawing(100, 80)]
    )
    assert head(pair) == Head("JPEG", 301, 203)


def test_film_behind_a_jpeg_does_not_matter():
    assert head(pictures.jpeg() + b"MotionPhoto" + bytes(5000)) == Head("JPEG", 400, 300)


def test_cut_jpeg_is_told_though_its_thumbnail_is_whole():
    small = pictures.jpeg(80, 60)
    tags = b"Exif\0\0" + small
    whole = pictures.jpeg()
    with_thumbnail = whole[:2] + b"\xff\xe1" + (len(tags) + 2).to_bytes(2, "big") + tags + whole[2:]
    assert head(with_thumbnail) == Head("JPEG", 400, 300)
    assert why(with_thumbnail[:-400]) == "cut"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.999])
def test_cut_file_is_told(kind, share):
    whole = pictures.encoded(pictures.drawing(), kind)
    cut = whole[: max(40, int(len(whole) * share))]
    assert why(cut) == "cut"


def test_cut_heic_is_told():
    assert why(pictures.HEIC.read_bytes()[:-500]) == "cut"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"GIF89a" + bytes(30), "gif"),
        (pictures.moving("GIF"), "gif"),
        (pictures.moving("PNG"), "moving"),
        (pictures.moving("WEBP"), "moving"),
        (b"\0\0\0\x20ftypisom" + bytes(40), "video"),
        (b"\0\0\0\x20ftypavif" + bytes(40), "other"),
        (b"\x1aE\xdf\xa3" + bytes(40), "video"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "other"),
        (b"BM" + bytes(60), "other"),
        (b"II*\0" + bytes(60), "other"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "other"),
        ("一段话".encode(), "other"),
        (b"\xff\xd8\xff", "cut"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "cut"),
        (b"\x89PNG\r\n\x1a\n", "cut"),
        (b"\0\0\0\x18ftypheic" + bytes(12), "other"),
        (b"RIFF\x10\0\0\0WEBPJUNK" + bytes(16), "other"),
    ],
)
def test_what_is_no_still_picture_is_named(content, code):
    assert why(content) == code


def test_lying_lengths_end():
    """Segments, chunks and boxes that go nowhere, or on for ever."""
    assert why(b"\xff\xd8\xff" + b"\xff" * 50_000) == "cut"
    assert why(b"\xff\xd8" + b"\xff\xe0\0\x02" * 20_000) == "other"
    assert why(b"\x89PNG\r\n\x1a\n" + (b"\0\0\0\0tEXt" + bytes(4)) * 20_000) == "other"
    assert why(b"\0\0\0\x10ftypheic\0\0\0\0" + b"\0\0\0\x01free" + bytes(8)) == "cut"
    assert why(b"\0\0\0\x10ftypheic\0\0\0\0" + b"\0\0\0\x08free" * 20_000) == "other"


def test_jpeg_of_endless_scans_is_refused():
    """A thousand passes over a large picture would keep the worker busy for an hour."""
    whole = pictures.encoded(pictures.drawing(), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    assert 1 < whole.count(b"\xff\xda") < 20
    assert why(whole[:-2] + whole[last:-2] * 200 + whole[-2:]) == "other"
    assert head(whole[:-2] + whole[last:-2] * 20 + whole[-2:]) == Head("JPEG", 400, 300)
