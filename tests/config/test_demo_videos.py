"""The demo's films and pictures as they come with the code: titles in each course's language, captions that fit, ready rows."""

import pytest
from django.core.files.storage import default_storage, storages
from PIL import Image, ImageChops, ImageStat

from config.demo import drawing, videos
from config.demo.photos import FILES, files_of, shipped
from config.demo.pictures import SCENES, scene
from courses.exchange.document import named_media
from courses.exchange.written import languages, load
from media import captions, probing
from media.models import Photo, Video
from progress.transcript import chapters

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
        parts = chapters(lesson["captions"], length)
        assert [part.start_ms for part in parts] == [0, 18_000, 36_000, 54_000]
        assert captions.cues(lesson["captions"])[-1][1] == length


def test_titles_are_chinese_in_the_chinese_course_and_english_in_the_english_one():
    """The Chinese course's films said "Wipe the lens first" and "DEMO"."""
    for film in videos.FILMS.values():
        for chapter in film:
            assert chapter.titles["en"].isascii() or "÷" in chapter.titles["en"]
            assert not any(letter.isascii() and letter.isalpha() for letter in chapter.titles["zh-hans"])


def test_a_slide_holds_its_title_and_how_far_it_is_and_no_more():
    grey = Image.new("RGB", (960, 540), "#405060")
    first = videos.FILMS["demo-steady-hands"][0]
    made = {language: drawing.slide(grey, first, language, "1 / 4", closer=True) for language in LANGUAGES}
    assert {image.size for image in made.values()} == {drawing.LEVEL}
    band = made["zh-hans"].crop((30, 5, 400, 100)).convert("L")
    assert band.getextrema()[0] < 60  # dark ink on the light band
    assert ImageChops.difference(*made.values()).getbbox()[3] <= drawing.BAND
    below = made["zh-hans"].crop((0, drawing.BAND + 1, *drawing.LEVEL))
    assert below.getextrema() == ((0x40, 0x40), (0x50, 0x50), (0x60, 0x60))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_of_a_film_shows_the_title_of_its_language(language):
    """By its poster: the first slide."""
    first = videos.FILMS["demo-window-light"][0]
    drawn = drawing.slide(scene(first.scene), first, language, "1 / 4", closer=False)
    with Image.open(FILES / f"{videos.name_of('demo-window-light', language)}.webp") as poster:
        title = (30, 5, 600, 100)
        apart = ImageChops.difference(poster.convert("L").crop(title), drawn.convert("L").crop(title))
    assert ImageStat.Stat(apart).mean[0] < 4


def test_a_film_becomes_a_video_that_is_ready_once(db):
    film = videos.lesson_film("demo-per-jin", "zh-hans")
    assert (film.status, film.width, film.height, film.has_sound) == ("ready", 854, 480, True)
    assert 71_900 <= film.duration_ms <= 72_200
    assert sorted(film.renditions) == ["240", "480", "listen"]
    for name, rung in film.renditions.items():
        part = film.name_of(f"{name}.m4a" if name == "listen" else f"{name}.mp4")
        assert storages["private"].size(part) == rung["bytes"]
    assert film.renditions["240"]["bytes"] * 8 / 72 <= 175_000  # a lesson's lowest rung, bits a second
    assert videos.lesson_film("demo-per-jin", "zh-hans") == film
    assert Video.objects.count() == 1
    assert videos.lesson_film("demo-per-jin", "en").sha256 != film.sha256


def test_a_rehearsals_film_can_be_worked_on_like_any_other(tmp_path):
    """What is handed in again, or cut, goes through ffmpeg once more."""
    videos.put_together(videos.REHEARSAL, "babble", tmp_path)
    facts = probing.probe(tmp_path / "480.mp4", 600)
    assert (facts.width, facts.height, facts.audio is not None) == (*drawing.UPRIGHT, True)


def test_every_picture_that_the_demo_shows_is_there():
    assert not [job for job in drawing.jobs() if not files_of(job)]
    used = {name for language in languages() for name, kind in named_media(load(language)) if kind == "photo"}
    assert used <= set(SCENES)
    assert sum(path.stat().st_size for path in FILES.iterdir()) <= 8_000_000


def test_a_shipped_picture_is_the_one_that_would_be_drawn():
    with Image.open(files_of(("scene", "weigh-net"))[320]) as file:
        apart = ImageChops.difference(file.convert("RGB"), scene("weigh-net", 320))
    assert ImageStat.Stat(apart.convert("L")).mean[0] < 8


def test_a_shipped_picture_becomes_a_photo_like_a_phones(db, settings):
    photo = shipped([("village", 2)])["village", 2]
    assert (photo.status, photo.width, photo.height, photo.widths()) == ("ready", 960, 600, [320, 720, 960])
    assert all(default_storage.size(name) > 1000 for name in map(photo.name_at, photo.widths()))
    settings.PHOTO_WIDTHS = (400, 800)
    other = shipped([("village", 2)])["village", 2]
    assert other.widths() == [400, 800]
    assert all(default_storage.size(name) > 1000 for name in map(other.name_at, other.widths()))
    assert Photo.objects.ready().count() == 2
