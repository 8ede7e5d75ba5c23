"""The drawn pictures: the same call gives the same bytes, every kind and scene can be drawn, seeds differ."""

import hashlib

import pytest
from PIL import Image, ImageChops, ImageStat

from config.demo.pictures import KINDS, SCENES, produce, render_many, scene, village
from config.demo.places import read
from courses.exchange.document import named_media
from courses.exchange.written import languages, load


def digest(image: Image.Image) -> str:
    return hashlib.sha256(image.tobytes()).hexdigest()


def apart(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures, 0 to 255."""
    return ImageStat.Stat(ImageChops.difference(one, other).convert("L")).mean[0]


@pytest.mark.parametrize("kind", KINDS)
def test_produce_draws_every_kind(kind):
    image = produce(kind, 3, 120)
    assert (image.mode, image.size) == ("RGB", (120, 120))
    assert min(ImageStat.Stat(image).stddev) > 15


@pytest.mark.parametrize("kind", KINDS)
def test_produce_seeds_look_like_two_photos(kind):
    assert apart(produce(kind, 1, 120), produce(kind, 2, 120)) > 8


@pytest.mark.parametrize("name", SCENES)
def test_scene_draws_every_name(name):
    image = scene(name, 160)
    assert (image.mode, image.size) == ("RGB", (160, 90))
    assert min(ImageStat.Stat(image).stddev) > 15


def test_scene_is_another_for_every_name():
    assert len({digest(scene(name, 160)) for name in SCENES}) == 17


@pytest.mark.parametrize("seed", range(15))
def test_village_draws_every_seed(seed):
    image = village(seed, 160)
    assert (image.mode, image.size) == ("RGB", (160, 100))
    assert apart(image, village(seed + 1, 160)) > 8


def test_pictures_default_to_their_sizes():
    assert produce("lemon", 0).size == (768, 768)
    assert scene("size-ring").size == (960, 540)
    assert village(0).size == (1200, 750)


def test_pictures_are_the_same_bytes_in_another_process():
    jobs = [("produce", kind, 5, 120) for kind in KINDS[:6]] + [
        ("scene", "clip-mic", 160),
        ("village", 2, 160),
    ]
    here = [produce(*job[1:]) for job in jobs[:6]] + [scene("clip-mic", 160), village(2, 160)]
    assert [digest(image) for image in render_many(jobs)] == [digest(image) for image in here]


def test_render_many_keeps_the_order_of_few_jobs():
    first, second = render_many([("produce", "pear", 1, 90), ("scene", "cost-sheet", 96)])
    assert (first.size, second.size) == ((90, 90), (96, 54))


def test_render_many_of_nothing_is_empty():
    assert list(render_many([])) == []


def test_unknown_names_are_refused():
    with pytest.raises(KeyError):
        produce("durian", 1)
    with pytest.raises(KeyError):
        scene("drone-shot")


def test_demo_shops_sell_only_what_can_be_drawn():
    wanted = {product["picture"] for shop in read("shops")["shops"] for product in shop["products"]}
    assert wanted - set(KINDS) == set()


def test_lessons_show_only_what_can_be_drawn():
    used = [one for language in languages() for one in named_media(load(language))]
    assert {name for name, kind in used if kind == "photo"} - set(SCENES) == set()
