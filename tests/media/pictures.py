"""Picture files, as phones and attackers make them."""

import io
import struct
import zlib
from functools import cache
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

HEIC = Path(__file__).parent / "files" / "orange.heic"  # 1600×1200, rotated, with GPS and SERIAL-HEIC-4711
SERIAL = b"SERIAL-4711-ORANGE"
MODEL = b"Farmphone 12"
# 28°12′34.5″, as EXIF writes it.
LATITUDE = struct.pack(">6I", 28, 1, 12, 1, 69, 2)
CORNER = (192, 32, 32)


def drawing(width: int = 400, height: int = 300, mode: str = "RGB", paper: str = "#f2e6d0") -> Image.Image:
    """Return paper with an orange; the top left quarter of the sensor is red, so that every rotation is recognised."""
    image = Image.new("RGB", (width, height), paper)
    pen = ImageDraw.Draw(image)
    pen.ellipse((width * 0.3, height * 0.3, width * 0.9, height * 0.9), fill="#f6a02a")
    pen.rectangle((0, 0, width // 4, height // 4), fill=CORNER)
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def jpeg(width: int = 400, height: int = 300, **options) -> bytes:
    return encoded(drawing(width, height), quality=85, **options)


def exif(turn: int = 1) -> Image.Exif:
    """Return orientation, camera and its serial number, owner, and the place: 28°12′34.5″N 110°33′12.25″E."""
    tags = Image.Exif()
    tags[0x0112], tags[0x010F], tags[0x0110] = turn, "Farm", MODEL.decode()
    details = tags.get_ifd(0x8769)
    details[0xA430], details[0xA431] = "Owner Zhou", SERIAL.decode()
    place = tags.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (28.0, 12.0, 34.5), "E", (110.0, 33.0, 12.25)
    return tags


@cache
def phone_jpeg(width: int = 4000, height: int = 3000, turn: int = 6) -> bytes:
    return jpeg(width, height, exif=exif(turn), comment=b"serial " + SERIAL)


def png_of_size(width: int, height: int) -> bytes:
    """Return a complete black PNG of one grey bit a pixel, some kilobytes whatever size it states."""
    return black_png(width, height, 1, 0, (width + 7) // 8)


def black_png(width: int, height: int, bits: int, colour: int, line_bytes: int) -> bytes:
    """Return a PNG of zeros only, of this depth and type of colour."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    data = packed_zeros(1 + line_bytes, height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def packed_zeros(line: int, height: int) -> bytes:
    """Return the zlib stream of `height` lines of zeros, of which only some are packed: the others repeat their bytes."""
    lines = next(number for number in range(100, 0, -1) if height % number == 0)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(line * lines)) + packer.flush(zlib.Z_FULL_FLUSH)
    adler = (line * height % 65521) << 16 | 1  # of so many zeros
    return b"\x78\xda" + packed * (height // lines) + b"\x03\x00" + adler.to_bytes(4)


def png_with(name: bytes, content: bytes) -> bytes:
    """Return a valid PNG with one more chunk after its header."""
    whole = encoded(drawing(), "PNG")
    return whole[:33] + chunk(name, content) + whole[33:]


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def moving(kind: str) -> bytes:
    frames = [drawing(paper=paper) for paper in ("#fff", "#000")]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def upload(content: bytes, name: str = "IMG_0001.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def near(pixel: tuple[int, ...], colour: tuple[int, int, int], by: int = 16) -> bool:
    return all(abs(one - other) <= by for one, other in zip(pixel, colour, strict=True))
