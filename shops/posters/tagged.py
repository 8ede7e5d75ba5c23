"""The photo in a frame, with the price hanging from it on a tag."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shops.posters import foot
from shops.posters.drawing import CARD, HOLE, INK, INK_2, PAPER, ZEST, Sheet
from shops.posters.lettering import Line, fitted
from shops.posters.said import Said

FRAME, CODE = 32, 216
TAG_ROOM = 750 - 2 * FRAME - 96 - 28


def draw(sheet: Sheet, said: Said, above: int) -> None:
    name = fitted(said.name, (56, 50, 44, 38), foot.ROOM, 2, bold=True)
    blank = Sheet(foot.WIDTH, 600)
    tag_tall = 118 + foot.terms(blank, said, 0, 0, TAG_ROOM) + 22
    tall = foot.tall(name) + 14
    tall += blank.chips(foot.MARGIN, 0, list(said.chips), foot.ROOM)
    card = 1130 - CODE - 14
    edge = card - 26 - tall - 22 - tag_tall
    sheet.photo(said.photo, (FRAME, above + (above // 3 or FRAME), 750 - FRAME, edge + 60), 44)
    tag(sheet, said, edge, tag_tall)
    top = sheet.lines(foot.MARGIN, edge + tag_tall + 18, name)
    sheet.chips(foot.MARGIN, top + 12, list(said.chips), foot.ROOM)
    sellers_card(sheet, said, card)


def tag(sheet: Sheet, said: Said, top: int, tall: int) -> None:
    box = (FRAME + 16, top, 750 - FRAME - 16, top + tall)
    sheet.box(box, ZEST, (70, 28, 28, 70), lifted=True)
    middle = top + tall // 2
    sheet.box((box[0] + 24, middle - 20, box[0] + 64, middle + 20), HOLE, 20)
    sheet.box((box[0] + 32, middle - 12, box[0] + 56, middle + 12), PAPER, 12)
    foot.price(sheet, said, box[0] + 88, top + 104, TAG_ROOM, 100)
    foot.terms(sheet, said, box[0] + 88, top + 118, TAG_ROOM)


def sellers_card(sheet: Sheet, said: Said, top: int) -> None:
    box = (FRAME, top, 750 - FRAME, top + CODE + 14)
    sheet.box(box, CARD, 36, lifted=True)
    sheet.code(said.url, box[0] + 14, top + 7, CODE)
    x, room = box[0] + CODE + 38, box[2] - box[0] - CODE - 66
    at = sheet.lines(x, top + 30, fitted(said.shop, (36, 32, 28, 24), room, 2, bold=True))
    at = sheet.lines(x, at + 4, fitted(said.whereabouts, (26, 23, 20), room, 2), INK_2, 1.35)
    sheet.line(x, top + CODE - 10, Line(_("扫码看这一款"), 26, True), INK)
