"""Draw posters: a picture of one product to forward or print, 750 × 1200 pixels, in three layouts.

A poster states what the product's page states, and nothing else.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable

from django.core.cache import caches
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.printables.canvas import (
    ASK,
    ASK_TINT,
    CARD,
    HOLE,
    INK,
    INK_2,
    LEAF,
    LEAF_TINT,
    PAPER,
    PEEL,
    ZEST,
    Sheet,
)
from shops.printables.content import PosterContent
from shops.printables.text_layout import TextLine, fit_text
from ui.responses.page_cache import release

WIDTH, HEIGHT = 750, 1200
MARGIN, CODE = 48, 216
ROOM = WIDTH - 2 * MARGIN


def draw_price(
    sheet: Sheet, content: PosterContent, x: int, baseline: int, room: int, size: int = 96
) -> None:
    """Draw ¥5.98 /斤 as large as fits, followed by the struck-through price if there is one."""
    per = f" /{_('斤')}"
    while size > 44 and measure_price(content, per, size) > room:
        size -= 4
    x = sheet.line(x, baseline, TextLine("¥", size * 6 // 10, True), PEEL)
    x = sheet.line(x + 2, baseline, TextLine(content.per_jin, size, True), PEEL)
    x = sheet.line(x, baseline, TextLine(per, size * 3 // 10), INK_2)
    if content.struck:
        was = TextLine(f"¥{content.struck}", size * 3 // 10)
        end = sheet.line(x + 18, baseline, was, INK_2)
        middle = baseline - was.size * 36 // 100
        sheet.pen.line((x + 16, middle, end + 2, middle), fill=INK_2, width=2)


def measure_price(content: PosterContent, per: str, size: int) -> int:
    width = TextLine("¥", size * 6 // 10, True).width + TextLine(content.per_jin, size, True).width
    width += 2 + TextLine(per, size * 3 // 10).width
    return width + (20 + TextLine(f"¥{content.struck}", size * 3 // 10).width if content.struck else 0)


def draw_terms(sheet: Sheet, content: PosterContent, x: int, top: int, room: int) -> int:
    """Draw the price per kilogram and per pack, then the basis of a struck-through price. Return the lower edge."""
    lines = fit_text(f"{content.per_kg}　{content.pack}", (28, 25), room, 1)
    if lines[-1].text.endswith("…"):
        lines = [fit_text(text, (26, 23, 20), room, 1)[0] for text in (content.per_kg, content.pack)]
    top = sheet.lines(x, top, lines, INK, 1.35)
    if content.basis:
        top = sheet.lines(x, top + 4, fit_text(content.basis, (19, 17, 15), room, 5), INK_2, 1.3)
    return top


def draw_bottom(sheet: Sheet, content: PosterContent, top: int) -> None:
    """Draw the price on the left and the QR code on the right; 320 pixels high."""
    right = WIDTH - MARGIN - CODE
    room = right - MARGIN - 24
    draw_price(sheet, content, MARGIN, top + 88, room)
    draw_terms(sheet, content, MARGIN, top + 112, room)
    sheet.code(content.url, right, top, CODE)
    words = fit_text(_("扫码看这一款"), (22, 18), CODE, 1)
    sheet.line(right + (CODE - words[0].width) // 2, top + CODE + 24, words[0], INK_2)


def draw_signature(sheet: Sheet, content: PosterContent) -> None:
    """Draw who sells and the day of the price: a picture is passed on after the price has changed."""
    who = _("卖家：%(who)s") % {"who": content.seller or content.shop}
    of_day = _("%(day)s的价，以扫码看到的为准") % {"day": content.made}
    if TextLine(f"{who}　{of_day}", 20).width <= ROOM:
        sheet.line(MARGIN, 1172, TextLine(f"{who}　{of_day}", 20), INK_2)
        return
    for baseline, text in ((1156, who), (1182, of_day)):
        sheet.line(MARGIN, baseline, fit_text(text, (19, 17), ROOM, 1)[0], INK_2)


def draw_note(sheet: Sheet, content: PosterContent) -> int:
    """Draw the site's own notice across the top, if it has one, and return the height it took."""
    if not content.note:
        return 0
    lines = fit_text(content.note, (24, 21, 18), ROOM, 2)
    end = measure_height(lines) + 20
    sheet.box((0, 0, WIDTH, end), ASK_TINT)
    sheet.lines(MARGIN, 10, lines, ASK)
    return end


def measure_height(lines: list[TextLine], leading: float = 1.28) -> int:
    """Return the height in pixels that `Sheet.lines` takes for these lines."""
    return sum(round(line.size * leading) for line in lines)


LARGE_BOTTOM = 872  # where the price and the code begin


def draw_large(sheet: Sheet, content: PosterContent, above: int) -> None:
    """Draw the photo from edge to edge with the text beneath it, from `above` downwards.

    The text is measured first; the photo gets the rest.
    """
    name = fit_text(content.name, (60, 52, 46, 40), ROOM, 2, bold=True)
    where = fit_text(f"{content.whereabouts}　{content.shop}", (28, 25, 22), ROOM, 2)
    tall = measure_height(name) + 6 + measure_height(where, 1.4)
    blank = Sheet(WIDTH, 400)
    tall += blank.chips(MARGIN, 0, list(content.chips), ROOM) + 18
    edge = LARGE_BOTTOM - 28 - tall - 36
    sheet.photo(content.photo, (0, above, WIDTH, edge + 40))
    sheet.shade((0, edge, WIDTH, 1200), (40, 40, 0, 0))
    sheet.box((0, edge, WIDTH, 1200), PAPER, (40, 40, 0, 0))
    top = sheet.lines(MARGIN, edge + 36, name)
    top = sheet.lines(MARGIN, top + 6, where, INK_2, 1.4)
    sheet.chips(MARGIN, top + 14, list(content.chips), ROOM)
    draw_bottom(sheet, content, LARGE_BOTTOM)


TAG_FRAME, TAG_CODE = 32, 216
TAG_ROOM = 750 - 2 * TAG_FRAME - 96 - 28


def draw_tagged(sheet: Sheet, content: PosterContent, above: int) -> None:
    """Draw the photo in a frame with the price hanging from it on a tag."""
    name = fit_text(content.name, (56, 50, 44, 38), ROOM, 2, bold=True)
    blank = Sheet(WIDTH, 600)
    tag_tall = 118 + draw_terms(blank, content, 0, 0, TAG_ROOM) + 22
    tall = measure_height(name) + 14
    tall += blank.chips(MARGIN, 0, list(content.chips), ROOM)
    card = 1130 - TAG_CODE - 14
    edge = card - 26 - tall - 22 - tag_tall
    sheet.photo(content.photo, (TAG_FRAME, above + (above // 3 or TAG_FRAME), 750 - TAG_FRAME, edge + 60), 44)
    draw_tag(sheet, content, edge, tag_tall)
    top = sheet.lines(MARGIN, edge + tag_tall + 18, name)
    sheet.chips(MARGIN, top + 12, list(content.chips), ROOM)
    draw_seller(sheet, content, card)


def draw_tag(sheet: Sheet, content: PosterContent, top: int, tall: int) -> None:
    box = (TAG_FRAME + 16, top, 750 - TAG_FRAME - 16, top + tall)
    sheet.box(box, ZEST, (70, 28, 28, 70), lifted=True)
    middle = top + tall // 2
    sheet.box((box[0] + 24, middle - 20, box[0] + 64, middle + 20), HOLE, 20)
    sheet.box((box[0] + 32, middle - 12, box[0] + 56, middle + 12), PAPER, 12)
    draw_price(sheet, content, box[0] + 88, top + 104, TAG_ROOM, 100)
    draw_terms(sheet, content, box[0] + 88, top + 118, TAG_ROOM)


def draw_seller(sheet: Sheet, content: PosterContent, top: int) -> None:
    box = (TAG_FRAME, top, 750 - TAG_FRAME, top + TAG_CODE + 14)
    sheet.box(box, CARD, 36, lifted=True)
    sheet.code(content.url, box[0] + 14, top + 7, TAG_CODE)
    x, room = box[0] + TAG_CODE + 38, box[2] - box[0] - TAG_CODE - 66
    at = sheet.lines(x, top + 30, fit_text(content.shop, (36, 32, 28, 24), room, 2, bold=True))
    at = sheet.lines(x, at + 4, fit_text(content.whereabouts, (26, 23, 20), room, 2), INK_2, 1.35)
    sheet.line(x, top + TAG_CODE - 10, TextLine(_("扫码看这一款"), 26, True), INK)


FRESH_BOTTOM, FRESH_ROW = 878, 46
FRESH_LABEL = 152


def draw_fresh(sheet: Sheet, content: PosterContent, above: int) -> None:
    """Draw the batch: the day it was picked, its plot, its sugar and who vouches for it."""
    rows = [(what, fit_text(how, (26, 23, 20), ROOM - FRESH_LABEL - 56, 2)) for what, how in content.batch]
    tall = 36 + sum(FRESH_ROW + (len(lines) - 1) * 32 for _what, lines in rows)
    name = fit_text(content.name, (46, 40, 34), ROOM, 2, bold=True)
    # The day above already says the season.
    chips = [chip for chip in content.chips if chip[1] != "zest"]
    name_tall = measure_height(name) + 14 + Sheet(WIDTH, 300).chips(MARGIN, 0, chips, ROOM, 24)
    card = FRESH_BOTTOM - 28 - tall
    edge = card - 24 - name_tall - 20
    sheet.box((0, above, WIDTH, edge - 90), LEAF)
    above = above * 2 // 3
    title = fit_text(content.picked, (76, 64, 54), ROOM, 1, bold=True)
    sheet.lines(MARGIN, above + 34, title, "#ffffff")
    sheet.lines(
        MARGIN,
        above + 138,
        fit_text(f"{content.whereabouts}　{content.shop}", (28, 25, 22, 19), ROOM, 1),
        LEAF_TINT,
    )
    photo = (MARGIN - 16, above + 204, WIDTH - MARGIN + 16, edge)
    sheet.shade(photo, 40)
    sheet.photo(content.photo, photo, 40)
    top = sheet.lines(MARGIN, edge + 20, name)
    sheet.chips(MARGIN, top + 12, chips, ROOM, 24)
    draw_batch(sheet, rows, card, tall)
    draw_bottom(sheet, content, FRESH_BOTTOM)


def draw_batch(sheet: Sheet, rows: list[tuple[str, list[TextLine]]], top: int, tall: int) -> None:
    """Draw the card of the batch, one fact a row."""
    box = (MARGIN - 16, top, WIDTH - MARGIN + 16, top + tall)
    sheet.box(box, CARD, 32, lifted=True)
    at = top + 18
    for what, lines in rows:
        sheet.line(box[0] + 28, at + 32, fit_text(what, (24, 20), FRESH_LABEL - 12, 1)[0], INK_2)
        for line in lines:
            sheet.line(box[0] + 28 + FRESH_LABEL, at + 32, line, INK)
            at += 32
        at += FRESH_ROW - 32


LAYOUTS: dict[str, Callable[[Sheet, PosterContent, int], None]] = {
    "large": draw_large,
    "tagged": draw_tagged,
    "fresh": draw_fresh,
}
NAMES = {"large": gettext_lazy("大照片"), "tagged": gettext_lazy("价签"), "fresh": gettext_lazy("这一批")}
KEPT_SECONDS = 3600
# One at a time in a process: drawing uses only the processor, and ten people who open the same link wait for one picture.
drawing = threading.Lock()


def is_for(content: PosterContent, layout: str) -> bool:
    """Return whether the layout suits the product: the fresh one needs a batch that buyers may look up."""
    return layout in LAYOUTS and (layout != "fresh" or bool(content.batch))


def render_png(content: PosterContent, layout: str) -> bytes:
    """Return the poster as PNG, cached in files for an hour under a hash of its content."""
    key = hashlib.sha256(f"{release()}|{layout}|{content!r}".encode()).hexdigest()[:32]
    kept = caches["posters"]
    if (found := kept.get(key)) is None:
        with drawing:
            if (found := kept.get(key)) is None:
                found = draw_poster(content, layout)
                kept.set(key, found, KEPT_SECONDS)
    return found


def draw_poster(content: PosterContent, layout: str) -> bytes:
    sheet = Sheet(WIDTH, HEIGHT)
    LAYOUTS[layout](sheet, content, draw_note(sheet, content))
    draw_signature(sheet, content)
    file = io.BytesIO()
    sheet.image.save(file, "PNG", compress_level=4)
    return file.getvalue()
