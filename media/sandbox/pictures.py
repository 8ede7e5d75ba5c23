"""Make the small upright WebP pictures of a page from a phone's photo. Only Pillow, no Django.

A stranger's file is opened only in the child of `media.sandbox.decoder`; the project's own pictures anywhere.
"""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Sequence
from typing import BinaryIO

# Pillow loads all its fifty formats to find one that was not imported.
from PIL import Image, ImageFile, WebPImagePlugin  # noqa: F401

from media.sandbox.results import DecodedPictures, Unusable, list_available_widths

log = logging.getLogger(__name__)

KINDS = ("JPEG", "PNG", "WEBP", "HEIF")  # MPO, two JPEGs in one file, opens as JPEG
# Exceptions of decoders when a file's content does not match its header.
BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, RuntimeError, IndexError, KeyError, TypeError, OverflowError,
    struct.error, zlib.error, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
ON_ITS_SIDE = (5, 6, 7, 8)
QUALITY = 75
# A list shows 24 of the smallest: each is compressed until it fits, as far as it is still recognisable.
SMALLEST_BYTES = 12_000
# Lower qualities, each with the typical share of the first size for photos of fruit, to choose well at once.
LIGHTER = {66: 0.91, 57: 0.78, 48: 0.69, 40: 0.6, 32: 0.52, 25: 0.44}


def make_pictures(file: BinaryIO, widths: Sequence[int], most_pixels: int) -> DecodedPictures:
    """Return the pictures of a file; raises Unusable if it cannot be shown."""
    return resize_pictures(*decode(file, max(widths), most_pixels), widths)


def resize_pictures(
    image: Image.Image, size: tuple[int, int], turn: int, widths: Sequence[int]
) -> DecodedPictures:
    """Return the pictures of a decoded image, whose full `size` may be larger than what was decoded of it."""
    on_its_side = turn in ON_ITS_SIDE
    width, height = reversed(size) if on_its_side else size
    todo = list_available_widths(width, sorted(widths))
    shown = (todo[-1], max(1, round(height * todo[-1] / width)))
    image = image.resize(shown[::-1] if on_its_side else shown, Image.Resampling.BICUBIC, reducing_gap=2.0)
    image = to_plain(image)
    if turn in TURNS:
        image = image.transpose(TURNS[turn])
    files = {}
    for each in reversed(todo):
        image = image.resize((each, max(1, round(height * each / width))), Image.Resampling.BICUBIC)
        files[each] = encode_within(image, SMALLEST_BYTES if each == min(widths) else None)
    return DecodedPictures(width, height, files)


def redraw(file: BinaryIO, side: int, most_pixels: int, quality: int) -> DecodedPictures:
    """Return one upright picture of at most `side` pixels a side, with its own size; raises Unusable."""
    image, _size, turn = decode(file, side, most_pixels)
    try:
        image.thumbnail((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
        image = to_plain(image)
        if turn in TURNS:
            image = image.transpose(TURNS[turn])
        return DecodedPictures(image.width, image.height, {image.width: encode(image, quality)})
    except BROKEN as broken:
        raise Unusable("broken") from broken


def decode(file: BinaryIO, side: int, most_pixels: int) -> tuple[Image.Image, tuple[int, int], int]:
    """Return the image, at least `side` wide once turned, its full size and its EXIF orientation."""
    Image.MAX_IMAGE_PIXELS = most_pixels
    register_heif(file)
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        image = Image.open(file, formats=KINDS)
        size = image.size
        if size[0] * size[1] > most_pixels:
            raise Unusable("large")
        if image.format not in ("JPEG", "MPO"):
            image.load()
            return to_resizable(image), image.size, read_orientation(image)
        turn = read_orientation(image)
        # libjpeg can decode directly to a half, a quarter or an eighth.
        image.draft("RGB", (1, side) if turn in ON_ITS_SIDE else (side, 1))
        image.load()
        return to_resizable(image), size, turn
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Unusable("large") from bomb
    except BROKEN as broken:
        log.warning("a picture cannot be decoded", exc_info=True)
        raise Unusable("broken") from broken


def register_heif(file: BinaryIO) -> None:
    """Register the format of newer phones when such a file arrives: loading its decoder takes a tenth of a photo's time."""
    file.seek(0)
    if file.read(12)[4:8] == b"ftyp":
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    file.seek(0)


def read_orientation(image: Image.Image) -> int:
    """Return 1 to 8 as in EXIF; 1 if there is none or it cannot be read."""
    try:
        return image.getexif().get(ORIENTATION, 1)
    except BROKEN:
        return 1


def to_resizable(image: Image.Image) -> Image.Image:
    """Convert to a mode whose pixels can be averaged."""
    if image.mode in ("RGB", "L", "CMYK") and "transparency" not in image.info:
        return image
    if image.mode.startswith(("I", "F")):  # 16 bits of grey
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    has_alpha = "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa")
    return image.convert("RGBA" if has_alpha else "RGB")


def to_plain(image: Image.Image) -> Image.Image:
    """Convert to sRGB on white, without metadata: place, camera, owner."""
    profile = image.info.get("icc_profile")
    image.info = {}
    if image.mode == "RGBA":
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    if profile:
        image = to_srgb(image, profile)
    return image if image.mode == "RGB" else image.convert("RGB")


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert by the profile: newer phones use Display P3, which would look dull without it."""
    from PIL import ImageCms

    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(given):
            return image
        made = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
        return made or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def encode_within(image: Image.Image, most_bytes: int | None) -> bytes:
    first = encoded = encode(image, QUALITY)
    if most_bytes is None:
        return first
    for quality, share in LIGHTER.items():
        if len(encoded) <= most_bytes:
            break
        if len(first) * share <= most_bytes or quality == min(LIGHTER):
            encoded = encode(image, quality)
    return encoded


def encode(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "WEBP", quality=quality, exif=b"", xmp=b"", icc_profile=b"")
    return file.getvalue()
