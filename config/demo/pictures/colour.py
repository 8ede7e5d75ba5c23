"""Mixing and shifting of hex colours."""

import colorsys
from functools import lru_cache


def channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def to_hex(red: float, green: float, blue: float) -> str:
    return "#" + "".join(f"{max(0, min(255, round(c))):02x}" for c in (red, green, blue))


@lru_cache(maxsize=4096)
def mix(one: str, other: str, share: float) -> str:
    """`share` 0 is all of the first colour, 1 all of the other."""
    return to_hex(*(a + (b - a) * share for a, b in zip(channels(one), channels(other), strict=True)))


@lru_cache(maxsize=4096)
def shift(colour: str, hue: float = 0, light: float = 1, rich: float = 1) -> str:
    """Turn the hue by degrees; scale lightness and saturation."""
    h, lightness, s = colorsys.rgb_to_hls(*(c / 255 for c in channels(colour)))
    turned = colorsys.hls_to_rgb((h + hue / 360) % 1, min(1, lightness * light), min(1, s * rich))
    return to_hex(*(c * 255 for c in turned))


def shift_all(colours: tuple[str, ...], hue: float = 0, light: float = 1, rich: float = 1) -> tuple[str, ...]:
    return tuple(shift(colour, hue, light, rich) for colour in colours)
