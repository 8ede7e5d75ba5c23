"""The demo's films: made by code, with captions in both languages that fit them."""

import pytest
from PIL import Image

from config.demo import videos
from config.demo.pictures import SCENES
from config.demo.pictures.many import WORTH_A_PROCESS
from courses.exchange.written import load
from media import captions
from media.models import Video
from progress.transcript import chapters
from tests.factories import make_photo

LANGUAGES = ("zh-hans", "en")


def lessons(language: str) -> list[dict]:
    return [one for module in load(language)["modules"] for one in module["lessons"] if one["video"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_film_has_its_lesson_in_each_language(language):
    assert [lesson["video"] for lesson in lessons(language)] == list(videos.FILMS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_captions_are_right_and_name_a_chapter_for_each_of_the_films(language):
    for lesson in lessons(language):
        film = videos.FILMS[lesson["video"]]
        length = 2 * len(film) * videos.SLIDE_SECONDS * 1000
        assert captions.checked(lesson["captions"]) == lesson["captions"]
        assert [part.start_ms for part in chapters(lesson["captions"], length)] == [0, 18_000, 36_000, 54_000]
        assert captions.cues(lesson["captions"])[-1][1] == length


def test_films_show_scenes_that_are_drawn():
    shown = {scene for film in videos.FILMS for scene in videos.scenes_of(film)}
    assert shown <= set(SCENES)
    assert len(shown) >= WORTH_A_PROCESS


@pytest.mark.parametrize("has_font", [True, False])
def test_slide_is_readable_with_and_without_a_chinese_font(monkeypatch, has_font):
    if not has_font:
        monkeypatch.setattr(videos, "font", lambda: None)
    chapter = videos.Chapter("phone-grip", "手、肘、脚", "Hands, elbows, feet")
    made = videos.slide(Image.new("RGB", (960, 540), "#405060"), chapter, "2 / 4", closer=True)
    assert made.size == videos.SIZE
    assert made.convert("L").crop((30, 5, 400, 100)).getextrema()[0] < 60  # dark ink on the light band


def test_film_goes_the_way_of_every_video_once(db, monkeypatch):
    monkeypatch.setattr(videos, "SLIDE_SECONDS", 1)
    photos = {scene: make_photo() for scene in videos.scenes_of("demo-per-jin")}
    film = videos.filmed("demo-per-jin", photos)
    assert (film.status, film.width, film.height, film.has_sound) == ("ready", 854, 480, True)
    assert 7900 <= film.duration_ms <= 8200
    assert sorted(film.renditions) == ["240", "480", "listen"]
    assert videos.filmed("demo-per-jin", photos) == film
    assert Video.objects.count() == 1
