"""QR codes: as SVG, which prints sharp; no picture is stored and nothing is fetched."""

from __future__ import annotations

import segno


def make_code(text: str) -> segno.QRCode:
    """Make the code of `text` at error correction M, because a carton's label is creased and wet; never a Micro QR."""
    return segno.make(text, error="m", micro=False)


def draw_code(text: str) -> str:
    """Return the code of `text` as a data URI for <img src>."""
    return make_code(text).svg_data_uri(border=2, omitsize=True)
