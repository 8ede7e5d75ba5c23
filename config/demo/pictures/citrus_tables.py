"""Still lifes of citrus: what each kind looks like and how it may be laid out."""

from collections.abc import Callable
from dataclasses import dataclass

from config.demo.pictures import citrus, cut, peeled
from config.demo.pictures.baskets import basket_back, basket_front
from config.demo.pictures.leaves import OLD, YOUNG, leaf
from config.demo.pictures.light import Piece, lay
from config.demo.pictures.sketch import path, taper
from config.demo.pictures.skin import Skin
from config.demo.pictures.table import Table
from config.demo.pictures.vessels import plate


@dataclass(frozen=True)
class Sort:
    """One sort of round citrus."""

    skin: Skin
    flesh: cut.Flesh
    flat: float = 1.0
    furrows: int = 0
    size: float = 1.0
    far_end: str = "tip"


BINGTANG = Sort(citrus.ORANGE, cut.SWEET)


NAVEL = Sort(citrus.NAVEL, cut.RIPE, 1.03, 0, 1.05, "navel")


PONKAN = Sort(citrus.PONKAN, cut.RIPE, 0.86, 9)


SATSUMA = Sort(citrus.SATSUMA, cut.SWEET, 0.82, 0, 0.95)


TANGERINE = Sort(citrus.TANGERINE, cut.RED, 0.80, 0, 0.9)


ORAH = Sort(citrus.ORAH, cut.RIPE, 0.88)


SUGAR = Sort(citrus.tinted(citrus.SATSUMA, -4), cut.RIPE, 0.86, 0, 0.8)


def whole_one(
    sketch: Table, sort: Sort, x: float, y: float, r: float, end: str = "calyx", lean: float | None = None
) -> Piece:
    rng = sketch.rng
    skin = citrus.tinted(sort.skin, sketch.hue + rng.uniform(-2, 2), rng.uniform(0.985, 1.015))
    tilt = rng.uniform(54, 68) if end in ("leafy", "stalk") else rng.uniform(28, 62)
    axis = (tilt, rng.uniform(-112, -62) if lean is None else lean)
    return Piece(
        x,
        y,
        r,
        lambda: citrus.fruit(sketch, skin, x, y, r, axis, end, sort.flat, sort.furrows),
        0.9 * sort.flat,
    )


def half_of(sketch: Table, sort: Sort, x: float, y: float, r: float) -> Piece:
    tall, turn = sketch.rng.uniform(0.88, 0.97), sketch.rng.uniform(0, 36)
    return Piece(x, y, r, lambda: cut.half(sketch, sort.skin, sort.flesh, x, y, r, tall, turn))


def bits(sketch: Table, sort: Sort, *places: tuple[float, float]) -> list[Piece]:
    def one(x: float, y: float) -> Piece:
        turn, size = sketch.rng.uniform(-40, 30), sketch.rng.uniform(34, 42)
        return Piece(x, y, size, lambda: peeled.segment(sketch, sort.flesh, x, y, turn, size), 0)

    return [one(x, y) for x, y in places]


def fallen(sketch: Table, *places: tuple[float, float, float]) -> list[Piece]:
    """Loose leaves on the table."""
    tones = sketch.rng.choice((OLD, YOUNG))
    return [
        Piece(x, y, 40, lambda x=x, y=y, t=t: leaf(sketch, x, y, t, 0.72, tones), 0) for x, y, t in places
    ]


def trio(sketch: Table, sort: Sort) -> None:
    """The big one with leaves, a small one behind, a half in front."""
    m, j = sketch.mirror, sketch.rng.uniform
    big = whole_one(sketch, sort, m(152 + j(-6, 6)), 166 + j(-6, 8), 108, "leafy")
    small = whole_one(sketch, sort, m(304), 152 + j(-8, 10), 70, sort.far_end, j(-20, 60))
    lay(
        sketch,
        [
            *fallen(sketch, (m(56), 306, j(-50, 40))),
            small,
            big,
            half_of(sketch, sort, m(268), 278 + j(-4, 6), 92),
            *bits(sketch, sort, (m(112), 344)),
        ],
    )


def heap(sketch: Table, sort: Sort) -> None:
    m, j = sketch.mirror, sketch.rng.uniform
    back = [(m(108), 196, 70, "tip"), (m(204), 158 + j(-5, 5), 76, "leafy"), (m(304), 190, 70, sort.far_end)]
    front = whole_one(sketch, sort, m(152), 274, 76 + j(-3, 3), "calyx")
    pieces = [whole_one(sketch, sort, x, y, r, end) for x, y, r, end in back]
    lay(
        sketch,
        [
            pieces[0],
            pieces[2],
            pieces[1],
            *fallen(sketch, (m(56), 340, j(-20, 20))),
            front,
            half_of(sketch, sort, m(268), 286, 76),
        ],
    )


def basket(sketch: Table, sort: Sort) -> None:
    m, j = sketch.mirror, sketch.rng.uniform
    basket_back(sketch, 200, 208, 158)
    rows = [
        (m(124), 166, 58),
        (m(280), 168, 58),
        (m(204), 116 + j(-4, 4), 60),
        (m(94), 204, 52),
        (m(164), 204, 60),
        (m(244), 206, 60),
        (m(310), 206, 50),
    ]
    ends = ["tip", sort.far_end, "leafy", "calyx", "calyx", sort.far_end, "tip"]
    for (x, y, r), end in zip(rows, ends, strict=True):
        whole_one(sketch, sort, x, y + j(-4, 4), r, end).draw()
    basket_front(sketch, 200, 208, 158)
    lay(sketch, [half_of(sketch, sort, m(300), 326, 58), *bits(sketch, sort, (m(120), 366))])


def on_plate(sketch: Table, sort: Sort) -> None:
    m, j = sketch.mirror, sketch.rng.uniform
    plate(sketch, 200, 232, 182, "#f4f1e6", 0.66)
    lay(
        sketch,
        [
            whole_one(sketch, sort, m(236), 142 + j(-5, 5), 80, "leafy"),
            whole_one(sketch, sort, m(112), 178, 74, sort.far_end, j(10, 60)),
            half_of(sketch, sort, m(276), 248, 72),
            half_of(sketch, sort, m(158), 276, 64),
            *bits(sketch, sort, (m(232), 336)),
        ],
        0.34,
    )


def opened(sketch: Table, sort: Sort) -> None:
    """One whole, one out of its peel."""
    m, j = sketch.mirror, sketch.rng.uniform
    x, y = m(248), 262
    bare = Piece(x, y + 10, 90, lambda: peeled.peeled(sketch, sort.skin, sort.flesh, x, y, 88), 0)
    whole = [
        whole_one(sketch, sort, m(126 + j(-6, 6)), 150, 92, "leafy"),
        whole_one(sketch, sort, m(288), 122 + j(-6, 6), 72, "calyx"),
    ]
    sketch.soft(
        9, f'<ellipse cx="{x + 12}" cy="{y + 36}" rx="136" ry="58" fill="#241003" fill-opacity=".42"/>'
    )
    lay(sketch, [*whole[::-1], bare, *bits(sketch, sort, (m(84), 326), (m(126), 366))])


def branch(sketch: Table, sort: Sort) -> None:
    """Cut from the tree, leaves and all."""
    m, j = sketch.mirror, sketch.rng.uniform
    limb = [(m(-20), 96), (m(96), 84), (m(210), 70), (m(330), 30)]
    places = [
        (m(96), 182, 66),
        (m(296), 142, 68),
        (m(194), 196 + j(-6, 6), 74),
        (m(266), 268, 66),
        (m(128), 300, 64),
    ]
    twigs = [
        path(taper([(m(150 + 24 * k), 78), (x, y - r * 0.9)], [7, 5]), "#6f6a35")
        for k, (x, y, r) in enumerate(places[:3])
    ]
    sketch.soft(7, path(taper([(x + 10, y + 16) for x, y in limb], [12, 11, 9, 6]), "#241003", 0.45))

    def wood() -> None:
        sketch.add(
            path(taper(limb, [12, 11, 9, 6]), "#77683c"),
            path(taper([(x, y - 2) for x, y in limb], [3, 3, 2, 1]), "#c5b27a", 0.6),
            *twigs,
        )
        flip = 0 if m(0) == 0 else 180
        for x, y, turn, size in (
            (m(70), 80, -60, 0.95),
            (m(150), 76, 70, 0.8),
            (m(214), 68, -50, 1.05),
            (m(300), 42, 44, 0.9),
            (m(326), 30, -12, 0.9),
            (m(110), 84, 130, 0.9),
        ):
            leaf(sketch, x, y, turn if not flip else 180 - turn, size, sketch.rng.choice((OLD, OLD, YOUNG)))

    fruits = [
        whole_one(sketch, sort, x, y, r, end)
        for (x, y, r), end in zip(places, ("stalk", "stalk", "stalk", "calyx", "calyx"), strict=True)
    ]
    lay(sketch, [Piece(0, 0, 0, wood, 0), *fruits, *bits(sketch, sort, (m(340), 352))])


def of(sort: Sort, *ways: Callable[[Table, Sort], None]) -> Callable[[Table], None]:
    """A layout that picks one of the ways for this picture."""
    return lambda sketch: ways[(sketch.seed * 7 + sketch.seed // 5) % len(ways)](sketch, sort)
