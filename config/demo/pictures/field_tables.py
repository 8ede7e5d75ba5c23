"""Still lifes of nuts, roots, pods and vegetables."""

from config.demo.pictures import garden, nuts, pods, roots, shoots, small_fruit, tubers
from config.demo.pictures.baskets import tray
from config.demo.pictures.laying import row, spread, strewn
from config.demo.pictures.leaves import BAMBOO, OLD, leaf
from config.demo.pictures.light import lay
from config.demo.pictures.table import Table


def chestnuts(sketch: Table) -> None:
    way = lambda lo, hi: sketch.rng.uniform(lo, hi)  # noqa: E731
    whole = [
        (120, 150, 66, way(-40, -10)),
        (236, 118, 64, way(-10, 20)),
        (170, 232, 70, way(-20, 10)),
        (278, 218, 66, way(10, 40)),
        (98, 300, 62, way(-60, -20)),
    ]
    burrs = (
        row(sketch, nuts.burr, [(330, 122, 62)])
        if sketch.seed % 2 == 0
        else row(sketch, nuts.chestnut, [(330, 130, 58, way(20, 50))])
    )
    lay(
        sketch,
        [
            *burrs,
            *row(sketch, nuts.chestnut, whole, 0.7),
            *row(sketch, nuts.kernel, [(236, 312, 54, way(-30, 30)), (320, 306, 48, way(-60, 60))], 0.7),
        ],
        0.4,
    )


def peanuts(sketch: Table) -> None:
    spread(sketch, nuts.peanut, 15, 58, "tray" if sketch.seed % 2 else "cloth", 54)
    for x, y, turn in ((sketch.mirror(150), 236, 14), (sketch.mirror(268), 290, -24)):
        nuts.open_peanut(sketch, x, y, 64, turn + sketch.rng.uniform(-12, 12))


def red_dates(sketch: Table) -> None:
    if sketch.seed % 2:
        spread(sketch, small_fruit.date, 34, 38, "tray", 31)
    else:
        spread(sketch, small_fruit.date, 22, 50, "cloth", 47)


def lotus_seeds(sketch: Table) -> None:
    m = sketch.mirror
    lay(
        sketch,
        row(
            sketch,
            pods.lotus_pod,
            [(144, 146, 104)] + ([(312, 128, 64)] if sketch.seed % 2 else []),
            0.8,
        ),
        0.4,
    )
    for x, y in strewn(sketch, 15, 120, 74, 296, 34):
        pods.lotus_seed(sketch, m(x + 40), y, sketch.rng.uniform(23, 27), sketch.rng.uniform(0, 360))


def chillies(sketch: Table, dried: bool) -> None:
    draw = lambda s, x, y, r, turn: pods.chilli(s, x, y, r, turn, dried)  # noqa: E731
    spread(
        sketch,
        draw,
        22 if dried else 13,
        62 if dried else 86,
        "tray" if dried or sketch.seed % 2 else "cloth",
        33 if dried else 46,
    )


def mushrooms(sketch: Table) -> None:
    spots = [
        (118, 140, 72),
        (240, 120, 80),
        (330, 196, 60),
        (82, 240, 62),
        (188, 226, 84),
        (290, 294, 76),
        (122, 324, 60),
    ]
    lay(sketch, row(sketch, pods.mushroom, spots, 0.74), 0.4)


def sweet_potatoes(sketch: Table, purple: bool = False) -> None:
    flip = 1 if sketch.mirror(0) == 0 else -1
    hue = -26 if purple else 0
    spots = [(190, 104, 112, -12 * flip, hue), (226, 196, 122, 10 * flip, hue)]
    if sketch.seed % 2:
        spots.append((282, 300, 84, -24 * flip, hue))
    flesh = "#8d5aa8" if purple else "#f6a94e"
    cut = row(sketch, lambda s, x, y, r: roots.cut_potato(s, x, y, r, flesh), [(116, 304, 76)], 0.7)
    lay(sketch, [*row(sketch, roots.sweet_potato, spots, 0), *cut])


def bamboo_shoots(sketch: Table) -> None:
    flip = 1 if sketch.mirror(0) == 0 else -1
    base = 0 if flip == 1 else 180
    spots = [(186, 104, 128, base - 16 * flip), (226, 190, 128, base + 6 * flip)]
    lay(
        sketch,
        [
            *row(sketch, shoots.bamboo_shoot, spots, 0),
            *row(sketch, shoots.half_shoot, [(190, 304, 118, base - 8 * flip)], 0),
        ],
    )
    leaf(sketch, sketch.mirror(330), 320, 24, 0.8, BAMBOO, 9, 6, veins=0)
    leaf(sketch, sketch.mirror(330), 322, 64, 0.7, BAMBOO, 8, 4, veins=0)


def lilies(sketch: Table) -> None:
    if sketch.seed % 2:
        tray(sketch, 200, 210, 188, 0.86)
    lay(sketch, row(sketch, shoots.lily_bulb, [(140, 150, 78), (272, 158, 74), (206, 268, 86)], 0.8), 0.42)


def gingers(sketch: Table) -> None:
    flip = 1 if sketch.mirror(0) == 0 else -1
    spots = (
        [(176, 132, 112, -10 * flip), (246, 236, 104, 24 * flip)]
        if sketch.seed % 2
        else [(190, 160, 136, 6 * flip)]
    )
    slices = (
        [(98, 320, 42), (160, 350, 40)]
        if sketch.seed % 2
        else [(110, 306, 50), (186, 338, 46), (296, 318, 44)]
    )
    lay(sketch, [*row(sketch, tubers.ginger, spots, 0), *row(sketch, tubers.ginger_slice, slices, 0)])


def taros(sketch: Table) -> None:
    turn = sketch.rng.uniform
    spots = [(130, 128, 86, turn(-40, -10)), (276, 128, 80, turn(10, 40)), (206, 216, 92, turn(-16, 16))]
    lay(
        sketch,
        [
            *row(sketch, tubers.taro, spots, 0.4),
            *row(sketch, tubers.cut_taro, [(286, 310, 72), (126, 306, 62)], 0.74),
        ],
    )


def radishes(sketch: Table) -> None:
    flip = 1 if sketch.mirror(0) == 0 else -1
    base = 0 if flip == 1 else 180
    spots = [(212, 116, 106, base - 8 * flip), (238, 216, 112, base + 10 * flip)]
    lay(
        sketch,
        [
            *row(sketch, garden.radish, spots, 0),
            *row(
                sketch,
                garden.radish_slice,
                [(104, 316, 48), (168, 344, 46), (236, 330, 44)][: 2 + sketch.seed % 2],
                0,
            ),
        ],
    )


def pumpkins(sketch: Table) -> None:
    hue = sketch.rng.uniform(-5, 5)
    draw = lambda s, x, y, r: garden.pumpkin(s, x, y, r, hue)  # noqa: E731
    spots = [(300, 140, 84), (160, 190, 128)] if sketch.seed % 2 else [(200, 172, 146)]
    lay(sketch, [*row(sketch, draw, spots, 0.66), *row(sketch, garden.pumpkin_wedge, [(252, 318, 88)], 0)])


def fresh_dates(sketch: Table) -> None:
    if sketch.seed % 2:
        spread(sketch, garden.fresh_date, 24, 38, "tray", 40)
    else:
        spread(sketch, garden.fresh_date, 16, 48, "cloth", 58)
    for x, y, turn in ((48, 60, 30), (352, 350, 200)):
        leaf(sketch, sketch.mirror(x), y, turn, 0.8, OLD, 25)
