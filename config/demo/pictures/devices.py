"""Phones, stands, microphones, scales, shears: the tools of the trade."""

from collections.abc import Callable

from config.demo.pictures.colour import mix, shift
from config.demo.pictures.sketch import Sketch, ellipse, line, path, polygon, rect, taper

CASE = "#2a2c30"


def phone(
    sketch: Sketch,
    x: float,
    y: float,
    tall: float,
    screen: Callable[[], None],
    turn: float = 0,
    level: bool = False,
) -> None:
    """Seen from the front, its middle at (x, y). `screen` draws on a field 100 × 200 (200 × 100 when level)."""
    wide = tall * 0.49
    w, h = (tall, wide) if level else (wide, tall)
    with sketch.at(x, y, turn):
        sketch.add(rect(-w / 2 + tall * 0.02, -h / 2 + tall * 0.035, w, h, "#1d0c02", 0.3, tall * 0.06))
        sketch.add(
            rect(
                -w / 2,
                -h / 2,
                w,
                h,
                sketch.linear(
                    (0, "#5a5d63"), (0.3, CASE), (1, "#141518"), x1=-w / 2, y1=-h / 2, x2=w / 2, y2=h / 2
                ),
                1,
                tall * 0.06,
            )
        )
        edge = tall * 0.022
        sw, sh = w - 2 * edge, h - 2 * edge
        fw, fh = (200, 100) if level else (100, 200)
        mask = (
            f"M0 {fh * 0.03}Q0 0 {fh * 0.03} 0H{fw - fh * 0.03}Q{fw} 0 {fw} {fh * 0.03}V{fh - fh * 0.03}Q{fw} "
            f"{fh} {fw - fh * 0.03} {fh}H{fh * 0.03}Q0 {fh} 0 {fh - fh * 0.03}Z"
        )
        with sketch.at(-sw / 2, -sh / 2, 0, sw / fw, sh / fh):
            sketch.add(f'<g clip-path="{sketch.clip(mask)}">')
            screen()
            sketch.add(
                path(polygon([(0, 0), (fw * 0.62, 0), (fw * 0.2, fh), (0, fh)]), "#ffffff", 0.07), "</g>"
            )
        sketch.add(
            f'<rect x="{-w / 2 + 0.6:.1f}" y="{-h / 2 + 0.6:.1f}" width="{w - 1.2:.1f}" height="{h - 1.2:.1f}" '
            f'rx="{tall * 0.057:.1f}" fill="none" stroke="#8b8f96" stroke-opacity=".55" stroke-width=".8"/>'
        )
        hole = (-w / 2 + edge * 2.2, 0) if level else (0, -h / 2 + edge * 2.2)
        sketch.add(ellipse(*hole, tall * 0.012, tall * 0.012, "#0c0d0f"))


def thirds(sketch: Sketch, level: bool = False) -> None:
    """The grid on a phone's screen."""
    w, h = (200, 100) if level else (100, 200)
    grid = "".join(f"M{w * k / 3:.1f} 0V{h}M0 {h * k / 3:.1f}H{w}" for k in (1, 2))
    sketch.add(line(grid, "#ffffff", 0.8, 0.5))


def recording(sketch: Sketch, level: bool = False) -> None:
    w, h = (200, 100) if level else (100, 200)
    x, y = (w - 12, h / 2) if level else (w / 2, h - 14)
    sketch.add(
        ellipse(x, y, 8, 8, "#000000", 0.25),
        f'<circle cx="{x}" cy="{y}" r="7" fill="none" stroke="#ffffff" stroke-width="1.600"/>',
        ellipse(x, y, 5, 5, "#e0402a"),
    )


def phone_back(
    sketch: Sketch,
    x: float,
    y: float,
    tall: float,
    turn: float = 0,
    wide: float = 0.49,
    tone: str = "#3d5a73",
) -> None:
    """From behind, or from the side when `wide` is small."""
    w = tall * wide
    with sketch.at(x, y, turn):
        sketch.add(
            rect(
                -w / 2,
                -tall / 2,
                w,
                tall,
                sketch.linear(
                    (0, mix(tone, "#ffffff", 0.4)),
                    (0.5, tone),
                    (1, shift(tone, 0, 0.5)),
                    x1=-w / 2,
                    y1=-tall / 2,
                    x2=w / 2,
                    y2=tall / 2,
                ),
                1,
                min(w * 0.3, tall * 0.06),
            )
        )
        if wide > 0.2:
            sketch.add(
                rect(-w * 0.4, -tall * 0.45, w * 0.36, tall * 0.2, shift(tone, 0, 0.6), 1, tall * 0.03)
            )
            for cy in (-0.4, -0.31):
                sketch.add(
                    ellipse(-w * 0.22, tall * cy, tall * 0.034, tall * 0.034, "#0f1114"),
                    ellipse(-w * 0.23, tall * (cy - 0.008), tall * 0.012, tall * 0.012, "#7fa0c0"),
                )
        else:
            sketch.add(rect(-w / 2, -tall / 2, w * 0.34, tall, "#ffffff", 0.25, w * 0.1))


def tripod(sketch: Sketch, x: float, y: float, tall: float, spread: float = 0.34) -> None:
    """Standing on (x, y); the head is `tall` above."""
    top = y - tall
    hub = y - tall * 0.56
    for dx, back in ((0.1, True), (-1, False), (1, False)):
        fx, fy = x + dx * spread * tall, y - (tall * 0.06 if back else 0)
        tone = "#2b2d31" if back else "#3c3f45"
        sketch.add(ellipse(fx + 2, fy + 0.6, 5, 1.6, "#1d0c02", 0.4))
        sketch.add(
            path(taper([(x, hub), (fx, fy)], [tall * 0.035, tall * 0.026]), tone),
            line(f"M{x - 1:.1f} {hub:.1f}L{fx - 1:.1f} {fy - 2:.1f}", "#8d9198", tall * 0.008, 0.7),
        )
        sketch.add(ellipse(fx, fy - 1, tall * 0.022, tall * 0.014, "#1a1b1e"))
    sketch.add(
        path(taper([(x, y - tall * 0.3), (x, top)], [tall * 0.026, tall * 0.022]), "#5a5e65"),
        line(f"M{x - tall * 0.006:.1f} {y - tall * 0.32:.1f}V{top:.1f}", "#b9bdc4", tall * 0.007, 0.8),
    )
    for ex in (-1, 1):
        sketch.add(
            line(
                f"M{x:.1f} {y - tall * 0.34:.1f}L{x + ex * spread * tall * 0.5:.1f} {y - tall * 0.28:.1f}",
                "#55585f",
                tall * 0.014,
            )
        )
    sketch.add(
        rect(x - tall * 0.04, hub - tall * 0.03, tall * 0.08, tall * 0.07, "#25272b", 1, tall * 0.015),
        rect(x - tall * 0.035, top - tall * 0.01, tall * 0.07, tall * 0.05, "#25272b", 1, tall * 0.014),
    )
    sketch.add(
        line(
            f"M{x + tall * 0.03:.1f} {top + tall * 0.02:.1f}l{tall * 0.1:.1f} {tall * 0.05:.1f}",
            "#25272b",
            tall * 0.022,
        )
    )


def clip_mic(sketch: Sketch, x: float, y: float, size: float) -> None:
    """A lapel microphone: foam head, clip, the start of its cable."""
    with sketch.at(x, y, 0, size):
        sketch.add(ellipse(3, 4, 15, 18, "#1d0c02", 0.3))
        sketch.add(
            rect(
                -4,
                10,
                8,
                26,
                sketch.linear((0, "#6d7176"), (0.5, "#2f3236"), (1, "#17181a"), x1=-4, y1=0, x2=4, y2=0),
                1,
                2.6,
            )
        )
        sketch.add(path("M-9 24H9V31H-9Z", "#3c4045"), line("M-9 25H9", "#9da2a8", 1.2, 0.8))
        foam = "M0-18C10-18 14-10 14-1 14 9 8 15 0 15S-14 9-14-1C-14-10-10-18 0-18Z"
        sketch.add(
            path(foam, sketch.radial((0, "#6a6d72"), (0.5, "#3b3d42"), (1, "#17181b"), cx=-5, cy=-8, r=26))
        )
        rng = sketch.rng
        pits = "".join(f"M{rng.uniform(-11, 11):.1f} {rng.uniform(-14, 12):.1f}h.6" for _ in range(90))
        sketch.add(line(pits, "#8d9096", 0.9, 0.5))
