"""Whether a PDF may be kept: whole, nothing but a PDF, and without anything that runs. It is never opened here.

A reader of PDFs would be a second door for what strangers send. The names that make a PDF act are looked for in its
bytes instead, and inside its packed objects; what cannot be looked into is refused.
"""

from __future__ import annotations

import re
import zlib

MOST_BYTES = 5_000_000
# What the packed objects of one file may come to; a certificate's are some kilobytes.
MOST_UNPACKED = 20_000_000
# JavaScript, programs, films, attached files, forms that send themselves (ISO 32000-1 §7.11, §12.6, §12.7).
ACTS = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|Movie|XFA|SubmitForm|ImportData|GoToE)(?![A-Za-z0-9_])"
)
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")
# Other programs read a file from its end (zip) or search it for their first word (web pages).
PAGE = re.compile(rb"<(?:html|script|svg|!doctype|iframe|body)[\s>/]", re.IGNORECASE)
ZIP_END = b"PK\x05\x06"


class Unfit(Exception):
    """`code`: cut (no end), locked (encrypted), acts (something in it runs) or mixed (something else as well)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check(content: bytes) -> None:
    """Raises Unfit. `content` is the whole file, at most MOST_BYTES."""
    if not content.startswith(b"%PDF-1.") and not content.startswith(b"%PDF-2."):
        raise Unfit("mixed")
    body, end, rest = content.rpartition(b"%%EOF")
    if not end:
        raise Unfit("cut")
    if rest.strip(b"\0\r\n\t ") or ZIP_END in content[-70_000:]:
        raise Unfit("mixed")
    plain = named(body)
    if PAGE.search(plain):
        raise Unfit("mixed")
    if re.search(rb"/Encrypt(?![A-Za-z])", plain):
        raise Unfit("locked")
    if ACTS.search(plain) or any(ACTS.search(named(packed)) for packed in packed_objects(body)):
        raise Unfit("acts")


def named(content: bytes) -> bytes:
    """/J#61vaScript is /JavaScript."""
    return ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)


def packed_objects(content: bytes):
    """What stands in the file's object streams; raises Unfit where one is packed in another way than all are."""
    left, before = MOST_UNPACKED, 0
    for found in STREAM.finditer(content):
        head, before = named(content[before : found.start()]), found.end()
        if b"/ObjStm" not in head.rpartition(b" obj")[2]:
            continue
        if b"/Filter" not in head.rpartition(b" obj")[2]:
            continue  # plain: its names were found in the bytes
        try:
            unpacker = zlib.decompressobj()
            packed = unpacker.decompress(content[found.end() :], left)
        except zlib.error as error:
            raise Unfit("acts") from error
        left -= len(packed)
        if not unpacker.eof or left <= 0:
            raise Unfit("acts")
        yield packed
