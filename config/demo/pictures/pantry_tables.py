"""Still lifes of tea, rice, honey, oil and eggs."""

import math

from config.demo.pictures import eggs, honey_oil, pantry
from config.demo.pictures.baskets import basket_back, basket_front
from config.demo.pictures.colour import shift
from config.demo.pictures.jars import bottle, jar, sack
from config.demo.pictures.laying import row
from config.demo.pictures.leaves import OLD, leaf
from config.demo.pictures.light import Piece, lay
from config.demo.pictures.sketch import ellipse, line
from config.demo.pictures.table import Table
from config.demo.pictures.vessels import bowl, bowl_gleam, plate


def teas(sketch: Table, dark: bool = False) -> None:
    m = sketch.mirror
    liquor = ("#c8742c", "#97461a", "#52200c") if dark else ("#f1eab0", "#dbd07a", "#a39a42")
    x, y = m(226), 168
    cup = [
        Piece(
            x,
            y,
            122,
            lambda: (
                bowl(sketch, x, y, 122, liquor, band="" if sketch.seed % 2 else "#4a6c8c"),
                bowl_gleam(sketch, x, y, 122),
            ),
            0.72,
        )
    ]
    lay(sketch, cup)
    pantry.tea_leaves(sketch, m(120), 318, 84, dark)
    if not dark:
        pantry.tea_shoot(sketch, m(236), 350, -24 if m(0) == 0 else 204, 1.05)
        pantry.tea_shoot(sketch, m(68), 232, -70, 0.8)


def rice(sketch: Table) -> None:
    m = sketch.mirror
    x = m(222)
    lay(sketch, [Piece(x, 172, 132, lambda: sack(sketch, x, 172, 132), 0.92)])
    pantry.rice_heap(sketch, x, 98, 86, 25, 900, 1.0)
    if sketch.seed % 2:
        plate(sketch, m(110), 310, 84, "#e9dfc8", 0.6, "#8a6a3c")
        pantry.rice_heap(sketch, m(110), 302, 62, 30, 700, 0.7)
    else:
        pantry.rice_heap(sketch, m(120), 318, 82, 36, 1000, 0.7)
    pantry.loose_rice(sketch, m(150), 346, 70, 150)
    pantry.rice_ear(sketch, m(196), 350, -22 if m(0) == 0 else -150, 0.9)


def honey(sketch: Table) -> None:
    m = sketch.mirror
    x = m(226)
    dark = sketch.seed % 3 == 1
    content = ("#e09a34", "#b5661a", "#5f2c0a") if dark else ("#ffcb52", "#f0a01f", "#a85c0c")
    lid = sketch.rng.choice(("#c9a25e", "#4a678a", "#b86a4a"))
    lay(sketch, [Piece(x, 178, 128, lambda: jar(sketch, x, 178, 128, content, lid), 0.94)])
    honey_oil.comb(sketch, m(112), 306, 84)
    honey_oil.dipper(sketch, m(262), 342, -14 if m(0) == 0 else 194, 0.95)


def camellia_oil(sketch: Table) -> None:
    m = sketch.mirror
    x = m(136)
    lay(
        sketch,
        [
            Piece(
                x, 214, 122, lambda: bottle(sketch, x, 214, 122, ("#fbe98a", "#e3c23e", "#a3821a")), 1.16, 0.6
            ),
            *row(
                sketch,
                honey_oil.oil_fruit,
                [(312, 190, 56, False), (252, 246, 62, True), (336, 286, 54, False)],
            ),
        ],
    )
    leaf(sketch, m(206), 344, 24 if m(0) == 0 else 156, 0.9, OLD, 24)
    honey_oil.camellia(sketch, m(244), 338, 60)


def duck_eggs(sketch: Table) -> None:
    tone = sketch.rng.choice(("#cfe0d8", "#d9e4d0", "#dfe6dc"))
    (_eggs_in_basket if sketch.seed % 2 else _eggs_on_straw)(sketch, tone, "salted")


def hen_eggs(sketch: Table) -> None:
    tone = sketch.rng.choice(("#e3b184", "#dca272", "#eac59d"))
    (_eggs_on_straw if sketch.seed % 2 else _eggs_in_basket)(sketch, tone, "fresh")


def _eggs_in_basket(sketch: Table, tone: str, kept: str) -> None:
    m, rng = sketch.mirror, sketch.rng
    basket_back(sketch, 200, 206, 154)
    for ex, ey in ((122, 176), (270, 172), (196, 150), (96, 206), (166, 200), (240, 202), (306, 206)):
        eggs.egg(sketch, m(ex), ey, 58, rng.uniform(-60, 60), shift(tone, 0, rng.uniform(0.97, 1.03)))
    basket_front(sketch, 200, 206, 154)
    eggs.half_egg(sketch, m(290), 336, 54, 8, kept)
    eggs.half_egg(sketch, m(180), 356, 48, -20, kept)


def _eggs_on_straw(sketch: Table, tone: str, kept: str) -> None:
    m, rng = sketch.mirror, sketch.rng
    _straw(sketch)
    for ex, ey, turn in ((134, 132, -20), (250, 126, 24), (112, 220, 40), (206, 200, -8), (300, 206, -50)):
        eggs.egg(sketch, m(ex), ey, 70, turn + rng.uniform(-12, 12), shift(tone, 0, rng.uniform(0.97, 1.03)))
    eggs.half_egg(sketch, m(230), 312, 72, rng.uniform(-16, 16), kept)


def _straw(sketch: Table) -> None:
    """A nest of rice straw."""
    rng = sketch.rng
    sketch.soft(9, ellipse(210, 216, 176, 140, "#241003", 0.45))
    straw = []
    for _ in range(560):
        a, out = rng.uniform(0, math.tau), 178 * math.sqrt(rng.uniform(0.1, 1))
        sx, sy = 200 + out * math.cos(a), 192 + out * 0.8 * math.sin(a)
        b = a + 1.57 + rng.uniform(-0.7, 0.7)
        straw.append(
            f"M{sx:.1f} {sy:.1f}q{20 * math.cos(b):.1f} {20 * math.sin(b) - 8:.1f} {52 * math.cos(b):.1f} {44 * math.sin(b):.1f}"
        )
    for k, colour in enumerate(("#6f5320", "#a5843c", "#c9a552", "#ecd48a")):
        sketch.add(line("".join(straw[k::4]), colour, 2.6, 0.95))
