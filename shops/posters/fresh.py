"""Of one batch: the day it was picked, from which plot, how sweet, by whose promise."""

from __future__ import annotations

from shops.posters import foot
from shops.posters.drawing import CARD, INK, INK_2, LEAF, LEAF_TINT, Sheet
from shops.posters.lettering import Line, fitted
from shops.posters.said import Said

BOTTOM, ROW = 878, 46
LABEL = 152


def draw(sheet: Sheet, said: Said, above: int) -> None:
    rows = [(what, fitted(how, (26, 23, 20), foot.ROOM - LABEL - 56, 2)) for what, how in said.batch]
    tall = 36 + sum(ROW + (len(lines) - 1) * 32 for _what, lines in rows)
    name = fitted(said.name, (46, 40, 34), foot.ROOM, 2, bold=True)
    # The season is said by the day above.
    chips = [chip for chip in said.chips if chip[1] != "zest"]
    name_tall = foot.tall(name) + 14 + Sheet(foot.WIDTH, 300).chips(foot.MARGIN, 0, chips, foot.ROOM, 24)
    card = BOTTOM - 28 - tall
    edge = card - 24 - name_tall - 20
    sheet.box((0, above, foot.WIDTH, edge - 90), LEAF)
    above = above * 2 // 3
    title = fitted(said.picked, (76, 64, 54), foot.ROOM, 1, bold=True)
    sheet.lines(foot.MARGIN, above + 34, title, "#ffffff")
    sheet.lines(
        foot.MARGIN,
        above + 138,
        fitted(f"{said.whereabouts}　{said.shop}", (28, 25, 22, 19), foot.ROOM, 1),
        LEAF_TINT,
    )
    photo = (foot.MARGIN - 16, above + 204, foot.WIDTH - foot.MARGIN + 16, edge)
    sheet.shade(photo, 40)
    sheet.photo(said.photo, photo, 40)
    top = sheet.lines(foot.MARGIN, edge + 20, name)
    sheet.chips(foot.MARGIN, top + 12, chips, foot.ROOM, 24)
    label(sheet, rows, card, tall)
    foot.bottom(sheet, said, BOTTOM)


def label(sheet: Sheet, rows: list[tuple[str, list[Line]]], top: int, tall: int) -> None:
    box = (foot.MARGIN - 16, top, foot.WIDTH - foot.MARGIN + 16, top + tall)
    sheet.box(box, CARD, 32, lifted=True)
    at = top + 18
    for what, lines in rows:
        sheet.line(box[0] + 28, at + 32, fitted(what, (24, 20), LABEL - 12, 1)[0], INK_2)
        for line in lines:
            sheet.line(box[0] + 28 + LABEL, at + 32, line, INK)
            at += 32
        at += ROW - 32
