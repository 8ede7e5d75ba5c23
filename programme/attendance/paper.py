"""The attendance sheet on paper: print it with codes in its corners, and read a photo of it back.

A sheet is a row (AttendanceSheet) that keeps in which order the people stand on it, so that it is read rightly whoever joins
the class meanwhile. The page's geometry is fixed in millimetres; its four QR codes say which sheet, which page and which
corner it is. Their corners in the photo give the plane in which the paper lies (a homography by least squares over all
corners found: Hartley and Zisserman, Multiple View Geometry, 2004, §4.1), and each box is then compared with the paper
around it. What is read is only proposed: a person says yes to each line.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageFilter

from accounts.models import User
from programme.attendance.roll import load_roll
from programme.models import AccountMerge, AttendanceSheet, Mark, TrainingSession
from programme.typesetting import keep_printable, typeset
from ui.svg import make_code

# --- the page, in millimetres ---

WIDTH, HEIGHT = 210, 297
CODE = 15
CORNERS = {
    "A": (10, 10),
    "B": (WIDTH - 10 - CODE, 10),
    "C": (WIDTH - 10 - CODE, HEIGHT - 10 - CODE),
    "D": (10, HEIGHT - 10 - CODE),
}
TOP, ROW, ROWS = 42, 9, 25
LEFT, RIGHT, NAME, SIGN = 12, 198, 22, 66
BOX = 6
BOXES = {Mark.PRESENT: 138, Mark.LATE: 155, Mark.ABSENT: 172, Mark.EXCUSED: 189}
SIGN_END = 128
# Empty lines after the last name, for people who are not in the class yet.
EMPTY_LINES = 8

# --- reading, in pixels of the straightened page ---

SCALE = 7
# A stroke takes a tenth of a box and more; an empty one has at most its frame's edge in it.
MARKED, FAINT = 0.075, 0.03
SIGNED = 0.012
# Darker than so much of the paper around it is ink.
INK = 0.68
# A box is looked for so many millimetres around its place.
ASTRAY = 2
PREFIX = "XNHS"
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


class UnreadableSheet(Exception):
    """Raised when a photo shows no sheet that can be read; `reason` is a code of programme.attendance.sheet_views."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Line:
    """One line of a page as it was read: the person (None on an empty line), the proposed mark ("" for none), whether a person
    must look, and a picture of the line (WebP)."""

    number: int
    user: int | None
    mark: str
    is_unclear: bool
    picture: bytes


@dataclass(frozen=True)
class ReadPage:
    sheet: AttendanceSheet
    page: int
    pages: int
    lines: list[Line]


# --- printing ---


def make_sheet(session: TrainingSession, by: User) -> AttendanceSheet:
    """Keep in which order the people of the roll stand on a sheet that is printed now."""
    people = [row.user for row in load_roll(session).rows]
    return AttendanceSheet.objects.create(session=session, people=people, printed_by=by)


def count_pages(sheet: AttendanceSheet) -> int:
    return -(-(len(sheet.people) + EMPTY_LINES) // ROWS)


def typeset_sheet(sheet: AttendanceSheet, words: dict[str, str], labels: dict[str, str]) -> bytes:
    """Return the PDF of a sheet. `words` are title, facts, hint, signature, number, name, sign, page ("{page}/{pages}"), code_alt
    and lang; `labels` the words of the marks. Raises PdfNotMade."""
    names = dict(User.objects.filter(pk__in=sheet.people).values_list("pk", "name"))
    lines = [keep_printable(names.get(pk, "")) for pk in sheet.people] + [""] * EMPTY_LINES
    pages = count_pages(sheet)
    content = {
        "title": keep_printable(words["title"]),
        "facts": keep_printable(words["facts"]),
        "hint": words["hint"],
        "signature": words["signature"],
        "code_alt": words["code_alt"],
        "lang": words["lang"],
        "geometry": {
            "code": CODE, "top": TOP, "row": ROW, "left": LEFT, "right": RIGHT, "name": NAME, "sign": SIGN, "box": BOX,
        },
        "columns": [[x, labels[mark]] for mark, x in BOXES.items()],
        "heads": [[LEFT, words["number"]], [NAME, words["name"]], [SIGN, words["sign"]]],
        "pages": [
            {
                "count": words["page"].format(page=page, pages=pages),
                "corners": [
                    {"x": x, "y": y, "code": draw_corner(f"{PREFIX}:{sheet.key}:{page}:{corner}")}
                    for corner, (x, y) in CORNERS.items()
                ],
                "rows": [
                    {"number": str(number + 1), "name": lines[number]}
                    for number in range((page - 1) * ROWS, min(page * ROWS, len(lines)))
                ],
            }
            for page in range(1, pages + 1)
        ],
    }  # fmt: skip
    return typeset("sheet.typ", content)


def draw_corner(text: str) -> str:
    """Return the code as SVG without a quiet zone: its outermost modules stand exactly at the page's coordinates."""
    out = io.BytesIO()
    make_code(text).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()


def list_people(sheet: AttendanceSheet) -> list[int]:
    """Return who stands on the sheet's lines now: an account that was merged since is the one that it became."""
    merged = dict(AccountMerge.objects.filter(gone__in=sheet.people).order_by().values_list("gone", "keep"))
    return [merged.get(pk, pk) for pk in sheet.people]


# --- reading ---

Point = tuple[float, float]


def read_photo(picture: Image.Image, session: TrainingSession) -> ReadPage:
    """Read one page of a sheet of this session. Raises UnreadableSheet.

    The photo may be turned, slanted and unevenly lit; two of the four codes must be readable. About a second.
    """
    grey = picture.convert("L")
    codes = find_codes(grey)
    if not codes:
        raise UnreadableSheet("no_code")
    keys = {(key, page) for key, page, _corner in codes}
    if len(keys) > 1:
        raise UnreadableSheet("two_sheets")
    [(key, page)] = keys
    sheet = AttendanceSheet.objects.filter(key=key, session=session).first()
    if sheet is None:
        raise UnreadableSheet("other_session")
    if len(codes) < 2:
        raise UnreadableSheet("one_code")
    pages = count_pages(sheet)
    if not 1 <= page <= pages:
        raise UnreadableSheet("no_code")
    flat = straighten(grey, codes)
    first = (page - 1) * ROWS
    count = min(ROWS, len(sheet.people) + EMPTY_LINES - first)
    people: list[int | None] = [*list_people(sheet), *[None] * EMPTY_LINES]
    lines = [read_line(flat, place, first + place + 1, people[first + place]) for place in range(count)]
    return ReadPage(sheet, page, pages, lines)


def find_codes(grey: Image.Image) -> dict[tuple[str, int, str], list[Point]]:
    """Return the corners of each code of a sheet in the photo, clockwise from its own top left."""
    found: dict[tuple[str, int, str], list[Point]] = {}
    for code in zxingcpp.read_barcodes(grey, formats=QR):
        parts = code.text.split(":")
        if len(parts) == 4 and parts[0] == PREFIX and parts[2].isdecimal() and parts[3] in CORNERS:
            where = code.position
            points = (where.top_left, where.top_right, where.bottom_right, where.bottom_left)
            found[parts[1], int(parts[2][:4]), parts[3]] = [
                (float(point.x), float(point.y)) for point in points
            ]
    return found


def straighten(grey: Image.Image, codes: dict[tuple[str, int, str], list[Point]]) -> Image.Image:
    """Return the page as if it lay flat under the camera, SCALE pixels a millimetre."""
    onto, seen = [], []
    for (_key, _page, corner), points in codes.items():
        x, y = CORNERS[corner]
        onto += [(x, y), (x + CODE, y), (x + CODE, y + CODE), (x, y + CODE)]
        seen += points
    flat = [(x * SCALE, y * SCALE) for x, y in onto]
    coefficients = fit_homography(flat, seen)
    size = (WIDTH * SCALE, HEIGHT * SCALE)
    return grey.transform(
        size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR, fillcolor=255
    )


def fit_homography(given: Sequence[Point], wanted: Sequence[Point]) -> list[float]:
    """Return (a…h) with x' = (ax + by + c) / (gx + hy + 1), y' = (dx + ey + f) / (gx + hy + 1), by least squares."""
    size, unit = 8, 1000.0  # coordinates near 1 keep the equations well conditioned
    normal = [[0.0] * (size + 1) for _row in range(size)]
    for (x0, y0), (u0, v0) in zip(given, wanted, strict=True):
        x, y, u, v = x0 / unit, y0 / unit, u0 / unit, v0 / unit
        for row, value in (([x, y, 1, 0, 0, 0, -u * x, -u * y], u), ([0, 0, 0, x, y, 1, -v * x, -v * y], v)):
            for i in range(size):
                for j in range(size):
                    normal[i][j] += row[i] * row[j]
                normal[i][size] += row[i] * value
    a, b, c, d, e, f, g, h = solve(normal)
    return [a, b, c * unit, d, e, f * unit, g / unit, h / unit]


def solve(rows: list[list[float]]) -> list[float]:
    """Solve linear equations, each a row of coefficients and its value, by elimination. Raises UnreadableSheet if they have no
    one answer: the corners lie in one line."""
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        if abs(rows[pivot][column]) < 1e-12:
            raise UnreadableSheet("one_code")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(size):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [one - factor * other for one, other in zip(rows[row], rows[column], strict=True)]
    return [rows[row][size] / rows[row][row] for row in range(size)]


def read_line(flat: Image.Image, place: int, number: int, user: int | None) -> Line:
    """Propose a line's mark: the one box with ink; without one, present if there is a signature."""
    top = TOP + place * ROW
    inks = {mark: measure_box(flat, x, top + ROW / 2) for mark, x in BOXES.items()}
    marked = [mark for mark, ink in inks.items() if ink >= MARKED]
    faint = [mark for mark, ink in inks.items() if FAINT <= ink < MARKED]
    is_signed = measure(flat, (SIGN + 1, top + 1, SIGN_END, top + ROW - 1)) >= SIGNED
    if user is None:
        is_written = is_signed or measure(flat, (NAME, top + 1, SIGN - 1, top + ROW - 1)) >= SIGNED
        return Line(number, None, "", is_written, draw_line(flat, top, is_empty=user is None))
    if len(marked) == 1:
        return Line(number, user, marked[0], bool(faint), draw_line(flat, top, is_empty=user is None))
    if not marked and not faint and is_signed:
        return Line(number, user, Mark.PRESENT, False, draw_line(flat, top, is_empty=user is None))
    return Line(number, user, "", bool(marked or faint), draw_line(flat, top, is_empty=user is None))


def measure_box(flat: Image.Image, x: float, y: float) -> float:
    """Return how much of a box is ink, inside its frame, which is looked for first: a sheet that is bent has it elsewhere."""
    x, y = find_frame(flat, x, y)
    half = BOX / 2 - 0.9
    return measure(flat, (x - half, y - half, x + half, y + half))


def find_frame(flat: Image.Image, x: float, y: float) -> tuple[float, float]:
    """Return the centre of the printed frame near this point: where two dark lines stand BOX apart, in both directions."""
    reach = BOX / 2 + ASTRAY
    across = crop(flat, (x - reach, y - BOX / 2, x + reach, y + BOX / 2))
    down = crop(flat, (x - BOX / 2, y - reach, x + BOX / 2, y + reach))
    columns = across.resize((across.width, 1), Image.Resampling.BOX).tobytes()
    rows = down.resize((1, down.height), Image.Resampling.BOX).tobytes()
    return x + find_pair(columns), y + find_pair(rows)


def find_pair(brightness: bytes) -> float:
    """Return by how many millimetres the darkest pair of lines BOX apart stands off the middle."""
    gap = BOX * SCALE
    starts = range(len(brightness) - gap)
    best = min(starts, key=lambda at: brightness[at] + brightness[at + gap])
    return (best + gap / 2 - (len(brightness) - 1) / 2) / SCALE


def measure(flat: Image.Image, box: tuple[float, float, float, float]) -> float:
    """Return the share of a part of the page, in millimetres, that is darker than the paper around it."""
    left, top, right, bottom = box
    around = crop(flat, (left - 4, top - 2, right + 4, bottom + 2)).histogram()
    paper = find_paper(around)
    counts = crop(flat, box).histogram()
    return sum(counts[: int(paper * INK)]) / max(1, sum(counts))


def find_paper(counts: list[int]) -> int:
    """Return the brightness of the paper: four fifths of the pixels are at most as bright."""
    left = sum(counts) * 0.8
    for value, count in enumerate(counts):
        left -= count
        if left <= 0:
            return value
    return 255


def crop(flat: Image.Image, box: tuple[float, float, float, float]) -> Image.Image:
    left, top, right, bottom = (round(value * SCALE) for value in box)
    return flat.crop((max(0, left), max(0, top), right, bottom))


def draw_line(flat: Image.Image, top: float, is_empty: bool) -> bytes:
    """Return a picture of a line, for the person who says yes to it: its signature and boxes; all of it where somebody may have
    written a name."""
    out = io.BytesIO()
    line = crop(flat, (LEFT if is_empty else SIGN - 2, top - 0.5, RIGHT, top + ROW + 0.5))
    line = line.resize((720, round(720 * line.height / line.width)), Image.Resampling.LANCZOS)
    line.filter(ImageFilter.SHARPEN).save(out, "WEBP", quality=45)
    return out.getvalue()
