"""Every kind of produce, what suits it under and around it, and the finished square picture."""

from collections.abc import Callable
from functools import partial
from random import Random

from PIL import Image

from config.demo.pictures import citrus, cut, light
from config.demo.pictures import citrus_tables as c
from config.demo.pictures import field_tables as field
from config.demo.pictures import fruit_tables as fruit
from config.demo.pictures import long_citrus_tables as long
from config.demo.pictures import pantry_tables as pantry
from config.demo.pictures.render import develop
from config.demo.pictures.table import Table

PALE = ("linen", "sage", "pine", "rose", "calico", "bamboo")
DEEP = ("indigo", "cedar", "slate", "walnut", "calico", "sage")
WARM = ("linen", "indigo", "cedar", "sage", "calico", "pine", "slate")

Lay = Callable[[Table], None]

TABLES: dict[str, tuple[Lay, tuple[str, ...]]] = {
    "bingtang-orange": (c.of(c.BINGTANG, c.trio, c.basket, c.heap, c.on_plate, c.branch), WARM),
    "navel-orange": (c.of(c.NAVEL, c.heap, c.trio, c.on_plate, c.basket), WARM),
    "ponkan": (c.of(c.PONKAN, c.heap, c.opened, c.basket, c.trio), WARM),
    "satsuma": (c.of(c.SATSUMA, c.opened, c.branch, c.basket, c.on_plate), WARM),
    "tangerine": (c.of(c.TANGERINE, c.branch, c.basket, c.opened, c.on_plate), PALE),
    "orah-mandarin": (c.of(c.ORAH, c.on_plate, c.trio, c.opened, c.heap), WARM),
    "sugar-mandarin": (c.of(c.SUGAR, c.branch, c.opened, c.basket), WARM),
    "dekopon": (long.dekopons, WARM),
    "white-pomelo": (partial(long.pomelos, skin=citrus.POMELO, flesh=cut.MOON), DEEP),
    "red-pomelo": (partial(long.pomelos, skin=citrus.POMELO, flesh=cut.BLUSH), WARM),
    "kumquat": (long.kumquats, WARM),
    "lemon": (long.lemons, DEEP),
    "peach": (fruit.peaches, WARM),
    "plum": (fruit.plums, PALE),
    "persimmon": (fruit.persimmons, ("slate", "linen", "indigo", "pine", "sage")),
    "pear": (fruit.pears, DEEP),
    "loquat": (fruit.loquats, WARM),
    "red-kiwi": (partial(fruit.kiwis, red=True), PALE),
    "green-kiwi": (partial(fruit.kiwis, red=False), PALE),
    "bayberry": (fruit.bayberries, PALE),
    "grape": (fruit.grapes, ("linen", "sage", "pine", "rose", "bamboo")),
    "jujube": (field.fresh_dates, ("linen", "indigo", "cedar", "sage", "calico")),
    "red-dates": (field.red_dates, ("linen", "pine", "sage", "indigo")),
    "chestnut": (field.chestnuts, ("pine", "linen", "sage", "calico")),
    "peanut": (field.peanuts, ("indigo", "calico", "sage", "slate")),
    "lotus-seed": (field.lotus_seeds, ("indigo", "slate", "clay", "cedar")),
    "chilli": (partial(field.chillies, dried=False), ("linen", "slate", "bamboo", "sage")),
    "dried-chilli": (partial(field.chillies, dried=True), ("linen", "indigo", "pine", "slate")),
    "shiitake": (field.mushrooms, ("linen", "sage", "bamboo", "pine")),
    "sweet-potato": (field.sweet_potatoes, ("slate", "linen", "pine", "sage")),
    "purple-sweet-potato": (partial(field.sweet_potatoes, purple=True), ("linen", "pine", "sage")),
    "taro": (field.taros, ("linen", "sage", "indigo", "pine")),
    "ginger": (field.gingers, ("indigo", "slate", "sage", "calico", "cedar")),
    "radish": (field.radishes, ("indigo", "slate", "cedar", "calico")),
    "pumpkin": (field.pumpkins, ("indigo", "linen", "slate", "sage")),
    "bamboo-shoot": (field.bamboo_shoots, ("indigo", "slate", "linen", "calico")),
    "lily-bulb": (field.lilies, ("indigo", "cedar", "calico", "slate")),
    "tea": (pantry.teas, ("pine", "clay", "slate", "bamboo", "indigo")),
    "dark-tea": (partial(pantry.teas, dark=True), ("pine", "linen", "sage", "slate")),
    "rice": (pantry.rice, ("cedar", "indigo", "clay", "calico")),
    "honey": (pantry.honey, ("linen", "pine", "sage", "rose")),
    "camellia-oil": (pantry.camellia_oil, ("cedar", "sage", "walnut", "slate")),
    "duck-egg": (pantry.duck_eggs, ("indigo", "cedar", "calico", "clay")),
    "hen-egg": (pantry.hen_eggs, ("indigo", "sage", "calico", "slate")),
}
KINDS: tuple[str, ...] = tuple(TABLES)


def produce(kind: str, seed: int, size: int = 768) -> Image.Image:
    """A square still life of one kind; the seed varies cloth, light, layout and hue. KeyError for an unknown kind."""
    lay, cloths = TABLES[kind]
    table = Table(Random(f"{kind}/{seed}"), seed, cloths[(seed + KINDS.index(kind)) % len(cloths)], size)
    lay(table)
    light.finish(table)
    return develop(table, size, size)
