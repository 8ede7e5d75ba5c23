"""The photo from edge to edge, and beneath it what it is."""

from __future__ import annotations

from shops.posters import foot
from shops.posters.drawing import INK_2, PAPER, Sheet
from shops.posters.lettering import fitted
from shops.posters.said import Said

BOTTOM = 872  # where the price and the code begin


def draw(sheet: Sheet, said: Said, above: int) -> None:
    """From `above` downwards. What is written is measured first; the photo gets all that is left."""
    name = fitted(said.name, (60, 52, 46, 40), foot.ROOM, 2, bold=True)
    where = fitted(f"{said.whereabouts}　{said.shop}", (28, 25, 22), foot.ROOM, 2)
    tall = foot.tall(name) + 6 + foot.tall(where, 1.4)
    blank = Sheet(foot.WIDTH, 400)
    tall += blank.chips(foot.MARGIN, 0, list(said.chips), foot.ROOM) + 18
    edge = BOTTOM - 28 - tall - 36
    sheet.photo(said.photo, (0, above, foot.WIDTH, edge + 40))
    sheet.shade((0, edge, foot.WIDTH, 1200), (40, 40, 0, 0))
    sheet.box((0, edge, foot.WIDTH, 1200), PAPER, (40, 40, 0, 0))
    top = sheet.lines(foot.MARGIN, edge + 36, name)
    top = sheet.lines(foot.MARGIN, top + 6, where, INK_2, 1.4)
    sheet.chips(foot.MARGIN, top + 14, list(said.chips), foot.ROOM)
    foot.bottom(sheet, said, BOTTOM)
