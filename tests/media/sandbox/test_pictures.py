import io
import zlib

import pytest
from PIL import Image, ImageCms

from media.sandbox import pictures
from media.sandbox.results import list_available_widths
from tests.media import pictures as makers

WIDTHS = (320, 720, 1200)
MOST = 100_000_000


def made(content: bytes) -> pictures.DecodedPictures:
    return pictures.make_pictures(io.BytesIO(content), WIDTHS, MOST)


def shown(content: bytes, width: int = 320) -> Image.Image:
    return Image.open(io.BytesIO(made(content).files[width])).convert("RGB")


def why(content: bytes) -> str:
    with pytest.raises(pictures.Unusable) as unusable:
        made(content)
    return unusable.value.reason


def test_photo_becomes_three_widths_of_its_own_shape():
    result = made(makers.phone_jpeg(turn=1))
    assert (result.width, result.height) == (4000, 3000)
    sizes = {width: Image.open(io.BytesIO(file)).size for width, file in result.files.items()}
    assert sizes == {320: (320, 240), 720: (720, 540), 1200: (1200, 900)}


# The position of the sensor's red top left corner after the picture is turned upright.
CORNERS = {1: "tl", 2: "tr", 3: "br", 4: "bl", 5: "tl", 6: "tr", 7: "br", 8: "bl"}


@pytest.mark.parametrize("turn", CORNERS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_stands_upright(turn, kind):
    # A JPEG is decoded directly to half of its size.
    width, height = (640, 480) if kind == "JPEG" else (480, 360)
    content = makers.encoded(makers.drawing(width, height), kind, exif=makers.exif(turn))
    result = pictures.make_pictures(io.BytesIO(content), (320,), MOST)
    assert (result.width, result.height) == ((height, width) if turn > 4 else (width, height))
    image = Image.open(io.BytesIO(result.files[320])).convert("RGB")
    assert image.size == ((320, 427) if turn > 4 else (320, 240))
    right, low = image.width - 12, image.height - 12
    where = {"tl": (12, 12), "tr": (right, 12), "br": (right, low), "bl": (12, low)}
    red = [name for name, spot in where.items() if makers.near(image.getpixel(spot), makers.CORNER)]
    assert red == [CORNERS[turn]]


@pytest.mark.long
def test_heic_stands_upright():
    result = made(makers.HEIC.read_bytes())
    assert (result.width, result.height) == (1200, 1600)
    image = shown(makers.HEIC.read_bytes())
    assert image.size == (320, 427)
    assert makers.near(image.getpixel((300, 20)), makers.CORNER)


@pytest.mark.long
def test_nothing_but_pixels_is_left():
    content = makers.phone_jpeg(2000, 1500)
    assert makers.SERIAL in content
    assert makers.MODEL in content
    for file in made(content).files.values():
        assert makers.SERIAL not in file
        assert makers.MODEL not in file
        image = Image.open(io.BytesIO(file))
        assert dict(image.getexif()) == {}
        assert [name for name in (b"EXIF", b"XMP ", b"ICCP", b"VP8X") if name in file[:64]] == []


def test_small_photo_is_not_blown_up():
    result = made(makers.jpeg(500, 400))
    assert {width: Image.open(io.BytesIO(file)).size for width, file in result.files.items()} == {
        320: (320, 256),
        500: (500, 400),
    }
    assert list(made(makers.jpeg(200, 150)).files) == [200]
    assert list(made(makers.jpeg(1, 1)).files) == [1]


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (4000, [320, 720, 1200]),
        (1200, [320, 720, 1200]),
        (1199, [320, 720, 1199]),
        (720, [320, 720]),
        (9, [9]),
    ],
)
def test_existing_widths_are_honest(width, widths):
    assert list_available_widths(width, WIDTHS) == widths


@pytest.mark.long
def test_thumbnail_fits_into_a_list():
    from bench.scenarios.media.photos import phone_photo

    content = makers.encoded(phone_photo(1600, 1200), quality=92)
    plain = pictures.encode(Image.open(io.BytesIO(content)).resize((320, 240)), pictures.QUALITY)
    assert len(plain) > 12_000  # without the search it would not
    assert len(made(content).files[320]) <= 12_000


def test_transparent_parts_are_white():
    image = Image.new("RGBA", (800, 600), (0, 0, 0, 0))
    image.paste((246, 160, 42, 255), (400, 0, 800, 600))
    small = shown(makers.encoded(image, "PNG"))
    assert makers.near(small.getpixel((20, 20)), (255, 255, 255))
    assert makers.near(small.getpixel((300, 20)), (246, 160, 42))


@pytest.mark.long
@pytest.mark.parametrize("mode", ["P", "RGB", "RGBA"])
def test_every_colour_mode_of_png_is_shown(mode):
    small = shown(makers.encoded(makers.drawing(800, 600, mode), "PNG"))
    assert makers.near(small.getpixel((12, 12)), makers.CORNER, by=24)


@pytest.mark.long
@pytest.mark.parametrize("mode", ["1", "L", "LA", "I;16"])
def test_every_grey_mode_of_png_is_shown(mode):
    light = {"1": 1, "LA": (255, 255), "I;16": 0xFFFF}.get(mode, 255)
    small = shown(makers.encoded(Image.new(mode, (800, 600), light), "PNG"))
    assert makers.near(small.getpixel((100, 100)), (255, 255, 255))
    grey = shown(makers.encoded(Image.new("I;16", (800, 600), 0xC000), "PNG"))
    assert makers.near(grey.getpixel((100, 100)), (0xC0, 0xC0, 0xC0))


def test_cmyk_jpeg_is_shown():
    small = shown(makers.encoded(makers.drawing(800, 600, "CMYK"), "JPEG"))
    assert makers.near(small.getpixel((12, 12)), makers.CORNER, by=30)


def swapped_profile() -> bytes:
    """sRGB with red and blue exchanged, under another name."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    return profile.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


@pytest.mark.long
def test_colours_follow_the_profile():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    spot = (12, 12)
    assert makers.near(shown(makers.jpeg(800, 600)).getpixel(spot), (192, 32, 32))
    assert makers.near(shown(makers.jpeg(800, 600, icc_profile=srgb)).getpixel(spot), (192, 32, 32))
    swapped = swapped_profile()
    assert makers.near(shown(makers.jpeg(800, 600, icc_profile=swapped)).getpixel(spot), (32, 32, 192), by=40)


@pytest.mark.long
def test_broken_profile_is_passed_over():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (b"nonsense" * 20, lab):
        small = shown(makers.jpeg(800, 600, icc_profile=profile))
        assert makers.near(small.getpixel((12, 12)), (192, 32, 32))


def test_first_of_two_jpegs_in_one_file_is_shown():
    pair = makers.encoded(
        makers.drawing(800, 600), "MPO", save_all=True, append_images=[Image.new("RGB", (800, 600))]
    )
    assert makers.near(shown(pair).getpixel((12, 12)), makers.CORNER)


@pytest.mark.long
def test_more_pixels_than_allowed_are_refused():
    content = makers.png_of_size(1000, 1000)
    with pytest.raises(pictures.Unusable, match="large"):
        pictures.make_pictures(io.BytesIO(content), WIDTHS, 999_999)
    with pytest.raises(pictures.Unusable, match="large"):  # where Pillow itself would refuse
        pictures.make_pictures(io.BytesIO(content), WIDTHS, 400_000)
    assert pictures.make_pictures(io.BytesIO(content), WIDTHS, 1_000_000).width == 1000


@pytest.mark.long
@pytest.mark.parametrize(
    "make",
    [
        lambda: makers.jpeg()[:-3000],
        lambda: makers.encoded(makers.drawing(), "PNG")[:-300],
        lambda: makers.encoded(makers.drawing(), "WEBP")[:-300],
        lambda: makers.HEIC.read_bytes()[:-3000],
        lambda: makers.png_with(b"zTXt", b"k\0\0" + zlib.compress(bytes(100_000_000))),
        lambda: makers.png_with(b"IDAT", b"nonsense"),
        lambda: makers.moving("GIF"),
        lambda: b"%PDF-1.7",
        lambda: b"",
    ],
    ids=["jpeg", "png", "webp", "heic", "png-text-bomb", "png-nonsense", "gif", "pdf", "nothing"],
)
def test_what_cannot_be_decoded_is_broken(make):
    assert why(make()) == "broken"


def redrawn(content: bytes, side: int = 200) -> tuple[pictures.DecodedPictures, Image.Image]:
    result = pictures.redraw(io.BytesIO(content), side, MOST, 70)
    [(width, file)] = result.files.items()
    assert width == result.width
    return result, Image.open(io.BytesIO(file)).convert("RGB")


@pytest.mark.parametrize(("turn", "size", "corner"), [(1, (200, 150), (9, 9)), (6, (150, 200), (140, 9))])
def test_picture_of_a_paper_is_redrawn_upright_within_its_side(turn, size, corner):
    result, image = redrawn(makers.jpeg(400, 300, exif=makers.exif(turn)))
    assert (result.width, result.height) == image.size == size
    assert makers.near(image.getpixel(corner), makers.CORNER)


def test_small_picture_of_a_paper_keeps_its_size_and_gets_white_paper():
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    result, image = redrawn(makers.encoded(image, "PNG"))
    assert (result.width, result.height) == (60, 40)
    assert makers.near(image.getpixel((30, 20)), (255, 255, 255))
    with pytest.raises(pictures.Unusable, match="broken"):
        redrawn(b"nonsense")


def test_orientation_that_cannot_be_read_is_upright():
    content = makers.jpeg(400, 300, exif=b"Exif\0\0nonsense")
    assert (made(content).width, made(content).height) == (400, 300)


def test_picture_of_a_few_grey_pixels_more_than_allowed_is_refused():
    for most in (1599, 500):  # twice as many Pillow itself would refuse
        with pytest.raises(pictures.Unusable, match="large"):
            pictures.make_pictures(io.BytesIO(makers.png_of_size(40, 40)), WIDTHS, most)
    assert pictures.make_pictures(io.BytesIO(makers.png_of_size(40, 40)), WIDTHS, 1600).width == 40


def test_noise_that_does_not_fit_into_a_list_is_made_as_light_as_is_allowed():
    noise = Image.effect_noise((160, 120), 255).convert("RGB")
    content = pictures.encode_within(noise, 100)
    assert content == pictures.encode(noise, min(pictures.LIGHTER))
    assert pictures.encode_within(noise, None) == pictures.encode(noise, pictures.QUALITY)
