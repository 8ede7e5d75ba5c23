"""Still lifes of orchard and vine fruit other than citrus."""

from config.demo.pictures import orchard_fruit, pome_fruit, small_fruit
from config.demo.pictures.baskets import basket_back, basket_front
from config.demo.pictures.laying import row
from config.demo.pictures.leaves import OLD, leaf
from config.demo.pictures.light import Piece, lay
from config.demo.pictures.sketch import ellipse, path, taper
from config.demo.pictures.table import Table
from config.demo.pictures.vessels import plate


def peaches(sketch: Table) -> None:
    whole = row(sketch, orchard_fruit.peach, [(302, 150, 76, 12), (148, 164, 108, 0, True)])
    more = row(sketch, orchard_fruit.peach, [(84, 310, 62, -20)]) if sketch.seed % 2 else []
    lay(sketch, [*whole, *more, *row(sketch, orchard_fruit.half_peach, [(262, 280, 88)])])


def plums(sketch: Table) -> None:
    if sketch.seed % 2:
        plate(sketch, 200, 222, 182, "#f4f1e6", 0.7)
    whole = [(112, 150, 74, 10), (290, 148, 74, -14), (202, 120, 76, 0, True), (124, 262, 74, -22)]
    lay(
        sketch,
        [*row(sketch, orchard_fruit.plum, whole), *row(sketch, orchard_fruit.half_plum, [(262, 262, 76)])],
        0.44,
    )


def persimmons(sketch: Table) -> None:
    spots = [(112, 162, 84, -14), (292, 160, 86, 16), (202, 250, 100, 4)]
    if sketch.seed % 2:
        spots = [(202, 118, 80, 0), (104, 210, 84, -12), (298, 212, 84, 14), (204, 278, 88, 4)]
    lay(sketch, row(sketch, pome_fruit.persimmon, spots, 0.78))


def pears(sketch: Table) -> None:
    spots = [(296, 158, 84, 14), (142, 180, 106, -4, True)]
    extra = row(sketch, pome_fruit.pear, [(78, 306, 58, -62)]) if sketch.seed % 2 else []
    lay(
        sketch,
        [
            *row(sketch, pome_fruit.pear, spots),
            *extra,
            *row(sketch, pome_fruit.half_pear, [(264, 284, 84, 16)]),
        ],
    )


def loquats(sketch: Table) -> None:
    m = sketch.mirror

    def twig() -> None:
        sketch.add(path(taper([(m(30), 52), (m(140), 70), (m(214), 104)], [12, 10, 8]), "#7a6338"))
        for x, y, turn in ((60, 58, 60), (120, 66, -22), (170, 84, -64), (90, 62, 100)):
            leaf(sketch, m(x), y, turn if m(0) == 0 else 180 - turn, 1.5, OLD, 21, 14, 1.0, 9)

    spots = [
        (254, 128, 58, -20),
        (150, 168, 62, 110),
        (230, 206, 66, 70),
        (310, 204, 60, 30),
        (168, 268, 62, 120),
        (256, 296, 62, 60),
        (88, 312, 56, 150),
    ]
    lay(sketch, [Piece(0, 0, 0, twig, 0), *row(sketch, pome_fruit.loquat, spots, 0.84)], 0.44)


def kiwis(sketch: Table, red: bool) -> None:
    spots = [(304, 142, 82, 34, red), (134, 158, 98, -16, red)]
    extra = row(sketch, small_fruit.kiwi, [(92, 304, 70, 12, red)], 0.76) if sketch.seed % 2 else []
    halves = [(250, 272, 92, red)] + ([(98, 318, 62, red)] if not extra else [])
    lay(
        sketch,
        [
            *row(sketch, small_fruit.kiwi, spots, 0.76),
            *extra,
            *row(sketch, small_fruit.half_kiwi, halves[::-1]),
        ],
    )


def bayberries(sketch: Table) -> None:
    rng, m = sketch.rng, sketch.mirror
    spots = [
        (130, 150),
        (204, 118),
        (276, 150),
        (92, 218),
        (168, 204),
        (244, 208),
        (316, 222),
        (132, 280),
        (212, 284),
        (288, 288),
    ]
    if sketch.seed % 2:
        basket_back(sketch, 200, 226, 152)
        for x, y in [
            (120, 170),
            (200, 150),
            (280, 170),
            (160, 112),
            (240, 112),
            (84, 210),
            (150, 200),
            (220, 196),
            (296, 206),
        ]:
            small_fruit.bayberry(
                sketch, m(x + rng.uniform(-6, 6)), y, rng.uniform(42, 48), rng.uniform(-4, 3)
            )
        basket_front(sketch, 200, 226, 152)
        leaf(sketch, m(150), 100, -60, 0.9, OLD, 18)
        lay(sketch, row(sketch, small_fruit.bayberry, [(316, 344, 38), (92, 356, 36)]))
        return
    berries = row(
        sketch,
        lambda s, x, y, r: small_fruit.bayberry(s, x, y, r, rng.uniform(-4, 3)),
        [(x, y, rng.uniform(46, 54)) for x, y in spots],
    )
    lay(
        sketch,
        [
            *berries,
            Piece(0, 0, 0, lambda: leaf(sketch, m(120), 96, -24, 1.1, OLD, 17), 0),
            Piece(0, 0, 0, lambda: leaf(sketch, m(336), 338, 20, 0.9, OLD, 17), 0),
        ],
    )


def grapes(sketch: Table) -> None:
    x, y = sketch.mirror(212), 206
    sketch.soft(
        10,
        path(
            f"M{x - 100} {y - 60}Q{x} {y - 130} {x + 130} {y - 40}Q{x + 100} "
            f"{y + 110} {x + 40} {y + 170}Q{x - 60} {y + 120} {x - 100} {y - 60}Z",
            "#241003",
            0.5,
        ),
    )
    small_fruit.grapes(sketch, x, y, 156)
    for gx, gy, r in ((70, 318, 24), (112, 346, 25), (338, 352, 24)):
        sketch.add(ellipse(sketch.mirror(gx) + 8, gy + r * 0.8, r * 1.1, r * 0.5, "#1d0c02", 0.34))
        small_fruit.grape(sketch, sketch.mirror(gx), gy, r)
