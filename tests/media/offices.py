"""Office files, as Word, WPS and attackers make them: only the parts that are looked at."""

import io
import zipfile

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
