"""Baskets, trays, plates, bowls, jars: what holds the goods."""

from config.demo.pictures.body import halo
from config.demo.pictures.colour import mix
from config.demo.pictures.sketch import Sketch, ellipse, line, path


def dim(tone: str, share: float) -> str:
    """A glaze in shadow: warm, not grey."""
    return mix(tone, "#5f4c34", share)


def plate(
    sketch: Sketch,
    x: float,
    y: float,
    r: float,
    tone: str = "#f4f1e6",
    tall: float = 0.62,
    ring: str = "#3f6488",
) -> None:
    """Country porcelain with a blue ring."""
    sketch.soft(9, ellipse(x + 12, y + 16, r * 1.03, r * tall, "#241003", 0.5))
    with sketch.at(x, y, 0, r / 100, r / 100 * tall):
        sketch.add(ellipse(0, 6, 100, 100, dim(tone, 0.5)))
        sketch.add(
            ellipse(
                0,
                0,
                100,
                100,
                sketch.linear(
                    (0, mix(tone, "#ffffff", 0.6)), (1, dim(tone, 0.22)), x1=-70, y1=-80, x2=80, y2=80
                ),
            )
        )
        for out, width, clear in ((93, 2.2, 0.75), (88, 0.9, 0.6)):
            sketch.add(
                f'<ellipse rx="{out}" ry="{out}" fill="none" stroke="{ring}" stroke-opacity="{clear}" stroke-width="{width}"/>'
            )
        well = sketch.linear(
            (0, dim(tone, 0.24)),
            (0.5, dim(tone, 0.08)),
            (1, mix(tone, "#ffffff", 0.7)),
            x1=-60,
            y1=-60,
            x2=60,
            y2=60,
        )
        sketch.add(
            ellipse(0, 2, 72, 72, well),
            ellipse(
                2,
                4,
                69,
                69,
                sketch.radial((0, mix(tone, "#ffffff", 0.4)), (1, dim(tone, 0.1)), cx=-16, cy=-16, r=110),
            ),
        )


def bowl(
    sketch: Sketch,
    x: float,
    y: float,
    r: float,
    filled: tuple[str, str, str],
    tone: str = "#f3f0e2",
    band: str = "",
) -> None:
    """A bowl seen a little from above, filled with something: light, middle and edge colour."""
    with sketch.at(x, y, 0, r / 100):
        halo(sketch, 108, 100, 0.2)
        wall = "M-104-42C-100 22-68 72-30 80H30C68 72 100 22 104-42Z"
        glaze = sketch.linear(
            (0, mix(tone, "#ffffff", 0.7)),
            (0.45, tone),
            (0.8, dim(tone, 0.28)),
            (1, dim(tone, 0.48)),
            x1=-100,
            y1=-20,
            x2=96,
            y2=50,
        )
        sketch.add(path("M-34 76h68l-6 14h-56z", dim(tone, 0.42)), path(wall, glaze))
        if band:
            sketch.add(
                line("M-101-20C-80 8-40 18 0 18S80 8 101-20", band, 3.4, 0.8),
                line("M-99-12C-78 16-40 26 0 26S78 16 99-12", band, 1.2, 0.7),
            )
        sketch.add(
            ellipse(0, -42, 104, 35, mix(tone, "#ffffff", 0.6)), ellipse(0, -40, 97, 30, dim(tone, 0.26))
        )
        sketch.add(
            ellipse(
                0,
                -36,
                92,
                25.5,
                sketch.radial(
                    (0, filled[0]), (0.6, filled[1]), (1, filled[2]), cx=10, cy=-34, r=92, tall=0.3
                ),
            )
        )
        sketch.add(path("M-84-16C-78 18-62 44-44 58-40 54-60 20-64-10Z", "#ffffff", 0.55))
        bounce = sketch.bounce
        edge = sketch.radial((0.84, bounce, 0), (1, bounce, 0.6), cx=-22, cy=-50, r=134)
        sketch.add(path("M104-42C100 22 68 72 30 80H0C50 60 84 20 90-20Z", edge))


def bowl_gleam(sketch: Sketch, x: float, y: float, r: float) -> None:
    """The sky lying on a liquid."""
    with sketch.at(x, y, 0, r / 100):
        sketch.add(
            path("M-78-42C-50-56-6-60 28-57-8-52-44-46-78-42Z", "#ffffff", 0.6),
            line("M-90-34A92 25.500 0 0 0 90-34", "#fffbe0", 1.6, 0.45),
        )
