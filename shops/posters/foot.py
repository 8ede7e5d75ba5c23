"""What all posters end with: the price, the code, and who sells."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shops.posters.drawing import ASK, ASK_TINT, INK, INK_2, PEEL, Sheet
from shops.posters.lettering import Line, fitted
from shops.posters.said import Said

MARGIN, WIDTH, CODE = 48, 750, 216
ROOM = WIDTH - 2 * MARGIN


def price(sheet: Sheet, said: Said, x: int, baseline: int, room: int, size: int = 96) -> None:
    """¥5.98 /斤, as large as fits; the struck one behind it or not at all."""
    per = f" /{_('斤')}"
    while size > 44 and price_width(said, per, size) > room:
        size -= 4
    x = sheet.line(x, baseline, Line("¥", size * 6 // 10, True), PEEL)
    x = sheet.line(x + 2, baseline, Line(said.per_jin, size, True), PEEL)
    x = sheet.line(x, baseline, Line(per, size * 3 // 10), INK_2)
    if said.struck:
        was = Line(f"¥{said.struck}", size * 3 // 10)
        end = sheet.line(x + 18, baseline, was, INK_2)
        middle = baseline - was.size * 36 // 100
        sheet.pen.line((x + 16, middle, end + 2, middle), fill=INK_2, width=2)


def price_width(said: Said, per: str, size: int) -> int:
    width = Line("¥", size * 6 // 10, True).width + Line(said.per_jin, size, True).width
    width += 2 + Line(per, size * 3 // 10).width
    return width + (20 + Line(f"¥{said.struck}", size * 3 // 10).width if said.struck else 0)


def terms(sheet: Sheet, said: Said, x: int, top: int, room: int) -> int:
    """Per kilogram and per pack, then the basis of a struck price, small but whole."""
    lines = fitted(f"{said.per_kg}　{said.pack}", (28, 25), room, 1)
    if lines[-1].text.endswith("…"):
        lines = [fitted(text, (26, 23, 20), room, 1)[0] for text in (said.per_kg, said.pack)]
    top = sheet.lines(x, top, lines, INK, 1.35)
    if said.basis:
        top = sheet.lines(x, top + 4, fitted(said.basis, (19, 17, 15), room, 5), INK_2, 1.3)
    return top


def bottom(sheet: Sheet, said: Said, top: int) -> None:
    """Price on the left, code on the right, the seller's line under both; it takes 320 pixels."""
    right = WIDTH - MARGIN - CODE
    room = right - MARGIN - 24
    price(sheet, said, MARGIN, top + 88, room)
    terms(sheet, said, MARGIN, top + 112, room)
    sheet.code(said.url, right, top, CODE)
    words = fitted(_("扫码看这一款"), (22, 18), CODE, 1)
    sheet.line(right + (CODE - words[0].width) // 2, top + CODE + 24, words[0], INK_2)


def signature(sheet: Sheet, said: Said) -> None:
    """Who sells, and of which day the price is: a picture goes on living when the price has changed."""
    who = _("卖家：%(who)s") % {"who": said.seller or said.shop}
    of_day = _("%(day)s的价，以扫码看到的为准") % {"day": said.made}
    if Line(f"{who}　{of_day}", 20).width <= ROOM:
        sheet.line(MARGIN, 1172, Line(f"{who}　{of_day}", 20), INK_2)
        return
    for baseline, text in ((1156, who), (1182, of_day)):
        sheet.line(MARGIN, baseline, fitted(text, (19, 17), ROOM, 1)[0], INK_2)


def note(sheet: Sheet, said: Said) -> int:
    """What the site tells of itself, across the top where nobody misses it. Returns where it ends."""
    if not said.note:
        return 0
    lines = fitted(said.note, (24, 21, 18), ROOM, 2)
    end = tall(lines) + 20
    sheet.box((0, 0, WIDTH, end), ASK_TINT)
    sheet.lines(MARGIN, 10, lines, ASK)
    return end


def tall(lines: list[Line], leading: float = 1.28) -> int:
    """The height that `Sheet.lines` takes for them."""
    return sum(round(line.size * leading) for line in lines)
