"""PDFs and office files, as offices and attackers make them; of office files only the parts that are looked at."""

import io
import zipfile
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


OFFICE = "application/vnd.openxmlformats-officedocument."
WORD = f"{OFFICE}wordprocessingml.document.main+xml"
EXCEL = f"{OFFICE}spreadsheetml.sheet.main+xml"
SLIDES = f"{OFFICE}presentationml.presentation.main+xml"
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"
MACRO_EXCEL = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
NAME = "[Content_Types].xml"


def name_types(*types: str, head: str = "") -> str:
    rows = "".join(f'<Override PartName="/part{n}" ContentType="{one}"/>' for n, one in enumerate(types))
    return (
        f'<?xml version="1.0"?>{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def office(*types: str, types_xml: str | None = None, **members: str | bytes) -> bytes:
    """Return a zip that names these content types and has further members, named with / for __."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, types_xml or name_types(*types))
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def zipped(names: dict[str, str | bytes]) -> bytes:
    """Return an archive of these members alone."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return file.getvalue()
