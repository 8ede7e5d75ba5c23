"""Bamboo ware: the round sieve and the basket."""

import math

from config.demo.pictures.colour import mix
from config.demo.pictures.sketch import Sketch, ellipse, line, path, rect


def tray(sketch: Sketch, x: float, y: float, r: float, tall: float = 0.8) -> None:
    """A round bamboo sieve, woven bed and bent rim."""
    rng = sketch.rng
    sketch.soft(9, ellipse(x + 12, y + 18, r * 1.02, r * tall * 1.04, "#241003", 0.55))
    with sketch.at(x, y, 0, r / 100, r / 100 * tall):
        sketch.add(ellipse(0, 0, 100, 100, "#a97f40"))
        bed = "M-92 0a92 92 0 1 0 184 0a92 92 0 1 0-184 0Z"
        sketch.add(f'<g clip-path="{sketch.clip(bed)}">', ellipse(0, 0, 93, 93, "#9c7434"))
        warp, dark, weft = [], [], []
        for k in range(-13, 14):
            p = k * 7.2
            warp.append(f"M{p:.1f}-94V94")
            dark.append(f"M{p + 2.9:.1f}-94V94")
            for j in range(-13, 14):
                if (k + j) % 2:
                    weft.append(f"M{p - 3.9:.1f} {j * 7.2:.1f}h7.800")
        with sketch.at(0, 0, 45):
            sketch.add(
                line("".join(warp), "#cfa860", 5.8, 1, "butt"),
                line("".join(dark), "#5c3e14", 1.2, 0.45, "butt"),
            )
            sketch.add(
                line("".join(weft), "#5c3e14", 7.0, 0.35, "butt"),
                line("".join(weft), "#dcb970", 5.4, 1, "butt"),
            )
            sketch.add(
                f'<g transform="translate(0 -1.600)">{line("".join(weft), "#fbe6b4", 1.0, 0.5, "butt")}</g>'
            )
        shade = sketch.radial(
            (0, "#3d260a", 0.06), (0.72, "#3d260a", 0.10), (1, "#3d260a", 0.62), cx=14, cy=18, r=112
        )
        sketch.add(ellipse(0, 0, 93, 93, shade), "</g>")
        rim = sketch.linear((0, "#f6dfa8"), (0.4, "#d5ad66"), (1, "#8a6228"), x1=-70, y1=-80, x2=70, y2=80)
        sketch.add(f'<ellipse rx="95" ry="95" fill="none" stroke="{rim}" stroke-width="9"/>')
        sketch.add(
            '<ellipse rx="99.500" ry="99.500" fill="none" stroke="#5f4116" stroke-opacity=".6" stroke-width="1"/>'
        )
        sketch.add(
            '<ellipse rx="95.500" ry="95.500" fill="none" stroke="#7a5722" stroke-opacity=".55" stroke-width="1.200"/>'
        )
        ties = []
        for k in range(22):
            a = math.tau * k / 22 + rng.uniform(-0.03, 0.03)
            ties.append(
                f"M{90.5 * math.cos(a):.1f} {90.5 * math.sin(a):.1f}L{99.5 * math.cos(a + 0.03):.1f} "
                f"{99.5 * math.sin(a + 0.03):.1f}"
            )
        sketch.add(line("".join(ties), "#5a3d14", 3.4, 0.6), line("".join(ties), "#e9cb8c", 1.8, 0.9))


def basket_back(sketch: Sketch, x: float, y: float, r: float) -> None:
    """The far rim and dark inside; draw the goods, then the front."""
    sketch.soft(11, ellipse(x + 26, y + r * 0.74, r * 1.12, r * 0.32, "#241003", 0.62))
    with sketch.at(x, y, 0, r / 100):
        sketch.add(
            ellipse(0, 0, 102, 34, "#3d260b"),
            ellipse(0, 0, 102, 34, sketch.linear((0, "#6b4718"), (1, "#1f1104"), y1=-30, y2=34)),
        )
        sketch.add('<ellipse rx="102" ry="34" fill="none" stroke="#b98c48" stroke-width="7"/>')
        sketch.add(
            '<ellipse rx="102" ry="36" fill="none" stroke="#f0d49a" stroke-opacity=".6" stroke-width="1.500"/>'
        )


def basket_front(sketch: Sketch, x: float, y: float, r: float) -> None:
    front = "M-103 0C-98 44-88 74-76 84Q0 106 76 84C88 74 98 44 103 0A102 34 0 0 1-103 0Z"
    with sketch.at(x, y, 0, r / 100):
        sketch.add(path(front, "#7a5523"), f'<g clip-path="{sketch.clip(front)}">')
        for row in range(9):
            for column in range(-11, 12):
                px, py = column * 10, 2 + row * 11 + 30 * math.sqrt(max(0, 1 - (column * 10 / 106) ** 2)) - 4
                if (row + column) % 2:
                    tone = sketch.rng.choice(("#dab872", "#cda65c", "#e4c788"))
                    lit = mix(tone, "#4a300e", max(0, column / 16) + 0.1)
                    sketch.add(
                        rect(px - 6, py - 4.6, 12, 9.6, lit, 1, 2.4),
                        rect(px - 5, py - 4.2, 10, 1.6, "#fff0c8", 0.42),
                    )
                else:
                    sketch.add(
                        rect(
                            px - 2.6,
                            py - 6,
                            5.2,
                            12,
                            mix("#c39a50", "#4a300e", max(0, column / 16) + 0.15),
                            1,
                            1,
                        )
                    )
        shade = sketch.linear(
            (0, "#fff1cc", 0.16), (0.4, "#2f1c06", 0), (1, "#2f1c06", 0.6), x1=-100, y1=0, x2=100, y2=60
        )
        sketch.add(path(front, shade), "</g>")
        for width, colour, clear in ((9, "#7a5520", 1), (6.4, "#d6af68", 1), (1.6, "#fbe7b8", 0.8)):
            sketch.add(line("M-103 0A103 34 0 0 0 103 0", colour, width, clear))
        ties = "".join(
            f"M{103 * math.cos(a):.1f} {34 * math.sin(a) - 4:.1f}l3 8"
            for a in (k * 0.165 + 0.1 for k in range(19))
        )
        sketch.add(line(ties, "#6b4a1a", 1.8, 0.6))
