"""Still lifes of pomelos, lemons, kumquats and dekopons."""

from config.demo.pictures import citrus, citrus_long, cut, peeled
from config.demo.pictures.baskets import tray
from config.demo.pictures.citrus_tables import Sort, bits, fallen, half_of
from config.demo.pictures.leaves import sprig
from config.demo.pictures.light import Piece, lay
from config.demo.pictures.skin import Skin
from config.demo.pictures.table import Table
from config.demo.pictures.vessels import plate


def pomelos(sketch: Table, skin: Skin, flesh: cut.Flesh) -> None:
    skin = citrus.tinted(skin, sketch.hue)
    (_pomelo_pair, _pomelo_halves, _pomelo_peeled)[(sketch.seed + sketch.seed // 3) % 3](sketch, skin, flesh)


def _pomelo(sketch: Table, skin: Skin, x: float, y: float, r: float, lean: float, leafy: bool) -> Piece:
    return Piece(x, y, r, lambda: citrus_long.pomelo(sketch, skin, x, y, r, lean, leafy), 0.9)


def _pomelo_pair(sketch: Table, skin: Skin, flesh: cut.Flesh) -> None:
    m, j = sketch.mirror, sketch.rng.uniform
    behind = [_pomelo(sketch, skin, m(322), 116, 82, 14, False)] if sketch.rng.random() < 0.6 else []
    whole = _pomelo(sketch, skin, m(160), 178 + j(-4, 6), 126, j(-8, 8), True)
    sort = Sort(skin, flesh)
    lay(
        sketch,
        [
            *behind,
            whole,
            half_of(sketch, sort, m(278), 280, 100),
            *bits(sketch, sort, (m(92), 350), (m(136), 372)),
        ],
    )


def _pomelo_halves(sketch: Table, skin: Skin, flesh: cut.Flesh) -> None:
    m, j = sketch.mirror, sketch.rng.uniform
    sort = Sort(skin, flesh)
    whole = _pomelo(sketch, skin, m(236), 136 + j(-4, 4), 104, j(-10, 4), True)
    back = half_of(sketch, sort, m(308), 238, 84)
    lay(
        sketch,
        [whole, back, half_of(sketch, sort, m(140), 258, 106), *fallen(sketch, (m(300), 366, j(-20, 20)))],
    )


def _pomelo_peeled(sketch: Table, skin: Skin, flesh: cut.Flesh) -> None:
    """Segments shelled out on a plate before the whole fruit."""
    m, j = sketch.mirror, sketch.rng.uniform
    sort = Sort(skin, flesh)
    lay(
        sketch,
        [
            _pomelo(sketch, skin, m(146), 140 + j(-4, 4), 108, j(-6, 8), True),
            half_of(sketch, sort, m(304), 170, 84),
        ],
    )
    plate(sketch, m(204), 304, 150, "#f4f1e6", 0.5, "#5c8a5a")
    for x, y, turn in ((150, 282, -24), (222, 268, 12), (276, 296, -12), (176, 320, 8), (244, 332, -30)):
        peeled.segment(sketch, flesh, m(x), y, turn + j(-10, 10), 54)


def lemons(sketch: Table) -> None:
    m, j = sketch.mirror, sketch.rng.uniform
    spots = [
        (m(140), 160, 94, j(-30, 10), True),
        (m(290), 158, 78, j(20, 60), False),
        (m(104), 300, 70, j(-60, 0), False),
    ]
    cuts = [(m(256), 276, 84)]
    if sketch.seed % 2:
        plate(sketch, 200, 226, 184, "#f4f1e6", 0.68, "#5c8a5a")
        spots = [
            (m(206), 110, 78, j(-20, 20), False),
            (m(104), 176, 76, j(40, 80), True),
            (m(306), 184, 76, j(-50, -20), False),
        ]
        cuts = [(m(152), 268, 66), (m(258), 276, 70)]
    place = lambda turn: turn if m(0) == 0 else 180 - turn  # noqa: E731
    pieces = [
        Piece(x, y, r, lambda x=x, y=y, r=r, t=t, f=f: citrus_long.lemon(sketch, x, y, r, place(t), f), 0.8)
        for x, y, r, t, f in spots
    ]
    halves = [
        Piece(x, y, r, lambda x=x, y=y, r=r: cut.half(sketch, citrus.LEMON, cut.SOUR, x, y, r, 0.93, 10))
        for x, y, r in cuts
    ]
    lay(sketch, [*pieces, *halves, *fallen(sketch, (m(336), 356, j(-40, 10)))])


def kumquats(sketch: Table) -> None:
    rng, m = sketch.rng, sketch.mirror
    ground = rng.choice(
        (lambda: tray(sketch, 200, 206, 178, 0.82), lambda: plate(sketch, 200, 214, 180, "#f4f1e6", 0.72))
    )
    ground()
    spots = [
        (200, 108),
        (128, 126),
        (272, 128),
        (88, 180),
        (160, 168),
        (236, 170),
        (310, 186),
        (120, 230),
        (194, 226),
        (270, 236),
        (160, 286),
        (236, 290),
    ]
    pieces = []
    for k, (x, y) in enumerate(spots):
        x, y = m(x + rng.uniform(-9, 9)), y + rng.uniform(-8, 8)
        if k in (7, 11):
            pieces.append(
                Piece(
                    x, y, 36, lambda x=x, y=y: cut.half(sketch, citrus.KUMQUAT, cut.SWEET, x, y, 36, 0.9, 20)
                )
            )
            continue
        r, turn, hue = rng.uniform(38, 44), rng.uniform(0, 360), rng.uniform(-5, 4)
        pieces.append(
            Piece(
                x,
                y,
                r,
                lambda x=x, y=y, r=r, t=turn, h=hue, k=k: citrus_long.kumquat(
                    sketch, x, y, r, t, h, k in (1, 6)
                ),
                0.8,
            )
        )
    lay(
        sketch,
        [*pieces, Piece(0, 0, 0, lambda: sprig(sketch, m(30), 350, -12 if m(0) == 0 else 192, 0.8), 0)],
        0.36,
    )


def dekopons(sketch: Table) -> None:
    m, j = sketch.mirror, sketch.rng.uniform
    sort = Sort(citrus.tinted(citrus.ORAH, 4), cut.RIPE, 0.88)
    spots = [(m(298), 164, 80, j(4, 14), False), (m(148), 176, 108, j(-10, 2), True)]
    pieces = [
        Piece(x, y, r, lambda x=x, y=y, r=r, t=t, f=f: citrus_long.dekopon(sketch, x, y, r, t, f), 0.84)
        for x, y, r, t, f in spots
    ]
    lay(
        sketch,
        [*pieces, half_of(sketch, sort, m(262), 284, 84), *bits(sketch, sort, (m(110), 336), (m(156), 364))],
    )
