"""PDFs, as offices and attackers make them."""

import zlib


def pdf(*objects: bytes, tail: bytes = b"") -> bytes:
    """Return a small complete PDF of one empty page, with further objects."""
    whole = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]>>",
        *objects,
    ]
    body, places = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", []
    for number, one in enumerate(whole, 1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(whole) + 1) + table
    body += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(whole) + 1, start)
    return body + tail


SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


def packed(content: bytes, kind: bytes = b"/Type/ObjStm/N 1/First 4") -> bytes:
    """Return a stream with compressed content."""
    data = zlib.compress(content)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n" % (kind, len(data)) + data + b"\nendstream"
