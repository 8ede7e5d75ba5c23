"""Measurements of films whose silences, levels and light are known."""

from pathlib import Path

import pytest

from media.models import Video
from media.uploads.services import store_film
from media.videos import analysis, conversion, inspection
from media.videos.services import join_recordings
from tests.media.videos.films import as_upload, film
from tests.media.videos.test_conversion import part
from tests.media.videos.timed_films import taken

VOICE = "anoisesrc=c=pink:r=48000:a={level}:seed=7,tremolo=f=4:d=0.6"
PICTURE_ONLY = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p"


def speaking(name: str, gaps: list[tuple[float, float]], level: float = 0.5, hum: float = 0, **options):
    """A film in which somebody speaks but in the gaps; meanwhile the room hums."""
    voice = VOICE.format(level=level)
    quiet = "+".join(f"between(t,{start},{end})" for start, end in gaps) or "0"
    voice += f",volume=0:enable='{quiet}'"
    if hum:
        voice += f"[voice];anoisesrc=c=brown:r=48000:a={hum}:seed=3[hum];[voice][hum]amix=normalize=0"
    return film(name, sound=voice, size="160x120", rate="10", **options)


def lit(name: str, light: str, seconds: float = 4):
    """A grey film; `light` is its luma of 16–235, may ask for X and T."""
    how = f"-vf geq=lum='{light}':cb=128:cr=128 {PICTURE_ONLY}"
    return film(name, seconds=seconds, size="160x120", rate="10", sound=None, how=how)


def of(path: Path) -> dict:
    return analysis.analyse(inspection.probe(path, 7200), path)


@pytest.fixture
def folder(tmp_path):
    """A folder for each film, because measuring leaves its notes next to it."""

    def copied(path):
        copy = tmp_path / path.name
        copy.write_bytes(path.read_bytes())
        return copy

    return copied


def near(found: list[list[int]], known: list[tuple[float, float]], by_ms: int = 250) -> bool:
    ends = zip(found, known, strict=True)
    return all(
        abs(start - begin * 1000) <= by_ms and abs(end - stop * 1000) <= by_ms
        for (start, end), (begin, stop) in ends
    )


@pytest.mark.parametrize("hum", [pytest.param(0, marks=pytest.mark.long), 0.01])
def test_silences_are_where_nobody_speaks(hum, folder):
    """Three seconds and nine, in a quiet room and in one that hums; a pause of two is a breath."""
    gaps = [(4, 7.5), (10, 12), (15, 24)]
    path = folder(speaking(f"gaps{hum}.mp4", gaps, hum=hum, seconds=30))
    found = of(path)
    assert near(found["silences"], [(4, 7.5), (15, 24)]), found


@pytest.mark.long
def test_silence_to_the_end_and_from_the_beginning(folder):
    path = folder(speaking("ends.mp4", [(0, 5), (11, 20)], seconds=20))
    assert near(of(path)["silences"], [(0, 5), (11, 20)])


@pytest.mark.long
def test_cough_does_not_end_a_silence(folder):
    path = folder(speaking("cough.mp4", [(3, 6), (6.15, 12)], seconds=15))
    assert near(of(path)["silences"], [(3, 12)])


@pytest.mark.long
def test_quiet_voice_is_no_silence(folder):
    """A shy one, 20 dB below: quiet on the whole, with one gap."""
    loud, shy = (
        folder(speaking(f"voice{level}.mp4", [(5, 9)], level=level, seconds=15)) for level in (0.5, 0.05)
    )
    found = [of(path) for path in (loud, shy)]
    assert abs(found[0]["loudness_lufs"] - found[1]["loudness_lufs"] - 20) < 1
    assert all(near(each["silences"], [(5, 9)]) for each in found)


@pytest.mark.long
@pytest.mark.parametrize(("level", "lufs"), [(-23, -23), (-33, -33), (-43, -43)])
def test_loudness_is_that_of_the_standard(level, lufs, folder):
    """EBU Tech 3341, case 1: a stereo sine of 1 kHz at −23 dBFS is −23 LUFS; one of mono is 3 below."""
    amplitude = 10 ** (level / 20)
    tone = f"aevalsrc={amplitude}*sin(2*PI*1000*t):s=48000"
    path = folder(
        film(f"tone{level}.mkv", seconds=8, size="160x120", sound=tone, how=PICTURE_ONLY + " -c:a flac")
    )
    found = of(path)
    assert abs(found["loudness_lufs"] - (lufs - 3)) <= 0.3


@pytest.mark.long
def test_film_of_silence_is_one_silence(folder):
    path = folder(film("hush.mp4", seconds=6, size="160x120", sound="anullsrc=r=48000"))
    found = of(path)
    assert (found["loudness_lufs"], near(found["silences"], [(0, 6)])) == (-70.0, True)


def test_film_without_sound_has_no_loudness(folder):
    path = folder(lit("mute-grey.mp4", "128"))
    found = of(path)
    assert (found["loudness_lufs"], found["silences"]) == (None, [])


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "light", "mean", "dark", "burnt"),
    [
        ("black", "16", 0, 1, 0),
        ("white", "235", 255, 0, 1),
        ("grey", "126", 128, 0, 0),
        ("dusk", "40", 28, 1, 0),
        ("halves", "if(lt(X,80),16,235)", 128, 0.5, 0.5),
        ("window", "if(lt(X,40),235,100)", 137, 0, 0.25),
    ],
)
def test_light_is_as_it_was_made(name, light, mean, dark, burnt, folder):
    path = folder(lit(f"{name}.mp4", light))
    found = of(path)["brightness"]
    assert abs(found["mean"] - mean) <= 3
    assert abs(found["dark_share"] - dark) <= 0.02
    assert abs(found["burnt_share"] - burnt) <= 0.02


@pytest.mark.long
def test_dark_stretch_is_told_from_to(folder):
    """The lamp is off from the fourth second to the ninth, and once for a second."""
    path = folder(lit("lamp.mp4", "if(between(T,4,8.99)+between(T,11,11.9),20,150)", seconds=14))
    found = of(path)["brightness"]
    assert near(found["dark"], [(4, 9)], by_ms=500)
    assert abs(found["dark_share"] - 6 / 14) < 0.05


@pytest.mark.long
@pytest.mark.django_db
def test_joined_film_carries_what_was_measured(trainee, empty_storage):
    """Before its loudness is evened out; where one recording ends and another begins counts as one film."""
    takes = [taken(trainee, speaking(name, gaps, level=0.05, seconds=10))
             for name, gaps in (("first.mp4", [(7, 10)]), ("second.mp4", [(0, 6)]))]  # fmt: skip
    video = join_recordings(trainee, "x", [(take, 0, None) for take in takes])
    conversion.process_video(video.pk)
    video.refresh_from_db()
    assert (video.status, sorted(video.measures)) == ("ready", ["brightness", "loudness_lufs", "silences"])
    assert near(video.measures["silences"], [(7, 16)])
    assert video.measures["loudness_lufs"] < -35
    loud = part(video, "240.mp4")
    even = of(loud)
    assert even["loudness_lufs"] > video.measures["loudness_lufs"] + 5


@pytest.mark.long
@pytest.mark.django_db
def test_film_of_a_lesson_is_not_measured(trainer, empty_storage):
    video = store_film(as_upload(film()), trainer).video
    conversion.process_video(video.pk)
    assert Video.objects.get().measures == {}
