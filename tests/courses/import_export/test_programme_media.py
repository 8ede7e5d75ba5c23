"""The written course's films and pictures come as files: one for each use, captions that fit, rows as the worker leaves them."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.files.storage import default_storage, storages

from accounts.models import Place
from courses.import_export.document import list_media_keys
from courses.import_export.programme import MEDIA, TUNE, import_programme, list_languages, load_programme
from courses.models import Course
from media import shipped
from media.models import Photo, Video
from media.videos import captions, ffmpeg
from progress.lessons.transcript import list_chapters

LANGUAGES = ("zh-hans", "en")
FILMS = [
    "film-steady-hands",
    "film-window-light",
    "film-clear-voice",
    "film-cut-and-sound",
    "film-sweetness",
    "film-two-snips",
    "film-per-jin",
    "film-open-the-fruit",
    "film-put-right",
    "film-three-minutes",
    "film-one-box",
    "film-drop-test",
]
LESSON_SECONDS = 72
SCENE = "scene-clip-mic"


def lessons(language: str) -> list[dict]:
    return [
        one for module in load_programme(language)["modules"] for one in module["lessons"] if one["video"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_film_has_its_lesson_in_each_language(language):
    assert [lesson["video"] for lesson in lessons(language)] == FILMS


@pytest.mark.parametrize("language", LANGUAGES)
def test_captions_are_right_and_name_a_chapter_for_each_of_the_films(language):
    for lesson in lessons(language):
        length = LESSON_SECONDS * 1000
        assert captions.validate(lesson["captions"]) == lesson["captions"]
        parts = list_chapters(lesson["captions"], length)
        assert [part.start_ms for part in parts] == [0, 18_000, 36_000, 54_000]
        cues = captions.parse_cues(lesson["captions"])
        assert (len(cues), cues[-1][1]) == (12, length)
        shots = captions.list_shots(lesson["captions"])  # by which a county films it anew
        assert [(start, said) for start, _seen, said in shots] == [
            (start, said) for start, _end, said in cues
        ]


@pytest.mark.long
@pytest.mark.parametrize("name", FILMS)
def test_a_film_becomes_a_video_that_is_upright_and_ready_once(db, name):
    film = shipped.create_video(MEDIA, name, TUNE)
    assert (film.status, film.width, film.height, film.has_sound) == ("ready", 480, 854, True)
    assert 71_900 <= film.duration_ms <= 72_200
    assert sorted(film.renditions) == ["240", "480"]  # music is nothing to listen to
    for part, rendition in film.renditions.items():
        assert storages["private"].size(film.name_of(f"{part}.mp4")) == rendition["bytes"]
    assert film.renditions["240"]["bytes"] * 8 / 72 <= 175_000  # a lesson's lowest rendition, bits a second
    assert shipped.create_video(MEDIA, name, TUNE) == film
    assert Video.objects.count() == 1


@pytest.mark.long
def test_the_films_sound_is_as_loud_as_speech_is_made():
    sent = ["-hide_banner", "-nostats", "-i", str(MEDIA / f"{TUNE}.m4a"), "-af", "ebur128", "-f", "null", "-"]
    said = subprocess.run([ffmpeg.find_binary(), *sent], capture_output=True, text=True, check=True).stderr
    assert abs(float(re.findall(r"I:\s+(-[\d.]+) LUFS", said)[-1]) + 16) <= 1


def test_every_picture_of_the_course_comes_as_a_file():
    keys = [key for language in list_languages() for key in list_media_keys(load_programme(language))]
    used = {name for name, kind in keys if kind == "photo"}
    assert [name for name in used if not shipped.list_files(MEDIA, f"scene-{name}")] == []


def test_the_files_stay_small_enough_for_a_clone():
    demo = Path(MEDIA).parents[2] / "demo" / "media"
    assert sum(path.stat().st_size for folder in (MEDIA, demo) for path in folder.iterdir()) <= 16_000_000


@pytest.mark.long
def test_course_comes_once_and_belongs_to_the_place_it_came_to_first(county):
    course = import_programme(county)
    assert (course.language, course.twin.language, course.place, course.twin.place) == (
        "zh-hans",
        "en",
        county,
        county,
    )
    assert course.twin.twin == course
    course.title = "柚山直播班"
    course.save()
    elsewhere = Place.objects.create(name="雾岭县", kind=Place.Kind.COUNTY)
    assert import_programme(elsewhere) == course
    course.refresh_from_db()
    assert (course.title, course.place, Course.objects.count()) == ("柚山直播班", county, 2)


def test_a_shipped_picture_becomes_a_photo_like_a_phones(db, settings):
    photo = shipped.create_photos(MEDIA, [SCENE])[SCENE]
    assert (photo.status, photo.width, photo.height, photo.widths()) == ("ready", 960, 540, [320, 720, 960])
    assert all(default_storage.size(name) > 1000 for name in map(photo.name_at, photo.widths()))
    settings.PHOTO_WIDTHS = (400, 800)
    other = shipped.create_photos(MEDIA, [SCENE])[SCENE]
    assert other.widths() == [400, 800]
    assert all(default_storage.size(name) > 1000 for name in map(other.name_at, other.widths()))
    assert Photo.objects.ready().count() == 2
