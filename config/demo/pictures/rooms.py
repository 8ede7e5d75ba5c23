"""Where the lessons' pictures take place: by a window, in a yard, on a plain ground."""

from functools import lru_cache
from random import Random

from PIL import Image, ImageChops

from config.demo.pictures import landscape, textures
from config.demo.pictures.colour import mix
from config.demo.pictures.landscape import HOURS
from config.demo.pictures.sketch import Sketch, ellipse, line, path, polygon, rect
from config.demo.pictures.surfaces import surface

W, H = 480, 270


def indoors(
    width: int, table_at: float, wall: str = "#f1e3ca", board: str = "pine", seed: int = 3
) -> Image.Image:
    """A limewashed wall above, a board table below from `table_at` of the height down; lit from the left."""
    height = round(width * H / W)
    plaster = Image.new("RGB", (width, height), wall)
    grey = textures.clouds((width, height), 9, seed, 4)
    plaster = textures.over(plaster, textures.spread(grey, 9))
    plaster = ImageChops.multiply(plaster, _falling(width, height, 0.36))
    cut = round(height * table_at)
    if cut < height:
        wood = (
            surface(board, width, 0)
            .crop((0, 0, width, width // 2))
            .resize((width, height - cut), Image.Resampling.BICUBIC)
        )
        plaster.paste(wood, (0, cut))
    return plaster


def plain(width: int, kind: str) -> Image.Image:
    """A cloth or board filling the picture."""
    height = round(width * H / W)
    return surface(kind, width, 0).crop((0, 0, width, height))


@lru_cache(maxsize=4)
def _falling(width: int, height: int, fall: float) -> Image.Image:
    steps = 48
    row = bytearray()
    for y in range(steps):
        for x in range(steps):
            far = min(1.0, (x / steps) * 0.8 + (y / steps) * 0.25)
            glow = 1 - fall * far**1.3
            row += bytes((round(255 * glow), round((252 - 5 * far) * glow), round((244 - 12 * far) * glow)))
    return Image.frombytes("RGB", (steps, steps), bytes(row)).resize(
        (width, height), Image.Resampling.BICUBIC
    )


def scene_sketch(name: str, ground: Image.Image | None = None) -> Sketch:
    return Sketch(W, H, Random(f"scene/{name}"), ground)


def edge_of_table(sketch: Sketch, y: float) -> None:
    sketch.soft(5, rect(0, y, W, 12, "#2a1606", 0.4))
    sketch.add(rect(0, y - 1, W, 1.6, "#fff0cf", 0.55))


def window(sketch: Sketch, x: float, y: float, w: float, h: float, slant: float = 0.0, bars: int = 2) -> None:
    """Hills outside; `slant` pushes the right side up and in, for a window in a side wall."""

    def corner(a: float, b: float) -> tuple[float, float]:
        return x + a * w, y + b * h + slant * a * h * (0.5 - b) * 2

    frame = polygon([corner(-0.06, -0.05), corner(1.06, -0.05), corner(1.06, 1.05), corner(-0.06, 1.05)])
    pane = polygon([corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)])
    sketch.add(
        path(frame, "#2a1606", 0.25, transform="translate(3 4)"),
        path(frame, sketch.linear((0, "#fffaf0"), (1, "#d9c7a4"), x1=x, y1=y, x2=x + w, y2=y + h)),
    )
    sketch.add(f'<g clip-path="{sketch.clip(pane)}">')
    sketch.add(
        rect(
            x,
            y - h * 0.2,
            w,
            h * 1.4,
            sketch.linear((0, "#cfe3ea"), (0.6, "#f4f3e2"), (1, "#fbf3da"), y1=y, y2=y + h),
        )
    )
    for base, tall, tone in ((0.62, 0.22, "#bfd0bd"), (0.76, 0.2, "#94b487"), (0.92, 0.2, "#6d9a5c")):
        hill = (
            f"M{x} {y + h * base:.1f}C{x + w * 0.2:.1f} {y + h * (base - tall):.1f} "
            f"{x + w * 0.4:.1f} {y + h * (base - tall * 0.2):.1f} {x + w * 0.56:.1f} "
            f"{y + h * (base - tall * 0.5):.1f}S{x + w * 0.86:.1f} {y + h * (base - tall * 1.1):.1f} "
            f"{x + w} {y + h * (base - tall * 0.3):.1f}V{y + h * 1.2:.1f}H{x}Z"
        )
        sketch.add(path(hill, tone))
    sketch.add(rect(x, y - h * 0.2, w, h * 1.4, "#fffbe6", 0.22), "</g>")
    bar = "#f6ead0"
    for k in range(1, bars):
        (ax, ay), (bx, by) = corner(k / bars, 0), corner(k / bars, 1)
        sketch.add(line(f"M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}", bar, w * 0.045, 1, "butt"))
    (ax, ay), (bx, by) = corner(0, 0.46), corner(1, 0.46)
    sketch.add(line(f"M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}", bar, h * 0.03, 1, "butt"))
    sketch.add(line(pane, "#b39b70", 1.2, 0.6))
    (ax, ay), (bx, by) = corner(-0.1, 1.06), corner(1.1, 1.06)
    sketch.add(
        line(f"M{ax:.1f} {ay + 3:.1f}L{bx:.1f} {by + 3:.1f}", "#cdb68a", 6, 1, "butt"),
        line(f"M{ax:.1f} {ay + 1:.1f}L{bx:.1f} {by + 1:.1f}", "#fff6e0", 2, 1, "butt"),
    )


def sunbeam(
    sketch: Sketch,
    start: tuple[float, float, float, float],
    end: tuple[float, float, float, float],
    strength: float = 0.4,
) -> None:
    """From a window's edge (x1, y1, x2, y2) to where it lands."""
    ax, ay, bx, by = start
    cx, cy, dx, dy = end
    shape = polygon([(ax, ay), (bx, by), (dx, dy), (cx, cy)])
    light = sketch.linear(
        (0, "#fff3c8", strength),
        (1, "#fff3c8", strength * 0.12),
        x1=(ax + bx) / 2,
        y1=(ay + by) / 2,
        x2=(cx + dx) / 2,
        y2=(cy + dy) / 2,
    )
    sketch.soft(6, path(shape, light))


def hills(sketch: Sketch, hour: int, horizon: float, field: bool = True) -> None:
    """A soft view of the village land; draws the whole picture's background."""
    at = HOURS[hour]
    landscape.sky(sketch, at, horizon)
    landscape.ridges(sketch, at, horizon)
    if field:
        sketch.add(
            rect(
                0,
                horizon - 2,
                W,
                H,
                sketch.linear(
                    (0, mix(at.field[1], at.air, 0.25)),
                    (1, mix(at.field[0], "#3f5a2c", 0.3)),
                    y1=horizon,
                    y2=H,
                ),
            )
        )


def pool(sketch: Sketch, x: float, y: float, r: float, strength: float = 0.5) -> None:
    """A cast shadow under something that stands."""
    sketch.soft(5, ellipse(x + r * 0.3, y, r * 1.2, r * 0.24, "#1d1204", strength))
