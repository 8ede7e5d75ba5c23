"""Check whether a PDF may be stored: complete, only a PDF, not encrypted, and without active content.

Its frame is checked in the bytes; its objects are read by qpdf in a limited process, which also unpacks object streams. A
cross-reference table that qpdf would have to rebuild is refused: another reader may rebuild it differently.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from media.sandbox.results import Unusable

if TYPE_CHECKING:
    import pikepdf

MOST_BYTES = 5_000_000
# JavaScript, programs, films, attached files, forms that submit themselves (ISO 32000-1 §7.11, §12.6, §12.7).
ACTIVE_NAMES = {
    "/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/Rendition", "/Movie", "/Sound", "/XFA",
    "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/3D",
}  # fmt: skip
NAMES = re.compile(rb"(?:%s)(?![A-Za-z0-9_])" % b"|".join(one.encode() for one in sorted(ACTIVE_NAMES)))
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
# The most bytes of one unpacked object stream; a certificate's has some kilobytes.
MOST_UNPACKED = 20_000_000
# How deep an object may be nested in others without their own number.
DEEPEST = 100
# Other programs read a file from its end (zip) or search it for their signature (web pages).
PAGE = re.compile(rb"<(?:html|script|svg|!doctype|iframe|body)[\s>/]", re.IGNORECASE)
ZIP_END = b"PK\x05\x06"


def check_frame(content: bytes) -> None:
    """Check what is around the objects, in one pass. Raises Unusable: cut (no end) or mixed (something else as well)."""
    if not content.startswith(b"%PDF-1.") and not content.startswith(b"%PDF-2."):
        raise Unusable("mixed")
    body, end, rest = content.rpartition(b"%%EOF")
    if not end:
        raise Unusable("cut")
    if rest.strip(b"\0\r\n\t ") or ZIP_END in content[-70_000:] or PAGE.search(body):
        raise Unusable("mixed")


def check_objects(file: BinaryIO) -> None:
    """Check all objects, packed ones too. Raises Unusable: locked, broken or acts."""
    import pikepdf

    try:
        with pikepdf.open(file, attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Unusable("locked")
            if any(contains_active(one) for one in pdf.objects) or contains_active(pdf.trailer):
                raise Unusable("acts")
            if not len(pdf.pages):
                raise Unusable("broken")
    except pikepdf.PasswordError as locked:
        raise Unusable("locked") from locked
    except (pikepdf.PdfError, ValueError, RuntimeError) as broken:
        raise Unusable("locked" if "encryption" in str(broken) else "broken") from broken


def contains_active(whole: object) -> bool:
    """Return whether a name of ACTS is in it as a key or a value. Numbered objects that it refers to are checked separately."""
    import pikepdf

    left = [(whole, 0)]
    while left:
        one, depth = left.pop()
        if depth > DEEPEST:
            return True
        if isinstance(one, pikepdf.Name):
            if str(one) in ACTIVE_NAMES:
                return True
            continue
        if isinstance(one, pikepdf.Array):
            inner = list(one)
        elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            if isinstance(one, pikepdf.Stream) and one.get("/Type") == "/ObjStm" and hides_active(one):
                return True
            if ACTIVE_NAMES.intersection(one.keys()):
                return True
            inner = list(one.values())
        else:
            continue
        left += [(each, depth + 1) for each in inner if not getattr(each, "is_indirect", False)]
    return False


def hides_active(stream: pikepdf.Stream) -> bool:
    """Return whether an object stream contains such a name, even if no table names it, or cannot be unpacked."""
    import pikepdf

    try:
        content = stream.read_bytes()
    except pikepdf.PdfError:
        return True
    # /J#61vaScript is /JavaScript.
    named = ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)
    return len(content) > MOST_UNPACKED or bool(NAMES.search(named))
