"""A square sheet for one still life: it knows its seed, its hue and whether it is laid out the other way round."""

from random import Random

from PIL import Image

from config.demo.pictures import light
from config.demo.pictures.sketch import Sketch
from config.demo.pictures.surfaces import is_dark, surface

LIGHTS = (light.sweep, light.window, light.dapple)


class Table(Sketch):
    def __init__(self, rng: Random, seed: int, cloth: str, size: int):
        ground = surface(cloth, size, rng.randrange(2))
        if rng.random() < 0.5:
            ground = ground.transpose(Image.Transpose.TRANSPOSE)
        super().__init__(400, 400, rng, ground)
        self.seed = seed
        self.hue = rng.uniform(-4, 3)
        # What the cloth throws back into the shadows of the fruit.
        self.bounce = "#a8b4bc" if is_dark(cloth) else "#ffe0b0"
        self._turned = rng.random() < 0.4
        rng.choice(LIGHTS)(self, 0.24 if is_dark(cloth) else 0.5)

    def mirror(self, x: float) -> float:
        return 400 - x if self._turned else x
