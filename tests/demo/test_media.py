"""The demo's pictures and its rehearsal's film come as files."""

from demo.seed import media_files
from demo.seed.media_files import MEDIA, VILLAGES, make_name
from demo.seed.sales.shops import list_pictures
from media import shipped
from media.videos import inspection

UPRIGHT = (480, 854)


def test_a_rehearsals_film_can_be_worked_on_like_any_other(tmp_path):
    """A film that is submitted again, or cut, goes through ffmpeg once more."""
    shipped.join_sound(MEDIA, media_files.REHEARSAL, media_files.SPEECH, tmp_path)
    facts = inspection.probe(tmp_path / "480.mp4", 600)
    assert (facts.width, facts.height, facts.audio is not None) == (*UPRIGHT, True)


def test_every_picture_that_the_demo_shows_comes_as_a_file():
    jobs = [("produce", *picture) for picture in list_pictures()]
    jobs += [("village", seed) for seed in range(VILLAGES)]
    assert [job for job in jobs if not shipped.list_files(MEDIA, make_name(job))] == []
