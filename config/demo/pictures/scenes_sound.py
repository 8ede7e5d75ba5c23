"""Module 2: a clear voice."""

from config.demo.pictures import devices, light, people, rooms
from config.demo.pictures.colour import mix
from config.demo.pictures.figures import ring
from config.demo.pictures.people import SKIN
from config.demo.pictures.rooms import scene_sketch
from config.demo.pictures.sketch import Sketch, curve, ellipse, line, path


def clip_mic(width: int) -> Sketch:
    """On the placket, a hand's span below the mouth, a small loop of cable left slack."""
    sketch = scene_sketch("clip-mic", rooms.indoors(width, 1.0, "#efe4cc"))
    rooms.window(sketch, 10, 14, 96, 130)
    rooms.sunbeam(sketch, (16, 20, 104, 130), (170, 60, 320, 270), 0.4)
    coat = "#3f5f80"
    body = curve(
        [
            (176, 96),
            (240, 84),
            (304, 96),
            (368, 126),
            (404, 178),
            (412, 290),
            (68, 290),
            (76, 178),
            (112, 126),
        ],
        True,
    )
    sketch.soft(8, path(body, "#1d0c02", 0.4))
    sketch.add(path(body, people.fill(sketch, coat, 240, 190, 190)))
    neck = curve([(208, 56), (272, 56), (272, 86), (262, 112), (240, 136), (218, 112), (208, 86)], True)
    sketch.add(path(neck, people.fill(sketch, SKIN, 240, 90, 60)))
    sketch.add(f'<g clip-path="{sketch.clip(neck)}">', ellipse(246, 64, 50, 40, "#6b3a20", 0.4), "</g>")
    sketch.add(
        line("M198 96 238 144M282 96 242 144", mix(coat, "#ffffff", 0.3), 4.5),
        line("M201 95 240 142M279 95 240 142", "#24384d", 1, 0.6),
    )
    weave = "".join(f"M70 {110 + k * 4}H410" for k in range(42))
    sketch.add(f'<g clip-path="{sketch.clip(body)}">{line(weave, "#1f3348", 0.6, 0.22)}</g>')
    for d in (
        "M112 132C124 176 116 230 112 270",
        "M368 132C356 176 364 230 368 270",
        "M150 150C166 190 158 240 160 270",
        "M330 150C316 190 324 240 322 270",
    ):
        sketch.add(line(d, "#1f3348", 6, 0.16), line(d, "#1f3348", 1.6, 0.3))
    _chin(sketch)
    sketch.add(line("M240 144V290", "#24384d", 2.2, 0.8))
    for y in (176, 214, 252):
        sketch.add(
            line(f"M222 {y}H258", "#c9d6e2", 3.2),
            ellipse(240, y, 4, 4, "#e9f0f5"),
            ellipse(239, y - 1, 1.6, 1.6, "#ffffff"),
        )
    cable = "M241 178C246 200 268 206 272 192S254 178 250 194C246 212 262 226 276 240S292 262 296 292"
    sketch.add(
        line(cable, "#0f1114", 4.4, 0.25), line(cable, "#17181b", 2.6), line(cable, "#8d9298", 0.7, 0.6)
    )
    devices.clip_mic(sketch, 240, 152, 1.0)
    _span(sketch)
    ring(sketch, 240, 160, 30)
    ring(sketch, 264, 196, 19, "#fffaf0")
    light.finish(sketch, 0.16, 0.2)
    return sketch


def _chin(sketch: Sketch) -> None:
    """Only the lower half of a face: it is about the distance from the mouth."""
    jaw = curve([(188, -30), (190, 18), (206, 52), (240, 70), (274, 52), (290, 18), (292, -30)], True)
    sketch.add(path(jaw, people.fill(sketch, SKIN, 240, 20, 80)))
    sketch.add(
        path("M216 30Q228 24 240 29 252 24 264 30 252 44 240 44 228 44 216 30Z", "#c4604e"),
        line("M216 30Q240 36 264 30", "#8d3b30", 1.6, 0.8),
        line("M228 52Q240 56 252 52", "#b5764e", 1.6, 0.5),
    )
    sketch.add(
        ellipse(205, 14, 12, 9, "#d9704e", 0.2),
        ellipse(275, 14, 12, 9, "#d9704e", 0.2),
        line("M228 6Q240 14 252 6", "#b5764e", 2, 0.6),
    )


def _span(sketch: Sketch) -> None:
    """A hand's breadth measured: mouth to microphone, by a small rule at the side."""
    sketch.add(
        line("M322 34H346M322 150H346M334 38V146", "#fffaf0", 5, 0.9),
        line("M322 34H346M322 150H346M334 38V146", "#c2561c", 2.6),
    )
    sketch.add(path("M334 36l-5 10h10zM334 148l-5 -10h10z", "#c2561c"))
    sketch.add(f'<g stroke-dasharray="3 4">{line("M270 34H316M266 150H316", "#c2561c", 1.6, 0.9)}</g>')
