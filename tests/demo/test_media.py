"""The demo's films and pictures come as files: one for each use, captions that fit, rows as the worker leaves them."""

import pytest
from django.core.files.storage import default_storage, storages

from courses.import_export.document import list_media_keys
from courses.import_export.programme import list_languages, load_programme
from demo.seed import media_files
from demo.seed.media_files import MEDIA, VILLAGES, create_photos, find_files
from demo.seed.shops import list_pictures
from media.models import Photo, Video
from media.videos import captions, probing
from progress.lessons.transcript import list_chapters

LANGUAGES = ("zh-hans", "en")
LESSON_SECONDS = 72
UPRIGHT = (480, 854)


def lessons(language: str) -> list[dict]:
    return [
        one for module in load_programme(language)["modules"] for one in module["lessons"] if one["video"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_film_has_its_lesson_in_each_language(language):
    assert [lesson["video"] for lesson in lessons(language)] == list(media_files.LESSONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_captions_are_right_and_name_a_chapter_for_each_of_the_films(language):
    for lesson in lessons(language):
        length = LESSON_SECONDS * 1000
        assert captions.validate(lesson["captions"]) == lesson["captions"]
        parts = list_chapters(lesson["captions"], length)
        assert [part.start_ms for part in parts] == [0, 18_000, 36_000, 54_000]
        assert captions.parse_cues(lesson["captions"])[-1][1] == length


def test_a_film_becomes_a_video_that_is_ready_once(db):
    film = media_files.create_lesson_video("demo-per-jin", "zh-hans")
    assert (film.status, film.width, film.height, film.has_sound) == ("ready", 854, 480, True)
    assert 71_900 <= film.duration_ms <= 72_200
    assert sorted(film.renditions) == ["240", "480", "listen"]
    for name, rendition in film.renditions.items():
        part = film.name_of(f"{name}.m4a" if name == "listen" else f"{name}.mp4")
        assert storages["private"].size(part) == rendition["bytes"]
    assert film.renditions["240"]["bytes"] * 8 / 72 <= 175_000  # a lesson's lowest rendition, bits a second
    assert media_files.create_lesson_video("demo-per-jin", "zh-hans") == film
    assert Video.objects.count() == 1
    assert media_files.create_lesson_video("demo-per-jin", "en").sha256 != film.sha256


def test_a_rehearsals_film_can_be_worked_on_like_any_other(tmp_path):
    """A film that is submitted again, or cut, goes through ffmpeg once more."""
    media_files.assemble(media_files.REHEARSAL, "babble", tmp_path)
    facts = probing.probe(tmp_path / "480.mp4", 600)
    assert (facts.width, facts.height, facts.audio is not None) == (*UPRIGHT, True)


def test_every_picture_that_the_demo_shows_comes_as_a_file():
    used = {
        name
        for language in list_languages()
        for name, kind in list_media_keys(load_programme(language))
        if kind == "photo"
    }
    jobs = [("produce", *picture) for picture in list_pictures()]
    jobs += [("scene", name) for name in used] + [("village", seed) for seed in range(VILLAGES)]
    assert [job for job in jobs if not find_files(job)] == []


def test_the_files_stay_small_enough_for_a_clone():
    assert sum(path.stat().st_size for path in MEDIA.iterdir()) <= 8_000_000


def test_a_shipped_picture_becomes_a_photo_like_a_phones(db, settings):
    photo = create_photos([("village", 2)])["village", 2]
    assert (photo.status, photo.width, photo.height, photo.widths()) == ("ready", 960, 600, [320, 720, 960])
    assert all(default_storage.size(name) > 1000 for name in map(photo.name_at, photo.widths()))
    settings.PHOTO_WIDTHS = (400, 800)
    other = create_photos([("village", 2)])["village", 2]
    assert other.widths() == [400, 800]
    assert all(default_storage.size(name) > 1000 for name in map(other.name_at, other.widths()))
    assert Photo.objects.ready().count() == 2
