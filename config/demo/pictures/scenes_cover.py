"""Module 6: the cover photo; and the course's own cover."""

from config.demo.pictures import citrus, cut, devices, light, peeled, rooms, tools
from config.demo.pictures.citrus import ORANGE
from config.demo.pictures.leaves import OLD, leaf
from config.demo.pictures.light import Piece
from config.demo.pictures.rooms import scene_sketch
from config.demo.pictures.sketch import Sketch, ellipse, line, path, polygon, rect, taper
from config.demo.pictures.skin import Axis


def listing_photo(width: int) -> Sketch:
    """The cover photo: light from the upper left, a few whole and one cut, two thirds of the frame."""
    sketch = scene_sketch("listing-photo", rooms.indoors(width, 0.5, "#f3e7d0"))
    rooms.window(sketch, 14, 6, 108, 104)
    rooms.sunbeam(sketch, (16, 100, 120, 100), (150, 262, 400, 262), 0.6)
    rooms.edge_of_table(sketch, 135)
    sketch.soft(6, path("M120 158H430L470 262H86Z", "#241003", 0.3))
    sketch.add(
        path(
            "M122 154H424L464 258H88Z",
            sketch.linear((0, "#fbf4e2"), (1, "#d8c7a2"), x1=110, y1=150, x2=450, y2=260),
        ),
        line("M122 154H424L464 258H88Z", "#fffaf0", 1.6, 0.8),
    )
    fringe = "".join(f"M{88 + k * 6.3:.1f} 258l{-0.6} 7" for k in range(60))
    sketch.add(line(fringe, "#efe3c8", 1.2, 0.9))

    def whole(x: float, y: float, r: float, axis: Axis, end: str) -> Piece:
        return Piece(x, y, r, lambda: citrus.fruit(sketch, ORANGE, x, y, r, axis, end))

    light.lay(
        sketch,
        [
            whole(330, 128, 46, (50, 30), "tip"),
            whole(246, 116, 62, (60, -84), "leafy"),
            whole(196, 186, 46, (40, -60), "calyx"),
            Piece(306, 192, 56, lambda: cut.half(sketch, ORANGE, cut.SWEET, 306, 192, 56)),
            Piece(386, 224, 26, lambda: peeled.segment(sketch, cut.SWEET, 392, 224, -18, 24), 0),
            Piece(150, 238, 40, lambda: leaf(sketch, 128, 236, -12, 0.46, OLD), 0),
        ],
    )
    _viewfinder(sketch, 142, 12, 248)
    light.finish(sketch, 0.2, 0.2)
    return sketch


def _viewfinder(sketch: Sketch, x: float, y: float, size: float) -> None:
    """The square that the shop will show."""
    long = 26
    corners = "".join(
        f"M{cx + sx * long:.0f} {cy}H{cx}V{cy + sy * long:.0f}"
        for cx, cy, sx, sy in (
            (x, y, 1, 1),
            (x + size, y, -1, 1),
            (x, y + size, 1, -1),
            (x + size, y + size, -1, -1),
        )
    )
    sketch.add(line(corners, "#2a1606", 6, 0.35), line(corners, "#ffffff", 3.6))
    grid = "".join(
        f"M{x + size * k / 3:.1f} {y + 4}V{y + size - 4}M{x + 4} {y + size * k / 3:.1f}H{x + size - 4}"
        for k in (1, 2)
    )
    sketch.add(line(grid, "#ffffff", 0.9, 0.5))


def course_cover(width: int) -> Sketch:
    """The table by the window: fruit on a scale, a phone that films it, the terraces outside."""
    sketch = scene_sketch("course-cover", rooms.indoors(width, 0.68, "#f6e9cf", "cedar"))
    rooms.window(sketch, 44, 14, 150, 128)
    rooms.sunbeam(sketch, (48, 136, 190, 136), (130, 262, 420, 262), 0.55)
    rooms.edge_of_table(sketch, 184)
    rooms.pool(sketch, 236, 244, 92, 0.5)
    tools.scale(sketch, 232, 246, 178, "5.02", "斤")
    fruit = lambda x, y, r, axis, end: citrus.fruit(sketch, ORANGE, x, y, r, axis, end)  # noqa: E731
    fruit(190, 160, 36, (50, -120), "calyx")
    fruit(276, 160, 36, (50, 20), "tip")
    fruit(232, 152, 43, (44, -70), "calyx")
    fruit(232, 88, 40, (62, -80), "leafy")
    light.lay(
        sketch,
        [
            Piece(66, 226, 34, lambda: cut.half(sketch, ORANGE, cut.SWEET, 66, 226, 34)),
            Piece(112, 246, 22, lambda: peeled.segment(sketch, cut.SWEET, 116, 250, -20, 18), 0),
            Piece(30, 250, 40, lambda: leaf(sketch, 16, 252, -14, 0.42, OLD), 0),
        ],
    )
    _filming(sketch)
    light.finish(sketch, 0.2, 0.2)
    return sketch


def _filming(sketch: Sketch) -> None:
    """The phone on its foot, the same fruit on its screen."""
    rooms.pool(sketch, 396, 250, 34, 0.5)
    foot = polygon([(384, 190), (410, 190), (426, 250), (366, 250)])
    sketch.add(
        path(
            foot,
            sketch.linear((0, "#5a4a3c"), (0.5, "#3a2e24"), (1, "#1d1610"), x1=366, y1=190, x2=426, y2=250),
        ),
        path(taper([(372, 248), (398, 252), (424, 248)], [4, 6, 4]), "#17110c"),
    )

    def view() -> None:
        sketch.add(
            rect(
                0, 0, 100, 200, sketch.linear((0, "#f7eedb"), (0.6, "#efdfbd"), (1, "#d9c096"), y1=0, y2=200)
            ),
            rect(0, 132, 100, 68, "#b07f50"),
        )
        sketch.add(path("M18 140H82L78 150H22Z", "#d5dad6"))
        for x, y, r in ((34, 124, 17), (68, 124, 17), (51, 118, 20), (44, 90, 17)):
            citrus.fruit(sketch, ORANGE, x, y, r, (48, -80), "leafy" if y == 90 else "calyx")
        sketch.add(rect(8, 14, 26, 12, "#d8432a", 1, 6), ellipse(15, 20, 3, 3, "#ffffff"))
        devices.recording(sketch)

    devices.phone(sketch, 398, 118, 178, view, -4)
