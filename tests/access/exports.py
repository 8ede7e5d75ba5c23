"""Which routes give out files, and the phone numbers and ID numbers in a file, however it is packed."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

import pikepdf

from accounts.models import Membership, Place, User
from programme.models import find_people_below
from shops.models import Shop
from tests.access.class_rows import ID_NUMBER

# Every route that gives out a file, with the forms that ask for it; test_access fails for one that is not named here.
EXPORTS: dict[str, list[dict[str, str]]] = {
    "admin:courses_course_export": [{}],
    "admin:courses_course_questions_sheet": [],
    "live:evidence": [{}],
    "live:export_file": [],
    "live:sales_csv": [],
    "own_data_file": [],
    "programme:certificate_pdf": [],
    "programme:class_certificates_print": [{}],
    "programme:credential": [{}],
    "programme:class_sheet_print_file": [],
    "programme:class_sheets": [{"sheet": "guardian", "do": "people"}],
    "programme:course_sheet_pdf": [],
    "programme:id_numbers_export": [{"reason": "报人社局"}],
    "programme:lesson_plans": [],
    "programme:trainer_page": [],
    "programme:ledger_file": [{"as": "zip"}],
    "programme:roster_failed": [{}],
    "programme:roster_template": [],
    "programme:session_ics": [],
    "programme:sheet": [{}],
    "programme:verify_credential": [{}],
    "progress:class_export": [{"as": "xlsx"}, {"as": "csv"}],
    "shops:ledger_csv": [],
    "shops:ledger_xlsx": [],
}
FILE_TYPES = (
    "text/csv", "text/calendar", "application/pdf", "application/zip", "application/octet-stream", "application/vnd.",
    "application/gzip",
)  # fmt: skip
PHONE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
MOST_NESTED = 3


def is_file(headers: dict[str, str]) -> bool:
    """Whether an answer is a file to keep, by its headers."""
    kind, disposition = headers.get("Content-Type", ""), headers.get("Content-Disposition", "")
    return kind.startswith(FILE_TYPES) or disposition.startswith("attachment")


def find_phones(content: bytes) -> set[str]:
    """The mobile numbers in a file of any kind, of eleven digits, however they are spaced."""
    return {phone for text in list_texts(content) for phone in PHONE.findall(join_digits(text))}


def holds(content: bytes, number: str) -> bool:
    return any(number in join_digits(text) for text in list_texts(content))


def join_digits(text: str) -> str:
    """Without what people and programs put between the digits of a number, and without the country."""
    return re.sub(r"(?<=[0-9])[\s\-·.]+(?=[0-9])", "", text).replace("+86", " ")


def list_texts(content: bytes, depth: int = 0) -> Iterator[str]:
    """Yield all text of a file, unpacked: what is in a zip (XLSX is one), a gzip, the words of a PDF."""
    if content.startswith(b"PK\x03\x04") and depth < MOST_NESTED:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield " ".join(archive.namelist())
            for name in archive.namelist():
                yield from list_texts(archive.read(name), depth + 1)
    elif content.startswith(b"\x1f\x8b") and depth < MOST_NESTED:
        yield from list_texts(gzip.decompress(content), depth + 1)
    elif content.startswith(b"%PDF"):
        yield from list_pdf_texts(content)
    else:
        for encoding in ("utf-8", "gb18030", "utf-16"):
            yield content.decode(encoding, "replace")


def list_pdf_texts(content: bytes) -> Iterator[str]:
    """Yield the words of each page, read by its fonts' own tables of characters."""
    try:
        pdf = pikepdf.open(io.BytesIO(content))
    except (pikepdf.PdfError, zlib.error):
        return
    with pdf:
        for page in pdf.pages:
            fonts = {
                name: read_characters(font)
                for name, font in page.get("/Resources", {}).get("/Font", {}).items()
            }
            yield read_page(page, fonts)


def read_characters(font) -> dict[bytes, str]:
    """Code of two bytes → text, from the font's ToUnicode."""
    if "/ToUnicode" not in font:
        return {}
    found: dict[bytes, str] = {}
    table = font["/ToUnicode"].read_bytes().decode("latin-1")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[bytes.fromhex(code)] = bytes.fromhex(text).decode("utf-16-be", "replace")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            start = int(text, 16)
            for n in range(int(first, 16), int(last, 16) + 1):
                found[n.to_bytes(len(first) // 2)] = chr(start + n - int(first, 16))
    return found


def read_page(page, fonts: dict[str, dict[bytes, str]]) -> str:
    """The words of a page; each piece of text stands alone, so that two cells are never read as one number."""
    pieces, current = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = fonts.get(str(operands[0]), {})
        elif str(operator) in ("Tj", "TJ"):
            strings = operands[0] if str(operator) == "TJ" else [operands[0]]
            raw = b"".join(bytes(one) for one in strings if isinstance(one, pikepdf.String))
            pieces.append("".join(current.get(raw[n : n + 2], "") for n in range(0, len(raw), 2)))
    return "\n".join(pieces)


class Secrets:
    """The numbers of everybody in the world, and who may see which (design: the other side of an order, the trainers and
    organisers of one's own class and place, and a seller's public contact).

    Everybody may see their own and those that sellers have made public; staff those below their place and in their classes.
    """

    def __init__(self, cast: dict[str, User | None]) -> None:
        phones = {user.pk: read_phone(user.phone) for user in User.objects.exclude(phone=None)}
        public = {read_phone(contact) for contact in Shop.objects.values_list("contact", flat=True)}
        self.forbidden: dict[str, set[str]] = {}
        for who, user in cast.items():
            seen = {user.pk} | set(find_people_below(user).values_list("pk", flat=True)) if user else set()
            # Who decides about a role that somebody asks for may call them.
            held = Place.objects.held_by(user, Membership.Role.ORGANISER) if user else Place.objects.none()
            asked = Membership.objects.filter(place__in=held, status=Membership.Status.ASKED)
            seen |= set(asked.values_list("user", flat=True))
            self.forbidden[who] = {phone for pk, phone in phones.items() if pk not in seen} - public

    def find_leaks(self, who: str, route: str, content: bytes) -> list[str]:
        leaks = sorted(find_phones(content) & self.forbidden[who])
        is_theirs = route == "programme:id_numbers_export" or (route == "own_data_file" and who == "trainee")
        return leaks + [ID_NUMBER] * (not is_theirs and holds(content, ID_NUMBER))


def read_phone(phone: object) -> str:
    return str(phone).removeprefix("+86")
