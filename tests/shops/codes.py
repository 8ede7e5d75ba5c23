"""Read a QR code from a page as a phone does."""

import html
import io
import re
import urllib.parse

import resvg_py
import zxingcpp
from PIL import Image


def read_code(page: str, css: str = "qr") -> str:
    """Return what the one code on a page of HTML says; `css` is the class of its picture."""
    uri = html.unescape(re.search(rf'<img class="{css}" src="([^"]*)"', page)[1])
    svg = urllib.parse.unquote(uri.partition(",")[2])
    sized = re.sub(r"<svg ", '<svg width="600" height="600" ', svg, count=1)
    drawn = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=sized, background="white"))))
    [found] = zxingcpp.read_barcodes(drawn)
    return found.text
